import { describe, expect, test } from 'vitest';
import { COUNT_KINDS } from '../../src/metrics/counts.js';
import { Series } from '../../src/metrics/series.js';

const DAY = 86_400_000;

describe('Series', () => {
  test('knows calls, errors, mean, extremes, percentiles and rates', () => {
    const series = new Series();
    for (let call = 1; call <= 100; call++) series.record(call, call > 10, 1_000);

    const stats = series.stats(1_000);

    expect(stats).toMatchObject({ totalCalls: 100, errors: 10, avgMs: 50.5, minMs: 1, maxMs: 100, errorRate: 0.1 });
    expect(Math.abs(stats.p50Ms - 50)).toBeLessThanOrEqual(0.5);
    expect(Math.abs(stats.p95Ms - 95)).toBeLessThanOrEqual(0.95);
    expect(Math.abs(stats.p99Ms - 99)).toBeLessThanOrEqual(0.99);
    expect(stats.ratePerSecond).toBeCloseTo(100 / 60, 9);
  });

  test('before the first call every number is 0', () => {
    expect(Object.values(new Series().stats(0))).toEqual(Array.from({ length: 20 }, () => 0));
  });

  test('two series know nothing of each other, recorded into or not', () => {
    const [left, right] = [new Series({ retentionMs: 24 }), new Series({ retentionMs: 24 })];
    left.record(5, false, -1);
    left.count('retries', -1);
    left.expire(100);
    left.record(5, false, 100);

    expect(Object.values(right.stats(100)).every((number) => number === 0)).toBe(true);
    expect(Object.values(new Series().stats(100)).every((number) => number === 0)).toBe(true);
  });

  test.each(COUNT_KINDS)('counts %s', (kind) => {
    const series = new Series();
    series.count(kind, 0);
    series.count(kind, 0);

    const stats = series.stats(0);

    for (const other of COUNT_KINDS) expect(stats[other]).toBe(other === kind ? 2 : 0);
  });

  test('the hit rate is the share of hits among the lookups', () => {
    const series = new Series();
    for (const kind of ['cacheHits', 'cacheHits', 'cacheHits', 'cacheMisses'] as const) series.count(kind, 0);

    expect(series.stats(0).cacheHitRate).toBe(0.75);
  });

  test('the error rate is that of the last minute, errors and calls are of all the time kept', () => {
    const series = new Series({ retentionMs: DAY });
    series.record(1, false, 0);
    series.record(1, true, 120_000);

    expect(series.stats(120_000)).toMatchObject({ errors: 1, totalCalls: 2, errorRate: 0 });
  });

  test.each([
    [DAY - 1, 1],
    [DAY, 1],
    [DAY + DAY / 24, 0],
  ])('%i ms later, a timing kept for a day counts %i', (laterMs, totalCalls) => {
    const series = new Series({ retentionMs: DAY });
    series.record(5, false, 0);
    series.count('retries', 0);

    expect(series.stats(laterMs)).toMatchObject({ totalCalls, errors: totalCalls, retries: totalCalls });
  });

  test('percentiles are of all the time kept, not of its last slice', () => {
    const series = new Series({ retentionMs: DAY });
    for (let hour = 0; hour < 24; hour++) series.record(hour < 23 ? 10 : 1_000, true, hour * 3_600_000);

    const stats = series.stats(DAY - 1);

    expect(stats.totalCalls).toBe(24);
    expect(Math.abs(stats.p95Ms - 10)).toBeLessThanOrEqual(0.1);
    expect(stats.maxMs).toBe(1_000);
    expect(series.histogram(DAY - 1).count).toBe(24);
  });

  test('without a time to keep it keeps all', () => {
    const series = new Series();
    series.record(5, true, 0);

    expect(series.stats(1e15).totalCalls).toBe(1);
    expect(series.expire(1e15)).toBe('filled');
  });

  test('a series in use holds no more slices than the time kept has', () => {
    const series = new Series({ retentionMs: 24 });
    for (let now = 0; now < 1_000; now++) series.record(1, true, now);

    expect(series.stats(1_000).totalCalls).toBe(24);
  });

  test('an emptied series records again', () => {
    const series = new Series({ retentionMs: 24 });
    series.record(1, true, 0);
    expect(series.expire(24)).toBe('filled');
    expect(series.expire(25)).toBe('empty');

    series.record(1, true, 0.5);

    expect(series.stats(1).totalCalls).toBe(1);
  });

  test('says when it gets something to forget, and only then', () => {
    let wakes = 0;
    const series = new Series({ retentionMs: 24, onWake: () => wakes++ });
    expect(wakes).toBe(0);
    series.record(1, true, 0);
    series.record(1, true, 10);
    expect(wakes).toBe(1);

    series.expire(100);
    series.count('retries', 100);

    expect(wakes).toBe(2);
  });
});
