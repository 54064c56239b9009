import { COUNT_KINDS, type Counts, noCounts } from './counts.js';
import { Histogram, type HistogramExport } from './histogram.js';

const NO_COUNTS: Readonly<Counts> = Object.freeze(noCounts());

/** A slice as plain JSON. */
export interface SliceExport extends HistogramExport {
  /** For how long it has been closed, in ms; not there while it is open. */
  closedForMs?: number;
  errors: number;
  /** What was counted beside the calls; not there where nothing was. */
  counts?: Partial<Counts>;
}

/** What a series counted in a stretch of time; it is forgotten as a whole. */
export class Slice {
  readonly endsAt: number;
  readonly histogram: Histogram = new Histogram();
  errors = 0;
  /** Undefined while nothing of that sort was counted. */
  #counts: Counts | undefined = undefined;

  constructor(endsAt: number) {
    this.endsAt = endsAt;
  }

  /** What was counted, to be read. */
  get counts(): Readonly<Counts> {
    return this.#counts ?? NO_COUNTS;
  }

  /** What was counted, to be counted in. */
  get ownCounts(): Counts {
    return (this.#counts ??= noCounts());
  }

  /** Adds to `sum` what this slice has counted. */
  addTo(sum: Slice): void {
    sum.histogram.merge(this.histogram);
    sum.errors += this.errors;
    if (this.#counts !== undefined) sum.#count(this.#counts);
  }

  /** As plain JSON, at `nowMs`. */
  export(nowMs: number): SliceExport {
    const counts = COUNT_KINDS.filter((kind) => this.counts[kind] > 0).map((kind) => [kind, this.counts[kind]]);
    return {
      ...(nowMs >= this.endsAt && { closedForMs: nowMs - this.endsAt }),
      ...this.histogram.export(),
      errors: this.errors,
      ...(counts.length > 0 && { counts: Object.fromEntries(counts) as Partial<Counts> }),
    };
  }

  /** Adds what another slice has exported. */
  add(slice: SliceExport): void {
    this.histogram.add(slice);
    this.errors += slice.errors;
    if (slice.counts !== undefined) this.#count(slice.counts);
  }

  #count(counts: Partial<Counts>): void {
    const own = this.ownCounts;
    for (const kind of COUNT_KINDS) own[kind] += counts[kind] ?? 0;
  }
}
