import { describe, expect, test } from 'vitest';
import type { CacheEvent } from '../../src/cache/cache-events.js';
import type { CacheOptions } from '../../src/cache/cache-options.js';
import { LoadingCache } from '../../src/cache/loading-cache.js';
import { ScopedCache } from '../../src/cache/scoped-cache.js';
import type { WeightOptions } from '../../src/cache/weight.js';
import { ManualClock } from '../../src/edges/testing/index.js';

type Options = CacheOptions<string> & WeightOptions<string, string>;

function make(options: Options = {}) {
  const clock = new ManualClock();
  const events: CacheEvent[] = [];
  const onEvent = (event: CacheEvent) => void events.push(event);
  const byLength = { maxWeight: 10, weigh: (text: string) => text.length };
  const cache = new LoadingCache<string, string>({ ...byLength, ...options }, { clock, onEvent });
  return { clock, events, cache };
}

describe('a bound by weight', () => {
  test('the least recently used go until the new one fits', () => {
    const { cache } = make();
    for (const [key, value] of Object.entries({ a: 'xxxx', b: 'xx', c: 'xxxx' })) cache.set(key, value);
    cache.get('a');
    cache.set('d', 'xxxxx');

    expect(['a', 'b', 'c', 'd'].filter((key) => cache.has(key))).toEqual(['a', 'd']);
    expect(cache.stats()).toMatchObject({
      size: 2,
      weight: 9,
      maxWeight: 10,
      utilization: 0.9,
      evictions: 2,
      tooHeavy: 0,
    });
  });

  test('the number of entries is bounded only if that is said, too', () => {
    const ofLetters = make({ maxWeight: 5_000 });
    for (let index = 0; index < 2_000; index++) ofLetters.cache.set(`${index}`, 'x');
    const both = make({ maxEntries: 3 });
    for (const key of ['a', 'b', 'c', 'd']) both.cache.set(key, 'x');

    expect([ofLetters.cache.size, ofLetters.cache.options.maxEntries]).toEqual([2_000, Infinity]);
    expect(both.cache.stats()).toMatchObject({ size: 3, weight: 3, evictions: 1, utilization: 1 });
  });

  test('one that is heavier than all may be is not held, and told of; what stood there goes', () => {
    const { cache, events } = make();
    cache.set('a', 'x');
    cache.set('b', 'x');
    cache.set('a', 'x'.repeat(11));

    expect([cache.get('a'), cache.has('b')]).toEqual([undefined, true]);
    expect(events[0]).toEqual({ type: 'tooHeavy', key: 'a', weight: 11, maxWeight: 10 });
    expect(cache.stats()).toMatchObject({ tooHeavy: 1, weight: 1, evictions: 0 });
  });

  test('who loads one that is too heavy gets it all the same', async () => {
    const { cache } = make();

    expect(await cache.getOrLoad('a', () => 'x'.repeat(11))).toHaveLength(11);
    expect(await cache.getOrLoad('a', () => 'x')).toBe('x');
    expect(cache.stats()).toMatchObject({ size: 1, tooHeavy: 1 });
  });

  test.each([
    [0, 1],
    [0.2, 1],
    [2.5, 3],
    [3, 3],
  ])('a weight of %d counts as %d', (weight, expected) => {
    const { cache } = make({ weigh: () => weight });
    cache.set('a', 'v');

    expect(cache.stats().weight).toBe(expected);
  });

  test.each([[-1], [Number.NaN], ['5'], [undefined]])('%j is no weight: nothing changes', async (weight) => {
    const { cache } = make({ weigh: (value) => (value === 'bad' ? (weight as number) : 1) });
    cache.set('a', 'good');

    expect(() => cache.set('a', 'bad')).toThrow(/`weigh` must give a number from 0, got/);
    await expect(cache.getOrLoad('b', () => 'bad')).rejects.toThrow(TypeError);
    expect(cache.get('a')).toBe('good');
    expect(cache.stats()).toMatchObject({ size: 1, loadFailures: 1 });
  });

  test('Infinity is too heavy', () => {
    const { cache } = make({ weigh: () => Infinity });
    cache.set('a', 'v');

    expect(cache.stats()).toMatchObject({ size: 0, tooHeavy: 1 });
  });

  test('a value is weighed by its key, too', () => {
    const { cache } = make({ weigh: (value, key) => value.length + key.length });
    cache.set('four', 'xx');

    expect(cache.stats().weight).toBe(6);
  });

  test('the weight of what goes, for whatever reason, goes with it', async () => {
    const { cache, clock } = make({ ttlMs: 100, cleanupIntervalMs: 100 });
    const weightAfter = (act: () => unknown) => (act(), cache.stats().weight);
    for (const key of ['a', 'b1', 'b2', 'c', 'd', 'e']) cache.set(key, 'x', key === 'c' ? { tags: ['t'] } : {});

    expect(weightAfter(() => cache.delete('a'))).toBe(5);
    expect(weightAfter(() => cache.invalidate('b*'))).toBe(3);
    expect(weightAfter(() => cache.invalidateTag('t'))).toBe(2);
    expect(weightAfter(() => cache.set('d', 'xxx'))).toBe(4);
    await clock.advance(100);
    expect(cache.stats()).toMatchObject({ weight: 0, size: 0 });
    expect(weightAfter(() => (cache.set('a', 'x'), cache.clear()))).toBe(0);
  });

  test('what a store holds is weighed as it comes', async () => {
    const stored = { value: 'x'.repeat(4), storedAt: 0, expiresAt: null, loadMs: 0 };
    const store = { get: async () => stored, set: async () => {}, delete: async () => {}, clear: async () => {} };
    const { cache } = make({ store });
    await cache.getOrLoad('a', () => 'unused');

    expect(cache.stats()).toMatchObject({ weight: 4, size: 1 });
  });

  test('without one, nothing is said of weight', () => {
    const stats = new LoadingCache<string, string>().stats();

    expect(['weight', 'maxWeight', 'tooHeavy'].filter((name) => name in stats)).toEqual([]);
  });

  test('over instances it is summed up, each bounded for itself', () => {
    const scoped = new ScopedCache<string, string>({ maxWeight: 4, weigh: (text) => text.length });
    const owners = [{}, {}];
    for (const owner of owners) for (const key of ['a', 'b', 'c']) scoped.for(owner).set(key, 'xx');

    expect(scoped.snapshot()).toMatchObject({ size: 4, weight: 8, maxWeight: 4, evictions: 2, utilization: 1 });
  });
});
