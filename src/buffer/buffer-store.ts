/** An item as it is stored. */
export interface StoredItem<T> {
  /** Of the buffer that stored it; no other item has it. */
  readonly id: string;
  readonly item: T;
}

/**
 * Where a buffer writes what waits, so that it outlives the process. What is asked for must take effect in the order of the
 * calls, although one is made before the last has been answered. An answer says that it will be found again: only then is
 * an item acknowledged as buffered. What fails stays in memory, is reported as `storeFailed` and is tried again with the next flush.
 */
export interface BufferStore<T> {
  /** All items that are stored, in the order in which they came. */
  load(): readonly StoredItem<T>[] | PromiseLike<readonly StoredItem<T>[]>;
  /** Stores an item behind all others; one that is stored already stays where it is. */
  append(stored: StoredItem<T>): void | PromiseLike<void>;
  /** Removes items; an unknown id is no error. */
  remove(ids: readonly string[]): void | PromiseLike<void>;
  /** Ends what is under way. */
  close?(): void | PromiseLike<void>;
}
