import { type Folds, OTHER } from './folds.js';
import { Series, type SeriesContext, type SeriesExport, type SeriesStats } from './series.js';

/** What is known of one name, and of each set of tags under it. */
export interface TimingStats extends SeriesStats {
  /** Per set of tags, such as `region=eu`; those past the bound together as `other`. Only where tags were given. */
  byTags?: Record<string, SeriesStats>;
  /** Timings whose tags were folded into `other`. Only where there were some. */
  foldedTimings?: number;
}

/** One name's timings as plain JSON. */
export interface TimingExport extends SeriesExport {
  byTags?: Record<string, SeriesExport>;
  /** Timings whose tags were folded into `other`. */
  foldedTimings?: number;
}

/** One name: all its timings, and the same again by their tags, whose number is bounded. */
export class Family {
  readonly name: string;
  readonly total: Series;
  /** A held family stays although it is empty: somebody has its series in hand. */
  held = false;
  /** Where it stands in the order of the names. */
  rank = 0;
  readonly #context: SeriesContext;
  /** Made with the first tags: most names have none. */
  #byTags: Map<string, Series> | undefined = undefined;
  #folded = 0;

  constructor(name: string, context: SeriesContext) {
    this.name = name;
    this.#context = context;
    this.total = new Series(context);
  }

  /** The series of a set of tags, or the one that all have for which there is no room. */
  tagged(text: string, folds: Folds): Series {
    return this.#roomFor(text, folds) ?? this.#fold(1, folds);
  }

  /** What is known at `nowMs`. */
  stats(nowMs: number): TimingStats {
    const stats: TimingStats = this.total.stats(nowMs);
    if (this.#byTags === undefined) return stats;
    const entries = this.#sorted();
    if (entries.length > 0) {
      stats.byTags = Object.fromEntries(entries.map(([text, series]) => [text, series.stats(nowMs)]));
    }
    if (this.#folded > 0) stats.foldedTimings = this.#folded;
    return stats;
  }

  /** All that is known at `nowMs`, as plain JSON, for {@link merge}. */
  export(nowMs: number): TimingExport {
    const all: TimingExport = this.total.export(nowMs);
    if (this.#byTags === undefined) return all;
    all.byTags = Object.fromEntries(this.#sorted().map(([text, series]) => [text, series.export(nowMs)]));
    all.foldedTimings = this.#folded;
    return all;
  }

  /** Adds what another family has exported, as if it had been recorded here. */
  merge({ byTags = {}, foldedTimings = 0, ...total }: TimingExport, nowMs: number, folds: Folds): void {
    this.total.merge(total, nowMs);
    if (foldedTimings > 0) this.#countFolded(foldedTimings, folds);
    for (const [text, series] of Object.entries(byTags)) {
      const timings = series.slices.reduce((sum, slice) => sum + slice.count, 0);
      const own = text === OTHER ? this.#other() : (this.#roomFor(text, folds) ?? this.#fold(timings, folds));
      own.merge(series, nowMs);
    }
  }

  /** Forgets what is too old, sets of tags too; says whether anything is left. */
  expire(nowMs: number): 'empty' | 'filled' {
    for (const [text, series] of this.#byTags ?? []) {
      if (series.expire(nowMs) === 'empty') this.#byTags?.delete(text);
    }
    return this.total.expire(nowMs);
  }

  #roomFor(text: string, { maxTagSets }: Folds): Series | undefined {
    const byTags = (this.#byTags ??= new Map());
    const known = byTags.get(text);
    if (known !== undefined) return known;
    const tagSets = byTags.has(OTHER) ? byTags.size - 1 : byTags.size;
    return tagSets < maxTagSets ? this.#add(text) : undefined;
  }

  #fold(timings: number, folds: Folds): Series {
    this.#countFolded(timings, folds);
    return this.#other();
  }

  #countFolded(timings: number, folds: Folds): void {
    this.#folded += timings;
    folds.tagSet(this.name, timings);
  }

  #other(): Series {
    return this.#byTags?.get(OTHER) ?? this.#add(OTHER);
  }

  #add(text: string): Series {
    const series = new Series(this.#context);
    (this.#byTags ??= new Map()).set(text, series);
    return series;
  }

  #sorted(): [string, Series][] {
    return [...(this.#byTags ?? [])].sort(([left], [right]) => (left < right ? -1 : 1));
  }
}
