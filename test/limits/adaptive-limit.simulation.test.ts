import { beforeAll, describe, expect, test } from 'vitest';
import { averageOf, CAPACITY, capacityHalves, type Second } from '../../scripts/plots/capacity-halves.js';

/** A call takes 50 ms at full speed, so the dependency can do so many in a second. */
const PER_SECOND = CAPACITY * 20;

describe('a dependency whose capacity halves after 30 s, and returns after 60', () => {
  let none: Second[] = [];
  let fixed: Second[] = [];
  let adaptive: Second[] = [];
  beforeAll(async () => {
    none = await capacityHalves('none');
    fixed = await capacityHalves('bulkhead');
    adaptive = await capacityHalves('adaptiveLimit');
  }, 60_000);

  test('is left alone on good days: nearly every call is answered, as quickly as without a limit', () => {
    expect(averageOf(adaptive, 'good', 5, 30)).toBeGreaterThan(0.99 * averageOf(none, 'good', 5, 30));
    expect(averageOf(adaptive, 'latencyMs', 5, 30)).toBeLessThan(1.05 * averageOf(none, 'latencyMs', 5, 30));
  });

  test('has the limit follow it down within five seconds, and up again', () => {
    const down = adaptive.slice(35, 60).map(({ limit }) => limit);
    const up = adaptive.slice(65).map(({ limit }) => limit);

    expect(Math.min(...adaptive.slice(10, 30).map(({ limit }) => limit))).toBeGreaterThan(CAPACITY);
    expect(Math.max(...down)).toBeLessThanOrEqual(CAPACITY);
    expect(Math.min(...down)).toBeGreaterThanOrEqual(CAPACITY / 2);
    expect(Math.min(...up)).toBeGreaterThan(CAPACITY);
  });

  test('gives nine tenths of what it still can, in twice the usual time at most', () => {
    expect(averageOf(adaptive, 'good', 35, 60)).toBeGreaterThan((0.9 * PER_SECOND) / 2);
    expect(averageOf(adaptive, 'latencyMs', 35, 60)).toBeLessThan(100);
  });

  test('gives less, and later, under a bulkhead that was made for good days, and nothing without a limit', () => {
    expect(averageOf(adaptive, 'good', 35, 60)).toBeGreaterThan(1.2 * averageOf(fixed, 'good', 35, 60));
    expect(averageOf(adaptive, 'latencyMs', 35, 60)).toBeLessThan(0.4 * averageOf(fixed, 'latencyMs', 35, 60));
    expect(averageOf(none, 'good', 35, 60)).toBeLessThan(1);
  });

  test('answers all again once it is back; without a limit it never comes back', () => {
    expect(averageOf(adaptive, 'good', 65, 100)).toBeGreaterThan(0.99 * averageOf(adaptive, 'offered', 65, 100));
    expect(averageOf(none, 'good', 65, 100)).toBeLessThan(1);
  });
});

test('an overload that lasts five minutes does not become the usual', async () => {
  const seconds = await capacityHalves('adaptiveLimit', { halvedForS: 300, seed: 3 });

  expect(Math.max(...seconds.slice(35, 330).map(({ limit }) => limit))).toBeLessThan(CAPACITY * 1.1);
  expect(averageOf(seconds, 'good', 300, 330)).toBeGreaterThan((0.9 * PER_SECOND) / 2);
}, 60_000);

test.each([1, 2, 5])(
  'other callers, other work: seed %i',
  async (seed) => {
    const seconds = await capacityHalves('adaptiveLimit', { seed });

    expect(averageOf(seconds, 'good', 35, 60)).toBeGreaterThan((0.88 * PER_SECOND) / 2);
    expect(averageOf(seconds, 'good', 65, 100)).toBeGreaterThan(0.98 * averageOf(seconds, 'offered', 65, 100));
  },
  60_000,
);
