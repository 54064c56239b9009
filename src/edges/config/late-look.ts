import { type Clock, type TimerHandle, unref } from '../../base/clock.js';

// Whoever writes without end is looked at in between.
const MOST_WAITS = 10;

/** Looks once things have settled, and however long they take to, after ten times as long. */
export class LateLook {
  readonly #clock: Clock;
  readonly #settleMs: number;
  readonly #look: () => void;
  #timer: TimerHandle | undefined = undefined;
  #latest = 0;

  constructor(clock: Clock, settleMs: number, look: () => void) {
    this.#clock = clock;
    this.#settleMs = settleMs;
    this.#look = look;
  }

  /** It has changed: the look is put off until it stands still. */
  changed(): void {
    const now = this.#clock.now();
    if (this.#timer === undefined) this.#latest = now + this.#settleMs * MOST_WAITS;
    this.cancel();
    this.#arm(Math.max(0, Math.min(this.#settleMs, this.#latest - now)));
  }

  /** Something beside it has changed, which may be about it: a look that is due already is not put off. */
  perhapsChanged(): void {
    if (this.#timer === undefined) this.changed();
  }

  cancel(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(ms: number): void {
    this.#timer = this.#clock.setTimeout(() => {
      this.#timer = undefined;
      this.#look();
    }, ms);
    unref(this.#timer);
  }
}
