import { NameTakenError } from '../base/errors.js';
import { UNCHANGEABLE } from './configuration.js';
import { withArticle } from '../base/wording.js';
import { sameOptions } from './same-options.js';

/** What stands in a collection: a breaker, a cache, a queue … */
export interface Entry {
  /** What it looks like now, as plain JSON. */
  snapshot(): unknown;
  /** Ends its timers and flushes what must be flushed. */
  close?(): void | Promise<void>;
  /**
   * Takes other options while it runs, and keeps its state.
   * @throws {Error} when it cannot, with the reason; then it is as it was
   */
  reconfigure?(options: object): void;
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
  /**
   * The version of the configuration that the options come of, and the options in the code that they are made of: who says
   * the same in code shares the entry whatever the configuration says, and changes it when the version is a later one.
   */
  version?: number;
  code?: object | undefined;
  /** The entry that it has already, which it keeps when the name has been freed. */
  held?: Entry | undefined;
}

interface Slot<Item> {
  readonly name: string;
  readonly entry: Item;
  readonly kind: string;
  options: object;
  version: number;
  readonly code: object | undefined;
}

/**
 * Entries of one sort by name.
 * @example for (const [name, breaker] of registry.breakers) console.log(name, breaker.state);
 */
export class Collection<Item extends Entry> {
  /** What the collection holds: `'breakers'`. */
  readonly title: string;
  readonly #slots = new Map<string, Slot<Item>>();
  /** What holders of entries that bear no name any more have been told of those. */
  readonly #forgotten = new WeakMap<Entry, Slot<Item>>();
  // The last serial given to each made name, so that finding a free one does not walk all of them.
  readonly #serials = new Map<string, number>();
  /** By name, until one comes or goes: to sort ten thousand takes as long as to look at what they hold. */
  #sorted: readonly Slot<Item>[] | undefined = undefined;

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
    return this.#inOrder().map(({ name }) => name);
  }

  /** How many entries there are. */
  get size(): number {
    return this.#slots.size;
  }

  /** Name and entry, by name. */
  *[Symbol.iterator](): IterableIterator<[string, Item]> {
    for (const { name } of this.#inOrder()) {
      // It may have gone meanwhile.
      const entry = this.get(name);
      if (entry !== undefined) yield [name, entry];
    }
  }

  /** Every entry as plain JSON, by name. */
  snapshot(): Record<string, ReturnType<Item['snapshot']>> {
    const snapshots: Record<string, ReturnType<Item['snapshot']>> = {};
    for (const { name, entry } of this.#inOrder()) {
      const snapshot = entry.snapshot() as ReturnType<Item['snapshot']>;
      // The one name that cannot be written as others are.
      if (name !== '__proto__') snapshots[name] = snapshot;
      else
        Object.defineProperty(snapshots, name, {
          value: snapshot,
          enumerable: true,
          configurable: true,
          writable: true,
        });
    }
    return snapshots;
  }

  /** The same as {@link snapshot}, for `JSON.stringify`. */
  toJSON(): Record<string, ReturnType<Item['snapshot']>> {
    return this.snapshot();
  }

  /**
   * Gives the entry of a name, and makes it when it is not there.
   * @throws {NameTakenError} when a given name is taken by another kind, or with other options
   * @throws {Error} when it is there and cannot take what a later configuration says, with the reason
   */
  obtain({ kind, name, options, make, version = 0, code, held }: EntryRequest<Item>): Item {
    const wanted = 'given' in name ? name.given : this.freeName(name.made, kind);
    const slot = (held && this.#forgotten.get(held)) ?? this.#slots.get(wanted);
    if (slot === undefined) {
      const entry = make(wanted);
      this.#put({ name: wanted, entry, kind, options, version, code });
      return entry;
    }
    const sharesOptions = slot.kind === kind && sameOptions(slot.options, options);
    const sharesCode = slot.kind === kind && code !== undefined && sameOptions(slot.code, code);
    if (!sharesOptions && !sharesCode) {
      throw this.#taken(kind, wanted, slot, `${withArticle(slot.kind)} with other options`);
    }
    // Who asks by an earlier version, or by its code alone, takes the entry as a later one has left it.
    if (!sharesOptions && slot.version < version) change(slot, options);
    slot.version = Math.max(slot.version, version);
    return slot.entry;
  }

  /**
   * Puts in what was made elsewhere, and is one of a kind.
   * @throws {NameTakenError} when the name is taken
   */
  add({ kind, name, entry }: { kind: string; name: string; entry: Item }): void {
    const slot = this.#slots.get(name);
    if (slot !== undefined) throw this.#taken(kind, name, slot, `another ${slot.kind}`);
    this.#put({ name, entry, kind, options: { entry }, version: 0, code: undefined });
  }

  /** Frees a name; who holds the entry keeps it. */
  forget(name: string): boolean {
    const slot = this.#slots.get(name);
    if (slot === undefined) return false;
    this.#sorted = undefined;
    this.#forgotten.set(slot.entry, slot);
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

  #put(slot: Slot<Item>): void {
    this.#sorted = undefined;
    this.#slots.set(slot.name, slot);
  }

  #inOrder(): readonly Slot<Item>[] {
    this.#sorted ??= [...this.#slots.keys()].sort().map((name) => this.#slots.get(name) as Slot<Item>);
    return this.#sorted;
  }

  /** @param ofSameKind Says who has the name, if it is of the kind that wants it. */
  #taken(kind: string, name: string, slot: Slot<Item>, ofSameKind: string): NameTakenError {
    const by = slot.kind === kind ? ofSameKind : `${withArticle(slot.kind)}, which is of another kind`;
    return new NameTakenError(
      `${kind}: the name '${name}' is taken in registry.${this.title} by ${by}; ` +
        `take another name, or registry.forget('${name}') first`,
      { policy: kind, policyName: name },
    );
  }
}

/** Gives an entry other options. */
function change(slot: Slot<Entry>, options: object): void {
  const { entry } = slot;
  if (entry.reconfigure === undefined) throw new Error(UNCHANGEABLE);
  const { classify: _judge, ...settings } = options as { classify?: unknown };
  entry.reconfigure(settings);
  slot.options = options;
}
