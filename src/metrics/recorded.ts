import { nearest } from '../base/nearest.js';
import { show } from '../base/options.js';
import type { TagOptions, TimingOptions } from './collector-options.js';

/** Refuses what is no name. @param doing As it stands in the error: `'recordTiming'`. */
export function checkName(doing: string, name: unknown): void {
  if (typeof name !== 'string' || name === '')
    throw new TypeError(`${doing}: \`name\` takes a text, got ${show(name)}`);
}

/** Refuses what is no number, or none that can be counted. */
export function checkNumber(doing: string, argument: string, value: unknown): void {
  if (Number.isFinite(value)) return;
  throw new TypeError(`${doing}: \`${argument}\` takes a number, got ${show(value)}`);
}

/** Refuses tags' options that are none: a `tag` would be lost without a word. */
export function checkTagOptions(doing: string, options: TagOptions): void {
  checkNames(doing, options, TAG_OPTIONS);
}

/**
 * Refuses a timing's options that are none. Names are looked at only where there is no `success`, at 18 ns: a misspelt
 * one would be counted as a success.
 */
export function checkTimingOptions(doing: string, options: TimingOptions): void {
  const success: unknown = options?.success;
  if (typeof success === 'boolean') return;
  checkNames(doing, options, TIMING_OPTIONS);
  if (success !== undefined) throw new TypeError(`${doing}: \`success\` takes true or false, got ${show(success)}`);
}

const TIMING_OPTIONS = { success: true, tags: true } as const;
const TAG_OPTIONS = { tags: true } as const;

function checkNames(doing: string, options: object, known: Readonly<Record<string, true>>): void {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`${doing} takes its options as one object, got ${show(options)}`);
  }
  for (const name in options) {
    if (known[name] === true) continue;
    const names = Object.keys(known);
    const meant = nearest(name, names);
    const hint = meant === undefined ? `it takes ${names.join(' and ')}` : `did you mean \`${meant}\`?`;
    throw new TypeError(`${doing}: unknown option \`${name}\`; ${hint}`);
  }
}
