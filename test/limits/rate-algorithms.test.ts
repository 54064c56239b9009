import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RateAlgorithm } from '../../src/limits/rate-algorithm.js';
import { SlidingWindow } from '../../src/limits/sliding-window.js';
import { TokenBucket, TokenRules } from '../../src/limits/token-bucket.js';

interface Numbers {
  readonly limit: number;
  readonly intervalMs: number;
  readonly burst: number;
}

const bucket = ({ limit, intervalMs, burst }: Numbers, originMs = 0) =>
  new TokenBucket(new TokenRules(limit, intervalMs, burst, originMs));
const window = ({ limit, intervalMs }: Numbers) => new SlidingWindow(limit, intervalMs);

const numbers = fc.record({
  limit: fc.integer({ min: 1, max: 20 }),
  intervalMs: fc.integer({ min: 1, max: 2_000 }),
  burst: fc.integer({ min: 1, max: 40 }),
});
const gaps = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 3_000 })), {
  maxLength: 300,
});

/** Tries at each arrival; gives the moments of those that were let through. */
function arrivals(algorithm: RateAlgorithm, gapsMs: readonly number[], originMs = 0): number[] {
  const taken: number[] = [];
  let nowMs = originMs;
  for (const gapMs of gapsMs) {
    nowMs += gapMs;
    if (algorithm.takeUnseen() || algorithm.take(nowMs) === 0) taken.push(nowMs);
  }
  return taken;
}

