const GROWTH = 1.02;
const LOG_GROWTH = Math.log(GROWTH);
const LEAST_MS = 0.001;

/**
 * Durations in buckets that grow by 2 %: a percentile is within 1 % of the real one, however many there are. It is the
 * job's own, so that the toolkit does not measure itself.
 */
export class Histogram {
  readonly #buckets = new Map<number, number>();
  #count = 0;

  add(ms: number): void {
    const index = Math.ceil(Math.log(Math.max(ms, LEAST_MS)) / LOG_GROWTH);
    this.#buckets.set(index, (this.#buckets.get(index) ?? 0) + 1);
    this.#count++;
  }

  /** Each of the percentiles asked for, from 0 to 1; 0 while there is nothing to tell of. */
  percentiles(...shares: number[]): number[] {
    const indexes = [...this.#buckets.keys()].sort((left, right) => left - right);
    return shares.map((share) => {
      let left = Math.max(1, Math.ceil(share * this.#count));
      const index = indexes.find((candidate) => (left -= this.#buckets.get(candidate) ?? 0) <= 0);
      return index === undefined ? 0 : GROWTH ** (index - 0.5);
    });
  }
}
