import type { CheckedThrottleOptions } from './throttle-options.js';

/** When calls may begin, by the least time between two and by the reservoir. It has no timer: time is an argument. */
export class Pace {
  readonly #minTimeMs: number;
  readonly #refreshMs: number;
  readonly #refreshAmount: number;
  #left: number;
  #nextBeginAt = -Infinity;
  #refreshAt: number;

  constructor(options: CheckedThrottleOptions, nowMs: number) {
    const {
      minTimeMs,
      reservoir = Infinity,
      reservoirRefreshMs = Infinity,
      reservoirRefreshAmount = reservoir,
    } = options;
    this.#minTimeMs = minTimeMs;
    this.#refreshMs = reservoirRefreshMs;
    this.#refreshAmount = reservoirRefreshAmount;
    this.#left = reservoir;
    this.#refreshAt = nowMs + reservoirRefreshMs;
  }

  /** Calls that may begin until the reservoir is filled again; `Infinity` without one. */
  leftAt(nowMs: number): number {
    this.#refresh(nowMs);
    return this.#left;
  }

  /** A call begins. */
  begin(nowMs: number): void {
    this.#refresh(nowMs);
    this.#left--;
    this.#nextBeginAt = nowMs + this.#minTimeMs;
  }

  /** In how many ms the next call may begin by the least time between two; 0 when it may now. */
  spacingMs(nowMs: number): number {
    return Math.max(0, this.#nextBeginAt - nowMs);
  }

  /** In how many ms the reservoir has something in it; 0 when it has now, `Infinity` when it is never filled. */
  refillMs(nowMs: number): number {
    return this.leftAt(nowMs) > 0 ? 0 : this.#refreshAt - nowMs;
  }

  /** How many calls may begin at this very moment. */
  readyAt(nowMs: number): number {
    if (this.#minTimeMs === 0) return this.leftAt(nowMs);
    return Math.min(this.leftAt(nowMs), this.spacingMs(nowMs) > 0 ? 0 : 1);
  }

  /** Fills the reservoir if its time has come. */
  #refresh(nowMs: number): void {
    if (nowMs < this.#refreshAt) return;
    // By whole periods from the first moment on: a late look does not shift the ones after it.
    this.#refreshAt += (Math.floor((nowMs - this.#refreshAt) / this.#refreshMs) + 1) * this.#refreshMs;
    this.#left = this.#refreshAmount;
  }
}
