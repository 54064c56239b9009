import { NameTakenError } from '../base/errors.js';
import { SortedNames } from '../base/sorted-names.js';
import { sameOptions } from './same-options.js';

/** What stands in a collection: a breaker, a cache, a queue … */
export interface Entry {
  /** What it looks like now, as plain JSON. */
  snapshot(): unknown;
  /** Ends its timers and flushes what must be flushed. */
  close?(): void | Promise<void>;
}

/** How a policy or service asks for its entry. */
export interface EntryRequest<Item extends Entry> {
  /** The kind of policy that asks. */
  kind: string;
  /** A name of the user's own, shared by all who give it; or one made from the site, which is this one's alone. */
  name: { given: string } | { made: string };
  /** What it is made with; those who share a name must agree on it. */
  options: object;
  /** Makes the entry, under the name that it got. */
  make: (name: string) => Item;
}

interface Slot<Item> {
  readonly entry: Item;
  readonly kind: string;
  readonly options: object;
}

/**
 * Entries of one sort by name.
 * @example for (const [name, breaker] of registry.breakers) console.log(name, breaker.state);
 */
export class Collection<Item extends Entry> {
  /** What the collection holds: `'breakers'`. */
  readonly title: string;
  readonly #slots = new Map<string, Slot<Item>>();
  readonly #sorted = new SortedNames(this.#slots);
  // The last serial given to each made name, so that finding a free one does not walk all of them.
  readonly #serials = new Map<string, number>();

  constructor(title: string) {
    this.title = title;
  }

  /** The entry of that name, if there is one. */
  get(name: string): Item | undefined {
    return this.#slots.get(name)?.entry;
  }

  /** Whether there is an entry of that name. */
  has(name: string): boolean {
    return this.#slots.has(name);
  }

  /** All names, sorted. */
  names(): string[] {
    return [...this.#sorted.all];
  }

  /** How many entries there are. */
  get size(): number {
    return this.#slots.size;
  }

  /** Name and entry, by name. */
  *[Symbol.iterator](): IterableIterator<[string, Item]> {
    for (const name of this.#sorted.all) {
      const entry = this.get(name);
      if (entry !== undefined) yield [name, entry];
    }
  }

  /** Every entry as plain JSON, by name. */
  snapshot(): Record<string, ReturnType<Item['snapshot']>> {
    const entries = this.#sorted.all.flatMap((name): [string, unknown][] => {
      const entry = this.get(name);
      return entry === undefined ? [] : [[name, entry.snapshot()]];
    });
    return Object.fromEntries(entries) as Record<string, ReturnType<Item['snapshot']>>;
  }

  /** The same as {@link snapshot}, for `JSON.stringify`. */
  toJSON(): Record<string, ReturnType<Item['snapshot']>> {
    return this.snapshot();
  }

  /**
   * Gives the entry of a name, and makes it when it is not there.
   * @throws {NameTakenError} when a given name is taken by another kind, or with other options
   */
  obtain({ kind, name, options, make }: EntryRequest<Item>): Item {
    const wanted = 'given' in name ? name.given : this.freeName(name.made, kind);
    const slot = this.#slots.get(wanted);
    if (slot === undefined) {
      const entry = make(wanted);
      this.#put(wanted, { entry, kind, options });
      return entry;
    }
    if (slot.kind === kind && sameOptions(slot.options, options)) return slot.entry;
    throw this.#taken(kind, wanted, `a ${slot.kind} with other options`);
  }

  /**
   * Puts in what was made elsewhere, and is one of a kind.
   * @throws {NameTakenError} when the name is taken
   */
  add({ kind, name, entry }: { kind: string; name: string; entry: Item }): void {
    const slot = this.#slots.get(name);
    if (slot !== undefined) throw this.#taken(kind, name, `another ${slot.kind}`);
    this.#put(name, { entry, kind, options: { entry } });
  }

  /** Frees a name; who holds the entry keeps it. */
  forget(name: string): boolean {
    this.#sorted.changed();
    return this.#slots.delete(name);
  }

  /**
   * Ends all entries, those too that stand behind one that fails.
   * @throws what the first of those that failed has thrown, once all are through
   */
  async close(): Promise<void> {
    const closing = [...this.#slots.values()].map(async ({ entry }) => entry.close?.());
    await Promise.allSettled(closing);
    await Promise.all(closing);
  }

  /** A name that nothing bears: the one that was made, or one of its kind. */
  freeName(made: string, kind: string): string {
    if (!this.has(made)) return made;
    const byKind = `${made}#${kind}`;
    if (!this.has(byKind)) return byKind;
    let serial = this.#serials.get(byKind) ?? 1;
    do serial++;
    while (this.has(`${byKind}${serial}`));
    this.#serials.set(byKind, serial);
    return `${byKind}${serial}`;
  }

  #put(name: string, slot: Slot<Item>): void {
    this.#slots.set(name, slot);
    this.#sorted.changed();
  }

  #taken(kind: string, name: string, by: string): NameTakenError {
    return new NameTakenError(
      `${kind}: the name '${name}' is taken in registry.${this.title} by ${by}; ` +
        `take another name, or registry.forget('${name}') first`,
      { policy: kind, policyName: name },
    );
  }
}
