import { show } from '../base/options.js';
import type { CacheAct } from '../cache/cache-events.js';
import type { LoadingCache } from '../cache/loading-cache.js';
import { ScopedCache } from '../cache/scoped-cache.js';
import { chainOf, membersOn } from '../engine/members-on.js';
import { type NamedCacheOptions, scopedCacheAt } from '../registry/cache.js';
import { sameOptions } from '../registry/same-options.js';
import type { CacheEntry } from '../registry/entries.js';
import type { Registry } from '../registry/registry.js';
import type { Constructor, Mixin } from './mixin.js';

/** How the cache of a service is made. In a `store` instances would see each other's values, so there is none. */
export type CachingOptions = Omit<NamedCacheOptions<string, never>, 'store' | 'weigh' | 'cacheIf'> & {
  /** What a value weighs: a number from 0, rounded up; each entry weighs 1 at least. Goes with `maxWeight`. */
  weigh?(value: never, key: string): number;
  /** Whether a loaded value is to be kept. All are by default. */
  cacheIf?(value: never): boolean;
};

/** What {@link CachingMixin} gives to instances. */
export interface CachingMembers {
  /** How the cache of this instance is made: as those of its class, until it is set. It is read with the first use of `cache`. */
  cacheOptions: CachingOptions;
  /** Values of this instance, by key; made with its first use. It is no `Cache`: the place in the registry is that of the class. */
  readonly cache: LoadingCache<string, unknown>;
  /**
   * Removes what a wildcard pattern picks: from `cache`, and from what `@cached` methods hold for this instance or its class.
   * @returns how many entries that were
   */
  invalidateCachePattern(pattern: string, act?: CacheAct): number;
}

/** What {@link CachingMixin} gives to the class. */
export interface CachingStatics {
  /** How caches of instances are made that do not say otherwise. @default {} */
  cacheOptions: CachingOptions;
}

/**
 * A cache for each instance of a service class, all of them one entry in the registry under the name of the class, and
 * removal by a pattern that reaches `@cached` methods too.
 * @example
 * class HostService extends mixin(BaseService, CachingMixin) {
 *   static override cacheOptions = { maxEntries: 10_000, ttlMs: 600_000 };
 *   declare readonly cache: LoadingCache<string, Host>;
 *   host(id: string) {
 *     return this.cache.getOrLoad(`hosts:${id}`, () => this.api.host(id));
 *   }
 *   async rename(id: string, name: string) {
 *     await this.api.rename(id, name);
 *     this.invalidateCachePattern(`hosts:*${id}*`);
 *   }
 * }
 */
export const CachingMixin: Mixin<CachingMembers, CachingStatics> = <Base extends Constructor>(base: Base) => {
  abstract class Caching extends base {
    static cacheOptions: CachingOptions = {};

    get cacheOptions(): CachingOptions {
      return ownOptions.get(this) ?? (this.constructor as Partial<CachingStatics>).cacheOptions ?? {};
    }

    set cacheOptions(options: CachingOptions) {
      if (caches.has(this)) {
        throw new TypeError(
          'CachingMixin: `cacheOptions` must be set before the first use of `cache`, which is made by them',
        );
      }
      ownOptions.set(this, options);
    }

    get cache(): LoadingCache<string, unknown> {
      let cache = caches.get(this);
      if (cache === undefined) caches.set(this, (cache = homeOf(this.constructor, this.cacheOptions).for(this)));
      return cache;
    }

    invalidateCachePattern(pattern: string, act: CacheAct = {}): number {
      const said = { owner: this.constructor.name, ...act };
      let count = 0;
      for (const cache of [this.cache, ...cachesOfMethods(this)]) count += cache.invalidate(pattern, said);
      return count;
    }
  }
  return Caching;
};

const ownOptions = new WeakMap<object, CachingOptions>();
const caches = new WeakMap<object, LoadingCache<string, unknown>>();

/** A cache for all instances of one class that are made with equal options. */
interface Home {
  readonly options: CachingOptions;
  readonly scoped: ScopedCache<string, unknown>;
}

const homes = new WeakMap<object, Home[]>();

function homeOf(owner: { readonly name: string }, options: CachingOptions): ScopedCache<string, unknown> {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`CachingMixin: \`cacheOptions\` takes an object, got ${show(options)}`);
  }
  if ((options as NamedCacheOptions).store !== undefined) {
    throw new TypeError(
      'CachingMixin: there is no `store`, for in it instances would see the values of others; make a Cache with it instead',
    );
  }
  const known = homes.get(owner) ?? [];
  homes.set(owner, known);
  const home = known.find((one) => sameOptions(one.options, options));
  if (home !== undefined) return home.scoped;
  const scoped = scopedCacheAt(owner.name || 'service', options as NamedCacheOptions<string, unknown>);
  known.push({ options: { ...options }, scoped });
  return scoped;
}

/** What `@cached` methods hold for an object. Of a cache with a part for each instance, that of this one. */
function* cachesOfMethods(service: object): Generator<Pick<CacheEntry, 'invalidate'>> {
  const seen = new Set<object>();
  for (const owner of chainOf(service)) {
    for (const { policies } of membersOn(owner)) {
      for (const { kind, registry, part } of policies) {
        const entry = kind === 'cached' ? (registry as Registry).caches.get(part) : undefined;
        if (entry === undefined || seen.has(entry)) continue;
        seen.add(entry);
        const held = entry instanceof ScopedCache ? entry.peek(service) : entry;
        if (held !== undefined) yield held;
      }
    }
  }
}
