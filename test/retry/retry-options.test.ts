import { describe, expect, test } from 'vitest';
import { RetryBudget } from '../../src/retry/retry-budget.js';
import { checkRetryOptions, type RetryOptions } from '../../src/retry/retry-options.js';
import { RetryPolicy } from '../../src/retry/retry-policy.js';

test('the defaults are those of the design, and frozen', () => {
  const { options } = new RetryPolicy();
  expect(options).toEqual({
    maxAttempts: 3,
    baseDelayMs: 1_000,
    factor: 2,
    maxDelayMs: 30_000,
    backoff: 'exponential',
    jitter: 'full',
    maxElapsedMs: Infinity,
  });
  expect(Object.isFrozen(options)).toBe(true);
});

test('checked options may be checked again', () => {
  const options = checkRetryOptions({ maxAttempts: Infinity, budget: { ratio: 0.1 } });
  expect(checkRetryOptions(options)).toEqual(options);
});

test('a budget may be given ready-made', () => {
  const budget = new RetryBudget();
  expect(new RetryPolicy({ budget }).budget).toBe(budget);
});

const numbers = ['maxAttempts', 'baseDelayMs', 'factor', 'maxDelayMs', 'maxElapsedMs'];

describe.each(numbers)('`%s`', (name) => {
  test.each<[unknown, typeof TypeError]>([
    ['5', TypeError],
    [null, TypeError],
    [true, TypeError],
    [5n, TypeError],
    [Number.NaN, RangeError],
    [-1, RangeError],
    [-Infinity, RangeError],
  ])('refuses %s', (value, type) => {
    const check = () => checkRetryOptions({ [name]: value });
    expect(check).toThrow(type);
    expect(check).toThrow(`\`${name}\``);
  });
});

test.each<[RetryOptions | object, typeof TypeError, RegExp]>([
  [{ maxAttempts: 0 }, RangeError, /`maxAttempts` takes a whole number from 1, or Infinity, got 0/],
  [{ maxAttempts: 1.5 }, RangeError, /`maxAttempts`/],
  [{ baseDelayMs: Infinity }, RangeError, /`baseDelayMs`/],
  [{ maxDelayMs: Infinity }, RangeError, /`maxDelayMs`/],
  [{ factor: Infinity }, RangeError, /`factor`/],
  [{ factor: 0.5 }, RangeError, /`factor`/],
  [{ backoff: 'cubic' }, RangeError, /`backoff`/],
  [{ backoff: 2 }, TypeError, /`backoff`/],
  [{ jitter: 'half' }, RangeError, /`jitter`/],
  [{ jitter: true }, TypeError, /`jitter`/],
  [{ retryIf: 'always' }, TypeError, /`retryIf`/],
  [{ retryIfResult: {} }, TypeError, /`retryIfResult`/],
  [{ onRetry: 1 }, TypeError, /`onRetry`/],
  [{ budget: 0.2 }, TypeError, /`budget`/],
  [{ budget: [] }, TypeError, /`budget`/],
  [{ budget: { ratio: 2 } }, RangeError, /`ratio`/],
  [{ budget: { ratio: 0.2, retryCost: 5 } }, TypeError, /exclude each other/],
  [{ maxAttemps: 3 }, TypeError, /did you mean `maxAttempts`/],
  [[], TypeError, /one object/],
  [null as never, TypeError, /one object/],
])('%o is refused', (options, type, message) => {
  const make = () => new RetryPolicy(options as RetryOptions);
  expect(make).toThrow(type);
  expect(make).toThrow(message);
});

test.each([
  { maxElapsedMs: Infinity },
  { maxAttempts: Infinity },
  { baseDelayMs: 0 },
  { maxDelayMs: 0 },
  { factor: 1 },
  { backoff: () => 5 },
  { maxAttempts: undefined as never },
])('%o is taken', (options) => {
  expect(() => new RetryPolicy(options)).not.toThrow();
});
