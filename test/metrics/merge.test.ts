import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { Collector } from '../../src/metrics/collector.js';
import type { CollectorExport } from '../../src/metrics/collector-export.js';
import type { CollectorOptions } from '../../src/metrics/collector-options.js';

const HOUR = 3_600_000;

function setUp(options: CollectorOptions = {}, nowMs = 0) {
  const clock = new ManualClock({ nowMs });
  return { clock, make: () => new Collector(options, { clock }) };
}

/** Sums of doubles differ by the order in which they were added. */
function rounded(stats: unknown): unknown {
  return JSON.parse(JSON.stringify(stats), (_, value) =>
    typeof value === 'number' ? Number(value.toPrecision(9)) : value,
  );
}

const recording = fc.record({
  name: fc.constantFrom('list', 'get', '__proto__'),
  ms: fc.double({ min: 0.001, max: 1e6, noNaN: true }),
  success: fc.boolean(),
  tags: fc.constantFrom(undefined, { region: 'eu' }, { region: 'us', cached: true }),
  toLeft: fc.boolean(),
  // Never 0: of two gauges that were set at one moment, nobody can say which is the later. And all within a day: what one
  // collector has forgotten by then, it cannot hand on.
  waitMs: fc.oneof(fc.integer({ min: 1, max: 2_000 }), fc.integer({ min: 1, max: HOUR / 2 })),
});

