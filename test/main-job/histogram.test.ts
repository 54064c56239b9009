import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Histogram } from '../../examples/main-job/histogram.js';

test('a percentile is within 1 % of the real one', () => {
  const durations = fc.array(fc.double({ min: 0.01, max: 60_000, noNaN: true }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(durations, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
      const histogram = new Histogram();
      for (const value of values) histogram.add(value);
      const sorted = [...values].sort((left, right) => left - right);
      const real = sorted[Math.max(0, Math.ceil(share * values.length) - 1)] ?? 0;

      const [measured = 0] = histogram.percentiles(share);

      expect(Math.abs(measured - real) / real).toBeLessThan(0.0101);
    }),
  );
});

test('without a value every percentile is 0', () => {
  expect(new Histogram().percentiles(0.5, 0.99)).toEqual([0, 0]);
});

test('a duration of 0 is taken', () => {
  const histogram = new Histogram();
  histogram.add(0);

  expect(histogram.percentiles(0.5)[0]).toBeCloseTo(0.001, 3);
});
