import type { CountKind, Counts } from './counts.js';
import type { Histogram } from './histogram.js';
import { RateWindow } from './rate-window.js';
import { Slice } from './slice.js';

/** What is known of one name. All of it is of the time kept (`retentionMs`), the rates of the last minute; 0 where nothing was recorded. */
export interface SeriesStats extends Counts {
  totalCalls: number;
  errors: number;
  avgMs: number;
  minMs: number;
  maxMs: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  /** Calls per second over the last minute. */
  ratePerSecond: number;
  /** Share of failed calls in the last minute, from 0 to 1. */
  errorRate: number;
  /** Share of hits among the lookups of the cache, from 0 to 1. */
  cacheHitRate: number;
}

/** What a series takes from the collector it belongs to. */
export interface SeriesContext {
  /** How long a timing is seen, in ms. @default Infinity */
  retentionMs?: number;
  /** Called when the series, empty until then, gets something to forget. */
  onWake?: () => void;
}

// What stands in a series until its first call: most sites of a program are never called, and wait in a few bytes.
const NO_CALLS = new RateWindow();
const NO_SLICE = new Slice(-Infinity);

/** The time kept is cut into so many slices; the oldest is forgotten as a whole, up to one slice's time late. */
const SLICES = 24;

/**
 * The timings and counts of one name. It never reads a clock: whoever records has just read it.
 * @example
 * const series = collector.series('Quotes.price');
 * series.record(12.5, true, clock.now());
 */
export class Series {
  readonly #retentionMs: number;
  readonly #sliceMs: number;
  readonly #onWake: (() => void) | undefined;
  #calls = NO_CALLS;
  /** Made at the first error: most series have none. */
  #failures: RateWindow | undefined = undefined;
  /** Oldest first; the last one is open. */
  #slices: Slice[] = [];
  #open = NO_SLICE;

  constructor({ retentionMs = Infinity, onWake }: SeriesContext = {}) {
    this.#retentionMs = retentionMs;
    this.#sliceMs = retentionMs / SLICES;
    this.#onWake = onWake;
  }

  /** Books a call. `nowMs` is the moment it ended, by the same clock every time. */
  record(durationMs: number, success: boolean, nowMs: number): void {
    if (nowMs >= this.#open.endsAt) this.#openSlice(nowMs);
    this.#open.histogram.record(durationMs);
    this.#calls.add(nowMs);
    if (!success) this.#fail(nowMs);
  }

  /** Counts something that happened beside a call, or in it. */
  count(kind: CountKind, nowMs: number): void {
    if (nowMs >= this.#open.endsAt) this.#openSlice(nowMs);
    this.#open.counts[kind]++;
  }

  /** What is known at `nowMs`. */
  stats(nowMs: number): SeriesStats {
    const { histogram, errors, counts } = this.#sum(nowMs);
    const calls = this.#calls.count(nowMs);
    const lookups = counts.cacheHits + counts.cacheMisses;
    return {
      totalCalls: histogram.count,
      errors,
      avgMs: histogram.mean,
      minMs: histogram.min,
      maxMs: histogram.max,
      p50Ms: histogram.quantile(0.5),
      p95Ms: histogram.quantile(0.95),
      p99Ms: histogram.quantile(0.99),
      ratePerSecond: this.#calls.ratePerSecond(nowMs),
      errorRate: calls === 0 ? 0 : this.failuresInLastMinute(nowMs) / calls,
      cacheHitRate: lookups === 0 ? 0 : counts.cacheHits / lookups,
      ...counts,
    };
  }

  /** All durations kept, as one histogram of its own; for a percentile that `stats` does not have, or a chart. */
  histogram(nowMs: number): Histogram {
    return this.#sum(nowMs).histogram;
  }

  callsInLastMinute(nowMs: number): number {
    return this.#calls.count(nowMs);
  }

  failuresInLastMinute(nowMs: number): number {
    return this.#failures?.count(nowMs) ?? 0;
  }

  /** Forgets what is older than the time kept; says whether anything is left. */
  expire(nowMs: number): 'empty' | 'filled' {
    this.#slices = this.#slices.filter((slice) => this.#isKept(slice, nowMs));
    if (this.#slices.length > 0) return 'filled';
    this.#open = NO_SLICE;
    return 'empty';
  }

  #openSlice(nowMs: number): void {
    if (this.#calls === NO_CALLS) this.#calls = new RateWindow();
    const wakes = this.#slices.length === 0;
    this.#slices = this.#slices.filter((slice) => this.#isKept(slice, nowMs));
    this.#open = new Slice(this.#endOfSlice(nowMs));
    this.#slices.push(this.#open);
    if (wakes) this.#onWake?.();
  }

  #endOfSlice(nowMs: number): number {
    return this.#sliceMs === Infinity ? Infinity : (Math.floor(nowMs / this.#sliceMs) + 1) * this.#sliceMs;
  }

  #isKept(slice: Slice, nowMs: number): boolean {
    return slice.endsAt + this.#retentionMs > nowMs;
  }

  #fail(nowMs: number): void {
    this.#open.errors++;
    this.#failures ??= new RateWindow();
    this.#failures.add(nowMs);
  }

  #sum(nowMs: number): Slice {
    const sum = new Slice(Infinity);
    for (const slice of this.#slices) {
      if (this.#isKept(slice, nowMs)) slice.addTo(sum);
    }
    return sum;
  }
}
