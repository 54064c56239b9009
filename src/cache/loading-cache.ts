import { type Cancellation, cancellationOf } from '../base/cancellation.js';
import { text } from '../base/option-rules.js';
import { checkOption, type Given, show } from '../base/options.js';
import { type CacheContext, type CacheParts, partsOf } from './cache-context.js';
import { type CacheCounters, type CacheSnapshot, type CacheStats, snapshotOf, statsOf } from './cache-counters.js';
import type { Entry } from './cache-entry.js';
import type { CacheAct } from './cache-events.js';
import { noteHit, noteInvalidated, noteMiss, noteStale } from './cache-notes.js';
import { type CacheOptions, type CacheSettings, checkCache } from './cache-options.js';
import { isDueEarly } from './early-refresh.js';
import { type GetOrLoadOptions, refuseTags, type SetOptions, type Terms, termsOf } from './entry-options.js';
import { Fill } from './fill.js';
import type { FreshnessWatch } from './freshness-watch.js';
import { LoadContext } from './load-context.js';
import { Loader } from './loader.js';
import { Shelf } from './shelf.js';
import type { Load } from './single-flight.js';
import { StoreLink } from './store-link.js';
import type { WeightOptions } from './weight.js';
import { literalOf, wildcard } from './wildcard.js';

/**
 * Values by key: bounded in number or weight, the least recently used going first, and in age. Concurrent loads of one key
 * are one. What users make is a `Cache`, which is this with a place in a registry.
 * @throws {TypeError|RangeError} for a wrong option
 * @example
 * const hosts = new LoadingCache<string, Host>({ name: 'hosts' }, { clock });
 * hosts.set('web1', host, { tags: ['site:berlin'] });
 */
export class LoadingCache<K = string, V = unknown> {
  readonly #parts: CacheParts<V>;
  // Parts that a hit needs, at hand: it has nothing to spend.
  readonly #watch: FreshnessWatch;
  readonly #counters: CacheCounters;
  readonly #context: CacheContext;
  readonly #hits: CacheContext['hits'];
  readonly #shelf: Shelf<V>;
  readonly #loader: Loader<V>;
  readonly #link: StoreLink<V> | undefined;
  /** How a value is held of which nothing else is said. */
  readonly #terms: Terms;

  constructor(
    options: CacheOptions<V> & WeightOptions<K, V> = {},
    context: CacheContext = {},
    fill: Fill = new Fill(),
  ) {
    const settings = checkCache<V, K>(options) as CacheSettings<V>;
    this.#context = context;
    this.#hits = context.hits;
    this.#parts = partsOf(settings, context, fill);
    this.#watch = this.#parts.watch;
    this.#counters = this.#parts.counters;
    this.#shelf = new Shelf(this.#parts);
    this.#link = settings.store === undefined ? undefined : new StoreLink(settings.store, this.#parts);
    this.#loader = new Loader(this.#parts, this.#shelf, this.#link);
    this.#terms = { ttlMs: settings.ttlMs };
  }

  /** What it is called where it is reported. */
  get name(): string {
    return this.#parts.settings.name;
  }

  /** Its options, frozen, defaults filled in. */
  get options(): CacheSettings<V, K> {
    return this.#parts.settings as CacheSettings<V, K>;
  }

  /** How often a value was handed out; of a cache for each object, by all of them. */
  get hits(): number {
    return this.#counters.hits;
  }

  /** Entries held; those past their time count until they are cleaned away. */
  get size(): number {
    return this.#shelf.size;
  }