describe('a token bucket', () => {
  test('lets `burst` calls through at once, then one whenever a token has come back', () => {
    const tokens = bucket({ limit: 10, intervalMs: 1_000, burst: 3 });
    expect([0, 0, 0, 0].map((nowMs) => tokens.take(nowMs))).toEqual([0, 0, 0, 100]);
    expect([99, 100, 100, 199, 200].map((nowMs) => tokens.take(nowMs))).toEqual([1, 0, 100, 1, 0]);
  });

  test('is full again after `burst` tokens’ time, and no fuller after an hour', () => {
    const tokens = bucket({ limit: 10, intervalMs: 1_000, burst: 3 });
    for (const nowMs of [0, 0, 0]) tokens.take(nowMs);
    expect([0, 99, 100, 299, 300, 3_600_000].map((nowMs) => tokens.available(nowMs))).toEqual([0, 0, 1, 2, 3, 3]);
  });

  test('in any span gives at most `burst` and what came back within it', () => {
    fc.assert(
      fc.property(numbers, gaps, (given, gapsMs) => {
        const taken = arrivals(bucket(given), gapsMs);
        const tokenMs = given.intervalMs / given.limit;
        for (const [first, from] of taken.entries()) {
          for (const [last, to] of taken.entries()) {
            if (last < first) continue;
            expect(last - first + 1).toBeLessThanOrEqual(Math.floor(given.burst + (to - from) / tokenMs + 1e-6));
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test('lets through exactly what a naive bucket does, by whatever clock', () => {
    fc.assert(
      fc.property(numbers, gaps, fc.constantFrom(0, 1e9, 1.7e12), (given, gapsMs, originMs) => {
        let level = given.burst;
        let nowMs = originMs;
        const expected: number[] = [];
        for (const gapMs of gapsMs) {
          nowMs += gapMs;
          level = Math.min(given.burst, level + (gapMs * given.limit) / given.intervalMs);
          if (level < 1 - 1e-7) continue;
          level -= 1;
          expected.push(nowMs);
        }
        expect(arrivals(bucket(given, originMs), gapsMs, originMs)).toEqual(expected);
      }),
    );
  });

  test('a time before the last one is no harm', () => {
    const tokens = bucket({ limit: 1, intervalMs: 1_000, burst: 1 });
    expect([tokens.take(5_000), tokens.take(4_900), tokens.take(6_000)]).toEqual([0, 1_100, 0]);
  });

  test('below a burst of 1 000 each call looks at the clock', () => {
    const tokens = bucket({ limit: 999, intervalMs: 1_000, burst: 999 });
    tokens.take(0);
    expect(tokens.takeUnseen()).toBe(false);
  });
});

describe('a large token bucket', () => {
  const large = { limit: 1_000, intervalMs: 1_000, burst: 1_000 };
  const drain = (tokens: TokenBucket, nowMs: number) => {
    let taken = 0;
    while (tokens.takeUnseen() || tokens.take(nowMs) === 0) taken++;
    return taken;
  };

  test('looks at the clock once in a hundredth of its burst', () => {
    const tokens = bucket(large);
    let looks = 0;
    for (let call = 0; call < 990; call++) {
      if (tokens.takeUnseen()) continue;
      looks++;
      expect(tokens.take(0)).toBe(0);
    }
    expect(looks).toBe(90);
  });

  test('gives its whole burst, and no more', () => {
    const tokens = bucket(large);
    expect(drain(tokens, 0)).toBe(1_000);
    expect(tokens.take(0)).toBe(1);
    expect(drain(tokens, 500)).toBe(500);
  });

  test('after a time of rest at most a hundredth of the burst is missing', () => {
    const tokens = bucket(large);
    for (let call = 0; call < 300; call++) if (!tokens.takeUnseen()) tokens.take(0);
    const available = tokens.available(10_000);
    expect(available).toBeGreaterThanOrEqual(990);
    expect(drain(tokens, 10_000)).toBeGreaterThanOrEqual(990);
  });

  test('asking what is left changes nothing', () => {
    const [asked, unasked] = [bucket(large), bucket(large)];
    for (const tokens of [asked, unasked]) for (let call = 0; call < 305; call++) tokens.takeUnseen() || tokens.take(0);
    for (const nowMs of [0, 0, 100, 50]) asked.available(nowMs);
    expect(drain(asked, 100)).toBe(drain(unasked, 100));
  });

  test('in any span gives at most `burst` and what came back within it', () => {
    const rules = fc.record({ limit: fc.integer({ min: 1, max: 400 }), burst: fc.integer({ min: 1_000, max: 1_500 }) });
    const rushes = fc.array(
      fc.record({ gapMs: fc.integer({ min: 0, max: 4_000 }), calls: fc.integer({ min: 1, max: 900 }) }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(rules, rushes, ({ limit, burst }, given) => {
        const tokens = bucket({ limit, burst, intervalMs: 1_000 });
        let nowMs = 0;
        const taken: { at: number; count: number }[] = [];
        for (const { gapMs, calls } of given) {
          nowMs += gapMs;
          let count = 0;
          for (let call = 0; call < calls; call++) if (tokens.takeUnseen() || tokens.take(nowMs) === 0) count++;
          taken.push({ at: nowMs, count });
        }
        for (const [first, { at: from }] of taken.entries()) {
          let sum = 0;
          for (const { at, count } of taken.slice(first)) {
            sum += count;
            expect(sum).toBeLessThanOrEqual(burst + ((at - from) * limit) / 1_000 + 1e-6);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('a sliding window', () => {
  test('lets a call through when the one `limit` calls before has left the interval', () => {
    const log = window({ limit: 2, intervalMs: 1_000, burst: 2 });
    const at = [0, 400, 400, 999, 1_000, 1_399, 1_400];
    expect(at.map((nowMs) => log.take(nowMs))).toEqual([0, 0, 600, 1, 0, 1, 0]);
  });

  test('never lets more than `limit` calls through in any interval', () => {
    fc.assert(
      fc.property(numbers, gaps, (given, gapsMs) => {
        const taken = arrivals(window(given), gapsMs);
        for (const [index, at] of taken.entries()) {
          const next = taken[index + given.limit];
          if (next !== undefined) expect(next - at).toBeGreaterThanOrEqual(given.intervalMs);
        }
      }),
    );
  });

  test('lets through exactly what a naive log does, and knows what is left', () => {
    fc.assert(
      fc.property(numbers, gaps, (given, gapsMs) => {
        const log = window(given);
        const taken: number[] = [];
        let nowMs = 0;
        for (const gapMs of gapsMs) {
          nowMs += gapMs;
          const from = nowMs - given.intervalMs;
          const within = taken.filter((at) => at > from).length;
          expect(log.available(nowMs)).toBe(given.limit - within);
          const allowed = log.take(nowMs) === 0;
          expect(allowed).toBe(within < given.limit);
          if (allowed) taken.push(nowMs);
        }
      }),
    );
  });

  test('a time before the last one is no harm', () => {
    const log = window({ limit: 2, intervalMs: 1_000, burst: 2 });
    expect([5_000, 4_000, 5_999, 6_000, 6_000, 6_000].map((nowMs) => log.take(nowMs))).toEqual([0, 0, 1, 0, 0, 1_000]);
    const late = window({ limit: 2, intervalMs: 1_000, burst: 2 });
    for (const nowMs of [5_500, 4_000]) late.take(nowMs);
    expect(late.available(5_200)).toBe(0);
  });
});

describe.each([
  ['a token bucket', (given: Numbers): RateAlgorithm => bucket(given)],
  ['a sliding window', (given: Numbers): RateAlgorithm => window(given)],
])('%s', (_, make) => {
  const fractions = fc.array(fc.double({ min: 0, max: 400, noNaN: true }), { maxLength: 60 });

  test.each([
    ['whole', gaps],
    ['fractional', fractions],
  ])('tells the wait exactly: then a call is let through, 1 ms earlier it is not (%s times)', (_kind, times) => {
    fc.assert(
      fc.property(numbers, times, (given, gapsMs) => {
        // The same calls twice, for the attempt 1 ms earlier must not be seen by the other.
        for (const earlyMs of [1, 0]) {
          const algorithm = make(given);
          let nowMs = 0;
          for (const gapMs of gapsMs) algorithm.take((nowMs += gapMs));
          let waitMs = algorithm.take(nowMs);
          while (waitMs === 0) waitMs = algorithm.take(nowMs);
          expect(Number.isInteger(waitMs)).toBe(true);
          expect(algorithm.take(nowMs + waitMs - earlyMs) === 0).toBe(earlyMs === 0);
        }
      }),
    );
  });

  test('a call that is refused takes nothing', () => {
    const given = { limit: 2, intervalMs: 1_000, burst: 2 };
    const algorithm = make(given);
    for (let call = 0; call < 100; call++) algorithm.take(0);
    expect(algorithm.available(1_000)).toBe(2);
  });
});
