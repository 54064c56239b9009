import { FAILED, type OutcomeWindow, SLOW } from './outcome-window.js';

/**
 * Exactly the last `size` outcomes, a bit for each, so that recording costs the same at 10 and at 10 000. The rings are
 * made when there is a bit to be set: while all goes well, the window is a number.
 */
export class CountWindow implements OutcomeWindow {
  calls: number;
  readonly #size: number;
  /** Where the next outcome goes. */
  #place = 0;
  #failed: BitRing | undefined = undefined;
  #slow: BitRing | undefined = undefined;

  /** @param callsBefore Successes in good time that nobody has recorded. */
  constructor(size: number, callsBefore = 0) {
    this.#size = size;
    this.calls = Math.min(size, callsBefore);
    this.#place = this.calls === size ? 0 : this.calls;
  }

  get failedCalls(): number {
    return this.#failed?.count ?? 0;
  }

  get slowCalls(): number {
    return this.#slow?.count ?? 0;
  }

  record(marks: number): void {
    if (marks & FAILED) this.#failed ??= new BitRing(this.#size);
    if (marks & SLOW) this.#slow ??= new BitRing(this.#size);
    this.#failed?.put(this.#place, marks & FAILED);
    this.#slow?.put(this.#place, marks & SLOW);
    if (this.calls < this.#size) this.calls++;
    this.#place = this.#place + 1 === this.#size ? 0 : this.#place + 1;
  }

  /** Nothing is ever too old: outcomes leave it only for newer ones. */
  expire(): void {}

  clear(): void {
    this.calls = 0;
    this.#place = 0;
    this.#failed = undefined;
    this.#slow = undefined;
  }
}

/** One bit for each place, and how many are set. */
class BitRing {
  count = 0;
  readonly #words: Int32Array;

  constructor(size: number) {
    this.#words = new Int32Array(Math.ceil(size / 32));
  }

  /** Overwrites the bit of a place: set for any number but 0. */
  put(place: number, bit: number): void {
    const index = place >>> 5;
    const mask = 1 << (place & 31);
    const word = this.#words[index] ?? 0;
    if ((word & mask) !== 0) this.count--;
    if (bit !== 0) this.count++;
    this.#words[index] = bit === 0 ? word & ~mask : word | mask;
  }
}
