import type { Terms } from './entry-options.js';
import { Flight, type Load } from './single-flight.js';

/** Who takes what a load comes to. */
export interface LoadTaker<V> {
  open(flight: CacheLoad<V>): Load<V>;
  keep(flight: CacheLoad<V>, value: V): V;
  rescue(flight: CacheLoad<V>, error: unknown): V | Promise<V>;
}

/** One load of a cache, and what has become known of it. */
export class CacheLoad<V> extends Flight<V> {
  /** How its value is to be held. */
  readonly terms: Terms;
  readonly #taker: LoadTaker<V>;
  /** Whether it runs behind a value that was handed out. */
  isBehind = false;
  /** When the load proper began, in ms of the clock. */
  startedAt = 0;
  /** Whether the remote store had the answer: `fresh`, or `stale` and to be refreshed behind. */
  found: 'fresh' | 'stale' | undefined = undefined;

  constructor(key: unknown, run: () => Load<V>, terms: Terms, taker: LoadTaker<V>) {
    super(key, run);
    this.terms = terms;
    this.#taker = taker;
  }

  override open(): Load<V> {
    return this.#taker.open(this);
  }

  override succeeded(value: V): V {
    return this.#taker.keep(this, value);
  }

  override failed(error: unknown): V | Promise<V> {
    return this.#taker.rescue(this, error);
  }
}
