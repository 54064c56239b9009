import { Series, type SeriesContext, type SeriesStats } from './series.js';
import { type Tags, tagText } from './tags.js';

/** Where timings go whose name or tags are too many. */
export const OTHER = 'other';

/** What is known of one name, and of each set of tags under it. */
export interface TimingStats extends SeriesStats {
  /** Per set of tags, such as `region=eu`; those past the bound together as `other`. Only where tags were given. */
  byTags?: Record<string, SeriesStats>;
  /** Timings whose tags were folded into `other`. Only where there were some. */
  foldedTimings?: number;
}

/** One name: all its timings, and the same again by their tags, whose number is bounded. */
export class Family {
  readonly total: Series;
  /** A held family stays although it is empty: somebody has its series in hand. */
  held = false;
  readonly #context: SeriesContext;
  readonly #maxTagSets: number;
  readonly #byTags = new Map<string, Series>();
  #folded = 0;

  constructor(context: SeriesContext, maxTagSets: number) {
    this.#context = context;
    this.#maxTagSets = maxTagSets;
    this.total = new Series(context);
  }

  /** The series of a set of tags; undefined when it has none. */
  tagged(tags: Tags): Series | undefined {
    const text = tagText(tags);
    if (text === '') return undefined;
    const known = this.#byTags.get(text);
    if (known !== undefined) return known;
    const tagSets = this.#byTags.has(OTHER) ? this.#byTags.size - 1 : this.#byTags.size;
    if (tagSets < this.#maxTagSets) return this.#add(text);
    this.#folded++;
    return this.#byTags.get(OTHER) ?? this.#add(OTHER);
  }

  /** What is known at `nowMs`. */
  stats(nowMs: number): TimingStats {
    const stats: TimingStats = this.total.stats(nowMs);
    const entries = [...this.#byTags].sort(([left], [right]) => (left < right ? -1 : 1));
    if (entries.length > 0) {
      stats.byTags = Object.fromEntries(entries.map(([text, series]) => [text, series.stats(nowMs)]));
    }
    if (this.#folded > 0) stats.foldedTimings = this.#folded;
    return stats;
  }

  /** Forgets what is too old, sets of tags too; says whether anything is left. */
  expire(nowMs: number): 'empty' | 'filled' {
    for (const [text, series] of this.#byTags) {
      if (series.expire(nowMs) === 'empty') this.#byTags.delete(text);
    }
    return this.total.expire(nowMs);
  }

  #add(text: string): Series {
    const series = new Series(this.#context);
    this.#byTags.set(text, series);
    return series;
  }
}
