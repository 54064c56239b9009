import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RecentQuantile } from '../../src/metrics/recent-quantile.js';

test('says nothing until 20 values were recorded', () => {
  const median = new RecentQuantile(0.5);
  for (let value = 1; value < 20; value++) median.record(value, 0);
  expect(median.value).toBeUndefined();
  median.record(20, 0);

  expect(median.value).toBeCloseTo(10, 0);
});

test('is within 1 % of the exact quantile of what it had when it was last computed', () => {
  const values = fc.array(fc.double({ min: 0.01, max: 10_000, noNaN: true }), { minLength: 20, maxLength: 300 });
  fc.assert(
    fc.property(values, fc.constantFrom(0.5, 0.9, 0.95, 0.99), (given, q) => {
      const recent = new RecentQuantile(q);
      let exact = Number.NaN;
      let before: number | undefined;
      for (const [index, value] of given.entries()) {
        recent.record(value, index);
        if (recent.value === before) continue;
        before = recent.value;
        const sorted = given.slice(0, index + 1).sort((left, right) => left - right);
        exact = sorted[Math.ceil(q * sorted.length) - 1] as number;
        expect(Math.abs((recent.value as number) - exact) / exact).toBeLessThan(0.011);
      }
      expect(exact).not.toBeNaN();
    }),
  );
});

test('forgets what is older than two windows, and at once what is older than an idle one', () => {
  const median = new RecentQuantile(0.5, { windowMs: 1_000 });
  const record = (value: number, times: number, at: number) => {
    for (let done = 0; done < times; done++) median.record(value, at);
  };
  record(10, 100, 0);
  expect(median.value).toBeCloseTo(10, 0);
  // The window before still counts.
  record(1_000, 40, 1_500);
  expect(median.value).toBeCloseTo(10, 0);
  record(1_000, 40, 2_500);
  expect(Math.round((median.value as number) / 100)).toBe(10);
  record(5, 20, 60_000);
  expect(median.value).toBeCloseTo(5, 0);
});
