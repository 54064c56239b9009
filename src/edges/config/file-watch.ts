import { type FSWatcher, watch } from 'node:fs';
import type { Clock } from '../../base/clock.js';
import { LateLook } from './late-look.js';
import { type TrailFolder, trailOf } from './link-trail.js';

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
 * Watches the folder of a file, and those of the links that lead to it: editors put another file in its place, and what
 * mounts configurations puts another folder behind a link. It never keeps the process alive.
 */
export class FileWatch {
  readonly #path: string;
  readonly #context: FileWatchContext;
  readonly #late: LateLook;
  readonly #watchers: Map<string, FSWatcher> = new Map();

  constructor(path: string, context: FileWatchContext) {
    this.#path = path;
    this.#context = context;
    this.#late = new LateLook(context.clock, context.debounceMs, () => this.#look());
    try {
      this.#follow();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  close(): void {
    this.#late.cancel();
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  /** The way is followed before the file is read: what changes in between is heard of. */
  #look(): void {
    try {
      this.#follow();
    } catch (error) {
      this.#context.failed(error);
    }
    this.#context.look();
  }

  #follow(): void {
    const trail = new Map(trailOf(this.#path).map((folder) => [keyOf(folder), folder]));
    for (const [key, folder] of trail) {
      if (!this.#watchers.has(key)) this.#watchers.set(key, this.#watching(folder));
    }
    for (const [key, watcher] of this.#watchers) {
      if (trail.has(key)) continue;
      watcher.close();
      this.#watchers.delete(key);
    }
  }

  #watching({ path, names }: TrailFolder): FSWatcher {
    const watcher = watch(path, { persistent: false }, (_, name) => {
      if (name === null || names.has(name)) this.#late.changed();
      else this.#late.perhapsChanged();
    });
    return watcher.on('error', (error) => this.#context.failed(error));
  }
}

function keyOf({ path, identity, names }: TrailFolder): string {
  return [path, identity, ...names].join('\0');
}
