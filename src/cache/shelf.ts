import { LRUCache } from 'lru-cache';
import { DeadlineHeap } from '../base/deadline-heap.js';

import type { Entry } from './cache-entry.js';
import { noteEvicted, noteExpired } from './cache-notes.js';
import type { CacheParts } from './cache-context.js';

/**
 * Entries, bounded in number by recency and in age by their own times. It neither loads nor reads a clock.
 *
 * The recency list is lru-cache's, bounded by size instead of number: a bound by number takes 30 kB at once, however
 * little is held. Its own times to live are not used, as they follow another clock. Ages stand in a heap, so that clean-up touches
 * nothing but what is due.
 */
export class Shelf<V> {
  readonly #parts: CacheParts<V>;
  readonly #entries: LRUCache<{}, Entry<V>>;
  #ageing = new DeadlineHeap<Entry<V>>();

  constructor(parts: CacheParts<V>) {
    this.#parts = parts;
    this.#entries = new LRUCache({
      maxSize: Math.min(parts.settings.maxEntries, Number.MAX_SAFE_INTEGER),
      sizeCalculation: one,
      dispose: (entry, key, why) => {
        if (why === 'evict') this.#evicted(entry, key);
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

  /** Every key held. */
  keys(): IterableIterator<unknown> {
    return this.#entries.keys();
  }

  /** Holds an entry in place of what stood under its key. */
  put(entry: Entry<V>): void {
    const old = this.peek(entry.key);
    if (old !== undefined) this.#stopAgeing(old);
    this.#entries.set(entry.key as {}, entry);
    if (entry.at === Infinity) return;
    const wasIdle = !this.hasAgeing;
    this.#ageing.add(entry);
    if (wasIdle) this.#parts.cleaner.watch(this);
  }

  /** Takes an entry away; whether there was one. */
  remove(key: unknown): boolean {
    const entry = this.peek(key);
    if (entry === undefined) return false;
    this.#stopAgeing(entry);
    this.#entries.delete(key as {});
    if (!this.hasAgeing) this.#parts.cleaner.unwatch(this);
    return true;
  }

  /** Takes everything away; how many entries that was. */
  clear(): number {
    const { size } = this;
    this.#entries.clear();
    this.#ageing = new DeadlineHeap();
    this.#parts.cleaner.unwatch(this);
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

  #evicted(entry: Entry<V>, key: unknown): void {
    this.#stopAgeing(entry);
    noteEvicted(this.#parts, key);
  }

  #stopAgeing(entry: Entry<V>): void {
    if (entry.place >= 0) this.#ageing.remove(entry);
  }
}

const one = (): number => 1;
