import type { BufferEvent } from './buffer-event.js';
import type { BufferStore, StoredItem } from './buffer-store.js';

/** What a store could not do. */
export type StoreFailure = Omit<Extract<BufferEvent, { type: 'storeFailed' }>, 'type'>;
type Operation = StoreFailure['operation'];

/** What a buffer writes to its store. Nothing here rejects: what fails is remembered, told, and tried again. */
export class StoreLink<T> {
  readonly #store: BufferStore<T>;
  readonly #onFailure: (failure: StoreFailure) => void;
  readonly #unstored = new Map<string, StoredItem<T>>();
  readonly #unremoved = new Set<string>();
  readonly #underWay = new Set<Promise<void>>();

  /** @param onFailure Must not throw. */
  constructor(store: BufferStore<T>, onFailure: (failure: StoreFailure) => void) {
    this.#store = store;
    this.#onFailure = onFailure;
  }

  /** Changes that the store has not confirmed. */
  get unsaved(): number {
    return this.#unstored.size + this.#unremoved.size;
  }

  /** What was stored before. */
  async load(): Promise<readonly StoredItem<T>[]> {
    try {
      return await this.#store.load();
    } catch (error) {
      this.#onFailure({ operation: 'load', unsaved: this.unsaved, error });
      return [];
    }
  }

  /** Resolves when the item is stored, or could not be. */
  append(stored: StoredItem<T>): Promise<void> {
    const { id } = stored;
    this.#unstored.set(id, stored);
    return this.#attempt(
      'append',
      () => this.#store.append(stored),
      () => this.#unstored.delete(id),
    );
  }

  /** Resolves when the items are removed, or could not be. */
  remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      // It may have been stored although that failed: it is removed all the same.
      this.#unstored.delete(id);
      this.#unremoved.add(id);
    }
    return this.#attempt(
      'remove',
      () => this.#store.remove(ids),
      () => ids.forEach((id) => this.#unremoved.delete(id)),
    );
  }

  /** Tries once more what has failed before. */
  async retry(): Promise<void> {
    await this.settled();
    const removed = [...this.#unremoved];
    const stored = [...this.#unstored.values()];
    await Promise.all([
      ...(removed.length > 0 ? [this.remove(removed)] : []),
      ...stored.map((one) => this.append(one)),
    ]);
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** Writes what is left, and ends the store. */
  async close(): Promise<void> {
    await this.retry();
    await this.#attempt(
      'close',
      () => this.#store.close?.(),
      () => {},
    );
  }

  #attempt(operation: Operation, ask: () => void | PromiseLike<void>, confirmed: () => void): Promise<void> {
    const attempt = this.#ask(operation, ask, confirmed);
    this.#underWay.add(attempt);
    return attempt.finally(() => this.#underWay.delete(attempt));
  }

  async #ask(operation: Operation, ask: () => void | PromiseLike<void>, confirmed: () => void): Promise<void> {
    try {
      await ask();
      confirmed();
    } catch (error) {
      this.#onFailure({ operation, unsaved: this.unsaved, error });
    }
  }
}
