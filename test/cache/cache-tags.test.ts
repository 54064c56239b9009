import { describe, expect, test } from 'vitest';
import type { CacheEvent } from '../../src/cache/cache-events.js';
import type { CacheOptions } from '../../src/cache/cache-options.js';
import { LoadingCache } from '../../src/cache/loading-cache.js';
import { ScopedCache } from '../../src/cache/scoped-cache.js';
import { ManualClock } from '../../src/edges/testing/index.js';
import { deferred, settled } from './deferred.js';

function make(options: CacheOptions<string> = {}) {
  const clock = new ManualClock();
  const events: CacheEvent[] = [];
  const onEvent = (event: CacheEvent) => void events.push(event);
  return { clock, events, cache: new LoadingCache<string, string>({ ttlMs: 100, ...options }, { clock, onEvent }) };
}

describe('tags', () => {
  test('an invalidation removes what bears the tag, and nothing else', () => {
    const { cache, events } = make();
    cache.set('host', 'v', { tags: ['host:1'] });
    cache.set('list', 'v', { tags: ['host:1', 'host:2', 'host:1'] });
    cache.set('other', 'v', { tags: ['host:2'] });
    cache.set('none', 'v');

    expect(cache.invalidateTag('host:1', { reason: 'renamed' })).toBe(2);
    expect(['host', 'list', 'other', 'none'].map((key) => cache.has(key))).toEqual([false, false, true, true]);
    expect(cache.invalidateTag('host:1')).toBe(0);
    expect(cache.stats().invalidations).toBe(2);
    expect(events).toEqual([
      { type: 'invalidated', tag: 'host:1', count: 2, reason: 'renamed' },
      { type: 'invalidated', tag: 'host:1', count: 0 },
    ]);
  });

  test('a value that is set anew bears the new tags alone', () => {
    const { cache } = make();
    cache.set('a', 'old', { tags: ['x'] });
    cache.set('a', 'new', { tags: ['y'] });
    expect(cache.invalidateTag('x')).toBe(0);
    cache.set('b', 'old', { tags: ['y'] });
    cache.set('b', 'new');

    expect(cache.invalidateTag('y')).toBe(1);
    expect(cache.get('b')).toBe('new');
  });

  test('a list of tags that is changed later changes nothing', () => {
    const { cache } = make();
    const tags = ['x'];
    cache.set('a', 'v', { tags });
    tags.push('y');
    tags.shift();

    expect([cache.invalidateTag('y'), cache.invalidateTag('x')]).toEqual([0, 1]);
  });

  test('what a load gives bears its tags, as the first who asked has said', async () => {
    const { cache } = make();
    const load = deferred<string>();
    const first = cache.getOrLoad('a', () => load.promise, { tags: ['x'] });
    const second = cache.getOrLoad('a', () => load.promise, { tags: ['y'] });
    load.resolve('v');
    await Promise.all([first, second]);

    expect(cache.invalidateTag('y')).toBe(0);
    expect(cache.invalidateTag('x')).toBe(1);
  });

  test('an invalidation during a load wins: the late value is not kept', async () => {
    const { cache } = make();
    const load = deferred<string>();
    const answer = cache.getOrLoad('a', () => load.promise, { tags: ['x'] });
    expect(cache.invalidateTag('x')).toBe(0);
    load.resolve('late');

    expect(await answer).toBe('late');
    expect(cache.has('a')).toBe(false);
  });

  test('a load of another tag goes on', async () => {
    const { cache } = make();
    const load = deferred<string>();
    const answer = cache.getOrLoad('a', () => load.promise, { tags: ['x'] });
    const untagged = cache.getOrLoad('b', () => load.promise);
    cache.invalidateTag('y');
    load.resolve('v');
    await Promise.all([answer, untagged]);

    expect([cache.has('a'), cache.has('b')]).toEqual([true, true]);
  });

  test('a refresh behind a value goes with it, whatever its tags', async () => {
    const { cache, clock } = make({ staleWhileRevalidateMs: 1_000 });
    cache.set('a', 'old', { tags: ['x'] });
    await clock.advance(100);
    const load = deferred<string>();
    expect(await cache.getOrLoad('a', () => load.promise)).toBe('old');
    expect(cache.invalidateTag('x')).toBe(1);
    load.resolve('outdated too');
    await settled();

    expect(cache.has('a')).toBe(false);
  });

  test('a value that is refreshed behind keeps the tags that its caller gives', async () => {
    const { cache, clock } = make({ staleWhileRevalidateMs: 1_000 });
    cache.set('a', 'old', { tags: ['x'] });
    await clock.advance(100);
    await cache.getOrLoad('a', async () => 'new', { tags: ['y'] });
    await clock.advance(0);

    expect([cache.get('a'), cache.invalidateTag('x'), cache.invalidateTag('y')]).toEqual(['new', 0, 1]);
  });

  test('what had grown too old by then went for that', async () => {
    const { cache, clock } = make({ cleanupIntervalMs: Infinity });
    cache.set('old', 'v', { tags: ['x'] });
    await clock.advance(100);
    cache.set('young', 'v', { tags: ['x'] });

    expect(cache.invalidateTag('x')).toBe(1);
    expect(cache.stats()).toMatchObject({ size: 0, invalidations: 1, expirations: 1 });
  });

  test('a listener that sets an old key anew keeps what it has set', async () => {
    const { cache, clock, events } = make({ cleanupIntervalMs: Infinity });
    events.push = (event) => {
      if (event.type === 'expired') cache.set(event.key, 'anew', { tags: ['x'] });
      return 0;
    };
    cache.set('a', 'old', { tags: ['x'] });
    await clock.advance(100);

    expect(cache.invalidateTag('x')).toBe(0);
    expect(cache.get('a')).toBe('anew');
  });

  test('an instance’s removal by a tag reaches all instances, as one event', () => {
    const events: CacheEvent[] = [];
    const scoped = new ScopedCache<string, string>({}, { onEvent: (event) => void events.push(event) });
    const owners = [{}, {}];
    for (const owner of owners) scoped.for(owner).set('a', 'v', { tags: ['x'] });

    expect(scoped.invalidateTag('x')).toBe(2);
    expect(events).toEqual([{ type: 'invalidated', tag: 'x', count: 2 }]);
  });

  test.each<[unknown, RegExp]>([
    ['x', /cache\.set: `tags` takes a list of texts that are not empty, got "x"/],
    [['x', 5], /`tags` takes a list of texts/],
    [[''], /`tags` takes a list of texts/],
  ])('%j is no list of tags', async (tags, message) => {
    const { cache } = make();

    expect(() => cache.set('a', 'v', { tags: tags as string[] })).toThrow(message);
    await expect(cache.getOrLoad('a', () => 'v', { tags: tags as string[] })).rejects.toThrow(TypeError);
    expect(cache.size).toBe(0);
  });

  test('an invalidation takes one tag', () => {
    const { cache } = make();

    expect(() => cache.invalidateTag(5 as never)).toThrow(/`tag` takes a text, got 5/);
    expect(() => cache.invalidateTag('')).toThrow(RangeError);
  });

  test('with a store there are none, for it does not know them', () => {
    const store = { get: async () => undefined, set: async () => {}, delete: async () => {}, clear: async () => {} };
    const { cache } = make({ name: 'hosts', store });

    expect(() => cache.set('a', 'v', { tags: ['x'] })).toThrow(/cache 'hosts': with a `store` there are no tags/);
    expect(() => cache.invalidateTag('x')).toThrow(/there are no tags/);
    expect(() => cache.set('a', 'v')).not.toThrow();
  });
});

test('options that are none are refused, with the one that was most likely meant', async () => {
  const cache = new LoadingCache<string, number>();

  expect(() => cache.set('a', 1, { ttl: 5 } as object)).toThrow(
    'cache.set: unknown option `ttl`; did you mean `ttlMs`?',
  );
  await expect(cache.getOrLoad('a', () => 1, { tag: ['x'] } as object)).rejects.toThrow('unknown option `tag`');
  await expect(cache.getOrLoad('a', 5 as unknown as () => number)).rejects.toThrow('loads by a function, got 5');
  expect(cache.size).toBe(0);
});
