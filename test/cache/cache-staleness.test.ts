import { describe, expect, test } from 'vitest';
import { CircuitOpenError } from '../../src/base/errors.js';
import { LoadingCache } from '../../src/cache/loading-cache.js';
import type { CacheEvent } from '../../src/cache/cache-events.js';
import type { CacheOptions } from '../../src/cache/cache-options.js';
import { isDueEarly } from '../../src/cache/early-refresh.js';
import { ManualClock } from '../../src/edges/testing/index.js';
import { deferred, settled } from './deferred.js';

/** A cache whose loads give `v1`, `v2`, … at once, unless `next` says otherwise. */
function make(options: CacheOptions<string>, chance = 0.5) {
  const clock = new ManualClock();
  const events: CacheEvent[] = [];
  const random = () => chance;
  const cache = new LoadingCache<string, string>(options, {
    clock,
    random,
    onEvent: (event) => void events.push(event),
  });
  const world = { loads: 0, next: undefined as (() => Promise<string>) | undefined };
  const load = () => {
    world.loads++;
    return { result: world.next?.() ?? Promise.resolve(`v${world.loads}`) };
  };
  return { clock, cache, events, world, load, read: async () => cache.readThrough('a', load) };
}

describe('stale while revalidate', () => {
  const options = { ttlMs: 100, staleWhileRevalidateMs: 50 };

  test.each([
    [99, 'v1', 1],
    [100, 'v1', 2],
    [149, 'v1', 2],
    [150, 'v2', 2],
  ])('at %i ms the answer is %s, after %i loads', async (ms, answer, loads) => {
    const { clock, read, world } = make(options);
    await read();
    await clock.advance(ms);

    expect(await read()).toBe(answer);
    expect(world.loads).toBe(loads);
  });

  test('refreshes once, however many ask, and hands out the new value afterwards', async () => {
    const { clock, read, world, events, cache } = make(options);
    await read();
    await clock.advance(100);
    const { promise, resolve } = deferred<string>();
    world.next = () => promise;

    expect(await Promise.all([read(), read(), read()])).toEqual(['v1', 'v1', 'v1']);
    resolve('new');
    await settled();
    expect(await read()).toBe('new');
    expect(world.loads).toBe(2);
    expect(cache.snapshot()).toMatchObject({ staleServed: 3, hits: 4, misses: 1, size: 1 });
    expect(events.filter(({ type }) => type === 'refresh')).toEqual([{ type: 'refresh', key: 'a', because: 'stale' }]);
    expect(events).toContainEqual({ type: 'stale', key: 'a', ageMs: 100, ttlLeftMs: 0, because: 'revalidating' });
  });

  test('a refresh that fails leaves the old value, is counted, and reaches nobody', async () => {
    const { clock, read, world, cache, events } = make(options);
    await read();
    await clock.advance(100);
    const down = new Error('down');
    world.next = () => Promise.reject(down);

    expect(await read()).toBe('v1');
    await settled();
    expect(await read()).toBe('v1');
    await settled();
    expect(cache.stats()).toMatchObject({ loadFailures: 2, staleServed: 2 });
    expect(events).toContainEqual({ type: 'loadFailed', key: 'a', error: down });
  });

  test('a refresh that throws at once reaches nobody, either', async () => {
    const { clock, read, world } = make(options);
    await read();
    await clock.advance(100);
    world.next = () => {
      throw new Error('down');
    };

    expect(await read()).toBe('v1');
  });

  test('who comes after the window waits for the refresh under way', async () => {
    const { clock, read, world, cache } = make(options);
    await read();
    await clock.advance(100);
    const { promise, resolve } = deferred<string>();
    world.next = () => promise;
    await read();
    await clock.advance(50);
    const waiting = read();
    resolve('new');

    expect(await waiting).toBe('new');
    expect(world.loads).toBe(2);
    expect(cache.stats().coalesced).toBe(1);
  });

  test('an invalidation during the refresh wins', async () => {
    const { clock, read, world, cache } = make(options);
    await read();
    await clock.advance(100);
    const { promise, resolve } = deferred<string>();
    world.next = () => promise;
    await read();
    cache.invalidate('*');
    resolve('late');
    await settled();

    expect(cache.size).toBe(0);
  });

  test('`get` never hands out a stale value', async () => {
    const { clock, read, cache } = make(options);
    await read();
    await clock.advance(100);

    expect([cache.get('a'), cache.has('a'), cache.size]).toEqual([undefined, false, 1]);
  });

  test('a refreshed value that is not to be kept takes the old one along', async () => {
    const { clock, read, world, cache } = make({ ...options, cacheIf: (value) => value !== 'gone' });
    await read();
    await clock.advance(100);
    world.next = async () => 'gone';
    await read();
    await settled();

    expect(cache.size).toBe(0);
  });

  test.each([{ staleWhileRevalidateMs: 1 }, { refreshAheadRatio: 0.5 }])(
    '%o is refused for a synchronous load',
    (given) => {
      const cache = new LoadingCache<string, string>(given);

      expect(() => cache.readThrough('a', () => ({ result: 'v' }))).toThrow(TypeError);
      expect(() => cache.readThrough('a', () => ({ result: 'v' }))).toThrow(Object.keys(given)[0]);
    },
  );
});

