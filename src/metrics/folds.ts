/** Where something goes whose name or tags are too many. */
export const OTHER = 'other';

/** How many names there may be, and how many sets of tags under each. */
export interface Bounds {
  maxNames: number;
  maxTagSets: number;
}

/** There are too many names, or too many sets of tags under one: told once of each, and then counted. */
export interface FoldedEvent {
  type: 'folded';
  of: 'timings' | 'counters' | 'gauges';
  /** The name that came too late, or the one with too many sets of tags. */
  metric: string;
  bound: keyof Bounds;
  limit: number;
}

/** Counts what was folded, and tells of the first time. */
export class Folds {
  readonly #of: FoldedEvent['of'];
  readonly #bounds: Bounds;
  readonly #tell: (event: FoldedEvent) => void;
  /** Names with too many sets of tags. */
  readonly #crowded = new Set<string>();
  names = 0;
  tags = 0;

  constructor(of: FoldedEvent['of'], bounds: Bounds, tell: (event: FoldedEvent) => void) {
    this.#of = of;
    this.#bounds = bounds;
    this.#tell = tell;
  }

  get maxNames(): number {
    return this.#bounds.maxNames;
  }

  get maxTagSets(): number {
    return this.#bounds.maxTagSets;
  }

  /** Something came under a name for which there is no room. */
  name(metric: string): void {
    if (this.names++ === 0) this.#say(metric, 'maxNames');
  }

  /** Something came with tags for which there is no room under its name. */
  tagSet(metric: string, many = 1): void {
    this.tags += many;
    if (this.#crowded.has(metric)) return;
    this.#crowded.add(metric);
    this.#say(metric, 'maxTagSets');
  }

  /** A name is gone; of its next one it is told again. */
  forget(metric: string): void {
    this.#crowded.delete(metric);
  }

  #say(metric: string, bound: keyof Bounds): void {
    this.#tell({ type: 'folded', of: this.#of, metric, bound, limit: this.#bounds[bound] });
  }
}
