import type { Cancellation } from '../base/cancellation.js';
import type { Clock } from '../base/clock.js';
import type { Classify } from '../base/severity.js';
import type { CheckedHedgeOptions } from './hedge-options.js';

/** One attempt under way. */
export interface HedgedRun {
  /** What it comes to: a value, or a promise. */
  readonly result: unknown;
  /** Nobody waits for it any more. */
  cancel(reason: unknown, signal?: 'abort' | 'detach'): void;
}

/** Begins an attempt, from 1; `error` is why the one before failed. What it throws is a failure. */
export type BeginRun = (attempt: number, error: unknown) => HedgedRun;

/** A hedge that is about to begin. */
export interface HedgeEvent {
  /** Which attempt it is, from 2. */
  readonly attempt: number;
  /** Time since the call began, in ms. */
  readonly afterMs: number;
  /** Whether the attempts before are slow, or have all failed. */
  readonly because: 'slow' | 'failed';
  /** Why the last of them failed. */
  readonly error?: unknown;
}

/** Is told what becomes of a call; nothing here may throw. */
export interface HedgeObserver {
  hedge?(event: HedgeEvent): void;
  /** An attempt other than the first has answered. */
  won?(attempt: number): void;
  /** An attempt that was due was not begun, for want of budget. */
  budgetEmpty?(attempt: number): void;
  /** An attempt has failed that was still waited for. */
  failed?(error: unknown): void;
}

/** Where a call is made. */
export interface HedgeSurroundings {
  /** When it began, in ms of the clock. */
  readonly startedAt: number;
  /** Tells when nobody waits for it any more; then no further attempt is begun. */
  readonly cancellation: Pick<Cancellation, 'cancelled'> & {
    onCancel(listener: (reason: unknown, signal?: 'abort' | 'detach') => void): () => void;
  };
  readonly observe?: HedgeObserver;
}

/** How long attempts take, as far as it is known. */
export interface ObservedLatency {
  /** The percentile, in ms; undefined until enough are known. */
  readonly value: number | undefined;
  record(durationMs: number, nowMs: number): void;
}

/** What all calls of one hedger share. */
export interface HedgeMeans {
  readonly options: CheckedHedgeOptions;
  /** How long an attempt is waited for at this moment, in ms. */
  readonly delayMs: number;
  readonly clock: Clock;
  readonly classify: Classify;
  readonly budget: { tryWithdraw(nowMs: number): boolean };
  readonly latency: ObservedLatency | undefined;
}
