import { amount, count, durationMs, either, ratio } from '../base/option-rules.js';
import { checkOptions, type OptionRule, type OptionRules } from '../base/options.js';

/** Hedges as a share of calls, and a few a second whatever the traffic. */
export interface HedgeBudgetOptions {
  /** Hedges for each call, from 0 to 1. @default 0.05 */
  ratio?: number;
  /** Hedges a second that there are in any case. @default 1 */
  minPerSecond?: number;
}

/** When a call is begun once more although nobody knows yet what comes of it. */
export interface HedgeOptions {
  /**
   * How long an attempt is waited for before the next is begun beside it, in ms; or a percentile of what successful
   * attempts of the last minute or two took, such as `'p95'`: 100 ms until 20 of them are known.
   * @default 100
   */
  delayMs?: number | `p${number}`;
  /** Attempts beside the first, from 1. @default 1 */
  maxHedges?: number;
  /** Bounds the load that hedges add. @default { ratio: 0.05, minPerSecond: 1 } */
  budget?: HedgeBudgetOptions;
}

/** Options with the defaults filled in. */
export type CheckedHedgeOptions = Readonly<Required<Omit<HedgeOptions, 'budget'>>> & {
  readonly budget: Readonly<Required<HedgeBudgetOptions>>;
};

/** The delay by default, and where a percentile is not known yet, in ms. */
export const DEFAULT_DELAY_MS = 100;

const percentile: OptionRule<`p${number}`> = {
  takes: "a percentile such as 'p95'",
  type: (value) => typeof value === 'string',
  range: (value) => /^p\d{1,2}(\.\d+)?$/.test(value) && shareOf(value) > 0,
};

const budgetRules: OptionRules<HedgeBudgetOptions> = {
  ratio: ratio({ default: 0.05 }),
  minPerSecond: amount({ default: 1 }),
};

/** What each option takes. */
export const hedgeRules: OptionRules<HedgeOptions> = {
  delayMs: either(durationMs(), percentile, { default: DEFAULT_DELAY_MS }),
  maxHedges: count({ default: 1 }),
  budget: {
    takes: 'the options of a budget: { ratio, minPerSecond }',
    type: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  },
};

/**
 * Checks the options of a hedge, those of its budget too. What it returned may be given to it again.
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} for a value out of range
 */
export function checkHedgeOptions(given: HedgeOptions = {}): CheckedHedgeOptions {
  const options = checkOptions<HedgeOptions>('hedge', hedgeRules, given);
  const budget = checkOptions<HedgeBudgetOptions>('hedge: `budget`', budgetRules, options.budget);
  return Object.freeze({ ...options, budget }) as CheckedHedgeOptions;
}

/** The share that a percentile stands for: 0.95 for `'p95'`. */
export function shareOf(percentileName: `p${number}`): number {
  return Number(percentileName.slice(1)) / 100;
}
