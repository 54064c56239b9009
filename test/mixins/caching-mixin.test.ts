import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { BatchOperationsMixin } from '../../src/mixins/batch-operations-mixin.js';
import { CachingMixin, type CachingOptions } from '../../src/mixins/caching-mixin.js';
import { mixin } from '../../src/mixins/mixin.js';
import { cached } from '../../src/policies/cached.js';
import { registry as shared } from '../../src/registry/default-registry.js';
import { Registry } from '../../src/registry/registry.js';

class BaseService {
  readonly site: string = 'berlin';
}

/** A service class, with a registry of its own. */
function world(options: CachingOptions = {}) {
  const clock = new ManualClock();
  const registry = new Registry({ clock });
  class HostService extends mixin(BaseService, CachingMixin) {
    static override cacheOptions: CachingOptions = { registry, ...options };
  }
  return { clock, registry, HostService };
}

describe('this.cache', () => {
  test('loads once for all who ask, and keeps', async () => {
    const { HostService } = world();
    const service = new HostService();
    let loads = 0;
    const load = async () => ++loads;

    await Promise.all([service.cache.getOrLoad('web1', load), service.cache.getOrLoad('web1', load)]);
    expect([await service.cache.getOrLoad('web1', load), loads]).toEqual([1, 1]);
  });

  test('holds 1 000 values for 300 s and cleans each 300 s, unless it is said otherwise', () => {
    const { HostService } = world();

    expect(new HostService().cache.options).toMatchObject({
      maxEntries: 1_000,
      ttlMs: 300_000,
      cleanupIntervalMs: 300_000,
    });
  });

  test('is each instance’s own, and stays the same', () => {
    const { HostService } = world();
    const [one, other] = [new HostService(), new HostService()];
    one.cache.set('web1', 'up');

    expect([one.cache.get('web1'), other.cache.get('web1')]).toEqual(['up', undefined]);
    expect(one.cache).toBe(one.cache);
  });

  test('those of all instances are one entry under the name of the class', () => {
    const { HostService, registry } = world();
    for (const key of ['web1', 'web2']) new HostService().cache.set(key, 'up');

    expect(registry.caches.names()).toEqual(['HostService']);
    expect(registry.snapshot().caches['HostService']).toMatchObject({ size: 2, maxEntries: 1_000 });
    expect(registry.caches.get('HostService')?.invalidate('web*')).toBe(2);
  });

  test('a name of one’s own is taken', () => {
    const { HostService, registry } = world({ name: 'hosts' });
    expect(new HostService().cache.name).toBe('hosts');

    expect(registry.caches.names()).toEqual(['hosts']);
  });

  test('is made with its first use, and not before', () => {
    const { HostService, registry } = world();
    expect(new HostService().site).toBe('berlin');

    expect(registry.caches.size).toBe(0);
  });

  test('its clean-up ends with the registry', async () => {
    const { HostService, registry, clock } = world();
    new HostService().cache.set('web1', 'up');
    expect(clock.pendingTimers).toBe(1);
    await registry.close();

    expect(clock.pendingTimers).toBe(0);
  });

  test('closing it ends the clean-up of that instance alone, and leaves the class in the registry', async () => {
    const { HostService, registry, clock } = world({ ttlMs: 10, cleanupIntervalMs: 100 });
    const [one, other] = [new HostService(), new HostService()];
    for (const { cache } of [one, other]) cache.set('web1', 'up');
    await one.cache.close();
    await clock.advance(100);

    expect([one.cache.size, other.cache.size]).toEqual([1, 0]);
    expect(registry.caches.names()).toEqual(['HostService']);
  });

  test('without a registry it stands in the shared one', () => {
    class CachingInShared extends mixin(BaseService, CachingMixin) {}
    new CachingInShared().cache.set('web1', 'up');

    expect(shared.forget('CachingInShared')).toBe(true);
  });
});