describe('merge', () => {
  test('gives what one collector had that had recorded all of it', async () => {
    const recordings = fc.array(recording, { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(recordings, fc.integer({ min: 0, max: 1e9 }), async (all, start) => {
        const { clock, make } = setUp({ retentionMs: 24 * HOUR + 7 }, start + 0.3);
        const [left, right, union] = [make(), make(), make()];
        for (const { name, ms, success, tags, toLeft, waitMs } of all) {
          for (const collector of [toLeft ? left : right, union]) {
            collector.recordTiming(name, ms, { success, tags });
            collector.increment(name, 2, { tags });
            collector.gauge(name, ms, { tags });
          }
          await clock.advance(waitMs);
        }
        left.merge(JSON.parse(JSON.stringify(right.export())) as CollectorExport);
        expect(rounded(left.stats())).toEqual(rounded(union.stats()));

        await clock.advance(20 * HOUR);
        expect(rounded(left.stats())).toEqual(rounded(union.stats()));
      }),
      { numRuns: 150 },
    );
  });

  test('of any number of collectors has percentiles within 1 % of the exact ones', () => {
    const durations = fc.array(fc.double({ min: 0.001, max: 1e7, noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(fc.array(durations, { minLength: 1, maxLength: 5 }), (parts) => {
        const { make } = setUp();
        const total = make();
        for (const part of parts) {
          const worker = make();
          for (const ms of part) worker.recordTiming('list', ms);
          total.merge(worker);
        }
        const sorted = parts.flat().sort((one, other) => one - other);
        const { p50Ms, p95Ms, p99Ms } = total.snapshot().list ?? {};
        for (const [q, got = Number.NaN] of [
          [0.5, p50Ms],
          [0.95, p95Ms],
          [0.99, p99Ms],
        ] as const) {
          const exact = sorted[Math.ceil(q * sorted.length) - 1] as number;
          expect(Math.abs(got - exact)).toBeLessThanOrEqual(exact * 0.01);
        }
      }),
    );
  });

  test('takes ages for times, so that the clocks of two processes need not agree', async () => {
    const there = setUp({}, 5_000_000_000);
    const here = setUp({}, 100);
    const [from, to] = [there.make(), here.make()];
    from.recordTiming('list', 10);
    await there.clock.advance(2 * HOUR);
    from.recordTiming('list', 30, { success: false });
    to.merge(from.export());

    expect(to.stats()).toMatchObject({ totalCalls: 2, errorRate: 1, requestRatePerSecond: 1 / 60 });
    await here.clock.advance(23 * HOUR + 1);
    expect(to.stats()).toMatchObject({ totalCalls: 1, errors: 1 });
  });

  test('leaves out what is older than the time that it keeps', async () => {
    const { clock, make } = setUp({ retentionMs: Infinity });
    const from = make();
    from.recordTiming('list', 10);
    const short = new Collector({ retentionMs: 1_000 }, { clock });
    await clock.advance(5_000);
    const long = new Collector({}, { clock });
    long.recordTiming('old', 1);
    await clock.advance(2 * HOUR);
    short.merge(long);
    expect(short.stats().totalCalls).toBe(0);
    short.merge(from);
    // Kept for ever there, nobody knows how old it is.
    expect(short.stats().totalCalls).toBe(1);
  });

  test('keeps to its own bounds, and counts what it folds', () => {
    const { make } = setUp({ maxNames: 1, maxTagSets: 1 });
    const from = new Collector({}, {});
    for (const name of ['a', 'b', 'c']) {
      for (const user of [1, 2, 3]) {
        from.recordTiming(name, 1, { tags: { user } });
        from.increment(name, 1, { tags: { user } });
        from.gauge(name, 1, { tags: { user } });
      }
    }
    const to = make();
    to.merge(from);
    from.close();

    const { timings, counters, countersByTags, gaugesByTags } = to.stats();
    expect(timings).toMatchObject({
      a: { totalCalls: 3, foldedTimings: 2, byTags: { 'user=1': { totalCalls: 1 }, other: { totalCalls: 2 } } },
      other: { totalCalls: 6 },
    });
    expect(counters).toEqual({ a: 3, other: 6 });
    expect(countersByTags.a).toEqual({ other: 2, 'user=1': 1 });
    expect(gaugesByTags).toEqual({ a: { 'user=1': 1 } });
  });

  test('adds counters, and lets the younger gauge stay', async () => {
    const { clock, make } = setUp();
    const [older, younger] = [make(), make()];
    older.gauge('size', 1);
    older.increment('made');
    await clock.advance(10);
    younger.gauge('size', 2);
    younger.increment('made', 4);
    younger.merge(older);
    older.merge(younger);

    expect(younger.stats()).toMatchObject({ counters: { made: 5 }, gauges: { size: 2 } });
    expect(older.stats()).toMatchObject({ counters: { made: 6 }, gauges: { size: 2 } });
  });

  test('frees what it has taken, as if it had been recorded', async () => {
    const { clock, make } = setUp();
    const [from, to] = [make(), make()];
    from.recordTiming('list', 1);
    const exported = from.export();
    from.close();
    to.merge(exported);
    expect(clock.pendingTimers).toBe(1);
    await clock.advance(26 * HOUR);

    expect(clock.pendingTimers).toBe(0);
  });

  const slice = { count: 1, sum: 1, min: 1, max: 1, zeros: 0, errors: 0, buckets: [1_280, 1] };
  const withSlice = (change: object) => ({
    timings: { list: { slices: [{ ...slice, ...change }], calls: [], failures: [] } },
  });
  test.each([
    ['nothing', undefined, 'merge takes a collector, or what the export() of one gave, got undefined'],
    ['another version', { version: 2 }, 'merge takes a collector'],
    ['a snapshot', setUp().make().snapshot(), 'merge takes a collector'],
    ['no timings', { timings: undefined }, '`timings` takes an object, got undefined'],
    ['a list for a record', { counters: [] }, '`counters` takes an object'],
    ['an empty name', { counters: { '': {} } }, '`counters` takes names that are not empty'],
    ['a text for a counter', { counters: { a: { own: { value: '1', changedMsAgo: 0 } } } }, '`counters.a.own.value`'],
    ['an age below 0', { gauges: { a: { own: { value: 1, changedMsAgo: -1 } } } }, '`gauges.a.own.changedMsAgo`'],
    ['no slices', { timings: { list: {} } }, '`timings.list.slices` takes an array'],
    ['half a count', withSlice({ errors: 0.5 }), '`timings.list.slices[0].errors` takes a whole number from 0'],
    ['a count its buckets do not hold', withSlice({ count: 2 }), '`timings.list.slices[0].count` takes what'],
    ['a bucket without a count', withSlice({ buckets: [1_280] }), 'takes what its buckets hold'],
    ['a bucket that there is not', withSlice({ buckets: [99_999, 1] }), 'takes a bucket behind the last, got 99999'],
    ['no extremes', withSlice({ min: undefined }), 'takes `min` and `max`'],
    ['a second of three', { timings: { a: { slices: [], calls: [[1, 2, 3]], failures: [] } } }, 'takes two numbers'],
  ])('refuses %s, and takes nothing of it', (_, given, message) => {
    const { make } = setUp();
    const collector = make();
    const isExport = given !== undefined && !('version' in given) && _ !== 'a snapshot';
    const whole = isExport ? { version: 1, timings: {}, counters: {}, gauges: {}, ...given } : given;

    expect(() => collector.merge(whole as CollectorExport)).toThrow(TypeError);
    expect(() => collector.merge(whole as CollectorExport)).toThrow(message);
    expect(collector.stats()).toMatchObject({ timings: {}, counters: {}, gauges: {} });
  });
});
