import { type CountKind, type Counts, countOne } from './counts.js';
import { Histogram } from './histogram.js';
import { RateWindow, type SecondCount } from './rate-window.js';
import { Slice, type SliceExport } from './slice.js';

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

/** A series as plain JSON; its times are ages, so that it means the same by another clock. */
export interface SeriesExport {
  slices: SliceExport[];
  /** Calls, and those that failed, of the last minute by seconds. */
  calls: SecondCount[];
  failures: SecondCount[];
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
const NO_SLICES: Slice[] = [];
const PERCENTILES = [0.5, 0.95, 0.99] as const;
const NO_PERCENTILES = [0, 0, 0] as const;

/** The time kept is cut into so many slices; the oldest is forgotten as a whole, up to one slice's time late. */
const SLICES = 24;
/** An age is a difference of two moments, and so a little off, in ms: less than this. */
const AGE_IS_OFF_BY = 0.001;

/**
 * The timings and counts of one name. It never reads a clock: whoever records has just read it.
 * @example
 * const series = collector.series('Quotes.price');
 * series.record(12.5, true, clock.now());
 */
export class Series {
  readonly #context: SeriesContext;
  #calls = NO_CALLS;
  /** Made at the first error: most series have none. */
  #failures: RateWindow | undefined = undefined;
  /** The open one is the last. */
  #slices: Slice[] = NO_SLICES;
  #open = NO_SLICE;

  constructor(context: SeriesContext = {}) {
    this.#context = context;
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
    countOne(this.#open.ownCounts, kind);
  }

  /** What is known at `nowMs`. */
  stats(nowMs: number): SeriesStats {
    const { histogram, errors, counts } = this.#sum(nowMs);
    const [p50Ms = 0, p95Ms = 0, p99Ms = 0] = histogram.count === 0 ? NO_PERCENTILES : histogram.quantiles(PERCENTILES);
    const calls = this.#calls.count(nowMs);
    const { cacheHits, cacheMisses } = counts;
    // Written out: spreading the counts takes longer than all the rest.
    return {
      totalCalls: histogram.count,
      errors,
      avgMs: histogram.mean,
      minMs: histogram.min,
      maxMs: histogram.max,
      p50Ms,
      p95Ms,
      p99Ms,
      ratePerSecond: calls / 60,
      errorRate: calls === 0 ? 0 : this.failuresInLastMinute(nowMs) / calls,
      cacheHitRate: cacheHits === 0 ? 0 : cacheHits / (cacheHits + cacheMisses),
      slowCalls: counts.slowCalls,
      cacheHits,
      cacheMisses,
      retries: counts.retries,
      recovered: counts.recovered,
      exhausted: counts.exhausted,
      timedOut: counts.timedOut,
      answered: counts.answered,
      hedgesWon: counts.hedgesWon,
    };
  }

  /** All durations kept, as one histogram of its own; for a percentile that `stats` does not have, or a chart. */
  histogram(nowMs: number): Histogram {
    const all = new Histogram();
    all.merge(this.#sum(nowMs).histogram);
    return all;
  }

  callsInLastMinute(nowMs: number): number {
    return this.#calls.count(nowMs);
  }

  failuresInLastMinute(nowMs: number): number {
    return this.#failures?.count(nowMs) ?? 0;
  }

  /** All that is known at `nowMs`, as plain JSON, for {@link merge}. */
  export(nowMs: number): SeriesExport {
    const slices = this.#slices.filter((slice) => this.#isKept(slice.endsAt, nowMs));
    return {
      slices: slices.map((slice) => slice.export(nowMs)),
      calls: this.#calls.seconds(nowMs),
      failures: this.#failures?.seconds(nowMs) ?? [],
    };
  }

  /** Adds what another series has exported, as if it had been recorded here. */
  merge({ slices, calls, failures }: SeriesExport, nowMs: number): void {
    for (const slice of slices) {
      const target = this.#sliceFor(slice, nowMs);
      target?.add(slice);
      if (target !== this.#open) target?.histogram.pack();
    }
    if (calls.length > 0) this.#ownCalls.merge(calls, nowMs);
    if (failures.length > 0) (this.#failures ??= new RateWindow()).merge(failures, nowMs);
  }

  /** Forgets what is older than the time kept; says whether anything is left. */
  expire(nowMs: number): 'empty' | 'filled' {
    const oldest = this.#slices[0];
    if (oldest === undefined) return 'empty';
    if (!this.#isKept(oldest.endsAt, nowMs)) this.#slices = this.#kept(nowMs);
    if (this.#slices.length > 0) return 'filled';
    this.#open = NO_SLICE;
    return 'empty';
  }

  #openSlice(nowMs: number): void {
    if (this.#calls === NO_CALLS) this.#calls = new RateWindow();
    // Most slices are closed, and a closed one is only read.
    if (this.#open !== NO_SLICE) this.#open.histogram.pack();
    this.#open = new Slice(this.#endOfSlice(nowMs));
    this.#take([...this.#kept(nowMs), this.#open]);
  }

  #take(slices: Slice[]): void {
    const wakes = this.#slices.length === 0;
    this.#slices = slices;
    if (wakes) this.#context.onWake?.();
  }

  get #ownCalls(): RateWindow {
    if (this.#calls === NO_CALLS) this.#calls = new RateWindow();
    return this.#calls;
  }

  /** Where something belongs that another series has had in this slice; undefined if that is too long ago. */
  #sliceFor({ closedForMs }: SliceExport, nowMs: number): Slice | undefined {
    const sliceMs = this.#sliceMs;
    if (closedForMs === undefined || sliceMs === Infinity) {
      if (nowMs >= this.#open.endsAt) this.#openSlice(nowMs);
      return this.#open;
    }
    const endsAt = Math.ceil((nowMs - closedForMs - AGE_IS_OFF_BY) / sliceMs) * sliceMs;
    if (!this.#isKept(endsAt, nowMs)) return undefined;
    const known = this.#slices.find((slice) => slice.endsAt >= endsAt);
    if (known?.endsAt === endsAt) return known;
    const made = new Slice(endsAt);
    this.#take([...this.#slices, made].sort((left, right) => left.endsAt - right.endsAt));
    return made;
  }

  get #retentionMs(): number {
    return this.#context.retentionMs ?? Infinity;
  }

  get #sliceMs(): number {
    return this.#retentionMs / SLICES;
  }

  #endOfSlice(nowMs: number): number {
    const sliceMs = this.#sliceMs;
    return sliceMs === Infinity ? Infinity : (Math.floor(nowMs / sliceMs) + 1) * sliceMs;
  }

  #kept(nowMs: number): Slice[] {
    return this.#slices.filter((slice) => this.#isKept(slice.endsAt, nowMs));
  }

  #isKept(endsAt: number, nowMs: number): boolean {
    return endsAt + this.#retentionMs > nowMs;
  }

  #fail(nowMs: number): void {
    this.#open.errors++;
    this.#failures ??= new RateWindow();
    this.#failures.add(nowMs);
  }

  /** What all slices kept have counted; to be read only, for it may be one of them. */
  #sum(nowMs: number): Slice {
    if (this.#slices.length <= 1) {
      const only = this.#slices[0];
      return only !== undefined && this.#isKept(only.endsAt, nowMs) ? only : NO_SLICE;
    }
    const kept = this.#kept(nowMs);
    const sum = new Slice(Infinity);
    for (const slice of kept) slice.addTo(sum);
    return sum;
  }
}
