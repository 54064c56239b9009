import type { Clock } from '../base/clock.js';
import { Deadline } from '../base/deadline.js';
import { deadlinesOf } from '../base/deadlines.js';

/** Waits until a closed pool has nothing left. When its time is up, it asks once that the rest be ended. */
export class Drain extends Deadline {
  readonly done: Promise<void>;
  readonly #clock: Clock;
  readonly #overdue: () => void;
  #resolve: () => void = () => {};

  constructor(clock: Clock, timeoutMs: number, overdue: () => void) {
    super();
    this.#clock = clock;
    this.#overdue = overdue;
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    deadlinesOf(clock).armComputed(this, timeoutMs, clock.now());
  }

  override expire(): void {
    this.#overdue();
  }

  /** Nothing is left. */
  finish(): void {
    deadlinesOf(this.#clock).cancel(this);
    this.#resolve();
  }
}
