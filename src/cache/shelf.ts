import { LRUCache } from 'lru-cache';
import { DeadlineHeap } from '../base/deadline-heap.js';

import type { Entry } from './cache-entry.js';
import { noteEvicted, noteExpired, noteTooHeavy } from './cache-notes.js';
import type { CacheParts } from './cache-context.js';
import { TagIndex } from './tag-index.js';

/** What an entry has beside its value and times, where it has it. */
export interface Extras {
  /** Where a cache is bounded by weight. */
  readonly weight?: number | undefined;
  readonly tags?: readonly string[] | undefined;
}

const NO_EXTRAS: Extras = {};

/** What is used of lru-cache: its other members would make a cache of one type no cache of a wider one. */
interface Entries<V>
  extends Pick<LRUCache<{}, Entry<V>>, 'get' | 'peek' | 'delete' | 'clear' | 'pop' | 'size' | 'calculatedSize'> {
  set(key: {}, entry: Entry<V>, options?: { size: number }): unknown;
  forEach(visit: (entry: Entry<V>, key: {}) => void): void;
}

/**
 * Entries, bounded in number or weight by recency, and in age by their own times. It neither loads nor reads a clock.
 *
 * The recency list is lru-cache's, bounded by size instead of number: a bound by number takes 30 kB at once, however
 * little is held. Its own times to live are not used, as they follow another clock. Ages stand in a heap, so that clean-up touches
 * nothing but what is due.
 */
export class Shelf<V> {
  readonly #parts: CacheParts<V>;
  readonly #entries: Entries<V>;
  #ageing = new DeadlineHeap<Entry<V>>();
  /** Made with the first tag. */
  #tags: TagIndex<Entry<V>> | undefined = undefined;
  #isCleaned = true;

  constructor(parts: CacheParts<V>) {
    const { maxEntries, maxWeight } = parts.settings;
    this.#parts = parts;
    this.#entries = new LRUCache({
      maxSize: Math.min(maxWeight ?? maxEntries, Number.MAX_SAFE_INTEGER),
      sizeCalculation: one,
      dispose: (entry, _key, why) => {
        if (why === 'evict') this.#letGo(entry);
      },
      // Told of when the list is in order again: a listener may change what is held.
      disposeAfter: (_entry, key, why) => {
        if (why === 'evict') noteEvicted(this.#parts, key);
      },
    });
  }

  get size(): number {
    return this.#entries.size;
  }

  get hasAgeing(): boolean {
    return this.#ageing.first !== undefined;
  }

  /** What is held under this key, which is then the most recently used. */
  get(key: unknown): Entry<V> | undefined {
    return this.#entries.get(key as {});
  }

  /** What is held under this key; its recency stays. */
  peek(key: unknown): Entry<V> | undefined {
    return this.#entries.peek(key as {});
  }

  /** Tags that what is held bears. */
  get tagCount(): number {
    return this.#tags?.size ?? 0;
  }

  /** Holds an entry in place of what stood under its key. One that is heavier than all may be only takes that away. */
  put(entry: Entry<V>, { weight, tags }: Extras = NO_EXTRAS): void {
    const { settings } = this.#parts;
    if (weight !== undefined && weight > (settings.maxWeight ?? Infinity)) {
      this.remove(entry.key);
      noteTooHeavy(this.#parts, entry.key, weight);
      return;
    }
    const old = this.peek(entry.key);
    if (old !== undefined) this.#letGo(old);
    // Noted before it is held: a listener that hears of what goes for it may make it go again.
    if (tags !== undefined) (this.#tags ??= new TagIndex()).add(entry, tags);
    const wasIdle = !this.hasAgeing;
    if (entry.at !== Infinity) this.#ageing.add(entry);
    if (weight === undefined) this.#entries.set(entry.key as {}, entry);
    else this.#addWeighed(entry, weight);
    this.#measure();
    if (wasIdle && this.#isCleaned && this.hasAgeing) this.#parts.cleaner.watch(this);
  }

  /** Takes an entry away; whether there was one. */
  remove(key: unknown): boolean {
    const entry = this.peek(key);
    if (entry === undefined) return false;
    this.#drop(entry);
    this.#rest();
    return true;
  }

  /** Takes away every entry whose key `picks` picks, in one pass; how many that were. `picks` must change nothing here. */
  removeWhere(picks: (key: unknown) => boolean): number {
    let count = 0;
    // An entry goes only when the walk has passed it: its links lead on to the next.
    let doomed: Entry<V> | undefined;
    this.#entries.forEach((entry, key) => {
      if (doomed !== undefined) this.#drop(doomed);
      doomed = picks(key) ? entry : undefined;
      if (doomed !== undefined) count++;
    });
    if (doomed !== undefined) this.#drop(doomed);
    this.#rest();
    return count;
  }

  /** The entries that bear a tag, those too that are too old. */
  bearersOf(tag: string): Entry<V>[] {
    return this.#tags?.bearersOf(tag) ?? [];
  }

  /** Takes everything away; how many entries that was. */
  clear(): number {
    const { size } = this;
    this.#entries.clear();
    this.#ageing = new DeadlineHeap();
    this.#tags = undefined;
    this.#rest();
    return size;
  }

  /** Takes an entry away because of its age. */
  expire(entry: Entry<V>, nowMs: number): void {
    if (this.remove(entry.key)) noteExpired(this.#parts, entry, nowMs);
  }

  /** Takes away what is too old, the oldest first and at most so many; how many that was. */
  sweep(nowMs: number, atMost: number): number {
    let swept = 0;
    for (let due = this.#ageing.first; due !== undefined && due.at <= nowMs && swept < atMost; swept++) {
      this.expire(due, nowMs);
      due = this.#ageing.first;
    }
    return swept;
  }

  /** Ends background clean-up of this shelf; the cleaner may have others to clean. */
  close(): void {
    this.#isCleaned = false;
    this.#parts.cleaner.unwatch(this);
  }

  #addWeighed(entry: Entry<V>, weight: number): void {
    this.#entries.set(entry.key as {}, entry, { size: weight });
    while (this.#entries.size > this.#parts.settings.maxEntries) this.#entries.pop();
  }

  #drop(entry: Entry<V>): void {
    this.#letGo(entry);
    this.#entries.delete(entry.key as {});
  }

  #letGo(entry: Entry<V>): void {
    if (entry.place >= 0) this.#ageing.remove(entry);
    this.#tags?.remove(entry);
  }

  /** After something has gone. */
  #rest(): void {
    this.#measure();
    if (!this.hasAgeing) this.#parts.cleaner.unwatch(this);
  }

  #measure(): void {
    this.#parts.fill.set(this.#entries.size, this.#entries.calculatedSize);
  }
}

const one = (): number => 1;
