import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/base/clock.js';
import { LoadingCache } from '../../src/cache/loading-cache.js';
import { FreshnessWatch } from '../../src/cache/freshness-watch.js';
import { ManualClock } from '../../src/edges/testing/index.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Reads it as often as thick hits do, so that it looks ahead. */
function readOften(watch: FreshnessWatch): number {
  let now = 0;
  for (let read = 0; read < 200; read++) now = watch.now();
  return now;
}

describe('FreshnessWatch', () => {
  test('reads no clock for moments beyond the next second, once it is read often', () => {
    const watch = new FreshnessWatch(systemClock);
    const now = readOften(watch);

    expect(watch.isBefore(now + 1_001)).toBe(true);
    expect(watch.isBefore(now + 999)).toBe(false);
    expect(vi.getTimerCount()).toBe(1);
  });

  test('is sure of nothing when that second is over, and has no timer then', () => {
    const watch = new FreshnessWatch(systemClock);
    const now = readOften(watch);
    vi.advanceTimersByTime(1_000);

    expect(watch.isBefore(now + 5_000)).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('makes no timer for reads that are far apart', () => {
    const watch = new FreshnessWatch(systemClock);
    for (let read = 0; read < 200; read++) {
      watch.now();
      vi.advanceTimersByTime(20);
    }

    expect(vi.getTimerCount()).toBe(0);
  });

  test('after 64 times it is sure of nothing until the clock was read, though no timer runs', () => {
    const watch = new FreshnessWatch(systemClock);
    const now = readOften(watch);
    const rounds = Array.from({ length: 3 }, () => {
      const sure = Array.from({ length: 100 }, () => watch.isBefore(now + 5_000));
      watch.now();
      return sure.indexOf(false);
    });

    expect(rounds).toEqual([64, 64, 64]);
  });

  test('gives up a second whose end has passed without the timer, or that lies too far ahead', () => {
    let now = 10_000;
    const read = vi.spyOn(systemClock, 'now').mockImplementation(() => now);
    for (const moved of [11_000, 5_000]) {
      now = 10_000;
      const watch = new FreshnessWatch(systemClock);
      readOften(watch);
      now = moved;
      watch.now();
      expect(watch.isBefore(1e9)).toBe(false);
    }
    read.mockRestore();

    expect(vi.getTimerCount()).toBe(0);
  });

  test('what never comes needs no clock at all', () => {
    expect(new FreshnessWatch(new ManualClock()).isBefore(Infinity)).toBe(true);
  });

  test('reads a clock that is not the machine’s each time', () => {
    const clock = new ManualClock();
    const watch = new FreshnessWatch(clock);
    readOften(watch);

    expect(watch.isBefore(1e9)).toBe(false);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('Cache by the machine’s clock', () => {
  test('a thousand hits read the clock less than a hundred times', () => {
    const cache = new LoadingCache<string, string>();
    cache.readThrough('a', () => ({ result: 'v' }));
    vi.advanceTimersByTime(2_000);
    const read = vi.spyOn(systemClock, 'now');
    for (let hit = 0; hit < 1_000; hit++) cache.readThrough('a', () => ({ result: 'w' }));
    const reads = read.mock.calls.length;
    read.mockRestore();

    expect(reads).toBeLessThan(100);
    expect(cache.stats().hits).toBe(1_000);
  });

  test('expiry is exact all the same', () => {
    const cache = new LoadingCache<string, string>({ ttlMs: 5_000 });
    cache.readThrough('a', () => ({ result: 'v' }));
    const hits = (ms: number) => {
      vi.advanceTimersByTime(ms);
      return Array.from({ length: 300 }, () => cache.readThrough('a', () => ({ result: 'w' })));
    };

    expect(new Set([...hits(10), ...hits(1_500), ...hits(3_000), ...hits(489)])).toEqual(new Set(['v']));
    expect(new Set(hits(1))).toEqual(new Set(['w']));
  });
});
