import { BUCKETS, BUCKETS_PER_OCTAVE, bucketOf, LEAST_VALUE, lowerBoundOf, VALUE_LIMIT } from './bucket-index.js';

/** A bucket of a histogram that is not empty. */
export interface HistogramBucket {
  /** The least value it takes. */
  from: number;
  /** The first value it does not take. */
  to: number;
  count: number;
}

// From here on a bucket could overflow 32 bits; a histogram that busy can afford twice the memory.
const WIDE_FROM = 2 ** 32;
const NOTHING = new Uint32Array(0);

/**
 * How values are spread, in constant memory: any quantile within 1 % of the exact one, whatever the values are. Zero and
 * what is below 2⁻²⁰ counts as 0. It takes 256 bytes for each octave between the least and the greatest value (2.5 kB
 * from 1 ms to 1 s), 15 kB at most; twice that after 2³² values.
 * @example
 * const histogram = new Histogram();
 * histogram.record(12.5);
 * histogram.quantile(0.99); // 12.5
 */
export class Histogram {
  #counts: Uint32Array | Float64Array = NOTHING;
  /** The bucket that stands first in the counts. */
  #first = 0;
  #zeros = 0;
  #total = 0;
  #sum = 0;
  #min = Infinity;
  #max = -Infinity;

  /** Counts one value; a negative one counts as 0, as does `NaN`. */
  record(value: number): void {
    const least = value > 0 ? value : 0;
    this.#sum += least;
    if (least < this.#min) this.#min = least;
    if (least > this.#max) this.#max = least;
    if (++this.#total === WIDE_FROM) this.#counts = Float64Array.from(this.#counts);
    if (least < LEAST_VALUE) {
      this.#zeros++;
      return;
    }
    const bucket = least < VALUE_LIMIT ? bucketOf(least) : BUCKETS - 1;
    let place = bucket - this.#first;
    // Unsigned, so that a place before the first is past the end too.
    if (place >>> 0 >= this.#counts.length) {
      this.#reach(bucket, bucket);
      place = bucket - this.#first;
    }
    (this.#counts[place] as number)++;
  }

  /** Adds all that another histogram has counted, as if it had been recorded here. */
  merge(other: Histogram): void {
    this.#sum += other.#sum;
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
    this.#zeros += other.#zeros;
    const { length } = other.#counts;
    if (length > 0) this.#reach(other.#first, other.#first + length - 1);
    const total = this.#total + other.#total;
    if (total >= WIDE_FROM && this.#total < WIDE_FROM) this.#counts = Float64Array.from(this.#counts);
    this.#total = total;
    const shift = other.#first - this.#first;
    for (let place = 0; place < length; place++) {
      (this.#counts[place + shift] as number) += other.#counts[place] as number;
    }
  }

  /**
   * The value that the share `q` of all values does not exceed, within 1 %: rank ⌈q·n⌉. 0 when nothing was recorded.
   * @param q From 0, the least value, to 1, the greatest; both are exact.
   */
  quantile(q: number): number {
    if (this.#total === 0) return 0;
    if (q <= 0) return this.#min;
    if (q >= 1) return this.#max;
    let left = Math.ceil(q * this.#total) - this.#zeros;
    if (left <= 0) return this.#bounded(0);
    for (let place = 0; place < this.#counts.length; place++) {
      left -= this.#counts[place] as number;
      if (left <= 0) return this.#bounded(middleOf(this.#first + place));
    }
    return this.#max;
  }

  /** How many values were recorded. */
  get count(): number {
    return this.#total;
  }

  /** Their sum. */
  get sum(): number {
    return this.#sum;
  }

  /** The least of them, exactly; 0 when there is none. */
  get min(): number {
    return this.#total === 0 ? 0 : this.#min;
  }

  /** The greatest of them, exactly; 0 when there is none. */
  get max(): number {
    return this.#total === 0 ? 0 : this.#max;
  }

  /** Their mean; 0 when there is none. */
  get mean(): number {
    return this.#total === 0 ? 0 : this.#sum / this.#total;
  }

  /** The buckets that are not empty, in ascending order: what a chart draws. */
  *buckets(): Generator<HistogramBucket> {
    if (this.#zeros > 0) yield { from: 0, to: LEAST_VALUE, count: this.#zeros };
    for (let place = 0; place < this.#counts.length; place++) {
      const count = this.#counts[place] as number;
      const bucket = this.#first + place;
      const to = bucket === BUCKETS - 1 ? Infinity : lowerBoundOf(bucket + 1);
      if (count > 0) yield { from: lowerBoundOf(bucket), to, count };
    }
  }

  /** Makes room, by whole octaves, for the buckets from `low` to `high`. */
  #reach(low: number, high: number): void {
    const old = this.#counts;
    const first = floorToOctave(old.length === 0 ? low : Math.min(low, this.#first));
    const end = floorToOctave(Math.max(high, this.#first + old.length - 1)) + BUCKETS_PER_OCTAVE;
    if (first === this.#first && end - first === old.length) return;
    const counts = this.#total >= WIDE_FROM ? new Float64Array(end - first) : new Uint32Array(end - first);
    if (old.length > 0) counts.set(old, this.#first - first);
    this.#counts = counts;
    this.#first = first;
  }

  #bounded(value: number): number {
    return Math.min(Math.max(value, this.#min), this.#max);
  }
}

function floorToOctave(bucket: number): number {
  return bucket - (bucket % BUCKETS_PER_OCTAVE);
}

function middleOf(bucket: number): number {
  return (lowerBoundOf(bucket) + lowerBoundOf(bucket + 1)) / 2;
}
