import { systemClock } from '../base/clock.js';
import type { Given } from '../base/options.js';
import { tell } from '../base/tell.js';
import { LoadingCache } from './loading-cache.js';
import type { WeightOptions } from './weight.js';
import type { CacheContext } from './cache-context.js';
import { CacheCounters, type CacheSnapshot, type CacheStats, snapshotOf, statsOf } from './cache-counters.js';
import type { CacheAct } from './cache-events.js';
import { type CacheOptions, type CacheSettings, checkCache } from './cache-options.js';
import { Cleaner } from './cleaner.js';
import { Fill } from './fill.js';

/**
 * A cache for each object, and one to the outside: two clients for two tenants do not see each other's values, while
 * statistics are summed and removals reach all. It holds no object alive, and a cache goes with its object.
 *
 * Each of the caches is bounded by `maxEntries`. A remote `store` is refused, as objects have no name in it that another
 * process, or the next start, would know.
 * @throws {TypeError|RangeError} for a wrong option
 * @example
 * const quotes = new ScopedCache<string, Quote>({ name: 'Quotes.price', ttlMs: 5_000 });
 * quotes.for(client).get('ACME');
 */
export class ScopedCache<K = string, V = unknown> {
  readonly #settings: CacheSettings<V, K>;
  readonly #context: CacheContext;
  readonly #counters = new CacheCounters();
  readonly #cleaner: Cleaner;
  readonly #byOwner = new WeakMap<object, LoadingCache<K, V>>();
  /** Summed up as it changes: to reach each cache by its weak reference costs more than all the rest of a snapshot. */
  readonly #fill = new Fill();
  readonly #living = new Map<WeakRef<LoadingCache<K, V>>, Fill>();
  readonly #departed = new FinalizationRegistry<WeakRef<LoadingCache<K, V>>>((ref) => this.#depart(ref));
  #isActing = false;
  /** For calls that belong to no object. */
  #ownerless: LoadingCache<K, V> | undefined = undefined;

  constructor(options: CacheOptions<V> & WeightOptions<K, V> = {}, context: CacheContext = {}) {
    this.#settings = checkCache<V, K>(options);
    if (this.#settings.store !== undefined) {
      throw new TypeError(
        "cache: `store` takes `scope: 'class'`: in a shared store instances would see what belongs to others",
      );
    }
    this.#cleaner = new Cleaner(context.clock ?? systemClock, this.#settings.cleanupIntervalMs);
    const listener = () => this.#listener(context);
    this.#context = {
      clock: context.clock,
      random: context.random,
      classify: context.classify,
      keys: context.keys,
      counters: this.#counters,
      cleaner: this.#cleaner,
      onDecision: context.onDecision,
      hits: context.hits,
      get onEvent() {
        return listener();
      },
    };
  }

  /** What it is called where it is reported. */
  get name(): string {
    return this.#settings.name;
  }

  /** Its options, frozen, defaults filled in. */
  get options(): CacheSettings<V, K> {
    return this.#settings;
  }

  /** Entries held by all. */
  get size(): number {
    return this.#fill.entries;
  }

  /** The cache of one object, made when it is first asked for; without an object, the one of calls that belong to none. */
  for(owner: object | undefined): LoadingCache<K, V> {
    if (owner === undefined) return (this.#ownerless ??= this.#make());
    let cache = this.#byOwner.get(owner);
    if (cache === undefined) this.#byOwner.set(owner, (cache = this.#make()));
    return cache;
  }

  /** The cache of one object, if it has been asked for. */
  peek(owner: object): LoadingCache<K, V> | undefined {
    return this.#byOwner.get(owner);
  }

  /** Removes from all what matches a wildcard pattern; how many entries that were. */
  invalidate(pattern: string, act: Given<CacheAct> = {}): number {
    return this.#actOnAll((cache) => cache.invalidate(pattern), { pattern }, act);
  }

  /** Removes from all what bears a tag; how many entries that were. */
  invalidateTag(tag: string, act: Given<CacheAct> = {}): number {
    return this.#actOnAll((cache) => cache.invalidateTag(tag), { tag }, act);
  }

  /** Removes everything from all. */
  clear(act: Given<CacheAct> = {}): void {
    this.#actOnAll((cache) => cache.clear(), {}, act);
  }

  /** What all hold and how they have fared, those that are gone included; `maxEntries` is the bound of each. */
  stats(): CacheStats {
    return statsOf(this.#counters, this.#settings, this.#fill, Math.max(1, this.#living.size));
  }

  /** The same as JSON. */
  snapshot(): CacheSnapshot {
    return snapshotOf(this.stats());
  }

  /** Ends background clean-up; the caches still work. */
  async close(): Promise<void> {
    this.#cleaner.close();
  }

  /** One act is one event, however many caches it reaches. */
  #actOnAll(
    perform: (cache: LoadingCache<K, V>) => void,
    what: { pattern?: string; tag?: string },
    act: CacheAct,
  ): number {
    const before = this.#counters.invalidations;
    this.#isActing = true;
    try {
      for (const cache of this.#caches()) perform(cache);
    } finally {
      this.#isActing = false;
    }
    const count = this.#counters.invalidations - before;
    if (this.#context.onEvent !== undefined)
      tell(this.#context.onEvent, { type: 'invalidated', count, ...what, ...act });
    return count;
  }

  /** Read at each event, as it may be set later. */
  #listener({ onEvent }: CacheContext): CacheContext['onEvent'] {
    if (onEvent === undefined || !this.#isActing) return onEvent;
    return (event) => {
      if (event.type !== 'invalidated') onEvent(event);
    };
  }

  #make(): LoadingCache<K, V> {
    const fill = new Fill(this.#fill);
    const cache = new LoadingCache<K, V>(this.#settings, this.#context, fill);
    const ref = new WeakRef(cache);
    this.#living.set(ref, fill);
    this.#departed.register(cache, ref);
    return cache;
  }

  #depart(ref: WeakRef<LoadingCache<K, V>>): void {
    this.#living.get(ref)?.set(0, 0);
    this.#living.delete(ref);
  }

  *#caches(): Generator<LoadingCache<K, V>> {
    for (const ref of this.#living.keys()) {
      const cache = ref.deref();
      if (cache !== undefined) yield cache;
    }
  }
}
