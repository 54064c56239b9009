import { Cache, cached, CachingMixin, type CachingOptions, type LoadingCache, mixin, Registry } from 'holdfast';
import { ManualClock } from 'holdfast/testing';

const clock = new ManualClock();
const registry = new Registry({ clock });
registry.on('cache:evicted', ({ name, key }) => console.log(`${name}: ${key} went for space`));
registry.on('cache:tooHeavy', ({ key, weight, maxWeight }) => console.log(`${key}: ${weight} of ${maxWeight}`));

let asked = 0;
async function fetchHost(name: string): Promise<string> {
  return `${name} is up #${++asked}`;
}

const hosts = new Cache<string, string>({ name: 'hosts', maxEntries: 3, ttlMs: 300_000, registry });

// Those who ask at the same time share one load, and later ones get what it gave.
const load = (name: string, site: string) => hosts.getOrLoad(name, () => fetchHost(name), { tags: [`site:${site}`] });
await Promise.all([load('web1', 'berlin'), load('web1', 'berlin'), load('web2', 'berlin')]);
console.log(await load('web1', 'berlin'), asked); // → web1 is up #1 2

// Each value may have a time of its own.
hosts.set('db1', 'starting', { ttlMs: 1_000, tags: ['site:oslo'] });
await clock.advance(1_000);
console.log(hosts.get('db1'), hosts.has('web1')); // → undefined true

// The least recently used goes for space.
for (const name of ['db1', 'db2']) await load(name, 'oslo'); // → hosts: web2 went for space

// Away with what has changed: by a pattern of the key, by a tag, or by the key.
console.log(hosts.invalidate('web*'), hosts.invalidateTag('site:oslo'), hosts.delete('web2')); // → 1 2 false
const { hits, misses, coalesced, evictions } = hosts.stats();
console.log({ hits, misses, coalesced, evictions }); // → { hits: 1, misses: 6, coalesced: 1, evictions: 1 }

// Bounded by what the values weigh, where they are of very different sizes.
const pages = new Cache<string, string>({ name: 'pages', maxWeight: 100, weigh: (html) => html.length, registry });
pages.set('/small', 'x'.repeat(60));
pages.set('/large', 'x'.repeat(101)); // → /large: 101 of 100
console.log(pages.stats().weight, pages.stats().utilization); // → 60 0.6

// A service class: a cache for each instance, and one pattern for it and for `@cached` methods.
class HostService extends mixin(Object, CachingMixin) {
  static override cacheOptions: CachingOptions = { maxEntries: 500, registry };
  declare readonly cache: LoadingCache<string, string[]>;

  @cached({ keyPrefix: 'hosts', registry })
  host(name: string): Promise<string> {
    return fetchHost(name);
  }
  search(text: string): Promise<string[]> {
    return this.cache.getOrLoad(`hosts:search:${text}`, async () => [await fetchHost(`${text}1`)]);
  }
}
const service = new HostService();
await Promise.all([service.host('web1'), service.host('web2'), service.search('web')]);
console.log(service.invalidateCachePattern('hosts:*web1*'), service.invalidateCachePattern('hosts:*web*')); // → 1 2
console.log(registry.caches.names()); // → [ 'HostService', 'HostService.host', 'hosts', 'pages' ]
await registry.close();
