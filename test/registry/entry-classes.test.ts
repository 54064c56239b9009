import { expect, test } from 'vitest';
import {
  AdaptiveLimit,
  adaptiveLimit,
  batched,
  Bulkhead,
  bulkhead,
  KeyedRateLimiters,
  MicroBatch,
  RateLimiter,
  rateLimit,
  Registry,
  RetryBudget,
  retryWithBackoff,
  SendBuffer,
  Shedder,
  shed,
  StoredRateLimiter,
} from '../../src/index.js';

const registry = new Registry();
const work = async (items: number[]) => items;

test.each([
  ['bulkhead', Bulkhead, () => bulkhead({ name: 'x', registry })(work)],
  ['adaptiveLimit', AdaptiveLimit, () => adaptiveLimit({ name: 'x', registry })(work)],
  ['rateLimit', RateLimiter, () => rateLimit({ name: 'x', limit: 1, registry })(work)],
  ['rateLimit with `key`', KeyedRateLimiters, () => rateLimit({ name: 'x', limit: 1, key: () => 'k', registry })(work)],
  [
    'rateLimit with `store`',
    StoredRateLimiter,
    () => rateLimit({ name: 'x', limit: 1, store: { take: async () => 0 } as never, registry })(work),
  ],
  ['shed', Shedder, () => shed({ name: 'x', registry })(work)],
  ['a retry budget', RetryBudget, () => retryWithBackoff({ budget: { name: 'x' }, registry })(work)],
])('what %s keeps in `registry.limiters` is of the public class', (_, made, make) => {
  registry.forget('x');

  make();

  expect(registry.limiters.get('x')).toBeInstanceOf(made);
});

test('what waits in `registry.buffers` is of a public class', () => {
  batched({ registry })(work);
  const buffer = new SendBuffer({ name: 'readings', send: () => {}, registry });

  expect(registry.buffers.get('work')).toBeInstanceOf(MicroBatch);
  expect(registry.buffers.get('readings')).toBe(buffer);
  expect(buffer).toBeInstanceOf(SendBuffer);
});
