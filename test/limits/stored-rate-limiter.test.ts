import { describe, expect, test, vi } from 'vitest';
import { RateLimitedError } from '../../src/base/errors.js';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import type { RateLimitOptions, RateLimitRules, RateLimitStore } from '../../src/limits/rate-limit-options.js';
import { RateLimiter } from '../../src/limits/rate-limiter.js';
import { StoredRateLimiter } from '../../src/limits/stored-rate-limiter.js';

/** A store as another process would hold it. */
function sharedStore(clock: ManualClock) {
  const limiters = new Map<string, RateLimiter>();
  const asked: [string, RateLimitRules][] = [];
  const store: RateLimitStore = {
    async take(key, rules) {
      asked.push([key, rules]);
      const { limit, intervalMs, burst, algorithm } = rules;
      const limiter = limiters.get(key) ?? new RateLimiter({ limit, intervalMs, burst, algorithm }, { clock });
      limiters.set(key, limiter);
      const retryAfterMs = limiter.tryTake();
      return { allowed: retryAfterMs === 0, retryAfterMs };
    },
  };
  return { store, asked };
}

function storedWith(store: RateLimitStore, options: Partial<RateLimitOptions> = {}) {
  const onStoreFailed = vi.fn();
  const limiter = new StoredRateLimiter({ name: 'mail', limit: 1, store, ...options }, { onStoreFailed });
  return { limiter, onStoreFailed };
}

test('two limiters with one store hold one limit', async () => {
  const { store } = sharedStore(new ManualClock());
  const [here, there] = [storedWith(store).limiter, storedWith(store).limiter];
  await here.take();
  await expect(there.take('Mail.send')).rejects.toMatchObject({
    code: 'ERR_RATE_LIMITED',
    policyName: 'mail',
    site: 'Mail.send',
    retryAfterMs: 1_000,
  });
  expect(there.snapshot()).toEqual({ allowed: 0, rejected: 1, storeFailures: 0, limit: 1, intervalMs: 1_000 });
});

test('the store gets the name, the key and the numbers', async () => {
  const { store, asked } = sharedStore(new ManualClock());
  const { limiter } = storedWith(store, { limit: 3, burst: 9, intervalMs: 500 });
  await limiter.take();
  await limiter.take(undefined, 'acme');
  const rules = { limit: 3, burst: 9, intervalMs: 500, algorithm: 'token-bucket' };
  expect(asked).toEqual([
    ['mail', rules],
    ['mail:acme', rules],
  ]);
  expect([limiter.name, limiter.options.limit]).toEqual(['mail', 3]);
});

describe('a store that fails lets the call through, counts it and tells it', () => {
  const gone = new Error('store is gone');
  test.each<[string, RateLimitStore['take']]>([
    ['rejects', () => Promise.reject(gone)],
    [
      'throws',
      () => {
        throw gone;
      },
    ],
    ['answers nothing', async () => undefined as never],
    ['answers nonsense', async () => ({ allowed: 'yes', retryAfterMs: 0 }) as never],
  ])('%s', async (_, take) => {
    const { limiter, onStoreFailed } = storedWith({ take });
    expect(await limiter.call(() => 'sent')).toBe('sent');
    expect(limiter.snapshot()).toMatchObject({ allowed: 1, rejected: 0, storeFailures: 1 });
    expect(onStoreFailed.mock.calls).toEqual([[{ error: expect.any(Error), key: 'mail' }]]);
  });

  test('and a listener that throws harms nobody', async () => {
    const store = { take: () => Promise.reject(gone) };
    const onStoreFailed = () => {
      throw new Error('listener');
    };
    const limiter = new StoredRateLimiter({ limit: 1, store }, { onStoreFailed });
    expect(await limiter.call(() => 'sent')).toBe('sent');
  });
});

test.each([Number.NaN, -1, Infinity, undefined])('a `retryAfterMs` of %s is as if not told', async (retryAfterMs) => {
  const { limiter } = storedWith({ take: async () => ({ allowed: false, retryAfterMs: retryAfterMs as number }) });
  await expect(limiter.take()).rejects.toMatchObject({
    retryAfterMs: undefined,
    message: "'mail' has let 1 call in 1 000 ms through",
  });
});

describe('call', () => {
  test('makes the key from the arguments', async () => {
    const { store, asked } = sharedStore(new ManualClock());
    const { limiter } = storedWith(store, { key: (tenant: string) => tenant });
    expect(await limiter.call(async (tenant: string) => tenant.length, 'acme')).toBe(4);
    expect(asked[0]?.[0]).toBe('mail:acme');
  });

  test('does not run a function that comes too early', async () => {
    const { store } = sharedStore(new ManualClock());
    const { limiter } = storedWith(store);
    const send = vi.fn(() => 'sent');
    expect(await limiter.call(send)).toBe('sent');
    await expect(limiter.call(send)).rejects.toBeInstanceOf(RateLimitedError);
    expect(send).toHaveBeenCalledTimes(1);
  });

  test('an error of the function is no failure of the store', async () => {
    const { store } = sharedStore(new ManualClock());
    const { limiter, onStoreFailed } = storedWith(store);
    const down = new Error('down');
    await expect(limiter.call(() => Promise.reject(down))).rejects.toBe(down);
    expect(onStoreFailed).not.toHaveBeenCalled();
  });
});
