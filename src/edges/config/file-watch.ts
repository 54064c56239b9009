import { type FSWatcher, watch } from 'node:fs';
import { dirname } from 'node:path';
import { type Clock, type TimerHandle, unref } from '../../base/clock.js';

/** What a watch needs. */
export interface FileWatchContext {
  readonly clock: Clock;
  /** How long after the last change it is looked. */
  readonly debounceMs: number;
  /** Something may have changed. */
  look(): void;
  /** It cannot be watched any more. */
  failed(error: unknown): void;
}

/**
 * Watches the folder of a file: editors, and what mounts configurations, put another file in its place. It never keeps
 * the process alive.
 */
export class FileWatch {
  readonly #context: FileWatchContext;
  readonly #watcher: FSWatcher;
  #timer: TimerHandle | undefined = undefined;

  constructor(path: string, context: FileWatchContext) {
    this.#context = context;
    this.#watcher = watch(dirname(path), { persistent: false }, () => this.#changed());
    this.#watcher.on('error', (error) => context.failed(error));
  }

  close(): void {
    this.#watcher.close();
    this.#disarm();
  }

  #changed(): void {
    const { clock, debounceMs, look } = this.#context;
    this.#disarm();
    this.#timer = clock.setTimeout(() => {
      this.#timer = undefined;
      look();
    }, debounceMs);
    unref(this.#timer);
  }

  #disarm(): void {
    if (this.#timer !== undefined) this.#context.clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
