import { Histogram } from './histogram.js';

/**
 * What a call came to for its caller: a `fresh` answer of the upstream, a `cached` one in its time, a `stale` one past
 * its time, a `fallback`'s, or none.
 */
export type Result = 'fresh' | 'cached' | 'stale' | 'fallback' | 'failed';

/** What one side has measured. */
export interface Measured {
  readonly calls: number;
  /** Fresh and cached answers. */
  readonly succeeded: number;
  readonly successRatio: number;
  /** Of all calls, failed ones too. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** How many calls came to each result. */
  readonly results: Readonly<Record<Result, number>>;
}

/** Counts what the calls of one side come to. */
export class Tally {
  readonly #results: Record<Result, number> = { fresh: 0, cached: 0, stale: 0, fallback: 0, failed: 0 };
  readonly #durations = new Histogram();

  book(result: Result, durationMs: number): void {
    this.#results[result]++;
    this.#durations.add(durationMs);
  }

  measured(): Measured {
    const results = { ...this.#results };
    const calls = Object.values(results).reduce((sum, count) => sum + count, 0);
    const succeeded = results.fresh + results.cached;
    const [p50Ms = 0, p95Ms = 0, p99Ms = 0] = this.#durations.percentiles(0.5, 0.95, 0.99);
    return { calls, succeeded, successRatio: calls === 0 ? 0 : succeeded / calls, p50Ms, p95Ms, p99Ms, results };
  }
}
