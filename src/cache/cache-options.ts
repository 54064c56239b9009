import { callback, count, durationMs, having, ratio, text } from '../base/option-rules.js';
import { checkOptions, type OptionRules } from '../base/options.js';
import type { CacheStore } from './cache-store.js';
import { checkWeight, type WeightOptions, weightRules } from './weight.js';

/** How a {@link Cache} holds what it is given. */
export interface CacheOptions<V = unknown> {
  /** What it is called where it is reported. @default 'cache' */
  name?: string;
  /** How long a value is fresh, in ms; `Infinity` takes "for ever". @default 300_000 */
  ttlMs?: number;
  /** Entries held at most, the least recently used going first; `Infinity` takes "no bound". @default 1_000 */
  maxEntries?: number;
  /** How often what has grown too old is cleaned away, in ms; `Infinity` leaves it until it is asked for. @default 300_000 */
  cleanupIntervalMs?: number;
  /** For how long past its time a value is still handed out at once, while it is refreshed behind. @default 0 */
  staleWhileRevalidateMs?: number;
  /** For how long past its time a value still answers when its load fails, unless permanently. @default 0 */
  staleIfErrorMs?: number;
  /** The last share of the time to live, 0–1, in which a hit may refresh early: the likelier, the closer to the end. None by default. */
  refreshAheadRatio?: number;
  /** Whether a loaded value is to be kept. All are by default. */
  cacheIf?(value: V): boolean;
  /** A second store behind this process's memory, such as Redis, shared with others. */
  store?: CacheStore<V>;
}

/** {@link CacheOptions} with the defaults filled in. */
export type CacheSettings<V, K = never> = Readonly<
  CacheOptions<V> & WeightOptions<K, V> & Required<Omit<CacheOptions<V>, 'refreshAheadRatio' | 'cacheIf' | 'store'>>
>;

/** What each option takes, and its default. */
export const cacheRules: OptionRules<CacheOptions> = {
  name: text({ default: 'cache' }),
  ttlMs: durationMs({ infinity: 'taken', default: 300_000 }),
  maxEntries: count({ infinity: 'taken', default: 1_000 }),
  cleanupIntervalMs: durationMs({ min: 1, infinity: 'taken', default: 300_000 }),
  staleWhileRevalidateMs: durationMs({ infinity: 'taken', default: 0 }),
  staleIfErrorMs: durationMs({ infinity: 'taken', default: 0 }),
  refreshAheadRatio: ratio({ above: 0 }),
  cacheIf: callback(),
  store: having<CacheStore>('a store with get, set, delete and clear', ['get', 'set', 'delete', 'clear']),
};

/**
 * Checks options and fills in the defaults.
 * @throws {TypeError|RangeError} for a wrong option
 */
export function checkCache<V, K = never>(options: CacheOptions<V> & WeightOptions<K, V>): CacheSettings<V, K> {
  const rules = { ...cacheRules, ...weightRules } as OptionRules<object>;
  const checked = checkOptions<object>('cache', rules, options) as CacheSettings<V, K>;
  checkWeight(checked as WeightOptions<never, never>);
  if (checked.maxWeight === undefined || options.maxEntries !== undefined) return checked;
  return Object.freeze({ ...checked, maxEntries: Infinity });
}
