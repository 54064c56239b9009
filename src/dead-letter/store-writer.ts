import { isThenable } from '../base/thenable.js';
import type { DeadLetterEntry } from './dead-letter-entry.js';
import type { DeadLetterStore } from './dead-letter-store.js';

/** What the writer needs of its queue; neither may throw. */
export interface WriterContext {
  /** The entry as it is now. */
  entryOf: (id: string) => DeadLetterEntry | undefined;
  onFailure: (operation: 'put' | 'remove', error: unknown) => void;
}

type Outcome = 'written' | 'failed';

/**
 * Writes a queue's changes to its store, one at a time. It remembers which ids have changed and not how, so that a store
 * that hangs costs no more memory than there are entries.
 */
export class StoreWriter {
  readonly #store: DeadLetterStore;
  readonly #context: WriterContext;
  readonly #changed = new Set<string>();
  /** Ids that the store may have: only these must be removed from it. */
  readonly #stored = new Set<string>();
  #inFlight: readonly string[] = [];
  #writing: Promise<Outcome> | undefined = undefined;

  constructor(store: DeadLetterStore, context: WriterContext) {
    this.#store = store;
    this.#context = context;
  }

  /** Changes that the store has not confirmed. */
  get unsaved(): number {
    return this.#changed.size + this.#inFlight.length;
  }

  /** An entry was read from the store. Says whether it was removed here in the meantime. */
  found(id: string): 'removed' | 'kept' {
    this.#stored.add(id);
    const isChanging = this.#changed.has(id) || this.#inFlight.includes(id);
    return isChanging && this.#context.entryOf(id) === undefined ? 'removed' : 'kept';
  }

  /** An entry was added, changed or removed. */
  changed(id: string): void {
    if (this.#context.entryOf(id) !== undefined || this.#stored.has(id)) this.#changed.add(id);
    else this.#changed.delete(id);
  }

  /** Writes what has changed, until the store fails: at once if it is synchronous, else one after the other. */
  write(): void {
    while (this.#writing === undefined) {
      const [id] = this.#changed;
      if (id === undefined) return;
      const outcome = this.#attempt(id);
      if (outcome === 'failed') return;
      if (outcome !== 'written') void outcome.then((later) => later === 'written' && this.write());
    }
  }

  /** Tries to write each change once, whatever becomes of the others. It hangs as long as the store does. */
  async flush(): Promise<void> {
    for (const id of [...this.#inFlight, ...this.#changed]) {
      while (this.#writing !== undefined) await this.#writing;
      if (this.#changed.has(id)) await this.#attempt(id);
    }
  }

  #attempt(id: string): Outcome | Promise<Outcome> {
    const entry = this.#context.entryOf(id);
    // What is to be removed goes together: clearing a queue is one write.
    this.#inFlight = entry === undefined ? this.#removed() : [id];
    for (const taken of this.#inFlight) this.#changed.delete(taken);
    if (entry !== undefined) this.#stored.add(id);
    const operation = entry === undefined ? 'remove' : 'put';
    try {
      const pending = entry === undefined ? this.#store.remove(this.#inFlight) : this.#store.put(entry);
      if (!isThenable(pending)) return this.#confirm(operation);
      this.#writing = Promise.resolve(pending).then(
        () => this.#confirm(operation),
        (error: unknown) => this.#fail(operation, error),
      );
      return this.#writing;
    } catch (error) {
      return this.#fail(operation, error);
    }
  }

  #removed(): string[] {
    return [...this.#changed].filter((id) => this.#context.entryOf(id) === undefined);
  }

  #confirm(operation: 'put' | 'remove'): 'written' {
    if (operation === 'remove') for (const id of this.#inFlight) this.#stored.delete(id);
    this.#inFlight = [];
    this.#writing = undefined;
    return 'written';
  }

  #fail(operation: 'put' | 'remove', error: unknown): 'failed' {
    // To the end of the line: one entry that the store cannot take does not keep out the others.
    for (const id of this.#inFlight) this.#changed.add(id);
    this.#inFlight = [];
    this.#writing = undefined;
    this.#context.onFailure(operation, error);
    return 'failed';
  }
}
