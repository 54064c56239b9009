import { describe, expect, test } from 'vitest';
import { LoadingCache } from '../../src/cache/loading-cache.js';
import type { CacheOptions } from '../../src/cache/cache-options.js';
import { ManualClock } from '../../src/edges/testing/index.js';

function make(options: CacheOptions<string> = {}) {
  const clock = new ManualClock();
  return {
    clock,
    cache: new LoadingCache<string, string>({ ttlMs: 100, cleanupIntervalMs: 1_000, ...options }, { clock }),
  };
}

describe('background clean-up', () => {
  test('drops what is too old, and nothing else', async () => {
    const { cache, clock } = make();
    cache.set('old', 'v');
    cache.set('young', 'v', { ttlMs: 1_001 });
    await clock.advance(1_000);

    expect(cache.size).toBe(1);
    expect(cache.has('young')).toBe(true);
    expect(cache.stats().expirations).toBe(1);
  });

  test('keeps what is stale but still of use', async () => {
    const { cache, clock } = make({ staleIfErrorMs: 1_500 });
    cache.set('a', 'v');
    await clock.advance(1_000);
    expect(cache.size).toBe(1);
    await clock.advance(1_000);

    expect(cache.size).toBe(0);
  });

  test('has a timer only while something is held that will grow too old', async () => {
    const { cache, clock } = make();
    expect(clock.pendingTimers).toBe(0);
    cache.get('a');
    cache.set('for ever', 'v', { ttlMs: Infinity });
    expect(clock.pendingTimers).toBe(0);
    cache.set('a', 'v');
    cache.set('b', 'v');
    expect(clock.pendingTimers).toBe(1);
    await clock.advance(1_000);

    expect(clock.pendingTimers).toBe(0);
  });

  test.each<[string, (cache: LoadingCache<string, string>) => unknown]>([
    ['clear', (cache) => cache.clear()],
    ['invalidate', (cache) => cache.invalidate('*')],
    ['delete', (cache) => cache.delete('a')],
    ['close', (cache) => cache.close()],
  ])('%s ends the timer', (_, act) => {
    const { cache, clock } = make();
    cache.set('a', 'v');
    act(cache);

    expect(clock.pendingTimers).toBe(0);
  });

  test('a closed cache works on, without a timer', async () => {
    const { cache, clock } = make();
    await cache.close();
    cache.set('a', 'v');

    expect([cache.get('a'), clock.pendingTimers]).toEqual(['v', 0]);
  });

  test('with an interval of Infinity there is none', () => {
    const { cache, clock } = make({ cleanupIntervalMs: Infinity });
    cache.set('a', 'v');

    expect(clock.pendingTimers).toBe(0);
  });

  test('an interval beyond the longest timer does not fire at once', () => {
    const clock = new ManualClock();
    const delays: number[] = [];
    const arm = clock.setTimeout.bind(clock);
    clock.setTimeout = (callback, delayMs) => {
      delays.push(delayMs);
      return arm(callback, delayMs);
    };
    new LoadingCache<string, string>({ cleanupIntervalMs: 1e12 }, { clock }).set('a', 'v');

    expect(delays).toEqual([2_147_483_647]);
  });

  test('drops a thousand at a time, and lets others in between', async () => {
    const { cache, clock } = make({ maxEntries: Infinity });
    for (let index = 0; index < 2_500; index++) cache.set(`${index}`, 'v');
    await clock.advance(1_000);
    expect(cache.size).toBe(1_500);
    await clock.advance(1);
    expect(cache.size).toBe(500);
    await clock.advance(1);

    expect(cache.size).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  test('closing ends it in the middle', async () => {
    const { cache, clock } = make({ maxEntries: Infinity });
    for (let index = 0; index < 1_500; index++) cache.set(`${index}`, 'v');
    await clock.advance(1_000);
    await cache.close();

    expect(clock.pendingTimers).toBe(0);
  });

  test('its timer does not keep the process alive', () => {
    let unrefs = 0;
    const clock = new ManualClock();
    clock.setTimeout = () => ({ unref: () => unrefs++ });
    new LoadingCache<string, string>({}, { clock }).set('a', 'v');

    expect(unrefs).toBe(1);
  });
});
