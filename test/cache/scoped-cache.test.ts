import { describe, expect, test } from 'vitest';
import type { CacheEvent } from '../../src/cache/cache-events.js';
import { ScopedCache } from '../../src/cache/scoped-cache.js';
import { ManualClock } from '../../src/edges/testing/index.js';
import { settled } from './deferred.js';
import { collectGarbage } from '../collect-garbage.js';

describe('ScopedCache', () => {
  test('keeps instances apart', () => {
    const scoped = new ScopedCache<string, string>();
    const [one, two] = [{}, {}];
    scoped.for(one).set('a', 'one');
    scoped.for(undefined).set('a', 'nobody');

    expect([scoped.for(one), scoped.for(two), scoped.for(undefined)].map((cache) => cache.get('a'))).toEqual([
      'one',
      undefined,
      'nobody',
    ]);
  });

  test('bounds each of them', () => {
    const scoped = new ScopedCache<string, string>({ maxEntries: 2 });
    const owners = [{}, {}];
    for (const owner of owners) for (const key of ['a', 'b', 'c']) scoped.for(owner).set(key, 'v');

    expect(scoped.snapshot()).toMatchObject({ size: 4, maxEntries: 2, evictions: 2, utilization: 1 });
  });

  test('sums up', () => {
    const scoped = new ScopedCache<string, string>({ name: 'Quotes.price' });
    const owners = [{}, {}];
    for (const owner of owners) {
      scoped.for(owner).set('a', 'v');
      scoped.for(owner).get('a');
      scoped.for(owner).get('b');
    }

    expect(scoped.stats()).toMatchObject({ size: 2, hits: 2, misses: 2, hitRate: 0.5 });
    expect(scoped.name).toBe('Quotes.price');
    expect(scoped.options.ttlMs).toBe(300_000);
  });

  test('removals reach all, and are one event', () => {
    const events: CacheEvent[] = [];
    const scoped = new ScopedCache<string, string>({}, { onEvent: (event) => void events.push(event) });
    const owners = [{}, {}];
    for (const owner of owners) for (const key of ['a', 'b']) scoped.for(owner).set(key, 'v');

    expect(scoped.invalidate('a', { owner: 'ops' })).toBe(2);
    scoped.clear({ reason: 'deploy' });
    expect(scoped.size).toBe(0);
    expect(events).toEqual([
      { type: 'invalidated', pattern: 'a', count: 2, owner: 'ops' },
      { type: 'invalidated', count: 2, reason: 'deploy' },
    ]);
  });

  test('one timer cleans them all, while one of them holds something', async () => {
    const clock = new ManualClock();
    const scoped = new ScopedCache<string, string>({ ttlMs: 10, cleanupIntervalMs: 100 }, { clock });
    const owners = [{}, {}, {}];
    expect(clock.pendingTimers).toBe(0);
    for (const owner of owners) scoped.for(owner).set('a', 'v');
    expect(clock.pendingTimers).toBe(1);
    await clock.advance(100);

    expect([scoped.size, clock.pendingTimers]).toEqual([0, 0]);
  });

  test('closing ends the timer', async () => {
    const clock = new ManualClock();
    const scoped = new ScopedCache<string, string>({}, { clock });
    const owner = {};
    scoped.for(owner).set('a', 'v');
    await scoped.close();

    expect(clock.pendingTimers).toBe(0);
  });

  test('closing the cache of one object ends the clean-up of that one alone', async () => {
    const clock = new ManualClock();
    const scoped = new ScopedCache<string, string>({ ttlMs: 10, cleanupIntervalMs: 100 }, { clock });
    const [closed, other, later] = [{}, {}, {}].map((owner) => scoped.for(owner));
    for (const cache of [closed, other]) cache?.set('a', 'v');
    await closed?.close();
    for (const cache of [closed, later]) cache?.set('b', 'v');
    await clock.advance(100);

    expect([closed?.size, other?.size, later?.size]).toEqual([2, 0, 0]);
    expect([closed?.get('a'), scoped.size]).toEqual([undefined, 1]);
    expect(clock.pendingTimers).toBe(0);
  });

  test('a cache goes with its object; what it counted stays', async () => {
    const clock = new ManualClock();
    const scoped = new ScopedCache<string, object>({}, { clock });
    const gone = (() => {
      const owner = {};
      // A value that refers to its owner must not keep it.
      scoped.for(owner).set('a', owner);
      scoped.for(owner).get('a');
      return new WeakRef(owner);
    })();
    await settled();
    await collectGarbage();
    await settled();

    expect(gone.deref()).toBeUndefined();
    expect(scoped.snapshot()).toMatchObject({ size: 0, hits: 1 });
  });

  test('a remote store is refused, and so are wrong options, before anything runs', () => {
    const store = { get() {}, set() {}, delete() {}, clear() {} } as never;

    expect(() => new ScopedCache({ store })).toThrow(/`store` takes `scope: 'class'`/);
    expect(() => new ScopedCache({ ttlMs: -1 })).toThrow(RangeError);
  });
});
