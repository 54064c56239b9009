import type { DeadLetterEntry } from '../../dead-letter/dead-letter-entry.js';
import type { DeadLetterStore } from '../../dead-letter/dead-letter-store.js';
import { AppendLog } from './append-log.js';
import { checkFileStore, type FileStoreOptions } from './log-options.js';

/**
 * Keeps the entries of a `DeadLetterQueue` in a file, where they outlive the process, however that ends.
 * @throws {TypeError | RangeError} for options that are not as they should be
 * @example deadLetter({ name: 'orders', store: new FileDeadLetterStore({ path: 'data/orders.log' }) });
 */
export class FileDeadLetterStore implements DeadLetterStore {
  readonly path: string;
  readonly #log: AppendLog;

  constructor(options: FileStoreOptions) {
    const checked = checkFileStore('FileDeadLetterStore', options);
    this.path = checked.path;
    this.#log = new AppendLog(checked);
  }

  async load(): Promise<DeadLetterEntry[]> {
    return [...(await this.#log.entries()).values()] as DeadLetterEntry[];
  }

  put(entry: DeadLetterEntry): Promise<void> {
    return this.#log.put(entry.id, entry);
  }

  remove(ids: readonly string[]): Promise<void> {
    return this.#log.remove(ids);
  }

  /** Resolves when all is written. The store can be used again. */
  close(): Promise<void> {
    return this.#log.close();
  }
}
