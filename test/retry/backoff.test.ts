import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/base/random.js';
import { type BackoffRules, backoffDelayMs, cappedDelayMs } from '../../src/retry/backoff.js';

const rules: BackoffRules = { backoff: 'exponential', jitter: 'none', baseDelayMs: 100, factor: 2, maxDelayMs: 5_000 };
const half = () => 0.5;
const anyRules = fc.record({
  backoff: fc.constantFrom('exponential' as const, 'linear' as const, 'constant' as const),
  jitter: fc.constantFrom('full' as const, 'equal' as const, 'decorrelated' as const, 'none' as const),
  baseDelayMs: fc.double({ min: 0, max: Number.MAX_VALUE, noNaN: true }),
  factor: fc.double({ min: 1, max: Number.MAX_VALUE, noNaN: true }),
  maxDelayMs: fc.double({ min: 0, max: Number.MAX_VALUE, noNaN: true }),
});
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('growth of the delay', () => {
  test.each([
    ['exponential', [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]],
    ['linear', [100, 200, 300, 400, 500, 600, 700, 800]],
    ['constant', [100, 100, 100, 100, 100, 100, 100, 100]],
  ] as const)('%s, capped', (backoff, delays) => {
    expect(delays.map((_, index) => cappedDelayMs({ ...rules, backoff }, index + 1))).toEqual(delays);
  });

  test('a function is asked with the attempt that failed, and capped', () => {
    const backoff = (attempt: number) => attempt * 2_000;
    expect([1, 2, 3].map((attempt) => cappedDelayMs({ ...rules, backoff }, attempt))).toEqual([2_000, 4_000, 5_000]);
    expect(cappedDelayMs({ ...rules, backoff: () => Infinity }, 1)).toBe(5_000);
  });

  test.each([
    [Number.NaN, RangeError],
    [-1, RangeError],
    ['100', TypeError],
    [undefined, TypeError],
  ])('a function that gives %s is an error that names the option', (delay, type) => {
    const backoff = () => delay as number;
    expect(() => cappedDelayMs({ ...rules, backoff }, 1)).toThrow(type);
    expect(() => cappedDelayMs({ ...rules, backoff }, 1)).toThrow(/`backoff`/);
  });
});

describe('jitter', () => {
  test.each([
    ['none', 400, 400, 400],
    ['full', 0, 200, 400],
    ['equal', 200, 300, 400],
  ] as const)('%s spreads a delay of 400 ms from %i by %i up to %i', (jitter, lowest, middle, highest) => {
    const delay = (random: () => number) => backoffDelayMs({ ...rules, jitter }, 3, undefined, random);
    expect(delay(() => 0)).toBe(lowest);
    expect(delay(half)).toBe(middle);
    expect(delay(() => 1 - Number.EPSILON)).toBeCloseTo(highest, 6);
  });

  test('decorrelated lies between the base and three times the delay before', () => {
    const delay = (previousMs: number | undefined, random: () => number) =>
      backoffDelayMs({ ...rules, jitter: 'decorrelated' }, 9, previousMs, random);
    expect(delay(undefined, () => 0)).toBe(100);
    expect(delay(undefined, half)).toBe(200);
    expect(delay(1_000, () => 0)).toBe(100);
    expect(delay(1_000, half)).toBe(1_550);
    expect(delay(4_000, () => 0.999)).toBe(5_000);
    expect(delay(0, () => 0.999)).toBe(100);
  });

  test.each([
    ['full', 200],
    ['equal', 300],
  ] as const)('%s has its mean where the formula says', (jitter, mean) => {
    const random = seededRandom(7);
    let sum = 0;
    for (let draw = 0; draw < 20_000; draw++) sum += backoffDelayMs({ ...rules, jitter }, 3, undefined, random);
    expect(sum / 20_000).toBeGreaterThan(mean * 0.98);
    expect(sum / 20_000).toBeLessThan(mean * 1.02);
  });

  test('decorrelated has the mean (base + 3·previous) / 2', () => {
    const random = seededRandom(7);
    let sum = 0;
    for (let draw = 0; draw < 20_000; draw++) {
      sum += backoffDelayMs({ ...rules, jitter: 'decorrelated' }, 1, 300, random);
    }
    expect(sum / 20_000).toBeGreaterThan(490);
    expect(sum / 20_000).toBeLessThan(510);
  });
});

describe('whatever the options and the attempt', () => {
  test('a delay is a number from 0 to `maxDelayMs`', () => {
    fc.assert(
      fc.property(
        anyRules,
        fc.oneof(fc.integer({ min: 1, max: 2_000 }), fc.integer({ min: 1, max: 1_000_000_000 }), fc.constant(1e300)),
        fc.option(fc.double({ min: 0, max: Number.MAX_VALUE, noNaN: true }), { nil: undefined }),
        chance,
        (given, attempt, previousMs, drawn) => {
          const delayMs = backoffDelayMs(given, attempt, previousMs, () => drawn);
          expect(delayMs).toBeGreaterThanOrEqual(0);
          expect(delayMs).toBeLessThanOrEqual(given.maxDelayMs);
        },
      ),
    );
  });

  test('without jitter a later delay is never shorter', () => {
    fc.assert(
      fc.property(anyRules, fc.integer({ min: 1, max: 1_000_000_000 }), (given, attempt) => {
        expect(cappedDelayMs(given, attempt + 1)).toBeGreaterThanOrEqual(cappedDelayMs(given, attempt));
      }),
    );
  });

  test('jitter stays within the bounds of its kind', () => {
    fc.assert(
      fc.property(anyRules, fc.integer({ min: 1, max: 60 }), chance, (given, attempt, drawn) => {
        const capped = cappedDelayMs(given, attempt);
        const of = (jitter: 'full' | 'equal') => backoffDelayMs({ ...given, jitter }, attempt, undefined, () => drawn);
        expect(of('full')).toBeLessThanOrEqual(capped);
        expect(of('equal')).toBeGreaterThanOrEqual(capped / 2);
        expect(of('equal')).toBeLessThanOrEqual(capped);
      }),
    );
  });
});
