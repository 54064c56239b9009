import { amount, callback, count, durationMs, either, oneOf } from '../base/option-rules.js';
import { checkOptions, type OptionRule, type OptionRules } from '../base/options.js';
import type { Backoff, Jitter } from './backoff.js';
import { checkRetryBudgetOptions, type RetryBudgetOptions } from './budget-options.js';
import type { RetryBudget } from './retry-budget.js';

/** A retry that is about to be made. */
export interface RetryEvent {
  /** The attempt that failed, from 1. */
  readonly attempt: number;
  /** How long is waited before the next one, in ms. */
  readonly delayMs: number;
  /** How long who failed has asked to be left alone, in ms; where it has. */
  readonly retryAfterMs?: number;
  /** Why it failed; undefined where `retryIfResult` has refused its value. */
  readonly error: unknown;
}

/** How calls are retried. */
export interface RetryOptions {
  /** Runs of a call, the first too, from 1; `Infinity` for no limit. @default 3 */
  maxAttempts?: number;
  /** The delay that others grow from, in ms. @default 1_000 */
  baseDelayMs?: number;
  /** What an exponential delay is multiplied by each time, from 1. @default 2 */
  factor?: number;
  /** No delay is longer, in ms; who asks by `Retry-After` for a longer one is not asked again. @default 30_000 */
  maxDelayMs?: number;
  /** How delays grow: by name, or a function from the attempt that failed, from 1, to ms. @default 'exponential' */
  backoff?: Backoff;
  /** How delays are spread at random. @default 'full' */
  jitter?: Jitter;
  /** No wait is begun that would end later than this after the start of the call, in ms. @default Infinity */
  maxElapsedMs?: number;
  /** Which errors are retried. It takes the place of the rule by severity, and every delay is then waited for. */
  retryIf?(error: unknown, attempt: number): boolean;
  /** Which values are retried although nothing was thrown; the last one is given when retries end. */
  retryIfResult?(value: unknown, attempt: number): boolean;
  /** Bounds the retries of all who share it: a budget, or what one is made with. @default no bound */
  budget?: RetryBudgetOptions | RetryBudget;
  /** Is told before each retry; what it throws is lost. */
  onRetry?(event: RetryEvent): void;
}

/** Options with the defaults filled in. */
export type CheckedRetryOptions = Readonly<
  RetryOptions &
    Required<
      Pick<
        RetryOptions,
        'maxAttempts' | 'baseDelayMs' | 'factor' | 'maxDelayMs' | 'backoff' | 'jitter' | 'maxElapsedMs'
      >
    >
>;

const budgetRule: OptionRule<RetryBudgetOptions | RetryBudget> = {
  takes: 'a RetryBudget or its options',
  type: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

/** What each option takes. */
export const retryRules: OptionRules<RetryOptions> = {
  maxAttempts: count({ infinity: 'taken', default: 3 }),
  baseDelayMs: durationMs({ default: 1_000 }),
  factor: amount({ min: 1, default: 2 }),
  maxDelayMs: durationMs({ default: 30_000 }),
  backoff: either(oneOf(['exponential', 'linear', 'constant']), callback<(attempt: number) => number>(), {
    default: 'exponential',
  }),
  jitter: oneOf(['full', 'equal', 'decorrelated', 'none'], { default: 'full' }),
  maxElapsedMs: durationMs({ infinity: 'taken', default: Infinity }),
  retryIf: callback(),
  retryIfResult: callback(),
  budget: budgetRule,
  onRetry: callback(),
};

/**
 * Checks the options of a retry, those of its budget too. What it returned may be given to it again.
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} for a value out of range
 */
export function checkRetryOptions(given: RetryOptions = {}): CheckedRetryOptions {
  const options = checkOptions<RetryOptions>('retryWithBackoff', retryRules, given);
  const { budget } = options;
  if (budget === undefined || isRetryBudget(budget)) return options as CheckedRetryOptions;
  // Filled in, so that those who share a budget by name are compared by what they ask for and not by how they say it.
  return Object.freeze({ ...options, budget: checkRetryBudgetOptions(budget) }) as CheckedRetryOptions;
}

/** Whether it is a budget already; another copy of the package may have made it. */
export function isRetryBudget(budget: RetryBudgetOptions | RetryBudget): budget is RetryBudget {
  return typeof (budget as Partial<RetryBudget>).tryWithdraw === 'function';
}
