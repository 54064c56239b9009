import type { Random } from '../../src/base/random.js';

/** How much of what it can do is lost for each time that it has its capacity once more to do: switching, locks, memory. */
const OVERHEAD = 0.1;
/** Calls that it takes in at most; it refuses the others. */
const MOST = 1_000;

interface Job {
  /** The progress at which it is done. */
  readonly doneAt: number;
  readonly resolve: () => void;
}

/**
 * A dependency that works on all its calls at once: up to its capacity at full speed, beyond it they share what there is,
 * and get in each other's way. It works on for callers that have left.
 */
export class Worker {
  /** Calls that it can work on at full speed. */
  capacity: number;
  readonly #random: Random;
  /** Work done since the beginning for a call that has been there all the time, in ms at full speed. */
  #progress = 0;
  #jobs: Job[] = [];

  constructor(capacity: number, random: Random) {
    this.capacity = capacity;
    this.#random = random;
  }

  get running(): number {
    return this.#jobs.length;
  }

  /** Takes in a call of 30 to 70 ms. */
  call(): Promise<void> {
    const workMs = 30 + 40 * this.#random();
    if (this.#jobs.length >= MOST) return Promise.reject(new Error('refused: too much to do'));
    return new Promise((resolve) => this.#jobs.push({ doneAt: this.#progress + workMs, resolve }));
  }

  /** Works for a time, in ms. */
  work(ms: number): void {
    this.#progress += ms * this.#speed;
    const done = this.#jobs.filter(({ doneAt }) => doneAt <= this.#progress);
    if (done.length === 0) return;
    this.#jobs = this.#jobs.filter(({ doneAt }) => doneAt > this.#progress);
    for (const { resolve } of done) resolve();
  }

  get #speed(): number {
    const excess = Math.max(0, this.#jobs.length / this.capacity - 1);
    return 1 / ((1 + excess) * (1 + OVERHEAD * excess));
  }
}
