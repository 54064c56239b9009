import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/edges/testing/index.js';
import { cached } from '../../src/policies/cached.js';
import { invalidates } from '../../src/policies/invalidates.js';
import { Cache, type NamedCacheOptions } from '../../src/registry/cache.js';
import { registry as shared } from '../../src/registry/default-registry.js';
import { Registry } from '../../src/registry/registry.js';

function world() {
  const clock = new ManualClock({ wallMs: 1_000 });
  const registry = new Registry({ clock });
  const events: object[] = [];
  registry.on('*', ({ type, name, kind, ...rest }) => void events.push({ type, name, kind, ...rest }));
  return { clock, registry, events };
}

describe('a cache in a registry', () => {
  test('is found by its name, and seen in the snapshot', () => {
    const { registry } = world();
    const hosts = new Cache<string, string>({ name: 'hosts', maxEntries: 10, registry });
    hosts.set('web1', 'up');
    hosts.get('web1');

    expect(registry.caches.get('hosts')).toBe(hosts);
    expect(registry.snapshot().caches['hosts']).toMatchObject({ size: 1, maxEntries: 10, hits: 1, utilization: 0.1 });
  });

  test('goes by the time of the registry', async () => {
    const { registry, clock } = world();
    const hosts = new Cache<string, string>({ name: 'hosts', ttlMs: 100, registry });
    hosts.set('web1', 'up');
    await clock.advance(100);

    expect(hosts.get('web1')).toBeUndefined();
  });

  test('tells its events under its name', () => {
    const { registry, events } = world();
    const hosts = new Cache<string, string>({ name: 'hosts', registry });
    hosts.set('web1', 'up', { tags: ['site:berlin'] });
    hosts.get('web1');
    hosts.invalidateTag('site:berlin', { owner: 'ops', reason: 'moved' });

    const source = { name: 'hosts', kind: 'cache', site: 'hosts', at: 1_000 };
    expect(events).toEqual([
      { type: 'cache:hit', ...source, key: 'web1', ageMs: 0, ttlLeftMs: 300_000 },
      { type: 'cache:invalidated', ...source, tag: 'site:berlin', count: 1, owner: 'ops', reason: 'moved' },
    ]);
  });

  test('is acted on from outside: by a key’s pattern, by a tag, whole', () => {
    const { registry } = world();
    const hosts = new Cache<string, string>({ name: 'hosts', registry });
    for (const key of ['web1', 'web2', 'db1', 'db2']) hosts.set(key, 'up', { tags: [`kind:${key.slice(0, -1)}`] });
    const entry = registry.caches.get('hosts');

    expect(entry?.invalidate('web1')).toBe(1);
    expect(entry?.invalidateTag('kind:db')).toBe(2);
    entry?.clear();
    expect(hosts.size).toBe(0);
  });

  test('is reached by `invalidates` of its name', () => {
    const { registry } = world();
    const hosts = new Cache<string, string>({ name: 'hosts', registry });
    hosts.set('web1', 'up');
    invalidates({ cache: 'hosts', pattern: (id: string) => `*${id}`, registry })((id: string) => id)('web1');

    expect(hosts.size).toBe(0);
  });

  test('leaves the registry when it is closed, and works on', async () => {
    const { registry, clock } = world();
    const hosts = new Cache<string, string>({ name: 'hosts', registry });
    hosts.set('web1', 'up');
    await hosts.close();

    expect([registry.caches.has('hosts'), hosts.get('web1'), clock.pendingTimers]).toEqual([false, 'up', 0]);
    expect(() => new Cache({ name: 'hosts', registry })).not.toThrow();
  });

  test('is closed with its registry, and can be looked at after', async () => {
    const { registry, clock } = world();
    const hosts = new Cache<string, string>({ name: 'hosts', registry });
    hosts.set('web1', 'up');
    await registry.close();

    expect([registry.caches.get('hosts'), clock.pendingTimers]).toEqual([hosts, 0]);
  });

  test('one that comes to a closed registry has no clean-up', async () => {
    const { registry, clock } = world();
    await registry.close();
    new Cache<string, string>({ name: 'hosts', registry }).set('web1', 'up');

    expect(clock.pendingTimers).toBe(0);
  });

  test('a name is one cache’s own', () => {
    const { registry } = world();
    const hosts = new Cache({ name: 'hosts', registry });
    cached({ name: 'quotes', registry })((n: number) => n)(1);
    expect(registry.caches.get('hosts')).toBe(hosts);

    for (const name of ['hosts', 'quotes']) {
      expect(() => new Cache({ name, registry })).toThrow(expect.objectContaining({ code: 'ERR_NAME_TAKEN' }));
    }
  });

  test('without a name it gets one where a registry is given, and stands nowhere otherwise', () => {
    const { registry } = world();
    const caches = [new Cache({ registry }), new Cache({ registry })];

    expect(registry.caches.names()).toEqual(['cache', 'cache#cache']);
    expect(caches.map(({ name }) => name)).toEqual(registry.caches.names());
    const before = shared.caches.size;
    expect(new Cache().name).toBe('cache');
    expect(shared.caches.size).toBe(before);
  });

  test('with a name alone it stands in the shared registry', async () => {
    const cache = new Cache({ name: 'cache of a test' });

    expect(shared.caches.get('cache of a test')).toBe(cache);
    await cache.close();
    expect(shared.caches.has('cache of a test')).toBe(false);
  });

  test('`classify` decides which errors an old value answers for', async () => {
    const { registry, clock } = world();
    const hosts = new Cache<string, string>({
      name: 'hosts',
      ttlMs: 10,
      staleIfErrorMs: 1_000,
      classify: (error) => (error instanceof RangeError ? 'recoverable' : 'permanent'),
      registry,
    });
    hosts.set('web1', 'up');
    await clock.advance(10);

    expect(await hosts.getOrLoad('web1', () => Promise.reject(new RangeError('down')))).toBe('up');
    await expect(hosts.getOrLoad('web1', () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
  });
});

describe('options that are not as they should be', () => {
  test.each<[string, object | null, RegExp]>([
    ['no object', null, /cache takes its options as one object, got null/],
    ['a registry that is none', { registry: {} }, /`registry` takes a Registry/],
    ['a classify that is none', { classify: 5 }, /`classify` takes a function/],
    ['an empty name', { name: '' }, /`name` takes a text, got ""/],
    ['an unknown one', { maxEntrys: 5 }, /unknown option `maxEntrys`; did you mean `maxEntries`/],
    ['a weight of nothing', { maxWeight: 0, weigh: () => 1 }, /`maxWeight` takes a whole number from 1, got 0/],
    ['a bound without a measure', { maxWeight: 5 }, /`maxWeight` goes with `weigh`; give both/],
    ['a measure without a bound', { weigh: () => 1 }, /`weigh` goes with `maxWeight`; give both/],
    ['a measure that is none', { maxWeight: 5, weigh: 5 }, /`weigh` takes a function, got 5/],
  ])('%s', (_, options, message) => {
    const { registry } = world();
    const given = options === null ? options : { name: 'hosts', registry, ...options };

    expect(() => new Cache(given as NamedCacheOptions)).toThrow(message);
    expect(registry.caches.size).toBe(0);
  });
});
