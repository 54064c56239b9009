import type { Clock } from '../base/clock.js';
import { Housekeeping } from '../base/housekeeping.js';

/** How often the event loop is to come round, in ms. */
const TICK_MS = 500;

/** Sees how late the event loop is: by a timer that never keeps the process alive. */
export class LoopWatch {
  readonly #clock: Clock;
  readonly #ticks: Housekeeping;
  #dueAt: number;
  #lateMs = 0;

  /** Starts at once. */
  constructor(clock: Clock) {
    this.#clock = clock;
    this.#dueAt = clock.now() + TICK_MS;
    this.#ticks = new Housekeeping(clock, TICK_MS, () => this.#tick());
  }

  /** How late its last tick came, or the next one is, whichever is more; in ms. */
  get delayMs(): number {
    return Math.max(this.#lateMs, this.#clock.now() - this.#dueAt, 0);
  }

  stop(): void {
    this.#ticks.stop();
    this.#dueAt = Infinity;
    this.#lateMs = 0;
  }

  #tick(): void {
    const nowMs = this.#clock.now();
    this.#lateMs = nowMs - this.#dueAt;
    this.#dueAt = nowMs + TICK_MS;
  }
}
