import { type DeadLetterEntry, isEntry } from './dead-letter-entry.js';
import type { DeadLetterStore } from './dead-letter-store.js';
import { EntryLine } from './entry-line.js';
import type { Origin } from './origin.js';
import { safeCopy } from './safe-copy.js';
import { StoreWriter } from './store-writer.js';
import { Totals } from './totals.js';

/** What entries are kept under; none of the callbacks may throw. */
export interface KeptEntriesContext {
  maxEntries: number;
  store: DeadLetterStore | undefined;
  onRead: (entry: DeadLetterEntry) => void;
  onDropped: (entry: DeadLetterEntry) => void;
  onExpired: (entry: DeadLetterEntry) => void;
  onStoreFailed: (operation: 'load' | 'put' | 'remove', unsaved: number, error: unknown) => void;
}

/** The entries of a queue, in memory and in its store, with what they sum up to. An entry is never changed, but replaced. */
export class KeptEntries {
  readonly totals: Totals = new Totals();
  readonly #context: KeptEntriesContext;
  readonly #line = new EntryLine();
  readonly #origins = new Map<string, Origin>();
  readonly #writer: StoreWriter | undefined;
  #isRead = false;

  constructor(context: KeptEntriesContext) {
    this.#context = context;
    const entryOf = (id: string) => this.#line.get(id);
    const onFailure = this.#storeFailed;
    this.#writer = context.store && new StoreWriter(context.store, { entryOf, onFailure });
  }

  get size(): number {
    return this.#line.size;
  }

  /** The oldest. */
  get first(): DeadLetterEntry | undefined {
    return this.#line.first;
  }

  /** Changes that the store has not confirmed. */
  get unsaved(): number {
    return this.#writer?.unsaved ?? 0;
  }

  /** Whether the store has been read, or has failed. */
  get isRead(): boolean {
    return this.#isRead;
  }

  get(id: string): DeadLetterEntry | undefined {
    return this.#line.get(id);
  }

  /** What a call was made on and by; undefined for one of another process, read from the store. */
  originOf(id: string): Origin | undefined {
    return this.#origins.get(id);
  }

  /** Ids that come after another, oldest first. */
  ids(after?: string): string[] {
    return this.#line.ids(after);
  }

  /** Adds an entry whose id comes after all others. */
  add(entry: DeadLetterEntry, origin: Origin): void {
    this.#line.add(entry);
    this.#origins.set(entry.id, origin);
    this.totals.count(entry);
    this.#writer?.changed(entry.id);
    this.#dropOldest();
    this.#writer?.write();
  }

  replace(entry: DeadLetterEntry): void {
    this.#line.replace(entry);
    this.#writer?.changed(entry.id);
    this.#writer?.write();
  }

  remove(ids: readonly string[]): void {
    for (const id of ids) this.#removeOne(id);
    this.#writer?.write();
  }

  /** Lets go what failed first before a moment, in ms since 1970. */
  expire(before: number): void {
    for (let oldest = this.first; oldest !== undefined && oldest.firstAt < before; oldest = this.first) {
      this.#removeOne(oldest.id);
      this.totals.expired++;
      this.#context.onExpired(oldest);
    }
    this.#writer?.write();
  }

  /** Reads the store, a synchronous one before this returns. It never rejects. */
  async load(): Promise<void> {
    try {
      const loaded = this.#context.store?.load() ?? [];
      this.#take(Array.isArray(loaded) ? loaded : await loaded);
    } catch (error) {
      this.#storeFailed('load', error);
    }
    this.#isRead = true;
  }

  /** Tries to write each change that the store has not taken. */
  async flush(): Promise<void> {
    await this.#writer?.flush();
  }

  #take(loaded: readonly unknown[]): void {
    const entries = loaded.filter(isEntry);
    const kept = entries.filter(({ id }) => this.#line.get(id) === undefined && this.#writer?.found(id) === 'kept');
    this.#line.insert(kept.map((entry) => safeCopy(entry, 'entry').value));
    for (const entry of kept) {
      this.totals.count(entry);
      this.#context.onRead(entry);
    }
    this.#dropOldest();
    this.#writer?.write();
    const unread = loaded.length - entries.length;
    if (unread > 0)
      throw new TypeError(`deadLetter: the store holds ${unread} things that are no entries; they were left there`);
  }

  #dropOldest(): void {
    while (this.size > this.#context.maxEntries) {
      const oldest = this.first as DeadLetterEntry;
      this.#removeOne(oldest.id);
      this.totals.dropped++;
      this.#context.onDropped(oldest);
    }
  }

  #removeOne(id: string): void {
    this.#line.remove(id);
    this.#origins.delete(id);
    this.#writer?.changed(id);
  }

  readonly #storeFailed = (operation: 'load' | 'put' | 'remove', error: unknown): void => {
    this.#context.onStoreFailed(operation, this.unsaved, error);
  };
}