describe('stale if error', () => {
  const options = { ttlMs: 100, staleIfErrorMs: 50 };
  const permanent = Object.assign(new Error('gone'), { status: 404 });
  const rejected = new CircuitOpenError('open', { policy: 'circuitBreaker', policyName: 'b' });

  test.each([
    ['a failure', 149, new Error('down'), 'v1'],
    ['a rejection of the toolkit', 149, rejected, 'v1'],
    ['a permanent error', 149, permanent, permanent],
    ['a failure past the window', 150, rejected, rejected],
  ])('%s at %i ms', async (_, ms, error, expected) => {
    const { clock, read, world, cache } = make(options);
    await read();
    await clock.advance(ms);
    world.next = () => Promise.reject(error);
    const answer = read().catch((thrown) => thrown);

    expect(await answer).toBe(expected);
    expect(cache.stats()).toMatchObject({ loadFailures: 1, staleServed: expected === 'v1' ? 1 : 0, misses: 2 });
  });

  test('past its time a value does not answer unless the load fails', async () => {
    const { clock, read } = make(options);
    await read();
    await clock.advance(100);

    expect(await read()).toBe('v2');
  });

  test('the window counts when the load fails, not when it starts', async () => {
    const { clock, read, world } = make(options);
    await read();
    await clock.advance(149);
    const { promise, reject } = deferred<string>();
    world.next = () => promise;
    const waiting = read().catch((error) => error);
    await clock.advance(1);
    const down = new Error('down');
    reject(down);

    expect(await waiting).toBe(down);
  });

  test('all who wait are answered, and counted', async () => {
    const { clock, read, world, cache, events } = make(options);
    await read();
    await clock.advance(120);
    world.next = () => Promise.reject(new Error('down'));

    expect(await Promise.all([read(), read()])).toEqual(['v1', 'v1']);
    expect(cache.stats().staleServed).toBe(2);
    expect(events).toContainEqual({ type: 'stale', key: 'a', ageMs: 120, ttlLeftMs: -20, because: 'load-failed' });
  });

  test('a synchronous load is answered synchronously', () => {
    const clock = new ManualClock();
    const cache = new LoadingCache<string, string>(options, { clock });
    cache.readThrough('a', () => ({ result: 'v' }));
    clock.advance(100);
    const failing = () => {
      throw new Error('down');
    };

    expect(cache.readThrough('a', failing)).toBe('v');
  });

  test('an invalidated value does not answer', async () => {
    const { clock, read, world, cache } = make(options);
    await read();
    await clock.advance(100);
    const { promise, reject } = deferred<string>();
    world.next = () => promise;
    const waiting = read();
    cache.invalidate('a');
    reject(new Error('down'));

    await expect(waiting).rejects.toThrow('down');
  });

  test('`classify` decides what is permanent', async () => {
    const clock = new ManualClock();
    const cache = new LoadingCache<string, string>(options, { clock, classify: () => 'permanent' });
    cache.set('a', 'v');
    clock.advance(100);

    await expect(cache.getOrLoad('a', () => Promise.reject(new Error('down')))).rejects.toThrow('down');
  });
});

describe('refresh ahead', () => {
  test.each([
    // now, expiry, δ, chance → early; −ln(0.5) is 0.693…
    [0, 100, 100, 0.5, false],
    [30, 100, 100, 0.5, false],
    [31, 100, 100, 0.5, true],
    [99, 100, 0, 0.5, false],
    [0, 100, 1, 0, true],
    [99, 100, 1, 0.999, false],
    [100, 100, 1, 0.999, true],
  ])('at %i of %i, with a load of %i ms and chance %d, it is %s', (now, expiresAt, loadMs, chance, expected) => {
    expect(isDueEarly(now, expiresAt, loadMs, () => chance)).toBe(expected);
  });

  async function slowly(made: ReturnType<typeof make>, loadMs: number) {
    const { promise, resolve } = deferred<string>();
    made.world.next = () => promise;
    const first = made.read();
    await made.clock.advance(loadMs);
    resolve('v1');
    await first;
    made.world.next = undefined;
  }

  // δ is 40 ms, and −ln(0.5)·δ is 27.7: due from 73 ms on, but only in the last fifth when so told.
  test.each([
    [1, 72, 1],
    [1, 73, 2],
    [0.2, 79, 1],
    [0.2, 80, 2],
  ])('with a ratio of %d, %i ms after it was stored there were %i loads', async (refreshAheadRatio, ms, loads) => {
    const made = make({ ttlMs: 100, refreshAheadRatio });
    await slowly(made, 40);
    await made.clock.advance(ms);

    expect(await made.read()).toBe('v1');
    expect(made.world.loads).toBe(loads);
    await settled();
    expect(await made.read()).toBe(loads === 2 ? 'v2' : 'v1');
    expect(made.events.filter(({ type }) => type === 'refresh')).toHaveLength(loads - 1);
  });

  test('a value that never expires is never refreshed', async () => {
    const made = make({ ttlMs: Infinity, refreshAheadRatio: 1 }, 0.000_001);
    await slowly(made, 40);
    await made.clock.advance(1e9);
    await made.read();

    expect(made.world.loads).toBe(1);
  });
});
