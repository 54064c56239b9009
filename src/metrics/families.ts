import { Family, type TimingExport, type TimingStats } from './family.js';
import { type Folds, OTHER } from './folds.js';
import type { Series, SeriesContext } from './series.js';

/** The timings of all names, whose number is bounded. */
export class Families {
  readonly folds: Folds;
  readonly #context: SeriesContext;
  readonly #byName = new Map<string, Family>();
  #isRanked = true;
  #heldNames = 0;

  constructor(context: SeriesContext, folds: Folds) {
    this.#context = context;
    this.folds = folds;
  }

  /** The family of a name, or the one that all have for which there is no room. */
  for(name: string): Family {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    const other = this.#byName.get(OTHER);
    const names = this.#byName.size - this.#heldNames - (other?.held === false ? 1 : 0);
    if (names < this.folds.maxNames) return this.#add(name);
    this.folds.name(name);
    return other ?? this.#add(OTHER);
  }

  /** The series of a name, which stays from now on, and does not count. */
  hold(name: string): Series {
    const family = this.#byName.get(name) ?? this.#add(name);
    if (!family.held) this.#heldNames++;
    family.held = true;
    return family.total;
  }

  /** All series but those of tags. */
  get totals(): Series[] {
    return Array.from(this.#byName.values(), ({ total }) => total);
  }

  /** Names and what is known of them at `nowMs`, in the order of the names; what is too old is forgotten on the way. */
  stats(nowMs: number): [name: string, stats: TimingStats][] {
    return this.#each(nowMs, (family) => family.stats(nowMs));
  }

  /** All of it as plain JSON, by name. */
  export(nowMs: number): Record<string, TimingExport> {
    return Object.fromEntries(this.#each(nowMs, (family) => family.export(nowMs)));
  }

  /** Adds what another collector has exported. */
  merge(timings: Record<string, TimingExport>, nowMs: number): void {
    for (const [name, timing] of Object.entries(timings)) this.for(name).merge(timing, nowMs, this.folds);
  }

  /** Forgets what is too old; says whether anything is left. */
  expire(nowMs: number): 'empty' | 'filled' {
    let left: 'empty' | 'filled' = 'empty';
    for (const family of this.#byName.values()) {
      if (family.expire(nowMs) === 'filled') left = 'filled';
      else if (!family.held) this.delete(family.name);
    }
    return left;
  }

  /** Forgets a name. */
  delete(name: string): void {
    const family = this.#byName.get(name);
    if (family === undefined) return;
    if (family.held) this.#heldNames--;
    this.#byName.delete(name);
    this.folds.forget(name);
    this.#isRanked = false;
  }

  /**
   * Something of each name. Families are visited once and in the order in which they were made, as they lie in memory:
   * in the order of their names it takes three times as long.
   */
  #each<T>(nowMs: number, of: (family: Family) => T): [name: string, T][] {
    if (!this.#isRanked) this.#rank();
    const entries = new Array<[string, T] | undefined>(this.#byName.size);
    for (const family of this.#byName.values()) {
      const isGone = family.expire(nowMs) === 'empty' && !family.held;
      if (isGone) this.delete(family.name);
      entries[family.rank] = isGone ? undefined : [family.name, of(family)];
    }
    return this.#isRanked ? (entries as [string, T][]) : entries.filter((entry) => entry !== undefined);
  }

  #rank(): void {
    const names = [...this.#byName.keys()].sort();
    for (const [rank, name] of names.entries()) (this.#byName.get(name) as Family).rank = rank;
    this.#isRanked = true;
  }

  #add(name: string): Family {
    const family = new Family(name, this.#context);
    this.#byName.set(name, family);
    this.#isRanked = false;
    return family;
  }
}
