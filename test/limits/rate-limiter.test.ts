import { describe, expect, test, vi } from 'vitest';
import { RateLimitedError } from '../../src/base/errors.js';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import type { RateLimitOptions } from '../../src/limits/rate-limit-options.js';
import { RateLimiter } from '../../src/limits/rate-limiter.js';

function limiterWith(options: Partial<RateLimitOptions> = {}, captureStack = false) {
  const clock = new ManualClock();
  const limiter = new RateLimiter({ name: 'mail', limit: 2, ...options }, { clock, captureStack });
  return { clock, limiter };
}

describe.each(['token-bucket', 'sliding-window'] as const)('with a %s', (algorithm) => {
  test('calls beyond `limit` are rejected, with the time when one may come', async () => {
    const { limiter, clock } = limiterWith({ algorithm });
    expect([limiter.tryTake(), limiter.tryTake()]).toEqual([0, 0]);
    const waitMs = limiter.tryTake();
    expect(waitMs).toBe(algorithm === 'token-bucket' ? 500 : 1_000);
    await clock.advance(waitMs - 1);
    expect(limiter.tryTake()).toBe(1);
    await clock.advance(1);
    expect(limiter.tryTake()).toBe(0);
    expect(limiter.snapshot()).toMatchObject({ allowed: 3, rejected: 2, limit: 2, intervalMs: 1_000 });
  });

  test('arms no timer', () => {
    const { limiter, clock } = limiterWith({ algorithm });
    for (let call = 0; call < 5; call++) limiter.tryTake();
    expect(clock.pendingTimers).toBe(0);
  });

  test('a time that was read already is used instead of the clock', () => {
    const { limiter, clock } = limiterWith({ algorithm, limit: 1 });
    const now = vi.spyOn(clock, 'now');
    expect([limiter.tryTake(100), limiter.tryTake(200)]).toEqual([0, 900]);
    expect(() => limiter.take('send', 300)).toThrow(RateLimitedError);
    expect(now).not.toHaveBeenCalled();
  });

  test('the snapshot tells what is left, as JSON, and takes nothing', () => {
    const { limiter } = limiterWith({ algorithm });
    limiter.tryTake();
    const snapshot = limiter.snapshot();
    expect(snapshot).toEqual({ allowed: 1, rejected: 0, limit: 2, intervalMs: 1_000, available: 1 });
    expect(JSON.parse(JSON.stringify(limiter.snapshot()))).toEqual(snapshot);
  });

  test('it is at rest when a new one would do the same', async () => {
    const { limiter, clock } = limiterWith({ algorithm });
    expect(limiter.atRest).toBe(true);
    limiter.tryTake();
    expect(limiter.atRest).toBe(false);
    await clock.advance(1_000);
    expect(limiter.atRest).toBe(true);
  });
});

test('a large bucket reads the clock for one call in a hundredth of its burst', () => {
  const { limiter, clock } = limiterWith({ limit: 100_000 });
  const now = vi.spyOn(clock, 'now');
  for (let call = 0; call < 50_000; call++) limiter.take();
  expect(now.mock.calls.length).toBeLessThanOrEqual(50);
  expect(limiter.snapshot().allowed).toBe(50_000);
});

test('`burst` lets more through at once, and no more in the long run', async () => {
  const { limiter, clock } = limiterWith({ limit: 1, intervalMs: 100, burst: 5 });
  let allowed = 0;
  const rush = () => {
    while (limiter.tryTake() === 0) allowed++;
  };
  rush();
  expect(allowed).toBe(5);
  for (let step = 0; step < 20; step++) {
    await clock.advance(50);
    rush();
  }
  expect(allowed).toBe(15);
});

describe('take', () => {
  test('throws an error that says whose limit it is, what it is, and when to come again', () => {
    const { limiter } = limiterWith({ limit: 1, intervalMs: 60_000 });
    limiter.take('Mail.send');
    expect(() => limiter.take('Mail.send')).toThrow(
      expect.objectContaining({
        code: 'ERR_RATE_LIMITED',
        policy: 'rateLimit',
        policyName: 'mail',
        site: 'Mail.send',
        retryAfterMs: 60_000,
        message: "'mail' has let 1 call in 60 000 ms through; try again in 60 000 ms",
      }),
    );
  });

  test('the error bears no stack frames unless they are asked for', () => {
    const thrownBy = (limiter: RateLimiter) => {
      limiter.take();
      try {
        limiter.take();
      } catch (error) {
        return (error as Error).stack;
      }
      return undefined;
    };
    expect(thrownBy(limiterWith({ limit: 1 }).limiter)).not.toMatch(/\n\s+at /);
    expect(thrownBy(limiterWith({ limit: 1 }, true).limiter)).toMatch(/\n\s+at /);
  });
});

describe('call', () => {
  test('runs a function with its arguments, synchronously', () => {
    expect(limiterWith().limiter.call((a: number, b: number) => a + b, 2, 3)).toBe(5);
  });

  test('throws to the caller of a synchronous function, and does not run it', () => {
    const { limiter } = limiterWith({ limit: 1 });
    const fn = vi.fn(() => 1);
    limiter.call(fn);
    expect(() => limiter.call(fn)).toThrow(RateLimitedError);
    expect(fn).toHaveBeenCalledTimes(1);
  });

  test.each([
    ['an async function', async () => 1],
    ['a function that gave a promise before', () => Promise.resolve(1)],
  ])('rejects the promise of %s', async (_, fn) => {
    const { limiter } = limiterWith({ limit: 1 });
    await limiter.call(fn);
    await expect(limiter.call(fn)).rejects.toMatchObject({ retryAfterMs: 1_000 });
  });

  test('names the function in the error', () => {
    const { limiter } = limiterWith({ limit: 1 });
    function send(): void {}
    limiter.call(send);
    expect(() => limiter.call(send)).toThrow(expect.objectContaining({ site: 'send' }));
  });

  test('hands on what the function throws, the same object', () => {
    const down = new Error('down');
    const failing = () => {
      throw down;
    };
    expect(() => limiterWith().limiter.call(failing)).toThrow(down);
  });
});
