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

/** Refuses options that are none of `known`: a `sucess: false` would be counted as a success. */
export function checkRecordOptions(
  doing: string,
  options: TagOptions | TimingOptions,
  known: Readonly<Record<string, true>>,
): void {
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
  const { success } = options as TimingOptions;
  if (success === undefined || typeof success === 'boolean') return;
  throw new TypeError(`${doing}: \`success\` takes true or false, got ${show(success)}`);
}
