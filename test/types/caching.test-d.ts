import { expectTypeOf } from 'vitest';
import {
  Cache,
  type CacheSnapshot,
  type CachingOptions,
  CachingMixin,
  type LoadingCache,
  mixin,
  type NamedCacheOptions,
  Registry,
  registry,
} from '../../src/index.js';

interface Host {
  name: string;
}
declare function fetchHost(name: string, signal?: AbortSignal): Promise<Host>;

const hosts = new Cache<string, Host>({
  name: 'hosts',
  maxWeight: 1_000_000,
  weigh: (host, key) => host.name.length + key.length,
  cacheIf: (host) => host.name !== '',
  registry: new Registry(),
  classify: () => 'recoverable',
});
expectTypeOf(hosts.get('web1')).toEqualTypeOf<Host | undefined>();
expectTypeOf(
  hosts.getOrLoad('web1', ({ signal }) => fetchHost('web1', signal), { tags: ['host:web1'], ttlMs: 5 }),
).toEqualTypeOf<Promise<Host>>();
expectTypeOf(hosts.invalidateTag('host:web1', { owner: 'ops' })).toEqualTypeOf<number>();
expectTypeOf(registry.caches.get('hosts')?.invalidateTag('x')).toEqualTypeOf<number | undefined>();
expectTypeOf(registry.caches.get('hosts')?.snapshot()).toEqualTypeOf<CacheSnapshot | undefined>();
expectTypeOf(hosts.stats().weight).toEqualTypeOf<number | undefined>();
expectTypeOf(hosts).toExtend<LoadingCache<string, Host>>();
expectTypeOf(new Cache()).toEqualTypeOf<Cache<string, unknown>>();
const byNumber = new Cache<number, Host>({ maxWeight: 5, weigh: (_host, key) => String(key).length });
byNumber.set(5, { name: 'web1' }, { tags: Object.freeze(['x']) });

// @ts-expect-error another value than it holds
hosts.set('web1', 5);
// @ts-expect-error another key than it takes
hosts.get(5);
// @ts-expect-error tags are texts
hosts.set('web1', { name: 'web1' }, { tags: [5] });
// @ts-expect-error a load gives what the cache holds
void hosts.getOrLoad('web1', async () => 'text');
// @ts-expect-error no such option
void new Cache({ maxSize: 5 });
// @ts-expect-error a weight is a number
void new Cache<string, Host>({ maxWeight: 5, weigh: (host) => host.name });
const named: NamedCacheOptions<string, Host> = { name: 'hosts', ttlMs: 5 };
expectTypeOf(new Cache(named)).toEqualTypeOf<Cache<string, Host>>();

abstract class BaseService {
  readonly url: string;
  constructor(url: string) {
    this.url = url;
  }
}

class HostService extends mixin(BaseService, CachingMixin) {
  static override cacheOptions: CachingOptions = { maxWeight: 5, weigh: (host: Host) => host.name.length };
  override cacheOptions: CachingOptions = { ttlMs: 5 };
  declare readonly cache: LoadingCache<string, Host>;

  host(name: string): Promise<Host> {
    return this.cache.getOrLoad(name, ({ signal }) => fetchHost(name, signal));
  }
}
const service = new HostService('http://localhost');
expectTypeOf(service.cache.get('web1')).toEqualTypeOf<Host | undefined>();
expectTypeOf(service.invalidateCachePattern('hosts:*')).toEqualTypeOf<number>();

class AnyService extends mixin(BaseService, CachingMixin) {}
const any = new AnyService('http://localhost');
// What is held may be anything, until it is said.
expectTypeOf(any.cache.get('web1')).toEqualTypeOf<unknown>();
// @ts-expect-error the cache is given, not set
any.cache = hosts;
// @ts-expect-error in a store instances would see each other's values
any.cacheOptions = { store: undefined };
// @ts-expect-error a pattern is a text
any.invalidateCachePattern(5);
