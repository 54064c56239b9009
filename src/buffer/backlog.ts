import type { BufferStore } from './buffer-store.js';
import type { ItemIds } from './item-ids.js';
import { type StoreFailure, StoreLink } from './store-link.js';
import { type Waiting, WaitingItems } from './waiting-items.js';

/** What a backlog is kept under; none of the callbacks may throw. */
export interface BacklogContext<T> {
  readonly ids: ItemIds;
  maxSize: number;
  readonly store: BufferStore<T> | undefined;
  onRestored: (count: number) => void;
  onDropped: (count: number) => void;
  onStoreFailed: (failure: StoreFailure) => void;
}

/** What waits, in memory and in the store. */
export class Backlog<T> {
  /** Resolves when the store has been read, or has failed. */
  readonly ready: Promise<void>;
  readonly #context: BacklogContext<T>;
  readonly #items: WaitingItems<T> = new WaitingItems<T>();
  readonly #link: StoreLink<T> | undefined;
  #isRead: boolean;

  constructor(context: BacklogContext<T>) {
    const { store, onStoreFailed } = context;
    this.#context = context;
    this.#link = store && new StoreLink(store, onStoreFailed);
    this.#isRead = store === undefined;
    this.ready = this.#load();
  }

  get size(): number {
    return this.#items.size;
  }

  /** Changes that the store has not confirmed. */
  get unsaved(): number {
    return this.#link?.unsaved ?? 0;
  }

  /** Adds an item behind all others; resolves when the store has it, or could not take it. */
  async keep(item: T, added: () => void): Promise<void> {
    // What the store held comes first.
    if (!this.#isRead) await this.ready;
    const id = this.#context.ids.next();
    this.#items.add({ id, item });
    const stored = this.#link?.append({ id, item });
    added();
    this.#dropOldest();
    await stored;
  }

  /** From now on so many may wait; of more the oldest go. */
  resize(maxSize: number): void {
    this.#context.maxSize = maxSize;
    this.#dropOldest();
  }

  /** All that waits, oldest first. */
  all(): Waiting<T>[] {
    return this.#items.all();
  }

  /** Takes items away; resolves when the store has, or could not. */
  async remove(gone: readonly Waiting<T>[]): Promise<void> {
    for (const waiting of gone) this.#items.remove(waiting);
    if (gone.length > 0) await this.#link?.remove(gone.map(({ id }) => id));
  }

  /** Tries once more what the store has failed to do. */
  async retry(): Promise<void> {
    await this.#link?.retry();
  }

  /** Writes what is left, and ends the store. */
  async close(): Promise<void> {
    await this.#link?.close();
  }

  async #load(): Promise<void> {
    const stored = (await this.#link?.load()) ?? [];
    this.#isRead = true;
    for (const one of stored) {
      this.#context.ids.follow(one.id);
      this.#items.add(one);
    }
    if (stored.length === 0) return;
    this.#context.onRestored(stored.length);
    this.#dropOldest();
  }

  #dropOldest(): void {
    const dropped: Waiting<T>[] = [];
    while (this.size > this.#context.maxSize) {
      const oldest = this.#items.oldest as Waiting<T>;
      this.#items.remove(oldest);
      dropped.push(oldest);
    }
    if (dropped.length === 0) return;
    void this.remove(dropped);
    this.#context.onDropped(dropped.length);
  }
}
