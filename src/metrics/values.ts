import { SortedNames } from '../base/sorted-names.js';
import { type Folds, OTHER } from './folds.js';

/** A number as plain JSON, and how long ago it was changed, in ms. */
export interface ValueExport {
  value: number;
  changedMsAgo: number;
}

/** One name's numbers as plain JSON: its own, where it has one, and those of its sets of tags. */
export interface NamedValuesExport {
  own?: ValueExport;
  byTags?: Record<string, ValueExport>;
}

/** A number with the moment of its last change, so that one that nobody touches any more can be forgotten. */
interface Value {
  value: number;
  changedAt: number;
}

interface NamedValues {
  own: Value | undefined;
  byTags: Map<string, Value> | undefined;
}

/** How a number that comes is put to the one that is there: added to it, or in its place if it is as young. */
export type Joining = 'sum' | 'last';

/** Numbers by name, and by tags under each name: both are bounded. */
export class Values {
  readonly folds: Folds;
  readonly #joining: Joining;
  readonly #byName = new Map<string, NamedValues>();
  readonly #sorted = new SortedNames(this.#byName);

  constructor(joining: Joining, folds: Folds) {
    this.#joining = joining;
    this.folds = folds;
  }

  /** How many names there are. */
  get size(): number {
    return this.#byName.size;
  }

  /** Puts in a number. With tags a sum counts it under the name and under them; a last value is theirs alone. */
  put(name: string, tags: string, value: number, changedAt: number): void {
    const named = this.#for(name);
    if (named === undefined) return;
    if (tags === '' || this.#joining === 'sum') named.own = this.#join(named.own, value, changedAt);
    if (tags !== '') this.#putTagged(name, named, tags, value, changedAt);
  }

  /** Adds what another collector has exported. */
  merge(values: Record<string, NamedValuesExport>, nowMs: number): void {
    for (const [name, { own, byTags = {} }] of Object.entries(values)) {
      const named = this.#for(name);
      if (named === undefined) continue;
      if (own !== undefined) named.own = this.#join(named.own, own.value, nowMs - own.changedMsAgo);
      for (const [tags, { value, changedMsAgo }] of Object.entries(byTags)) {
        this.#putTagged(name, named, tags, value, nowMs - changedMsAgo);
      }
    }
  }

  /** Names and their own numbers, in order. */
  own(): [name: string, value: number][] {
    return this.#named().flatMap(([name, { own }]) => (own === undefined ? [] : [[name, own.value]]));
  }

  /** Names that had tags, and the numbers of these, in order. */
  tagged(): [name: string, byTags: Record<string, number>][] {
    return this.#named().flatMap(([name, { byTags }]) => {
      return byTags === undefined ? [] : [[name, fromSorted(byTags, ({ value }) => value)]];
    });
  }

  /** All of it as plain JSON, by name. */
  export(nowMs: number): Record<string, NamedValuesExport> {
    const exported = ({ value, changedAt }: Value) => ({ value, changedMsAgo: Math.max(0, nowMs - changedAt) });
    const entries = this.#named().map(([name, { own, byTags }]): [string, NamedValuesExport] => {
      return [name, { ...(own && { own: exported(own) }), ...(byTags && { byTags: fromSorted(byTags, exported) }) }];
    });
    return Object.fromEntries(entries);
  }

  /** Forgets what was last changed at `moment` or before; says whether anything is left. */
  expire(moment: number): 'empty' | 'filled' {
    for (const [name, named] of this.#byName) {
      if (named.own !== undefined && named.own.changedAt <= moment) named.own = undefined;
      for (const [tags, { changedAt }] of named.byTags ?? []) {
        if (changedAt <= moment) named.byTags?.delete(tags);
      }
      if (named.byTags?.size === 0) named.byTags = undefined;
      if (named.own === undefined && named.byTags === undefined) this.delete(name);
    }
    return this.#byName.size === 0 ? 'empty' : 'filled';
  }

  /** Forgets a name. */
  delete(name: string): void {
    if (!this.#byName.delete(name)) return;
    this.folds.forget(name);
    this.#sorted.changed();
  }

  /** The numbers of a name; a sum without room goes to `other`, of last values that would mean nothing. */
  #for(name: string): NamedValues | undefined {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    if (this.#byName.size - (this.#byName.has(OTHER) ? 1 : 0) < this.folds.maxNames) return this.#add(name);
    this.folds.name(name);
    return this.#joining === 'last' ? undefined : (this.#byName.get(OTHER) ?? this.#add(OTHER));
  }

  #add(name: string): NamedValues {
    const named: NamedValues = { own: undefined, byTags: undefined };
    this.#byName.set(name, named);
    this.#sorted.changed();
    return named;
  }

  #putTagged(name: string, named: NamedValues, tags: string, value: number, changedAt: number): void {
    const byTags = (named.byTags ??= new Map());
    const tagSets = byTags.has(OTHER) ? byTags.size - 1 : byTags.size;
    const hasRoom = byTags.has(tags) || tags === OTHER || tagSets < this.folds.maxTagSets;
    if (!hasRoom) this.folds.tagSet(name);
    if (!hasRoom && this.#joining === 'last') return;
    const taken = hasRoom ? tags : OTHER;
    byTags.set(taken, this.#join(byTags.get(taken), value, changedAt));
  }

  #join(known: Value | undefined, value: number, changedAt: number): Value {
    if (known === undefined) return { value, changedAt };
    if (this.#joining === 'sum') known.value += value;
    else if (changedAt >= known.changedAt) known.value = value;
    if (changedAt > known.changedAt) known.changedAt = changedAt;
    return known;
  }

  #named(): [string, NamedValues][] {
    return this.#sorted.all.map((name) => [name, this.#byName.get(name) as NamedValues]);
  }
}

function fromSorted<To>(byTags: ReadonlyMap<string, Value>, to: (value: Value) => To): Record<string, To> {
  const entries = [...byTags].sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([tags, value]) => [tags, to(value)]));
}
