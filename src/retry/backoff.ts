import type { Random } from '../base/random.js';
import { checkOption, type OptionRule } from '../base/options.js';

/** How delays grow: by a rule of this name, or by a function of the attempt that failed, from 1. */
export type Backoff = 'exponential' | 'linear' | 'constant' | ((attempt: number) => number);

/** How delays are spread, so that callers that failed together do not come back together. */
export type Jitter = 'full' | 'equal' | 'decorrelated' | 'none';

/** What a delay is computed from. */
export interface BackoffRules {
  readonly backoff: Backoff;
  readonly jitter: Jitter;
  readonly baseDelayMs: number;
  readonly factor: number;
  /** Finite: no delay is longer. */
  readonly maxDelayMs: number;
}

const delayRule: OptionRule<number> = {
  takes: 'a function that gives a time in ms from 0',
  type: (value) => typeof value === 'number',
  range: (value) => value >= 0,
};

/**
 * Wait before the next attempt, in ms: never more than `maxDelayMs`, whatever the attempt.
 *
 * | jitter | delay, of a capped delay `d` |
 * |---|---|
 * | none | `d` |
 * | full | uniform in `[0, d)` |
 * | equal | `d/2` and uniform in `[0, d/2)` |
 * | decorrelated | uniform in `[base, 3·previous)`, capped; `backoff` and `factor` have no say |
 *
 * @param attempt The attempt that failed, from 1.
 * @param previousMs The delay before it; undefined where there was none.
 * @throws {TypeError | RangeError} when a backoff function gives no time
 * @see AWS Architecture Blog, "Exponential Backoff and Jitter" (2015)
 */
export function backoffDelayMs(
  rules: BackoffRules,
  attempt: number,
  previousMs: number | undefined,
  random: Random,
): number {
  const { jitter, baseDelayMs, maxDelayMs } = rules;
  if (jitter === 'decorrelated') {
    // Capped before it is multiplied: a product of Infinity and 0 would be no number.
    const highest = Math.max(baseDelayMs, Math.min(3 * (previousMs ?? baseDelayMs), Number.MAX_VALUE));
    return Math.min(maxDelayMs, baseDelayMs + random() * (highest - baseDelayMs));
  }
  const delayMs = cappedDelayMs(rules, attempt);
  if (jitter === 'none') return delayMs;
  return jitter === 'full' ? random() * delayMs : (0.5 + random() / 2) * delayMs;
}

/** Wait before the next attempt as it is before jitter, in ms. */
export function cappedDelayMs({ backoff, baseDelayMs, factor, maxDelayMs }: BackoffRules, attempt: number): number {
  if (typeof backoff === 'function') {
    const delayMs = backoff(attempt);
    checkOption('retryWithBackoff', 'backoff', delayRule, delayMs);
    return Math.min(delayMs, maxDelayMs);
  }
  // Nothing grows from nothing; and `0 · Infinity` would be no number.
  if (baseDelayMs === 0) return 0;
  return Math.min(baseDelayMs * growth(backoff, factor, attempt), maxDelayMs);
}

function growth(backoff: 'exponential' | 'linear' | 'constant', factor: number, attempt: number): number {
  if (backoff === 'constant') return 1;
  return backoff === 'linear' ? attempt : factor ** (attempt - 1);
}