  /** The value held under this key while it is fresh; undefined otherwise. It asks memory alone. */
  get(key: K): V | undefined {
    const held = this.#keyOf(key);
    const entry = this.#shelf.get(held);
    const now = this.#watch.now();
    if (entry !== undefined && now < entry.expiresAt) {
      noteHit(this.#parts, entry, now);
      return entry.value;
    }
    noteMiss(this.#parts, held, false);
    if (entry !== undefined && now >= entry.at) this.#shelf.expire(entry, now);
    return undefined;
  }

  /** Whether a fresh value is held in memory; this counts as no use of it. */
  has(key: K): boolean {
    const entry = this.#shelf.peek(this.#keyOf(key));
    return entry !== undefined && this.#watch.now() < entry.expiresAt;
  }

  /**
   * Holds a value. It wins over a load under way.
   * @throws {TypeError} when `weigh` gives what is no weight
   */
  set(key: K, value: V, options: SetOptions = {}): void {
    this.#loader.set(this.#keyOf(key), value, termsOf('cache.set', this.#parts.settings, options));
  }

  /** Removes one key, in the remote store too; whether memory held it. A load under way is not kept. */
  delete(key: K, act: Given<CacheAct> = {}): boolean {
    const held = this.#keyOf(key);
    this.#loader.forget(held);
    this.#dropIfOld(this.#shelf.peek(held));
    const removed = this.#shelf.remove(held);
    this.#link?.remove(this.#parts.textOf(held));
    noteInvalidated(this.#parts, removed ? 1 : 0, { key: this.#parts.textOf(held) }, act);
    return removed;
  }

  /**
   * The held value, or else what `load` gives, which is then held. Callers who ask at the same time share one load, and it
   * is held as the first of them has said; its `signal` is aborted when the last of them has gone.
   */
  getOrLoad(key: K, load: (context: LoadContext) => V | PromiseLike<V>, options: GetOrLoadOptions = {}): Promise<V> {
    try {
      if (typeof load !== 'function') throw new TypeError(`cache.getOrLoad loads by a function, got ${show(load)}`);
      const held = this.#keyOf(key);
      const terms = termsOf('cache.getOrLoad', this.#parts.settings, options);
      const caller = options.signal === undefined ? undefined : cancellationOf(options.signal);
      const answer = this.#judge(held, this.#shelf.get(held), () => LoadContext.start(load), terms, caller);
      return answer instanceof Promise ? answer : Promise.resolve(answer);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * As `getOrLoad`, for those who wrap functions: a hit hands out what the load gave, the value of a synchronous one or
   * the very promise of another.
   * @param key A key as it is held (see `CacheContext.keys`).
   */
  readThrough(key: unknown, load: () => Load<V>, caller?: Cancellation): V | Promise<V> {
    const entry = this.#shelf.get(key);
    if (entry !== undefined && this.#isQuiet(entry)) {
      this.#counters.hits++;
      return entry.answer;
    }
    return this.#judge(key, entry, load, this.#terms, caller);
  }

  /**
   * What a hit hands out, where that can be told without a look at the clock and nobody listens; undefined otherwise.
   * @param key A key as it is held.
   */
  atOnce(key: unknown): V | Promise<V> | undefined {
    const entry = this.#shelf.get(key);
    if (entry === undefined || !this.#isQuiet(entry)) return undefined;
    this.#counters.hits++;
    return entry.answer;
  }

  /**
   * Removes what matches a wildcard pattern of the key's text, in the remote store too: `*` is any run of characters, `?`
   * one, `\\` takes the next one literally. Loads under way that match are not kept.
   * @returns how many entries memory held
   */
  invalidate(pattern: string, act: Given<CacheAct> = {}): number {
    const matches = wildcard(pattern);
    const { textOf } = this.#parts;
    this.#shelf.sweep(this.#watch.now(), Infinity);
    const picks = (key: unknown) => matches(textOf(key));
    this.#loader.forgetWhere(picks);
    const count = this.#shelf.removeWhere(picks);
    const literal = literalOf(pattern);
    if (literal === undefined) this.#link?.invalidate(matches);
    else this.#link?.remove(literal);
    noteInvalidated(this.#parts, count, { pattern }, act);
    return count;
  }

  /**
   * Removes what bears a tag. Loads under way whose values were to bear it are not kept.
   * @returns how many entries that were
   * @throws {TypeError} where there is a `store`: it does not know tags
   */
  invalidateTag(tag: string, act: Given<CacheAct> = {}): number {
    checkOption('cache.invalidateTag', 'tag', text(), tag);
    refuseTags(this.#parts.settings);
    this.#loader.forgetTagged(tag);
    let count = 0;
    for (const entry of this.#shelf.bearersOf(tag)) {
      // What is being loaded behind it was begun before this, whatever tags it has.
      this.#loader.forget(entry.key);
      this.#dropIfOld(entry);
      if (this.#shelf.peek(entry.key) === entry && this.#shelf.remove(entry.key)) count++;
    }
    noteInvalidated(this.#parts, count, { tag }, act);
    return count;
  }

  /** Removes everything, in the remote store too. Loads under way are not kept. */
  clear(act: Given<CacheAct> = {}): void {
    this.#shelf.sweep(this.#watch.now(), Infinity);
    this.#loader.forgetWhere(() => true);
    const count = this.#shelf.clear();
    this.#link?.clear();
    noteInvalidated(this.#parts, count, {}, act);
  }

  /** What it holds and how it has fared. */
  stats(): CacheStats {
    return statsOf(this.#counters, this.#parts.settings, this.#parts.fill);
  }

  /** The same as JSON. */
  snapshot(): CacheSnapshot {
    return snapshotOf(this.stats());
  }

  /** Ends background clean-up; resolves when the remote store has taken what was under way. The cache still works. */
  async close(): Promise<void> {
    this.#shelf.close();
    await this.#link?.settled();
  }

  /** Whether a hit needs no thought: it is fresh for sure, and nobody is to be told. */
  #isQuiet(entry: Entry<V>): boolean {
    if (!this.#watch.isBefore(entry.quietUntil)) return false;
    return this.#hits === undefined ? this.#context.onEvent === undefined : !this.#hits.heard;
  }

  /** What to do with what is held, or with nothing. */
  #judge(
    key: unknown,
    entry: Entry<V> | undefined,
    load: () => Load<V>,
    terms: Terms,
    caller: Cancellation | undefined,
  ): V | Promise<V> {
    if (entry === undefined) return this.#loader.load(key, load, terms, caller);
    const { settings, random } = this.#parts;
    const now = this.#watch.now();
    if (now < entry.expiresAt) {
      noteHit(this.#parts, entry, now);
      if (now >= entry.quietUntil && isDueEarly(now, entry.expiresAt, entry.loadMs, random)) {
        this.#loader.refresh(key, load, terms, 'early');
      }
      return entry.answer;
    }
    if (now < entry.expiresAt + settings.staleWhileRevalidateMs) {
      this.#counters.hits++;
      noteStale(this.#parts, entry, now, 1, 'revalidating', caller);
      this.#loader.refresh(key, load, terms, 'stale');
      return entry.answer;
    }
    if (now >= entry.at) this.#shelf.expire(entry, now);
    return this.#loader.load(key, load, terms, caller);
  }

  #keyOf(key: K): unknown {
    const { keys } = this.#context;
    if (keys !== undefined) return keys.keyOf(key as string);
    if (this.#link !== undefined && typeof key !== 'string') {
      throw new TypeError(`cache '${this.name}': with a \`store\` keys are texts, got ${show(key)}`);
    }
    return key;
  }

  /** What has grown too old went for that, and not on request. */
  #dropIfOld(entry: Entry<V> | undefined): void {
    if (entry === undefined) return;
    const now = this.#watch.now();
    if (now >= entry.at) this.#shelf.expire(entry, now);
  }
}
