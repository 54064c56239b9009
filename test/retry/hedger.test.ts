import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import type { HedgeSurroundings } from '../../src/retry/hedge-context.js';
import { Hedger } from '../../src/retry/hedger.js';

const DELAY_MS = 960;

/** What an attempt comes to, and when. */
interface Fate {
  readonly ends: 'well' | 'badly';
  readonly afterMs: number;
}

/** What the race should come to, written down naively: a list of moments, walked in order. */
function naive(fates: readonly Fate[], maxHedges: number) {
  const begun: number[] = [];
  const endOf = (index: number) => (begun[index] as number) + (fates[index] as Fate).afterMs;
  const begin = (nowMs: number) => begun.push(nowMs);
  begin(0);
  for (;;) {
    const last = begun.at(-1) as number;
    const mayHedge = begun.length <= maxHedges;
    const ends = begun.map((_, index) => ({ index, at: endOf(index) }));
    const good = ends.filter(({ index }) => fates[index]?.ends === 'well');
    const firstGood = Math.min(...good.map(({ at }) => at));
    const lastEnd = Math.max(...ends.map(({ at }) => at));
    const nextAt = mayHedge ? last + DELAY_MS : Infinity;
    // All that run have failed before the next is due: it begins at once.
    if (good.length === 0 && lastEnd <= nextAt && mayHedge) begin(lastEnd);
    else if (firstGood <= nextAt && good.length > 0) {
      const winner = good.find(({ at }) => at === firstGood);
      return { outcome: `answer ${winner?.index}`, at: firstGood, begun };
    } else if (mayHedge) begin(nextAt);
    else {
      const latest = ends.reduce((late, end) => (end.at >= late.at ? end : late));
      return { outcome: `error ${latest.index}`, at: lastEnd, begun };
    }
  }
}

const neverCancelled = { cancelled: false, onCancel: () => () => {} };

function track(fates: readonly Fate[], maxHedges: number) {
  const clock = new ManualClock();
  const budget = { ratio: 1, minPerSecond: 1_000 };
  const hedger = new Hedger({ delayMs: DELAY_MS, maxHedges, budget }, { clock });
  const begun: number[] = [];
  const cancelled: number[] = [];
  const begin = (attempt: number) => {
    const index = attempt - 1;
    const { ends, afterMs } = fates[index] as Fate;
    begun.push(clock.now());
    const result = new Promise((resolve, reject) => {
      clock.setTimeout(() => (ends === 'well' ? resolve(index) : reject(new Error(`${index}`))), afterMs);
    });
    return { result, cancel: () => cancelled.push(index) };
  };
  const surroundings: HedgeSurroundings = { startedAt: 0, cancellation: neverCancelled };
  const outcome = hedger.run(begin, surroundings).then(
    (index) => ({ outcome: `answer ${index}`, at: clock.now() }),
    (error: Error) => ({ outcome: `error ${error.message}`, at: clock.now() }),
  );
  return { clock, begun, cancelled, outcome };
}

// Each attempt's time has a bit of its own, so that two things never happen at the same moment, where either order would
// be right.
const ends = fc.array(fc.constantFrom<Fate['ends']>('well', 'badly', 'badly'), { minLength: 4, maxLength: 4 });
const fates = fc
  .tuple(fc.array(fc.nat(200), { minLength: 4, maxLength: 4 }), ends)
  .map(([times, each]) =>
    times.map((time, index): Fate => ({ ends: each[index] as Fate['ends'], afterMs: 16 * time + 2 ** index })),
  );

test('whatever becomes of the attempts, the call comes to what a naive model says, at that moment', async () => {
  await fc.assert(
    fc.asyncProperty(fates, fc.integer({ min: 1, max: 3 }), async (given, maxHedges) => {
      const expected = naive(given, maxHedges);
      const { clock, begun, cancelled, outcome } = track(given, maxHedges);
      await clock.advance(50_000);
      const real = await outcome;

      expect(real.outcome).toBe(expected.outcome);
      expect(real.at).toBe(expected.at);
      expect(begun).toEqual(expected.begun);
      // Those that still ran are told, and nobody else.
      const stillRunning = expected.begun.flatMap((at, index) =>
        at + (given[index] as Fate).afterMs > expected.at ? [index] : [],
      );
      expect(cancelled.sort()).toEqual(expected.outcome.startsWith('answer') ? stillRunning : []);
    }),
    { numRuns: 150 },
  );
});

test('in any traffic, hedges are at most the share of calls, and those that come back by themselves', async () => {
  const traffic = fc.array(fc.integer({ min: 0, max: 2_000 }), { minLength: 1, maxLength: 80 });
  const options = fc.record({
    ratio: fc.double({ min: 0, max: 1, noNaN: true }),
    minPerSecond: fc.integer({ min: 0, max: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(traffic, options, async (pauses, budget) => {
      const clock = new ManualClock();
      const hedger = new Hedger({ delayMs: 1, budget }, { clock });
      let [calls, hedges] = [0, 0];
      const begin = (attempt: number) => {
        if (attempt > 1) hedges++;
        return { result: new Promise<never>(() => {}), cancel: () => {} };
      };
      for (const pauseMs of pauses) {
        calls++;
        void hedger.run(begin, { startedAt: clock.now(), cancellation: neverCancelled });
        await clock.advance(pauseMs + 1);
      }
      const most = calls * budget.ratio + budget.minPerSecond * (1 + clock.now() / 1_000);
      expect(hedges).toBeLessThanOrEqual(most + 1e-6);
    }),
    { numRuns: 40 },
  );
});

test('an attempt that throws at once is a failure like any other', async () => {
  const hedger = new Hedger({}, { clock: new ManualClock() });
  const seen: unknown[] = [];
  const begin = (attempt: number, error: unknown) => {
    seen.push(error);
    if (attempt === 1) throw new Error('at once');
    return { result: 'answer', cancel: () => {} };
  };

  expect(await hedger.run(begin, { startedAt: 0, cancellation: neverCancelled })).toBe('answer');
  expect(seen).toEqual([undefined, new Error('at once')]);
});

test('its options are checked, and the budget with them', () => {
  expect(new Hedger().options).toEqual({ delayMs: 100, maxHedges: 1, budget: { ratio: 0.05, minPerSecond: 1 } });
  expect(() => new Hedger({ budget: { ratio: 2 } })).toThrow(
    'hedge: `budget`: `ratio` takes a share from 0 to 1, got 2',
  );
  expect(() => new Hedger({ delayMs: 'p0' })).toThrow(RangeError);
  expect(() => new Hedger({ delayMs: 'p100' })).toThrow(RangeError);
  expect(new Hedger({ delayMs: 'p99.9' }).delayMs).toBe(100);
});
