import { describe, expect, test, vi } from 'vitest';
import { LoadingCache } from '../../src/cache/loading-cache.js';
import type { CacheEvent } from '../../src/cache/cache-events.js';
import type { CacheOptions } from '../../src/cache/cache-options.js';
import { ManualClock } from '../../src/edges/testing/index.js';
import { deferred } from './deferred.js';

function make(options: CacheOptions<string> = {}) {
  const clock = new ManualClock({ nowMs: 50 });
  const events: CacheEvent[] = [];
  const context = { clock, onEvent: (event: CacheEvent) => void events.push(event) };
  return { clock, events, context, cache: new LoadingCache<string, string>(options, context) };
}

describe('Cache: what it holds', () => {
  test.each([
    [0, 'v'],
    [999, 'v'],
    [1_000, undefined],
    [5_000, undefined],
  ])('%i ms after it was stored, a value with a ttlMs of 1 000 is %s', (ms, expected) => {
    const { cache, clock } = make({ ttlMs: 1_000 });
    cache.set('a', 'v');
    clock.advance(ms);

    expect(cache.has('a')).toBe(expected !== undefined);
    expect(cache.get('a')).toBe(expected);
  });

  test('a value may have a time to live of its own', async () => {
    const { cache, clock } = make({ ttlMs: 1_000 });
    cache.set('short', 'v', { ttlMs: 10 });
    cache.set('long', 'v', { ttlMs: Infinity });
    await clock.advance(1_000_000);

    expect([cache.get('short'), cache.get('long')]).toEqual([undefined, 'v']);
  });

  test('a value whose time to live is 0 is not held', () => {
    const { cache } = make({ ttlMs: 0 });
    cache.set('a', 'v');

    expect([cache.get('a'), cache.size]).toEqual([undefined, 0]);
  });

  test('a hit does not lengthen the time to live', () => {
    const { cache, clock } = make({ ttlMs: 1_000 });
    cache.set('a', 'v');
    clock.advance(900);
    cache.get('a');
    clock.advance(100);

    expect(cache.get('a')).toBeUndefined();
  });

  test('a value that was stored at 0 of the clock expires, too', () => {
    const clock = new ManualClock({ nowMs: 0 });
    const cache = new LoadingCache({ ttlMs: 10 }, { clock });
    cache.set('a', 'v');
    clock.advance(10);

    expect(cache.get('a')).toBeUndefined();
  });

  test('the least recently used goes when it is full', () => {
    const { cache, events } = make({ maxEntries: 2 });
    cache.set('a', '1');
    cache.set('b', '2');
    cache.get('a');
    cache.has('b');
    cache.set('c', '3');

    expect(['a', 'b', 'c'].map((key) => cache.has(key))).toEqual([true, false, true]);
    expect(events).toContainEqual({ type: 'evicted', key: 'b' });
    expect(cache.stats()).toMatchObject({ evictions: 1, size: 2, utilization: 1 });
  });

  test('without a bound nothing goes', () => {
    const { cache } = make({ maxEntries: Infinity });
    for (let index = 0; index < 5_000; index++) cache.set(`${index}`, 'v');

    expect(cache.size).toBe(5_000);
    expect(cache.stats()).toMatchObject({ maxEntries: Infinity, utilization: 0 });
    expect(JSON.parse(JSON.stringify(cache.snapshot()))).toEqual(cache.snapshot());
  });

  test('a value that is undefined is a value', async () => {
    const cache = new LoadingCache<string, undefined>();
    const load = vi.fn(() => undefined);
    await cache.getOrLoad('a', load);
    await cache.getOrLoad('a', load);

    expect(load).toHaveBeenCalledTimes(1);
    expect(cache.has('a')).toBe(true);
  });

  test('keys may be anything that a Map takes', () => {
    const cache = new LoadingCache<unknown, string>();
    const key = {};
    cache.set(key, 'object');
    cache.set(1, 'number');
    cache.set('1', 'text');

    expect([key, 1, '1', {}].map((held) => cache.get(held))).toEqual(['object', 'number', 'text', undefined]);
    expect(cache.invalidate('1')).toBe(2);
  });
});

