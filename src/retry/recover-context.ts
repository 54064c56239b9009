import type { Cancellation } from '../base/cancellation.js';
import type { NoRetryReason } from './retry-decision.js';
import type { RetryEvent } from './retry-options.js';

/** A function that is run again; it gets the number of the run, from 1, and why the one before failed. */
export type Retried<T> = (attempt: number, lastError: unknown) => T | PromiseLike<T>;

/** Is told what retries do; what it throws is lost. */
export interface RetryObserver {
  /** A run was not good, and another follows. */
  retry?(event: RetryEvent): void;
  /** A retry was good, after so many runs. */
  recovered?(event: { readonly attempts: number }): void;
  /** Retries ended without success. A first error that asks for no retry is no end of retries. */
  exhausted?(event: ExhaustedEvent): void;
  /** A retry was not made, for want of budget; `exhausted` follows. */
  budgetEmpty?(event: { readonly attempt: number }): void;
}

/** How retries ended without success. */
export interface ExhaustedEvent {
  /** All of them, those that were rejected too. */
  readonly attempts: number;
  /** How often the function was run: an attempt that was rejected did not run it. */
  readonly runs: number;
  readonly reason: NoRetryReason;
  /** How long who failed has asked to be left alone, in ms; where that was the reason. */
  readonly retryAfterMs?: number;
  /** The last error; undefined where a value was refused. */
  readonly error: unknown;
}

/** What is known of the call whose first run was not good. */
export interface RecoverContext {
  /** When the call began, in ms of the clock. */
  readonly startedAt: number;
  /** Tells when nobody waits for the call any more. */
  readonly cancellation?: Cancellation;
  /** What is left of the time that the caller leaves, in ms. */
  remainingMs?(): number;
  readonly observe?: RetryObserver;
}
