import type { Cancellation } from '../base/cancellation.js';
import type { CacheParts } from './cache-context.js';
import { Entry } from './cache-entry.js';
import { CacheLoad } from './cache-load.js';
import { noteLoadFailed, noteMiss, noteRefresh, noteStale } from './cache-notes.js';
import type { StoredValue } from './cache-store.js';
import type { Terms } from './entry-options.js';
import type { Extras, Shelf } from './shelf.js';
import { type Load, SingleFlight } from './single-flight.js';
import type { StoreLink } from './store-link.js';
import { entryOf, storedOf } from './stored-entry.js';
import { weightOf } from './weight.js';

/** Entries of the store and of memory are one and the same when their ends differ by less: times of day are whole ms. */
const SAME_WITHIN_MS = 2;

/** Gets what a cache does not hold, once for all who ask at the same time, and puts it on the shelf. */
export class Loader<V> {
  readonly #parts: CacheParts<V>;
  readonly #shelf: Shelf<V>;
  readonly #link: StoreLink<V> | undefined;
  // By its public face: a cache of one type is then a cache of a wider one, too.
  readonly #flights: Pick<SingleFlight<V>, keyof SingleFlight<V>> = new SingleFlight<V>();
  /** Whether loads have given promises: a value that is set by hand is then handed out as one, too. */
  #givesPromises: boolean;

  constructor(parts: CacheParts<V>, shelf: Shelf<V>, link: StoreLink<V> | undefined) {
    this.#parts = parts;
    this.#shelf = shelf;
    this.#link = link;
    this.#givesPromises = link !== undefined;
  }

