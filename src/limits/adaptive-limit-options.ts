import { count, oneOf, text } from '../base/option-rules.js';
import { checkOptions, type OptionRules } from '../base/options.js';
import type { LimitBounds } from './limit-algorithm.js';

/** How a limit is found. */
export type AdaptiveLimitAlgorithm = 'gradient' | 'aimd';

/** How many calls may run at once, where that is to be found out. */
export interface AdaptiveLimitOptions {
  /** The name of the limit in the registry and in errors; who uses the same name shares it. */
  name?: string;
  /** Calls that may run at once in the beginning. @default 20, or the nearest that `min` and `max` allow */
  initial?: number;
  /** Calls that may run at once in any case, from 1. @default 1 */
  min?: number;
  /** The most that the limit grows to. @default 1_000, or `min` if that is more */
  max?: number;
  /**
   * `gradient` goes by how long calls take: for what gets slow under load. `aimd` goes by the calls that are lost: for
   * what refuses under load, or is called under a `timeout`. @default 'gradient'
   */
  algorithm?: AdaptiveLimitAlgorithm;
}

/** Options with the defaults filled in. */
export type CheckedAdaptiveLimitOptions = Readonly<AdaptiveLimitOptions & Required<Omit<AdaptiveLimitOptions, 'name'>>>;

const OWNER = 'adaptiveLimit';

/** What each option takes. */
export const adaptiveLimitRules: OptionRules<AdaptiveLimitOptions> = {
  name: text(),
  initial: count(),
  min: count({ default: 1 }),
  max: count(),
  algorithm: oneOf(['gradient', 'aimd'], { default: 'gradient' }),
};

/**
 * Checks a limit's options, each and with one another, and fills in what was not given. What it returned may be given to
 * it again.
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} for a value out of range, or bounds that leave no room
 */
export function checkAdaptiveLimitOptions(given: AdaptiveLimitOptions): CheckedAdaptiveLimitOptions {
  const options = checkOptions<AdaptiveLimitOptions>(OWNER, adaptiveLimitRules, given);
  const { min = 1 } = options;
  const { max = Math.max(1_000, min) } = options;
  if (max < min) throw new RangeError(`${OWNER}: \`max\` takes at least \`min\`, which is ${min}, got ${max}`);
  const { initial = within(20, { min, max }) } = options;
  if (initial !== within(initial, { min, max })) {
    throw new RangeError(
      `${OWNER}: \`initial\` takes a number from \`min\` to \`max\`, ${min} to ${max}, got ${initial}`,
    );
  }
  return Object.freeze({ ...options, initial, min, max }) as CheckedAdaptiveLimitOptions;
}

function within(wanted: number, { min, max }: Pick<LimitBounds, 'min' | 'max'>): number {
  return Math.max(min, Math.min(max, wanted));
}
