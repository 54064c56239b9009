import { type Counts, noCounts } from './counts.js';
import { Histogram } from './histogram.js';

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

  get counts(): Counts {
    return (this.#counts ??= noCounts());
  }

  /** Adds to `sum` what this slice has counted. */
  addTo(sum: Slice): void {
    sum.histogram.merge(this.histogram);
    sum.errors += this.errors;
    if (this.#counts === undefined) return;
    for (const [kind, count] of Object.entries(this.#counts) as [keyof Counts, number][]) sum.counts[kind] += count;
  }
}
