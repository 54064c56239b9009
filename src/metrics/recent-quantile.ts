import { Histogram } from './histogram.js';

/** Until so many values were recorded there is nothing to say: a 95th percentile of ten is the greatest of them. */
const LEAST_COUNT = 20;

/** What surrounds a recent quantile. */
export interface RecentQuantileContext {
  /** How far back it looks, in ms: what it knows is of this time, and of up to as much before it. @default 60_000 */
  windowMs?: number;
}

/**
 * One quantile of recent values, within 1 %. It is computed anew when the values have become a sixteenth more, so that
 * reading it costs nothing.
 * @example
 * const p95 = new RecentQuantile(0.95);
 * p95.record(12.5, clock.now());
 * p95.value; // undefined until 20 values were recorded
 */
export class RecentQuantile {
  readonly #q: number;
  readonly #windowMs: number;
  #before = new Histogram();
  #open = new Histogram();
  #endsAt = -Infinity;
  #value: number | undefined = undefined;
  #dueAt = LEAST_COUNT;

  /** @param q From 0, the least value, to 1, the greatest. */
  constructor(q: number, { windowMs = 60_000 }: RecentQuantileContext = {}) {
    this.#q = q;
    this.#windowMs = windowMs;
  }

  /** The quantile; undefined until 20 values were recorded. */
  get value(): number | undefined {
    return this.#value;
  }

  /** Records one value, at a moment of the clock. */
  record(value: number, nowMs: number): void {
    if (nowMs >= this.#endsAt) this.#turn(nowMs);
    this.#open.record(value);
    const count = this.#before.count + this.#open.count;
    if (count >= this.#dueAt) this.#compute(count);
  }

  #turn(nowMs: number): void {
    const isNext = nowMs < this.#endsAt + this.#windowMs;
    this.#before = isNext ? this.#open : new Histogram();
    this.#open = new Histogram();
    this.#endsAt = isNext ? this.#endsAt + this.#windowMs : nowMs + this.#windowMs;
    this.#dueAt = Math.max(LEAST_COUNT, this.#before.count + 1);
  }

  #compute(count: number): void {
    const all = new Histogram();
    all.merge(this.#before);
    all.merge(this.#open);
    this.#value = all.quantile(this.#q);
    this.#dueAt = count + Math.max(1, Math.floor(count / 16));
  }
}
