import type { BufferStore, StoredItem } from '../../buffer/buffer-store.js';
import { AppendLog } from './append-log.js';
import { checkFileStore, type FileStoreOptions } from './log-options.js';

/**
 * Keeps what waits in a `SendBuffer` in a file, where it outlives the process, however that ends. Items may be
 * anything that structured clone takes; an instance of a class comes back as a plain object.
 * @throws {TypeError | RangeError} for options that are not as they should be
 * @example new SendBuffer({ name: 'readings', send, store: new FileBufferStore({ path: 'data/readings.log' }) });
 */
export class FileBufferStore<T> implements BufferStore<T> {
  readonly path: string;
  readonly #log: AppendLog;

  constructor(options: FileStoreOptions) {
    const checked = checkFileStore('FileBufferStore', options);
    this.path = checked.path;
    this.#log = new AppendLog(checked);
  }

  async load(): Promise<StoredItem<T>[]> {
    return [...(await this.#log.entries())].map(([id, item]) => ({ id, item: item as T }));
  }

  append({ id, item }: StoredItem<T>): Promise<void> {
    return this.#log.put(id, item);
  }

  remove(ids: readonly string[]): Promise<void> {
    return this.#log.remove(ids);
  }

  /** Resolves when all is written. The store can be used again. */
  close(): Promise<void> {
    return this.#log.close();
  }
}
