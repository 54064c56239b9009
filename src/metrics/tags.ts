import { show } from '../base/options.js';

/** What distinguishes timings of one name: `{ region: 'eu', cached: true }`. */
export type Tags = Readonly<Record<string, string | number | boolean>>;

const BARE = /^[\w.-]+$/;

/**
 * The text under which a set of tags is kept, whatever their order: `region=eu,zone=1` (1 and `"1"` are the same). Keys and values of other
 * characters are quoted, so that no two sets share a text; what is not quoted always bears an `=`, so none is `other`.
 * @throws {TypeError} for tags that are no object, and for a value that is no text, number or boolean
 */
export function tagText(tags: Tags): string {
  if (typeof tags !== 'object' || tags === null) {
    throw new TypeError(`recordTiming: \`tags\` takes an object, got ${show(tags)}`);
  }
  return Object.keys(tags)
    .sort()
    .map((key) => `${quoted(key)}=${valueText(key, tags[key])}`)
    .join(',');
}

function valueText(key: string, value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TypeError(`recordTiming: tag \`${key}\` takes a text, a number or a boolean, got ${show(value)}`);
}

function quoted(text: string): string {
  return BARE.test(text) ? text : JSON.stringify(text);
}
