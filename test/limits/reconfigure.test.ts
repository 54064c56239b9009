import { describe, expect, test } from 'vitest';
import { Bulkhead, RateLimiter } from '../../src/index.js';
import { ManualClock } from '../../src/edges/testing/index.js';

describe('a bulkhead that takes other options', () => {
  test('lets in at once who waits for a slot that there is now', async () => {
    const bulkhead = new Bulkhead({ maxConcurrent: 1, maxQueue: 3 });
    const entered: number[] = [];
    for (const caller of [1, 2, 3]) void bulkhead.enter().then(() => entered.push(caller));
    bulkhead.reconfigure({ maxConcurrent: 2, maxQueue: 3 });
    await Promise.resolve().then(() => {});

    expect(entered).toEqual([1, 2]);
    expect(bulkhead.snapshot()).toMatchObject({ active: 2, queued: 1, maxConcurrent: 2 });
  });

  test('with fewer slots lets nobody in until enough have left', async () => {
    const bulkhead = new Bulkhead({ maxConcurrent: 3, maxQueue: 5 });
    for (let slot = 0; slot < 3; slot++) bulkhead.tryEnter();
    const next = bulkhead.enter().then(() => 'in');
    bulkhead.reconfigure({ maxConcurrent: 1, maxQueue: 5 });
    bulkhead.leave();
    bulkhead.leave();
    expect(bulkhead.snapshot()).toMatchObject({ active: 1, queued: 1 });
    bulkhead.leave();

    await expect(next).resolves.toBe('in');
    expect(bulkhead.snapshot()).toMatchObject({ active: 1, queued: 0 });
  });

  test('stays closed', () => {
    const bulkhead = new Bulkhead({ maxConcurrent: 1 });
    bulkhead.close();
    bulkhead.reconfigure({ maxConcurrent: 5 });

    expect(bulkhead.tryEnter()).toBe(false);
  });

  test('is as it was when they are wrong', () => {
    const bulkhead = new Bulkhead({ maxConcurrent: 2 });
    expect(() => bulkhead.reconfigure({ maxConcurrent: 0 })).toThrow(RangeError);

    expect(bulkhead.options.maxConcurrent).toBe(2);
  });
});

describe.each(['token-bucket', 'sliding-window'] as const)('a %s that takes another limit', (algorithm) => {
  const take = (limiter: RateLimiter, times: number) =>
    Array.from({ length: times }, () => limiter.tryTake()).filter((waitMs) => waitMs === 0).length;

  test.each([
    [10, 4, 6, 2],
    [10, 9, 3, 0],
    [3, 3, 10, 7],
    [3, 0, 10, 10],
    [1_000_000, 999_995, 999_999, 4],
  ])('of %i, of which %i are used: of %i there are %i left', (before, used, after, left) => {
    const limiter = new RateLimiter({ limit: before, algorithm }, { clock: new ManualClock() });
    take(limiter, used);
    limiter.reconfigure({ limit: after, algorithm });

    expect(take(limiter, 20)).toBe(left);
    expect(limiter.snapshot()).toMatchObject({ limit: after, allowed: used + left });
  });

  test('lets through again what it would have, a call at a time', async () => {
    const clock = new ManualClock();
    const limiter = new RateLimiter({ limit: 8, intervalMs: 1_000, algorithm }, { clock });
    take(limiter, 6);
    limiter.reconfigure({ limit: 4, intervalMs: 1_000, algorithm });
    expect(limiter.tryTake()).toBe(algorithm === 'token-bucket' ? 250 : 1_000);
    await clock.advance(1_000);

    expect(take(limiter, 20)).toBe(4);
  });

  test('is as it was when that is wrong', () => {
    const limiter = new RateLimiter({ limit: 2, algorithm });
    expect(() => limiter.reconfigure({ limit: 0, algorithm })).toThrow(RangeError);

    expect(limiter.options.limit).toBe(2);
  });
});
