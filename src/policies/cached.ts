import { isObject } from '../base/is-object.js';
import { callback, oneOf, text } from '../base/option-rules.js';
import { checkOptions, type Given, type OptionRules } from '../base/options.js';
import { ArgumentKeys } from '../cache/argument-keys.js';
import { LoadingCache } from '../cache/loading-cache.js';
import { type CacheOptions, cacheRules } from '../cache/cache-options.js';
import type { CacheStore } from '../cache/cache-store.js';
import { ScopedCache } from '../cache/scoped-cache.js';
import type { Load } from '../cache/single-flight.js';
import type { AnyFunction, AsyncFunction } from '../engine/any-function.js';
import type { CommonOptions } from '../engine/common-options.js';
import { definePolicy } from '../engine/define-policy.js';
import { keyTextOf } from '../engine/key-text.js';
import type { ReadingPolicy } from '../engine/reading-policy.js';
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

type KeyOf = NonNullable<CachedOptions['key']>;
type CacheIf = NonNullable<CachedOptions['cacheIf']>;

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
    const { caches, keyOf, keyOfOne } = cachesAt(site, options);
    return {
      ...(keyOfOne !== undefined && {
        atOnce(self: unknown, argument: unknown, count: number, call?: StageCall) {
          const { timing } = site;
          // Where calls are timed the hit counts there, and belongs to a call.
          if (timing !== undefined && call === undefined) return undefined;
          const answer = caches(self).atOnce(keyOfOne(argument, count));
          if (answer !== undefined && call !== undefined) timing?.count('cacheHits', call.admittedAt);
          return answer;
        },
      }),
      around(call, inside) {
        const cache = caches(call.self);
        const { hits } = cache;
        let loaded = false;
        const load = () => {
          loaded = true;
          return inside.runShared() as Load<never>;
        };
        const answer = cache.readThrough(keyOf(call), load, inside);
        // What was loaded may have called itself, and hit.
        site.timing?.count(!loaded && cache.hits > hits ? 'cacheHits' : 'cacheMisses', call.admittedAt);
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
export function cached<Key extends KeyOf = () => string, If extends CacheIf = CacheIf>(
  options: Given<CachedOptions & CommonOptions> & {
    store: CacheStore | undefined;
    key?: Key | undefined;
    cacheIf?: If | undefined;
  },
): ReadingPolicy<'cached', CachedOptions & CommonOptions, { serves: AsyncFunction; by: Key; judge: If }>;
export function cached<Key extends KeyOf = () => string, If extends CacheIf = CacheIf>(
  options?: Given<CachedOptions & CommonOptions> & { key?: Key | undefined; cacheIf?: If | undefined },
): ReadingPolicy<'cached', CachedOptions & CommonOptions, { serves: AnyFunction; by: Key; judge: If }>;
export function cached(options?: Given<CachedOptions & CommonOptions>): unknown {
  return define(options);
}

interface CachesAt {
  /** The cache of a call: that of its object, or the one of the class. */
  caches: (self: unknown) => LoadingCache<never>;
  keyOf: (call: StageCall) => unknown;
  /** The key of a call with one argument, or none; undefined where it takes the whole call to tell. */
  keyOfOne: ((argument: unknown, count: number) => unknown) | undefined;
}

/** The prefix that the short keys of a cache stand for: that of the first who asked for it. */
const prefixes = new WeakMap<object, string | undefined>();

function cachesAt(site: Site, options: CachedOptions): CachesAt {
  const { key: _key, keyPrefix, scope, ...settings } = options;
  // How its keys are made is each policy's own affair: a cache may be shared by those who make them differently.
  const keys = new ArgumentKeys(keyPrefix);
  const make = (name: string) => {
    const context = cacheContext(site.registry, site.kind, name, site.classify, keys);
    const made = { ...(settings as CacheOptions), name };
    const cache = scope === 'class' ? new LoadingCache(made, context) : new ScopedCache(made, context);
    prefixes.set(cache, keyPrefix);
    return cache;
  };
  const entry = site.obtain('caches', { ...settings, scope }, make);
  const keysAt = keysFor(site, options, keys, prefixes.get(entry));
  // Told apart by what it can do: another copy of the package may have made it.
  if (!('for' in entry)) return { caches: () => entry as LoadingCache<never>, ...keysAt };
  const scoped = entry as ScopedCache<never>;
  return { caches: (self) => scoped.for(isObject(self) ? self : undefined), ...keysAt };
}

function keysFor(
  site: Site,
  { key, keyPrefix }: CachedOptions,
  keys: ArgumentKeys,
  prefixOfCache: string | undefined,
): Pick<CachesAt, 'keyOf' | 'keyOfOne'> {
  if (key !== undefined) return { keyOf: (call) => keys.bare(keyTextOf(site.kind, key, call)), keyOfOne: undefined };
  if (keyPrefix !== prefixOfCache) return { keyOf: (call) => keys.wholeOf(call.args), keyOfOne: undefined };
  return {
    keyOf: (call) => keys.of(call.args),
    keyOfOne: (argument, count) => (count === 0 ? keys.none : keys.ofOne(argument)),
  };
}