describe('cacheOptions', () => {
  test('hold for the class and those that extend it, each with an entry of its own', () => {
    const { HostService, registry } = world({ maxEntries: 5 });
    class EdgeService extends HostService {}
    class BigService extends HostService {
      static override cacheOptions: CachingOptions = { registry, maxEntries: 50 };
    }
    const services = [new HostService(), new EdgeService(), new BigService()];

    expect(services.map(({ cache }) => [cache.name, cache.options.maxEntries])).toEqual([
      ['HostService', 5],
      ['EdgeService', 5],
      ['BigService', 50],
    ]);
  });

  test('may be an instance’s own', () => {
    const { HostService, registry } = world({ maxEntries: 5 });
    const [small, large, alsoLarge] = [new HostService(), new HostService(), new HostService()];
    large.cacheOptions = { ...large.cacheOptions, maxEntries: 50 };
    alsoLarge.cacheOptions = { registry, maxEntries: 50 };
    const bounds = [small, large, alsoLarge].map(({ cache }) => cache.options.maxEntries);

    expect(bounds).toEqual([5, 50, 50]);
    // Equal options are one entry, however many instances say them.
    expect(registry.caches.names()).toEqual(['HostService', 'HostService#cache']);
  });

  test('may be a field', () => {
    const { HostService, registry } = world();
    class EdgeService extends HostService {
      override cacheOptions: CachingOptions = { registry, ttlMs: 7 };
    }

    expect(new EdgeService().cache.options.ttlMs).toBe(7);
  });

  test('bound by weight, too', () => {
    const { HostService } = world({ maxWeight: 4, weigh: (value: string) => value.length });
    const { cache } = new HostService();
    for (const key of ['a', 'b', 'c']) cache.set(key, 'xx');

    expect(cache.stats()).toMatchObject({ size: 2, weight: 4 });
  });

  test('come too late once the cache is made', () => {
    const { HostService } = world();
    const service = new HostService();
    service.cache.set('web1', 'up');

    expect(() => {
      service.cacheOptions = { maxEntries: 5 };
    }).toThrow(/`cacheOptions` must be set before the first use of `cache`/);
  });

  test.each<[unknown, RegExp]>([
    [5, /CachingMixin: `cacheOptions` takes an object, got 5/],
    [{ ttl: 5 }, /unknown option `ttl`/],
    [{ ttlMs: -1 }, /`ttlMs` takes a time in ms from 0, or Infinity, got -1/],
    [{ store: {} }, /CachingMixin: there is no `store`/],
    [{ registry: {} }, /`registry` takes a Registry/],
  ])('%j is refused at the first use', (options, message) => {
    const service = new (world().HostService)();
    service.cacheOptions = options as CachingOptions;

    expect(() => service.cache).toThrow(message);
  });

  test('a name with other options is taken', () => {
    const { HostService, registry } = world({ name: 'hosts' });
    new HostService().cache.set('web1', 'up');
    const other = new HostService();
    other.cacheOptions = { registry, name: 'hosts', ttlMs: 5 };

    expect(() => other.cache).toThrow(expect.objectContaining({ code: 'ERR_NAME_TAKEN' }));
  });
});

describe('invalidateCachePattern', () => {
  function services() {
    const { registry, HostService } = world();
    const policy = { registry, keyPrefix: 'hosts' };
    class CachedHosts extends HostService {
      loads = 0;
      @cached(policy) async host(id: string) {
        return `${id} #${++this.loads}`;
      }
      @cached({ ...policy, scope: 'class' }) async shared(id: string) {
        return `${id} #${++this.loads}`;
      }
      @cached({ registry, keyPrefix: 'services' }) async services(id: string) {
        return `${id} #${++this.loads}`;
      }
      async plain(id: string) {
        return id;
      }
    }
    return { registry, CachedHosts };
  }

  test('removes from the cache of the instance what matches', () => {
    const service = new (world().HostService)();
    for (const key of ['hosts:web1', 'hosts:web2', 'services:web1']) service.cache.set(key, 'up');

    expect(service.invalidateCachePattern('hosts:*web1*')).toBe(1);
    expect(['hosts:web1', 'hosts:web2', 'services:web1'].map((key) => service.cache.has(key))).toEqual([
      false,
      true,
      true,
    ]);
  });

  test('removes what its `@cached` methods hold, inherited ones too', async () => {
    const { CachedHosts } = services();
    class Extended extends CachedHosts {}
    const service = new Extended();
    for (const id of ['web1', 'web2']) await Promise.all([service.host(id), service.services(id), service.shared(id)]);
    const before = service.loads;

    expect(service.invalidateCachePattern('hosts:*web1*')).toBe(2);
    expect(await service.host('web1')).toBe(`web1 #${before + 1}`);
    expect(await service.shared('web1')).toBe(`web1 #${before + 2}`);
    await Promise.all([service.services('web1'), service.host('web2'), service.shared('web2')]);
    expect(service.loads).toBe(before + 2);
  });

  test('leaves alone what is another instance’s', async () => {
    const { CachedHosts } = services();
    const [one, other] = [new CachedHosts(), new CachedHosts()];
    await Promise.all([one.host('web1'), other.host('web1')]);

    expect(one.invalidateCachePattern('hosts:*')).toBe(1);
    expect(await other.host('web1')).toBe('web1 #1');
  });

  test('reaches a method that was not called yet without a word', () => {
    const { CachedHosts } = services();

    expect(new CachedHosts().invalidateCachePattern('*')).toBe(0);
  });

  test('says who has asked, and why', async () => {
    const { CachedHosts, registry } = services();
    const acts: unknown[] = [];
    registry.on('cache:invalidated', ({ name, owner, reason, count }) => acts.push({ name, owner, reason, count }));
    const service = new CachedHosts();
    await service.host('web1');
    service.invalidateCachePattern('hosts:*', { reason: 'web1 was renamed' });

    const told = { owner: 'CachedHosts', reason: 'web1 was renamed' };
    expect(acts).toEqual([
      { name: 'CachedHosts', ...told, count: 0 },
      { name: 'CachedHosts.host', ...told, count: 1 },
      { name: 'CachedHosts.shared', ...told, count: 0 },
    ]);
  });
});

test('stands beside other mixins', async () => {
  const registry = new Registry({ clock: new ManualClock() });
  class HostService extends mixin(BaseService, CachingMixin, BatchOperationsMixin) {
    static override cacheOptions: CachingOptions = { registry };
    static override batchOptions = { registry };
  }
  const service = new HostService();
  const { progress } = await service.batchUpdate(['web1', 'web2'], async (id) => service.cache.set(id, 'up'));

  expect([progress.success, service.cache.size, service.site]).toEqual([2, 2, 'berlin']);
});
