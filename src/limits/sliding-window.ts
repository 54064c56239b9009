import { type RateAlgorithm, TOLERANCE_MS, wholeMs } from './rate-algorithm.js';

/** Entries that a log has room for at first. */
const FIRST_ROOM = 8;

/**
 * At no moment more than `limit` permits in any `intervalMs`: it remembers when each was taken, in a ring that grows with
 * use up to `limit` entries of 8 bytes.
 */
export class SlidingWindow implements RateAlgorithm {
  readonly #limit: number;
  readonly #intervalMs: number;
  // A plain array: a typed one costs 200 bytes before its first entry, which counts where each key has a log.
  #takenAt: number[];
  #first = 0;
  #size = 0;

  constructor(limit: number, intervalMs: number) {
    this.#limit = limit;
    this.#intervalMs = intervalMs;
    this.#takenAt = new Array<number>(Math.min(FIRST_ROOM, limit)).fill(0);
  }

  /** Every permit has to be dated. */
  takeUnseen(): boolean {
    return false;
  }

  take(nowMs: number): number {
    if (this.#size > 0) {
      const waitMs = this.#at(0) + this.#intervalMs - nowMs;
      if (waitMs <= TOLERANCE_MS) this.#forgetFirst();
      else if (this.#size === this.#limit) return wholeMs(waitMs);
    }
    // A clock read by the caller may be older than the last one's: the log must stay in order.
    this.#add(this.#size === 0 ? nowMs : Math.max(nowMs, this.#at(this.#size - 1)));
    return 0;
  }

  beginWith(taken: number, nowMs: number): void {
    if (taken > this.#takenAt.length) this.#takenAt = new Array<number>(taken);
    this.#takenAt.fill(nowMs, 0, taken);
    this.#size = taken;
  }

  available(nowMs: number): number {
    const from = nowMs - this.#intervalMs + TOLERANCE_MS;
    let low = 0;
    let high = this.#size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#at(middle) <= from) low = middle + 1;
      else high = middle;
    }
    return this.#limit - (this.#size - low);
  }

  #at(index: number): number {
    return this.#takenAt[(this.#first + index) % this.#takenAt.length] as number;
  }

  #forgetFirst(): void {
    this.#first = (this.#first + 1) % this.#takenAt.length;
    this.#size--;
  }

  #add(nowMs: number): void {
    if (this.#size === this.#takenAt.length) this.#grow();
    this.#takenAt[(this.#first + this.#size) % this.#takenAt.length] = nowMs;
    this.#size++;
  }

  #grow(): void {
    const room = new Array<number>(Math.min(this.#limit, 2 * this.#size)).fill(0);
    for (let index = 0; index < this.#size; index++) room[index] = this.#at(index);
    this.#takenAt = room;
    this.#first = 0;
  }
}
