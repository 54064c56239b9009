import { BUCKETS, bucketOf, LEAST_VALUE, lowerBoundOf, VALUE_LIMIT } from './bucket-index.js';
import { type BucketCounts, eachOf, packed } from './packed-buckets.js';

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
/** Buckets are made so many at a time: 64 bytes, which the engine still keeps on its own heap. */
const STEP = 16;

/** What a histogram has counted, as plain JSON; without `min` and `max` where that is nothing. */
export interface HistogramExport {
  count: number;
  sum: number;
  min?: number;
  max?: number;
  /** Values that counted as 0. */
  zeros: number;
  /** Bucket and count by turns, in ascending order: 64 buckets an octave, the first from 2⁻²⁰ on. */
  buckets: number[];
}

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
  /** In the place of the counts, once it was packed. */
  #packed: BucketCounts | undefined = undefined;
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
    if (++this.#total === WIDE_FROM) this.#widen();
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
    // Taken first: the other may be this one.
    const [buckets, counts, first] = [other.#packed, other.#counts, other.#first];
    this.#absorb(other.#total, other.#sum, other.#min, other.#max, other.#zeros);
    if (buckets !== undefined) this.#addEach(buckets);
    else this.#addDense(counts, first);
  }

  /**
   * The value that the share `q` of all values does not exceed, within 1 %: rank ⌈q·n⌉. 0 when nothing was recorded.
   * @param q From 0, the least value, to 1, the greatest; both are exact.
   */
  quantile(q: number): number {
    return this.quantiles([q])[0] as number;
  }

  /** Several quantiles in one walk. @param shares In ascending order. */
  quantiles(shares: readonly number[]): number[] {
    this.#unpack();
    const [counts, total] = [this.#counts, this.#total];
    const found: number[] = [];
    let place = -1;
    let seen = this.#zeros;
    for (const q of shares) {
      const rank = Math.ceil(q * total);
      while (seen < rank && place < counts.length - 1) seen += counts[++place] as number;
      if (q <= 0 || total === 0) found.push(this.min);
      else if (q >= 1) found.push(this.#max);
      else found.push(this.#bounded(place < 0 ? 0 : middleOf(this.#first + place)));
    }
    return found;
  }

  /** Takes less memory from now on, 4 bytes for each bucket that is not empty; recording into it undoes that. */
  pack(): void {
    if (this.#packed !== undefined) return;
    this.#packed = packed(this.#counts, this.#first);
    this.#counts = NOTHING;
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
    for (const [bucket, count] of this.#counted()) {
      yield { from: lowerBoundOf(bucket), to: bucket === BUCKETS - 1 ? Infinity : lowerBoundOf(bucket + 1), count };
    }
  }

  /** All of it as plain JSON, for {@link add}. */
  export(): HistogramExport {
    const buckets = [...this.#counted()].flat();
    const exported = { count: this.#total, sum: this.#sum, zeros: this.#zeros, buckets };
    return this.#total === 0 ? exported : { ...exported, min: this.#min, max: this.#max };
  }

  /** Adds what another histogram has exported, as if it had been recorded here. */
  add({ count, sum, min = Infinity, max = -Infinity, zeros, buckets }: HistogramExport): void {
    this.#absorb(count, sum, min, max, zeros);
    this.#addEach(buckets);
  }

  #counted(): Iterable<[bucket: number, count: number]> {
    return eachOf(this.#packed ?? packed(this.#counts, this.#first));
  }

  /** What is known without the buckets. */
  #absorb(total: number, sum: number, min: number, max: number, zeros: number): void {
    this.#unpack();
    this.#sum += sum;
    this.#min = Math.min(this.#min, min);
    this.#max = Math.max(this.#max, max);
    this.#zeros += zeros;
    const wasWide = this.#total >= WIDE_FROM;
    this.#total += total;
    if (this.#total >= WIDE_FROM && !wasWide) this.#widen();
  }

  #addDense(counts: Uint32Array | Float64Array, first: number): void {
    if (counts.length === 0) return;
    this.#reach(first, first + counts.length - 1);
    const shift = first - this.#first;
    for (let place = 0; place < counts.length; place++) {
      (this.#counts[place + shift] as number) += counts[place] as number;
    }
  }

  #addEach(buckets: ArrayLike<number>): void {
    const { length } = buckets;
    if (length === 0) return;
    this.#reach(buckets[0] as number, buckets[length - 2] as number);
    for (let place = 0; place < length; place += 2) {
      (this.#counts[(buckets[place] as number) - this.#first] as number) += buckets[place + 1] as number;
    }
  }

  #unpack(): void {
    const buckets = this.#packed;
    if (buckets === undefined) return;
    this.#packed = undefined;
    this.#addEach(buckets);
  }

  #widen(): void {
    this.#counts = Float64Array.from(this.#counts);
  }

  /** Makes room, a step at a time, for the buckets from `low` to `high`. */
  #reach(low: number, high: number): void {
    this.#unpack();
    const old = this.#counts;
    const first = floorToStep(old.length === 0 ? low : Math.min(low, this.#first));
    const end = floorToStep(old.length === 0 ? high : Math.max(high, this.#first + old.length - 1)) + STEP;
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

function floorToStep(bucket: number): number {
  return bucket - (bucket % STEP);
}

function middleOf(bucket: number): number {
  return (lowerBoundOf(bucket) + lowerBoundOf(bucket + 1)) / 2;
}
