import { show } from '../base/options.js';

/** What distinguishes what is recorded under one name: `{ region: 'eu', cached: true }`. */
export type Tags = Readonly<Record<string, string | number | boolean>>;

const BARE = /^[\w.-]+$/;

/**
 * The text under which a set of tags is kept, whatever their order: `region=eu,zone=1` (1 and `"1"` are the same). Keys and values of other
 * characters are quoted, so that no two sets share a text; what is not quoted always bears an `=`, so none is `other`.
 * @param doing Whose tags they are, as it stands in the error: `'recordTiming'`.
 * @throws {TypeError} for tags that are no object, and for a value that is no text, number or boolean
 */
export function tagText(doing: string, tags: Tags): string {
  if (typeof tags !== 'object' || tags === null || Array.isArray(tags)) {
    throw new TypeError(`${doing}: \`tags\` takes an object, got ${show(tags)}`);
  }
  const keys = Object.keys(tags);
  if (keys.length > 1) keys.sort();
  let text = '';
  for (const key of keys) text += `${text === '' ? '' : ','}${quoted(key)}=${valueText(doing, key, tags[key])}`;
  return text;
}

function valueText(doing: string, key: string, value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TypeError(`${doing}: tag ${show(key)} takes a text, a number or a boolean, got ${show(value)}`);
}

function quoted(text: string): string {
  return BARE.test(text) ? text : JSON.stringify(text);
}
