import { checkOptions, type OptionRule, show } from '../../base/options.js';
import { text } from '../../base/option-rules.js';

/** Which files are erased, by when they were written; at least one of the two. */
export interface EraseOptions {
  /** From this moment on, or from the beginning of this day (`'2026-01-31'`, UTC). */
  from?: Date | string;
  /** Up to this moment, or to the end of this day. */
  to?: Date | string;
  /** Why, and who: for the events. */
  reason?: string;
  owner?: string;
}

/** What was erased. */
export interface ErasureReport {
  files: number;
  /** Records of that time that waited, and were not written yet. */
  records: number;
}

/** A time, both ends within. */
export interface Period {
  readonly fromMs: number;
  readonly toMs: number;
}

const DAY_MS = 86_400_000;

const moment: OptionRule<Date | string> = {
  takes: "a Date, or a day as '2026-01-31'",
  type: (value) => value instanceof Date || typeof value === 'string',
  range: (value) => !Number.isNaN(startOf(value)),
};

/**
 * The time that is meant.
 * @throws {TypeError | RangeError} for options that are not as they should be
 */
export function periodOf(given: EraseOptions): Period & Pick<EraseOptions, 'reason' | 'owner'> {
  const rules = { from: moment, to: moment, reason: text(), owner: text() };
  const { from, to, ...act } = checkOptions<EraseOptions>('erase', rules, given);
  if (from === undefined && to === undefined) {
    throw new TypeError('erase: give `from`, `to` or both; for all there is, from: new Date(0)');
  }
  const fromMs = from === undefined ? -Infinity : startOf(from);
  const toMs = to === undefined ? Infinity : endOf(to);
  if (fromMs > toMs) throw new RangeError(`erase: \`from\` takes a time before \`to\`, got ${show(from)}`);
  return { fromMs, toMs, ...act };
}

function startOf(value: Date | string): number {
  if (typeof value !== 'string') return value.getTime();
  return /^\d{4}-\d\d-\d\d$/.test(value) ? Date.parse(value) : Number.NaN;
}

function endOf(value: Date | string): number {
  return typeof value === 'string' ? startOf(value) + DAY_MS - 1 : value.getTime();
}
