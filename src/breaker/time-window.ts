import { FAILED, type OutcomeWindow, SLOW } from './outcome-window.js';

const BUCKETS = 10;

/**
 * The outcomes of the last `ms`, in ten buckets: the oldest bucket leaves as a whole, so what counts is between nine and
 * ten tenths of `ms` old at most. Recording costs the same however many calls there are.
 */
export class TimeWindow implements OutcomeWindow {
  calls = 0;
  failedCalls = 0;
  slowCalls = 0;
  readonly #bucketMs: number;
  readonly #buckets: Bucket[] = Array.from({ length: BUCKETS }, () => new Bucket());
  /** The place of the youngest bucket, and the number of its tenth since the clock's zero. */
  #place = 0;
  #tenth = Number.NaN;

  constructor(ms: number) {
    this.#bucketMs = ms / BUCKETS;
  }

  record(marks: number, nowMs: number): void {
    this.expire(nowMs);
    const bucket = this.#buckets[this.#place] as Bucket;
    const failed = marks & FAILED ? 1 : 0;
    const slow = marks & SLOW ? 1 : 0;
    this.calls++;
    this.failedCalls += failed;
    this.slowCalls += slow;
    bucket.calls++;
    bucket.failedCalls += failed;
    bucket.slowCalls += slow;
  }

  expire(nowMs: number): void {
    const tenth = Math.floor(nowMs / this.#bucketMs);
    const steps = tenth - this.#tenth;
    if (steps === 0) return;
    if (steps > 0 && steps < BUCKETS) {
      for (let step = 0; step < steps; step++) this.#turn();
      this.#tenth = tenth;
      // A clock set back by less than the window: what comes joins the youngest bucket.
    } else if (!(steps < 0 && steps > -BUCKETS)) {
      this.clear();
      this.#tenth = tenth;
    }
  }

  clear(): void {
    this.calls = 0;
    this.failedCalls = 0;
    this.slowCalls = 0;
    for (const bucket of this.#buckets) bucket.clear();
  }

  #turn(): void {
    this.#place = (this.#place + 1) % BUCKETS;
    const oldest = this.#buckets[this.#place] as Bucket;
    this.calls -= oldest.calls;
    this.failedCalls -= oldest.failedCalls;
    this.slowCalls -= oldest.slowCalls;
    oldest.clear();
  }
}

class Bucket {
  calls = 0;
  failedCalls = 0;
  slowCalls = 0;

  clear(): void {
    this.calls = 0;
    this.failedCalls = 0;
    this.slowCalls = 0;
  }
}
