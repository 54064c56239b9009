import { type Clock, MAX_TIMER_MS, type TimerHandle, unref } from '../base/clock.js';
import type { FlushCause } from './buffer-event.js';

/** The pause after a flush that left items, doubled with each that sent none: a server that is down is not asked for every item. */
const FIRST_PAUSE_MS = 1_000;

/**
 * When the next flush comes by itself: one timer, armed only while something waits, that never keeps the process alive.
 * After a flush that left something, the number of items alone begins none for a while.
 */
export class FlushTimer {
  readonly #clock: Clock;
  #intervalMs: number;
  readonly #flush: (because: FlushCause) => void;
  #timer: TimerHandle | undefined = undefined;
  #pausedUntil = -Infinity;
  #vainFlushes = 0;

  constructor(clock: Clock, intervalMs: number, flush: (because: FlushCause) => void) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#flush = flush;
  }

  /** Whether a flush may begin for the number of items that wait. */
  get mayFlushForSize(): boolean {
    return this.#clock.now() >= this.#pausedUntil;
  }

  /** Something waits. */
  arm(): void {
    if (this.#timer === undefined) this.#armFor(this.#intervalMs, 'interval');
  }

  /** Goes by another interval, from the next time that it is armed on. */
  retime(intervalMs: number): void {
    this.#intervalMs = intervalMs;
  }

  disarm(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** A flush has ended and left nothing of what had waited. */
  emptied(): void {
    this.#vainFlushes = 0;
    this.#pausedUntil = -Infinity;
    this.disarm();
  }

  /** A flush has ended and left something. `retryAfterMs` is when the breaker may let through. */
  left(flushed: number, retryAfterMs: number | undefined): void {
    this.#vainFlushes = flushed > 0 ? 0 : this.#vainFlushes + 1;
    const pauseMs = FIRST_PAUSE_MS * 2 ** Math.max(0, this.#vainFlushes - 1);
    this.#pausedUntil = this.#clock.now() + (retryAfterMs ?? Math.min(pauseMs, this.#intervalMs));
    this.disarm();
    if (retryAfterMs !== undefined && retryAfterMs < this.#intervalMs) this.#armFor(retryAfterMs, 'circuit');
    else this.arm();
  }

  #armFor(delayMs: number, because: FlushCause): void {
    if (delayMs === Infinity) return;
    // A longer timer would fire at once; one that fires early flushes early.
    this.#timer = this.#clock.setTimeout(
      () => {
        this.#timer = undefined;
        this.#flush(because);
      },
      Math.min(Math.ceil(delayMs), MAX_TIMER_MS),
    );
    unref(this.#timer);
  }
}
