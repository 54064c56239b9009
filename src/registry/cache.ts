import type { CacheOptions } from '../cache/cache-options.js';
import { LoadingCache } from '../cache/loading-cache.js';
import { ScopedCache } from '../cache/scoped-cache.js';
import type { WeightOptions } from '../cache/weight.js';
import { cacheContext } from './cache-context.js';
import type { Configuration } from './configuration.js';
import { registry as shared } from './default-registry.js';
import type { CacheEntry } from './entries.js';
import { type ServiceOptions, ServicePlace, serviceParts } from './service-place.js';

const KIND = 'cache';

/** What a cache takes: how much it holds and for how long, and where it stands. */
export interface NamedCacheOptions<K = string, V = unknown>
  extends CacheOptions<V>,
    WeightOptions<K, V>,
    ServiceOptions {}

/**
 * Values by key: bounded in number or weight, the least recently used going first, and in age. Concurrent loads of one key
 * are one. With a `name` it is seen in `registry.caches`, until it is closed.
 * @throws {TypeError | RangeError} for options that are not as they should be
 * @throws {NameTakenError} for a name that another cache has
 * @example
 * const hosts = new Cache<string, Host>({ name: 'hosts', maxEntries: 1_000, ttlMs: 300_000 });
 * const host = await hosts.getOrLoad('web1', ({ signal }) => fetchHost('web1', signal), { tags: ['site:berlin'] });
 * hosts.invalidate('web*');
 * hosts.invalidateTag('site:berlin');
 */
export class Cache<K = string, V = unknown> extends LoadingCache<K, V> {
  readonly #configuration: Configuration;
  readonly #place: ServicePlace<CacheEntry> | undefined;

  constructor(options: NamedCacheOptions<K, V> = {}) {
    const { own, registry, classify } = serviceParts<CacheOptions<V> & WeightOptions<K, V>>(KIND, options);
    const name = registry && (own.name ?? registry.caches.freeName(KIND, KIND));
    const { configuration } = registry ?? shared;
    super(
      configuration.fill(KIND, name === undefined ? own : { ...own, name }),
      registry && name !== undefined ? cacheContext(registry, KIND, name, classify) : { classify },
    );
    this.#configuration = configuration;
    configuration.serve(this, KIND, own);
    this.#place = registry && name !== undefined ? new ServicePlace(registry, registry.caches, name) : undefined;
    this.#place?.enter(KIND, this);
  }

  /** Ends background clean-up and leaves the registry; resolves when the remote store has taken what was under way. The cache still works. */
  override async close(): Promise<void> {
    this.#configuration.unserve(this);
    await super.close();
    this.#place?.leave(this);
  }
}

/** Caches that hear of what changes until they are closed. */
class ServedCaches<K, V> extends ScopedCache<K, V> {
  readonly #configuration: Configuration;

  constructor(
    options: CacheOptions<V> & WeightOptions<K, V>,
    context: ReturnType<typeof cacheContext>,
    configuration: Configuration,
  ) {
    super(options, context);
    this.#configuration = configuration;
  }

  override async close(): Promise<void> {
    this.#configuration.unserve(this);
    await super.close();
  }
}

/**
 * A cache for each object, as one entry of a registry: under its name, which all who give it share, or one that is made.
 * @throws {TypeError | RangeError} for options that are not as they should be
 * @throws {NameTakenError} for a name that a cache with other options has
 */
export function scopedCacheAt<K, V>(made: string, options: NamedCacheOptions<K, V>): ScopedCache<K, V> {
  const { own, registry = shared, classify } = serviceParts<CacheOptions<V> & WeightOptions<K, V>>(KIND, options);
  const { name: given, ...settings } = own;
  const { configuration } = registry;
  const make = (name: string) => {
    const options = configuration.fill(KIND, { ...own, name });
    const caches = new ServedCaches(options, cacheContext(registry, KIND, name, classify), configuration);
    configuration.serve(caches, KIND, { ...own, name });
    return caches;
  };
  const name = given === undefined ? { made } : { given };
  return registry.caches.obtain({ kind: KIND, name, options: { ...settings, classify }, make }) as ScopedCache<K, V>;
}