  /** Shares the load under way, or starts one. */
  load(key: unknown, load: () => Load<V>, terms: Terms, caller: Cancellation | undefined): V | Promise<V> {
    const shared = this.#flights.has(key);
    noteMiss(this.#parts, key, shared);
    if (!shared) return this.#flights.start(new CacheLoad(key, load, terms, this), caller);
    return this.#flights.run(key, load, caller);
  }

  /** Loads behind a value that is handed out, unless that is being done; it never throws. */
  refresh(key: unknown, load: () => Load<V>, terms: Terms, because: 'stale' | 'early'): void {
    if (this.#flights.has(key)) return;
    noteRefresh(this.#parts, key, because);
    const flight = new CacheLoad(key, load, terms, this);
    flight.isBehind = true;
    this.#flights.startAlone(flight);
  }

  /** Holds a value that was given by hand; it wins over a load under way. */
  set(key: unknown, value: V, { ttlMs, tags }: Terms): void {
    const { watch, settings } = this.#parts;
    const weight = this.#weigh(key, value);
    this.#flights.forget(key);
    const answer = this.#givesPromises ? Promise.resolve(value) : value;
    const entry = new Entry(key, value, answer, { storedAt: watch.now(), ttlMs, loadMs: 0 }, settings);
    this.#hold(entry, { weight, tags }, 'replace');
  }

  /** Loads under way no longer count for this key. */
  forget(key: unknown): void {
    this.#flights.forget(key);
  }

  /** Loads under way no longer count for the keys that `matches` picks. */
  forgetWhere(matches: (key: unknown) => boolean): void {
    this.#flights.forgetWhere(matches);
  }

  /** Loads under way no longer count whose values were to bear a tag. */
  forgetTagged(tag: string): void {
    this.#flights.forgetWhere(
      (_key, flight) => flight instanceof CacheLoad && flight.terms.tags?.includes(tag) === true,
    );
  }

  /** Starts a load: where there is a store it is asked first. */
  open(flight: CacheLoad<V>): Load<V> {
    const link = this.#link;
    if (link === undefined) return this.#begin(flight);
    let begun: Load<V> | undefined;
    const result = link.read(this.#parts.textOf(flight.key)).then((stored) => {
      if (flight.cancelled) throw new Error('nobody waits for this load');
      if (stored !== undefined && this.#isAnsweredBy(stored, flight)) return stored.value;
      begun = this.#begin(flight);
      return begun.result;
    });
    return { result, cancel: (reason, signal) => begun?.cancel?.(reason, signal) };
  }

  /** Takes a value that was loaded; returns it. */
  keep(flight: CacheLoad<V>, value: V): V {
    const { key, promise, terms } = flight;
    const { settings, watch, textOf } = this.#parts;
    if (promise === undefined) this.#refuseToWait();
    this.#givesPromises = promise !== undefined;
    if (flight.found !== undefined) {
      if (flight.found === 'stale') this.refresh(key, flight.run, terms, 'stale');
      return value;
    }
    if (flight.forgotten) return value;
    if (!this.#isToBeKept(flight, value)) {
      // What it would have replaced is no longer true either.
      if (this.#shelf.remove(key)) this.#link?.remove(textOf(key));
      return value;
    }
    const weight = this.#judged(flight, () => this.#weigh(key, value));
    const storedAt = watch.now();
    const loadMs = settings.refreshAheadRatio === undefined ? 0 : storedAt - flight.startedAt;
    const entry = new Entry(key, value, promise ?? value, { storedAt, ttlMs: terms.ttlMs, loadMs }, settings);
    this.#hold(entry, { weight, tags: terms.tags }, 'add');
    return value;
  }

  /** Takes the failure of a load: answers with an old value where that is allowed, or throws it. */
  rescue(flight: CacheLoad<V>, error: unknown): V | Promise<V> {
    if (flight.cancelled) throw error;
    const { settings, watch, classify } = this.#parts;
    const { key } = flight;
    noteLoadFailed(this.#parts, key, error);
    const old = flight.forgotten ? undefined : this.#shelf.peek(key);
    if (old === undefined) throw error;
    const now = watch.now();
    if (now >= old.expiresAt + settings.staleIfErrorMs || classify(error) === 'permanent') throw error;
    if (now >= old.expiresAt) noteStale(this.#parts, old, now, flight.callers, 'load-failed', flight.load);
    return old.answer;
  }

  #begin(flight: CacheLoad<V>): Load<V> {
    const { settings, watch } = this.#parts;
    if (settings.refreshAheadRatio !== undefined) flight.startedAt = watch.now();
    return flight.run();
  }

  /** Takes in what the store held, and says whether that answers. */
  #isAnsweredBy(stored: StoredValue<V>, flight: CacheLoad<V>): boolean {
    // Read before it was invalidated, perhaps.
    if (flight.forgotten) return false;
    const { settings, clock } = this.#parts;
    const entry = entryOf(flight.key, stored, clock, settings);
    const now = clock.now();
    const held = this.#shelf.peek(flight.key);
    const isNews = held === undefined || entry.expiresAt > held.expiresAt + SAME_WITHIN_MS;
    if (!isNews || now >= entry.at) return false;
    this.#shelf.put(entry, { weight: this.#weigh(flight.key, stored.value) });
    if (now < entry.expiresAt) flight.found = 'fresh';
    else if (now < entry.expiresAt + settings.staleWhileRevalidateMs && !flight.isBehind) {
      flight.found = 'stale';
      noteStale(this.#parts, entry, now, flight.callers, 'revalidating', flight.load);
    }
    return flight.found !== undefined;
  }

  #isToBeKept(flight: CacheLoad<V>, value: V): boolean {
    return this.#judged(flight, () => this.#parts.settings.cacheIf?.(value) !== false);
  }

  /** A callback of the user's that fails, fails the load. */
  #judged<T>(flight: CacheLoad<V>, judge: () => T): T {
    try {
      return judge();
    } catch (error) {
      noteLoadFailed(this.#parts, flight.key, error);
      throw error;
    }
  }

  #weigh(key: unknown, value: V): number | undefined {
    return weightOf(this.#parts.settings, value, key as never);
  }

  #hold(entry: Entry<V>, extras: Extras, how: 'add' | 'replace'): void {
    const keepMs = entry.at - entry.storedAt;
    if (keepMs > 0) {
      this.#shelf.put(entry, extras);
      this.#link?.[how](this.#parts.textOf(entry.key), storedOf(entry, this.#parts.clock), keepMs);
    } else {
      this.#shelf.remove(entry.key);
      if (how === 'replace') this.#link?.remove(this.#parts.textOf(entry.key));
    }
  }

  #refuseToWait(): void {
    const { name, staleWhileRevalidateMs, refreshAheadRatio } = this.#parts.settings;
    const option = staleWhileRevalidateMs > 0 ? 'staleWhileRevalidateMs' : 'refreshAheadRatio';
    if (staleWhileRevalidateMs === 0 && refreshAheadRatio === undefined) return;
    throw new TypeError(
      `cache '${name}': \`${option}\` needs a load that returns a promise, for a synchronous one cannot run behind its answer`,
    );
  }
}
