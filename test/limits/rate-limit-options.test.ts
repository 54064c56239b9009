import { expect, test } from 'vitest';
import { KeyedRateLimiters } from '../../src/limits/keyed-rate-limiters.js';
import { checkRateLimitOptions, type RateLimitOptions } from '../../src/limits/rate-limit-options.js';
import { RateLimiter } from '../../src/limits/rate-limiter.js';
import { StoredRateLimiter } from '../../src/limits/stored-rate-limiter.js';

const store = { take: async () => ({ allowed: true, retryAfterMs: 0 }) };
const key = () => 'key';

test('the defaults are those of the design, and frozen', () => {
  const { options, name } = new RateLimiter({ limit: 5 });
  expect(options).toEqual({ limit: 5, intervalMs: 1_000, algorithm: 'token-bucket', burst: 5 });
  expect(Object.isFrozen(options)).toBe(true);
  expect(name).toBe('rateLimit');
  expect(checkRateLimitOptions({ limit: 5, key }).maxKeys).toBe(10_000);
});

test.each<RateLimitOptions>([
  { limit: 5, key, maxKeys: 7 },
  { limit: 5, algorithm: 'sliding-window' },
  { limit: 5, burst: 9, store, key },
])('checked options may be checked again: %o', (options) => {
  const checked = checkRateLimitOptions(options);
  expect(checkRateLimitOptions(checked)).toEqual(checked);
});

test.each<[object, typeof TypeError, RegExp]>([
  [{}, TypeError, /`limit` must be given/],
  [{ limit: '5' }, TypeError, /`limit`/],
  [{ limit: 0 }, RangeError, /`limit`/],
  [{ limit: -1 }, RangeError, /`limit`/],
  [{ limit: 1.5 }, RangeError, /`limit`/],
  [{ limit: Number.NaN }, RangeError, /`limit`/],
  [{ limit: Infinity }, RangeError, /`limit`/],
  [{ limit: 1_000_001, algorithm: 'sliding-window' }, RangeError, /`limit` takes at most 1 000 000/],
  [{ limit: 5, intervalMs: '1s' }, TypeError, /`intervalMs`/],
  [{ limit: 5, intervalMs: 0 }, RangeError, /`intervalMs`/],
  [{ limit: 5, intervalMs: -1 }, RangeError, /`intervalMs`/],
  [{ limit: 5, intervalMs: Number.NaN }, RangeError, /`intervalMs`/],
  [{ limit: 5, intervalMs: Infinity }, RangeError, /`intervalMs`/],
  [{ limit: 5, algorithm: 'leaky' }, RangeError, /`algorithm`/],
  [{ limit: 5, algorithm: 1 }, TypeError, /`algorithm`/],
  [{ limit: 5, burst: 0 }, RangeError, /`burst`/],
  [{ limit: 5, burst: Number.NaN }, RangeError, /`burst`/],
  [{ limit: 5, burst: Infinity }, RangeError, /`burst`/],
  [{ limit: 5, burst: true }, TypeError, /`burst`/],
  [{ limit: 5, burst: 9, algorithm: 'sliding-window' }, TypeError, /`burst` is for a token bucket/],
  [{ limit: 5, key: 'tenant' }, TypeError, /`key`/],
  [{ limit: 5, maxKeys: 5 }, TypeError, /`maxKeys` means nothing without `key`/],
  [{ limit: 5, key, maxKeys: 0 }, RangeError, /`maxKeys`/],
  [{ limit: 5, key, maxKeys: Number.NaN }, RangeError, /`maxKeys`/],
  [{ limit: 5, key, maxKeys: Infinity }, RangeError, /`maxKeys`/],
  [{ limit: 5, key, maxKeys: '5' }, TypeError, /`maxKeys`/],
  [{ limit: 5, key, maxKeys: 5, store }, TypeError, /exclude each other/],
  [{ limit: 5, store: {} }, TypeError, /`store`/],
  [{ limit: 5, store: null }, TypeError, /`store`/],
  [{ limit: 5, name: '' }, RangeError, /`name`/],
  [{ limits: 5 }, TypeError, /did you mean `limit`/],
  [[], TypeError, /one object/],
])('%o is refused', (options, type, message) => {
  const check = () => checkRateLimitOptions(options as RateLimitOptions);
  expect(check).toThrow(type);
  expect(check).toThrow(message);
});

test.each<[string, () => unknown]>([
  ['KeyedRateLimiters', () => new RateLimiter({ limit: 1, key })],
  ['KeyedRateLimiters', () => new RateLimiter({ limit: 1, maxKeys: 5 })],
  ['StoredRateLimiter', () => new RateLimiter({ limit: 1, store })],
  ['StoredRateLimiter', () => new KeyedRateLimiters({ limit: 1, store })],
  ['`store` must be given', () => new StoredRateLimiter({ limit: 1 } as RateLimitOptions & { store: typeof store })],
  ['one object', () => new RateLimiter(undefined as unknown as RateLimitOptions)],
  ['one object', () => new KeyedRateLimiters(null as unknown as RateLimitOptions)],
])('a class that does not serve an option names what does: %s', (named, make) => {
  expect(make).toThrow(TypeError);
  expect(make).toThrow(named === 'one object' ? /one object|`limit` must be given/ : named);
});
