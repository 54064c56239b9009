import { type Clock, MAX_TIMER_MS, type TimerHandle, unref } from './clock.js';

/** Work that comes again and again while the program runs, and never keeps it running. */
export class Housekeeping {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #task: () => void;
  #timer: TimerHandle | undefined = undefined;

  /** Starts at once; the task comes first one interval from now. It must not throw. */
  constructor(clock: Clock, intervalMs: number, task: () => void) {
    this.#clock = clock;
    // A longer timer would fire at once; work that comes a little too often does no harm.
    this.#intervalMs = Math.min(intervalMs, MAX_TIMER_MS);
    this.#task = task;
    this.#arm();
  }

  /** Ends it; a second time is no error. */
  stop(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(): void {
    this.#timer = this.#clock.setTimeout(() => {
      this.#arm();
      this.#task();
    }, this.#intervalMs);
    unref(this.#timer);
  }
}
