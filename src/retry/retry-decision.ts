import type { Clock } from '../base/clock.js';
import { member, networkCodeOf, retryAfterOf } from '../base/error-facts.js';
import { DeadlineExceededError, RejectedError, TimeoutError } from '../base/errors.js';
import type { Random } from '../base/random.js';
import type { Classify } from '../base/severity.js';
import { backoffDelayMs } from './backoff.js';
import type { RetryCause } from './budget-account.js';
import type { CheckedRetryOptions } from './retry-options.js';

/** Why a call is not run again. */
export type NoRetryReason =
  | 'attempts-exhausted'
  | 'not-retryable'
  | 'rejection'
  | 'deadline'
  | 'max-elapsed'
  | 'retry-after-too-long'
  | 'budget-empty'
  | 'cancelled';

/** Whether a call is run again, and after how long. */
export type RetryDecision =
  | { readonly retry: true; readonly delayMs: number; readonly retryAfterMs?: number }
  | { readonly retry: false; readonly reason: NoRetryReason; readonly retryAfterMs?: number };

/** What a run came to that was not good: an error, or a value that `retryIfResult` has refused. */
export type BadOutcome<T = unknown> = { readonly error: unknown } | { readonly value: T };

/** What is known of a call when a run of it was not good. */
export interface RetrySituation {
  readonly outcome: BadOutcome;
  /** The run that was not good, from 1. */
  readonly attempt: number;
  /** Time since the call began, in ms. */
  readonly elapsedMs: number;
  /** Time that the caller leaves, in ms; `Infinity` without a limit. */
  readonly remainingMs: number;
  /** The delay before this run, where there was one, in ms. */
  readonly previousMs: number | undefined;
  /** Whether nobody waits for the call any more. */
  readonly cancelled: boolean;
}

/** What a decision needs besides. */
export interface RetryMeans {
  readonly classify: Classify;
  readonly random: Random;
  /** Its time of day, to read a `Retry-After` date by. */
  readonly clock: Pick<Clock, 'wallNow'>;
  /** Asked last, since what it pays out is gone. */
  readonly budget?: { tryWithdraw(cause: RetryCause): boolean } | undefined;
}

/**
 * Decides whether a call is run again. It keeps nothing and waits for nothing.
 * @throws what `retryIf`, `classify` or a backoff function throws
 */
export function decideRetry(situation: RetrySituation, options: CheckedRetryOptions, means: RetryMeans): RetryDecision {
  const { outcome, attempt, elapsedMs, remainingMs } = situation;
  const error = 'error' in outcome ? outcome.error : undefined;
  if (situation.cancelled) return no('cancelled');
  if (error instanceof DeadlineExceededError) return no('deadline');
  // Before the predicate is asked: its answer would change nothing.
  if (attempt >= options.maxAttempts) return no(isNotRetried(error, options) ? 'rejection' : 'attempts-exhausted');
  const pace = 'error' in outcome ? paceOf(error, attempt, options, means.classify) : 'later';
  if (pace === 'not-retryable' || pace === 'rejection') return no(pace);
  const askedMs = retryAfterOf(error, means.clock.wallNow()) ?? 0;
  const asked = askedMs > 0 ? { retryAfterMs: askedMs } : undefined;
  if (askedMs > options.maxDelayMs || askedMs >= remainingMs) return { ...no('retry-after-too-long'), ...asked };
  const backoffMs = pace === 'at once' ? 0 : backoffDelayMs(options, attempt, situation.previousMs, means.random);
  const delayMs = Math.max(backoffMs, askedMs);
  // A run that begins when time is up would be cut off at once.
  if (delayMs >= remainingMs) return no('deadline');
  if (elapsedMs + delayMs > options.maxElapsedMs) return no('max-elapsed');
  if (means.budget?.tryWithdraw(isTimeout(error) ? 'timeout' : 'failure') === false) return no('budget-empty');
  return { retry: true, delayMs, ...asked };
}

type Pace = 'at once' | 'later' | 'not-retryable' | 'rejection';

function paceOf(error: unknown, attempt: number, { retryIf }: CheckedRetryOptions, classify: Classify): Pace {
  if (retryIf !== undefined) return retryIf(error, attempt) ? 'later' : 'not-retryable';
  if (error instanceof RejectedError) return 'rejection';
  const severity = classify(error);
  if (severity === 'permanent' || severity === 'critical') return 'not-retryable';
  return severity === 'transient' && attempt === 1 ? 'at once' : 'later';
}

/** Whether it is a rejection, and nobody has said that those are retried. */
function isNotRetried(error: unknown, { retryIf }: CheckedRetryOptions): boolean {
  return retryIf === undefined && error instanceof RejectedError;
}

/** Whether the dependency has worked for nothing: the toolkit's timeout, that of `AbortSignal.timeout`, or the system's. */
function isTimeout(error: unknown): boolean {
  if (error instanceof TimeoutError) return true;
  return member(error, 'name') === 'TimeoutError' || networkCodeOf(error) === 'ETIMEDOUT';
}

function no(reason: NoRetryReason): RetryDecision & { retry: false } {
  return { retry: false, reason };
}
