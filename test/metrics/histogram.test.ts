import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Histogram } from '../../src/metrics/histogram.js';

const LEAST = 2 ** -20;

function histogramOf(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

function exactQuantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1] ?? 0;
}

/** Durations of any size: evenly spread over their orders of magnitude, from 2⁻²⁰ to 2³⁹ ms. */
const duration = fc.double({ min: -20, max: 39, noNaN: true }).map((exponent) => 2 ** exponent);
const durations = fc.array(duration, { minLength: 1, maxLength: 300 });
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('Histogram', () => {
  test('gives any quantile of any durations within 1 % of the exact one', () => {
    fc.assert(
      fc.property(durations, share, (values, q) => {
        const exact = exactQuantile(values, q);
        expect(Math.abs(histogramOf(values).quantile(q) - exact)).toBeLessThanOrEqual(exact * 0.01);
      }),
      { numRuns: 1_000 },
    );
  });

  test('counts zeros, and tells them from what is not', () => {
    const histogram = histogramOf([0, 0, 0, 100]);

    expect(histogram.quantile(0.75)).toBe(0);
    expect(histogram.quantile(0.76)).toBe(100);
    expect(histogram.min).toBe(0);
  });

  test.each([
    ['nothing', [], 0],
    ['one value, exactly', [12.5], 12.5],
    ['a negative value as 0', [-3], 0],
    ['NaN as 0', [Number.NaN], 0],
    ['what is below the least value as 0', [LEAST / 2], LEAST / 2],
    ['what is above the greatest as the greatest', [2 ** 50], 2 ** 50],
    ['Infinity', [Infinity], Infinity],
    ['the least value there is', [Number.MIN_VALUE], Number.MIN_VALUE],
  ])('takes %s', (_, values, expected) => {
    const histogram = histogramOf(values);

    expect(histogram.quantile(0.5)).toBe(expected);
    expect(histogram.count).toBe(values.length);
  });

  test('gives the least and the greatest value exactly', () => {
    fc.assert(
      fc.property(durations, (values) => {
        const histogram = histogramOf(values);
        expect(histogram.quantile(0)).toBe(Math.min(...values));
        expect(histogram.quantile(1)).toBe(Math.max(...values));
        expect(histogram.min).toBe(Math.min(...values));
        expect(histogram.max).toBe(Math.max(...values));
      }),
    );
  });

  test('gives the mean exactly', () => {
    expect(histogramOf([1, 2, 6]).mean).toBe(3);
    expect(histogramOf([1, 2, 6]).sum).toBe(9);
    expect(new Histogram().mean).toBe(0);
    expect([new Histogram().min, new Histogram().max]).toEqual([0, 0]);
  });

  test('merged with another it is as if it had recorded both', () => {
    const some = fc.array(fc.oneof(duration, fc.constant(0)), { maxLength: 100 });
    fc.assert(
      fc.property(some, some, (left, right) => {
        const merged = histogramOf(left);
        merged.merge(histogramOf(right));
        const union = histogramOf([...left, ...right]);

        expect([...merged.buckets()]).toEqual([...union.buckets()]);
        expect([merged.count, merged.min, merged.max]).toEqual([union.count, union.min, union.max]);
        // Sums of doubles differ by the order in which they were added.
        expect(Math.abs(merged.sum - union.sum)).toBeLessThanOrEqual(union.sum * 1e-12);
        for (const q of [0, 0.5, 0.95, 1]) expect(merged.quantile(q)).toBe(union.quantile(q));
      }),
    );
  });

  test('leaves what is merged into it as it was', () => {
    const other = histogramOf([5]);
    histogramOf([1, 1_000]).merge(other);

    expect([...other.buckets()].map((bucket) => bucket.count)).toEqual([1]);
  });

  test('shows its buckets in ascending order, each value in the one that takes it', () => {
    fc.assert(
      fc.property(durations, (values) => {
        const buckets = [...histogramOf(values).buckets()];
        for (const { from, to, count } of buckets) {
          expect(values.filter((value) => value >= from && value < to)).toHaveLength(count);
        }
        expect(buckets.map((bucket) => bucket.from)).toEqual(
          buckets.map((bucket) => bucket.from).sort((left, right) => left - right),
        );
      }),
    );
  });

  test('shows what exceeds every bucket in one without an end', () => {
    expect([...histogramOf([2 ** 41]).buckets()]).toMatchObject([{ to: Infinity, count: 1 }]);
  });

  test('counts on past 2³² values', () => {
    const histogram = histogramOf([5, 7]);
    for (let doubling = 0; doubling < 33; doubling++) histogram.merge(histogram);
    for (const value of [5, 1_000_000]) histogram.record(value);

    expect(histogram.count).toBe(2 ** 34 + 2);
    expect([...histogram.buckets()].map((bucket) => bucket.count)).toEqual([2 ** 33 + 1, 2 ** 33, 1]);
  });

  test('reaches 2³² by recording as well', () => {
    const histogram = histogramOf([5]);
    for (let doubling = 0; doubling < 31; doubling++) histogram.merge(histogram);
    const rest = histogramOf([5]);
    for (let doubling = 0; doubling < 31; doubling++) {
      histogram.merge(rest);
      rest.merge(rest);
    }
    expect(histogram.count).toBe(2 ** 32 - 1);

    histogram.record(5);
    histogram.record(5);

    expect([...histogram.buckets()].map((bucket) => bucket.count)).toEqual([2 ** 32 + 1]);
  });
});