describe('Cache: what it counts and tells', () => {
  test('the snapshot says what happened', async () => {
    const { cache, clock } = make({ ttlMs: 100, maxEntries: 4 });
    const load = deferred<string>();
    const calls = [1, 2, 3].map(() => cache.getOrLoad('a', () => load.promise));
    load.resolve('v');
    await Promise.all(calls);
    cache.get('a');
    await cache.getOrLoad('a', () => 'never');
    await cache.getOrLoad('b', () => Promise.reject(new Error('down'))).catch(() => undefined);
    cache.set('c', 'v');
    cache.delete('c');
    clock.advance(100);
    cache.get('a');

    expect(cache.snapshot()).toEqual({
      size: 0,
      maxEntries: 4,
      hits: 2,
      misses: 5,
      hitRate: 2 / 7,
      utilization: 0,
      evictions: 0,
      expirations: 1,
      coalesced: 2,
      staleServed: 0,
      loadFailures: 1,
      invalidations: 1,
      storeFailures: 0,
    });
  });

  test('before the first call the rates are 0', () => {
    expect(make().cache.snapshot()).toMatchObject({ hitRate: 0, utilization: 0 });
  });

  test('events tell age and time left', () => {
    const { cache, clock, events } = make({ ttlMs: 100 });
    cache.set('a', 'v');
    clock.advance(40);
    cache.get('a');
    clock.advance(60);
    cache.get('a');

    expect(events).toEqual([
      { type: 'hit', key: 'a', ageMs: 40, ttlLeftMs: 60 },
      { type: 'miss', key: 'a', shared: false },
      { type: 'expired', key: 'a', ageMs: 100 },
    ]);
  });

  test('a listener that throws reaches nobody', async () => {
    const onEvent = () => {
      throw new Error('listener');
    };
    const cache = new LoadingCache<string, string>({ maxEntries: 1 }, { clock: new ManualClock(), onEvent });
    cache.set('a', 'v');
    cache.set('b', 'v');

    expect(cache.get('b')).toBe('v');
    expect(await cache.getOrLoad('c', () => 'loaded')).toBe('loaded');
  });

  test('a listener may come and go', () => {
    const { cache, context, events } = make();
    const { onEvent } = context;
    cache.set('a', 'v');
    Object.assign(context, { onEvent: undefined });
    cache.readThrough('a', () => ({ result: 'never' }));
    Object.assign(context, { onEvent });
    cache.readThrough('a', () => ({ result: 'never' }));

    expect(events.map(({ type }) => type)).toEqual(['hit']);
    expect(cache.stats().hits).toBe(2);
  });
});

describe('Cache: options', () => {
  test('defaults are filled in, and frozen', () => {
    const { options, name } = make().cache;

    expect(options).toEqual({
      name: 'cache',
      ttlMs: 300_000,
      maxEntries: 1_000,
      cleanupIntervalMs: 300_000,
      staleWhileRevalidateMs: 0,
      staleIfErrorMs: 0,
    });
    expect(name).toBe('cache');
    expect(Object.isFrozen(options)).toBe(true);
  });

  test.each<[object, RegExp]>([
    [{ name: '' }, /RangeError.*`name`/],
    [{ name: 1 }, /TypeError.*`name`/],
    [{ ttlMs: -1 }, /RangeError.*`ttlMs`/],
    [{ ttlMs: NaN }, /RangeError.*`ttlMs`/],
    [{ ttlMs: '5s' }, /TypeError.*`ttlMs`/],
    [{ maxEntries: 0 }, /RangeError.*`maxEntries`/],
    [{ maxEntries: 1.5 }, /RangeError.*`maxEntries`/],
    [{ cleanupIntervalMs: 0 }, /RangeError.*`cleanupIntervalMs`/],
    [{ staleWhileRevalidateMs: -1 }, /RangeError.*`staleWhileRevalidateMs`/],
    [{ staleIfErrorMs: -1 }, /RangeError.*`staleIfErrorMs`/],
    [{ refreshAheadRatio: 0 }, /RangeError.*`refreshAheadRatio`/],
    [{ refreshAheadRatio: 1.1 }, /RangeError.*`refreshAheadRatio`/],
    [{ cacheIf: true }, /TypeError.*`cacheIf`/],
    [{ store: {} }, /TypeError.*`store`/],
    [{ ttl: 5 }, /TypeError.*did you mean `ttlMs`/],
  ])('%o is refused', (options, complaint) => {
    const attempt = () => {
      try {
        return new LoadingCache(options);
      } catch (error) {
        throw new Error(String(error));
      }
    };

    expect(attempt).toThrow(complaint);
  });

  test('a wrong ttlMs of one value is refused', async () => {
    const { cache } = make();

    expect(() => cache.set('a', 'v', { ttlMs: -1 })).toThrow(RangeError);
    await expect(cache.getOrLoad('a', () => 'v', { ttlMs: NaN })).rejects.toThrow(RangeError);
  });
});
