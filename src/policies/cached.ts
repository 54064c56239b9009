import { callback, oneOf, text } from '../base/option-rules.js';
import { checkOptions, type OptionRules } from '../base/options.js';
import { ArgumentKeys } from '../cache/argument-keys.js';
import { Cache } from '../cache/cache.js';
import { type CacheOptions, cacheRules } from '../cache/cache-options.js';
import type { CacheStore } from '../cache/cache-store.js';
import { ScopedCache } from '../cache/scoped-cache.js';
import type { Load } from '../cache/single-flight.js';
import type { AnyFunction, AsyncFunction } from '../engine/any-function.js';
import type { CommonOptions } from '../engine/common-options.js';
import { definePolicy } from '../engine/define-policy.js';
import { keyTextOf } from '../engine/key-text.js';
import type { Reading, ReadingPolicy } from '../engine/reading-policy.js';
import type { Site } from '../engine/site.js';
import type { StageCall } from '../engine/stage.js';
import { cacheContext } from '../registry/cache-context.js';

/** How `cached` behaves. */
export interface CachedOptions extends Omit<CacheOptions, 'cacheIf'> {
  /** The key of a call, as text that stands bare. @default the arguments as canonical JSON */
  key?(...args: never[]): string;
  /** Stands before the arguments in the key: `hosts:["web1"]`. @default none */
  keyPrefix?: string;
  /** Whether each instance has values of its own, or all share them. @default 'instance' */
  scope?: 'instance' | 'class';
  /** Whether a value is kept. @default all are */
  cacheIf?(value: never): boolean;
}

const cachedRules = {
  ...cacheRules,
  name: text(),
  key: callback(),
  keyPrefix: text(),
  scope: oneOf(['instance', 'class'], { default: 'instance' }),
} as OptionRules<CachedOptions>;

const define = definePolicy<'cached', CachedOptions>({
  kind: 'cached',
  summary: 'Keeps what calls gave, and answers equal calls with it.',
  options: cachedRules,
  check(given) {
    const options = checkOptions('cached', cachedRules, given);
    if (options.store === undefined || options.scope === 'class') return options;
    throw new TypeError("cached: `store` takes `scope: 'class'`: instances would see each other's values in it");
  },
  waits: ({ store }) => store !== undefined,
  bind(site, options) {
    const { key } = options;
    const keys = new ArgumentKeys(options.keyPrefix);
    const keyOf =
      key === undefined
        ? (call: StageCall) => keys.of(call.args)
        : (call: StageCall) => keyTextOf(site.kind, key, call);
    const cacheOf = cachesAt(site, options, key === undefined ? keys : undefined);
    return {
      around(call, inside) {
        const cache = cacheOf(call.self);
        const { hits } = cache;
        const answer = cache.readThrough(keyOf(call), () => inside.runShared() as Load<never>, inside);
        site.timing?.count(cache.hits > hits ? 'cacheHits' : 'cacheMisses', call.startedAt);
        return answer;
      },
    };
  },
});

/**
 * Keeps what calls gave, and answers equal calls with it: a hit is handed the very promise of the load. Calls that
 * miss at the same time share one run. Failures are not kept.
 * @throws {TypeError} to the caller of the function, for arguments that no key can be made of
 * @throws {TypeError | RangeError} for options that are not as they should be
 * @throws {NameTakenError} for a name that a cache with other options has
 * @example const price = cached({ ttlMs: 5_000, keyPrefix: 'prices' })(fetchPrice);
 */
export function cached<Key extends (...args: never[]) => string = () => string>(
  options: CachedOptions & CommonOptions & { store: CacheStore; key?: Key },
): ReadingPolicy<'cached', CachedOptions & CommonOptions, { serves: AsyncFunction; by: Key }>;
export function cached<Key extends (...args: never[]) => string = () => string>(
  options?: CachedOptions & CommonOptions & { key?: Key },
): ReadingPolicy<'cached', CachedOptions & CommonOptions, { serves: AnyFunction; by: Key }>;
export function cached(
  options?: CachedOptions & CommonOptions,
): ReadingPolicy<'cached', CachedOptions & CommonOptions, Reading> {
  return define(options) as ReadingPolicy<'cached', CachedOptions & CommonOptions, Reading>;
}

/** Gives the cache of a call: that of its object, or the one of the class. */
function cachesAt(site: Site, options: CachedOptions, keys: ArgumentKeys | undefined): (self: unknown) => Cache<never> {
  const { key: _key, keyPrefix: _keyPrefix, scope, ...given } = options;
  const settings = given as CacheOptions;
  const contextOf = (name: string) => cacheContext(site.registry, site.kind, name, site.classify, keys);
  if (scope === 'class') {
    const cache = site.obtain(
      'caches',
      options,
      (name) => new Cache({ ...settings, name }, contextOf(name)),
    ) as Cache<never>;
    return () => cache;
  }
  const make = (name: string) => new ScopedCache({ ...settings, name }, contextOf(name));
  const scoped = site.obtain('caches', options, make) as ScopedCache<never>;
  return (self) => scoped.for(typeof self === 'object' && self !== null ? self : undefined);
}
