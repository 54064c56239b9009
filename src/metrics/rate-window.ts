const SECONDS = 60;
// One more than the window: the oldest second is partly inside it.
const SLOTS = SECONDS + 1;

/**
 * How often something happened in the last minute, counted by seconds: the second that the window's edge cuts counts by
 * the share of it that is inside. 244 bytes, and nothing to clean up.
 */
export class RateWindow {
  readonly #counts = new Uint32Array(SLOTS);
  /** The second counted now. */
  #second = -Infinity;
  #slot = 0;
  #endsAtMs = -Infinity;

  /** Counts one event. A moment before the second counted now is counted in it. */
  add(nowMs: number): void {
    if (nowMs >= this.#endsAtMs) this.#moveTo(nowMs);
    (this.#counts[this.#slot] as number)++;
  }

  /** Events in the minute up to `nowMs`. */
  count(nowMs: number): number {
    const second = Math.max(Math.floor(nowMs / 1_000), this.#second);
    const insideOfOldest = Math.min(1, Math.max(0, second + 1 - nowMs / 1_000));
    let sum = 0;
    for (let age = second - this.#second, slot = this.#slot; age <= SECONDS; age++) {
      const count = this.#counts[slot] as number;
      sum += age === SECONDS ? count * insideOfOldest : count;
      slot = slot === 0 ? SLOTS - 1 : slot - 1;
    }
    return sum;
  }

  /** Events per second, on the average of the minute up to `nowMs`; a younger window still divides by a minute. */
  ratePerSecond(nowMs: number): number {
    return this.count(nowMs) / SECONDS;
  }

  #moveTo(nowMs: number): void {
    const second = Math.floor(nowMs / 1_000);
    const passed = Math.min(second - this.#second, SLOTS);
    for (let step = 0; step < passed; step++) {
      this.#slot = this.#slot === SLOTS - 1 ? 0 : this.#slot + 1;
      this.#counts[this.#slot] = 0;
    }
    this.#second = second;
    this.#endsAtMs = (second + 1) * 1_000;
  }
}
