import { describe, expect, test } from 'vitest';
import type { CacheOptions } from '../../src/cache/cache-options.js';
import { LoadingCache } from '../../src/cache/loading-cache.js';
import type { WeightOptions } from '../../src/cache/weight.js';
import { ManualClock } from '../../src/edges/testing/index.js';

type Bounds = CacheOptions<string> & WeightOptions<string, string>;
type Held = LoadingCache<string, string>;
/** What a listener does to the cache when it hears that this key went for space. */
type Deed = (cache: Held, evicted: string) => void;

const MAX = 4;

/** A cache whose listener changes it at each eviction, but not at those that it makes itself. */
function make(deed: Deed, bounds: Bounds) {
  const keys = new Set<string>();
  let isBusy = false;
  const cache: Held = new LoadingCache<string, string>(bounds, {
    clock: new ManualClock(),
    onEvent: (event) => {
      if (event.type !== 'evicted' || isBusy) return;
      isBusy = true;
      deed(cache, event.key);
      isBusy = false;
    },
  });
  const put = (key: string) => {
    keys.add(key);
    cache.set(key, 'v', { tags: [`group:${Number(key) % 3}`] });
  };
  return { cache, put, held: () => [...keys, 'other'].filter((key) => cache.has(key)) };
}

const weigh = () => 1;

describe.each<[string, Bounds]>([
  ['number', { maxEntries: MAX }],
  ['weight', { maxWeight: MAX, weigh }],
  ['both', { maxWeight: 2 * MAX, maxEntries: MAX, weigh }],
])('a cache bounded by %s keeps its bound and its count while a listener of an eviction', (_, bounds) => {
  test.each<[string, Deed]>([
    ['clears it', (cache) => cache.clear()],
    ['removes the next oldest', (cache, key) => void cache.delete(`${Number(key) + 1}`)],
    ['removes the key that went', (cache, key) => void cache.delete(key)],
    ['removes the key that came', (cache, key) => void cache.delete(`${Number(key) + MAX}`)],
    ['puts the key that went back', (cache, key) => cache.set(key, 'v')],
    ['puts in another one', (cache) => cache.set('other', 'v')],
    ['removes by a tag', (cache, key) => void cache.invalidateTag(`group:${Number(key) % 3}`)],
    ['removes by a pattern', (cache, key) => void cache.invalidate(`${key.slice(0, 1)}*`)],
    ['uses what is oldest', (cache, key) => void cache.get(`${Number(key) + 1}`)],
  ])('%s', (_, deed) => {
    const { cache, put, held } = make(deed, bounds);
    for (let index = 0; index < 60; index++) {
      put(`${index}`);
      expect(cache.size).toBe(held().length);
      expect(cache.size).toBeLessThanOrEqual(MAX);
      expect(cache.stats().weight ?? cache.size).toBe(cache.size);
    }

    cache.clear();
    expect([cache.size, held()]).toEqual([0, []]);
  });
});

test('an eviction is told of when the cache holds what came', () => {
  const seen: boolean[] = [];
  const cache: Held = new LoadingCache<string, string>(
    { maxEntries: 1 },
    { onEvent: ({ type }) => type === 'evicted' && seen.push(cache.has('b'), cache.has('a')) },
  );
  for (const key of ['a', 'b']) cache.set(key, 'v');

  expect(seen).toEqual([true, false]);
});
