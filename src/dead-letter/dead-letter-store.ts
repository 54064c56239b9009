import type { DeadLetterEntry } from './dead-letter-entry.js';

/** A value now, or later. */
export type Awaitable<T> = T | PromiseLike<T>;

/**
 * Where a queue writes its entries, so that they outlive it. The queue works on its own copy in memory: it reads the store
 * when it is made and writes each change, one at a time and in order. A store that fails or hangs keeps nobody waiting
 * and loses nothing that is in memory: the change stays `unsaved`, is reported as `storeFailed`, and is written with the next change or by `flush()`.
 */
export interface DeadLetterStore {
  /** All entries that are stored, in any order. */
  load(): Awaitable<readonly DeadLetterEntry[]>;
  /** Stores an entry, in place of one with the same id. The entry must not be changed. */
  put(entry: DeadLetterEntry): Awaitable<void>;
  /** Removes entries; an unknown id is no error. */
  remove(ids: readonly string[]): Awaitable<void>;
  /** Ends what is under way, when the queue is closed; it may be used afterwards. */
  close?(): Awaitable<void>;
}

/** A store in memory: for a queue that is made anew while the program runs, and for tests. */
export class MemoryDeadLetterStore implements DeadLetterStore {
  readonly #entries = new Map<string, DeadLetterEntry>();

  load(): DeadLetterEntry[] {
    return [...this.#entries.values()];
  }

  put(entry: DeadLetterEntry): void {
    this.#entries.set(entry.id, entry);
  }

  remove(ids: readonly string[]): void {
    for (const id of ids) this.#entries.delete(id);
  }
}
