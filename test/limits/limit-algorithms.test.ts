import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AimdLimit } from '../../src/limits/aimd-limit.js';
import { GradientLimit } from '../../src/limits/gradient-limit.js';
import { UsualLatency } from '../../src/limits/usual-latency.js';

const WIDE = { initial: 20, min: 1, max: 1_000 };

/** Feeds windows of ten calls over a time, at some latency, with some calls in flight; gives the moment of the last. */
function windows(limit: GradientLimit, many: number, tookMs: number, inFlight: (limit: number) => number, fromMs = 0) {
  let nowMs = fromMs;
  for (let window = 0; window < many; window++) {
    const stepMs = Math.max(100, limit.usualLatencyMs ?? 0) / 9 + 0.001;
    for (let call = 0; call < 10; call++) {
      nowMs += stepMs;
      limit.succeeded(inFlight(limit.limit), nowMs, tookMs);
    }
  }
  return nowMs;
}

const all = (limit: number) => limit;
const justBelow = (limit: number) => limit - 1;

describe('gradient', () => {
  test('a window of calls that take as long as ever lets the limit grow by a fifth of its square root', () => {
    const limit = new GradientLimit({ ...WIDE, initial: 100 });
    windows(limit, 1, 50, all);

    expect(limit.limit).toBe(102);
  });

  test('calls that are slower by a half are no reason to shrink, and twice as slow ones are', () => {
    const slower = (factor: number) => {
      const limit = new GradientLimit({ ...WIDE, initial: 400 });
      const nowMs = windows(limit, 20, 50, () => 1);
      windows(limit, 1, 50 * factor, all, nowMs);
      return limit.limit;
    };

    // 400 · (0.8 + 0.2 · gradient) + 0.2 · √400; the gradient is 1, 1, 3/4 and, at the least, 1/2.
    expect([1, 1.49, 2, 10].map(slower)).toEqual([404, 404, 384, 364]);
  });

  test('in calls that use less than half of the limit it sees no reason to move', () => {
    const limit = new GradientLimit(WIDE);
    const nowMs = windows(limit, 20, 50, () => 9);
    windows(limit, 20, 500, () => 9, nowMs);

    expect(limit.limit).toBe(20);
    expect(limit.latencyMs).toBe(500);
  });

  test('a window lasts for ten calls, and as long as a call does', () => {
    const limit = new GradientLimit(WIDE);
    for (let call = 0; call < 9; call++) limit.succeeded(20, 1_000 * call, 50);
    expect(limit.latencyMs).toBeUndefined();
    limit.succeeded(20, 9_000, 50);
    expect(limit.latencyMs).toBe(50);

    const quick = new GradientLimit(WIDE);
    for (let call = 0; call < 100; call++) quick.succeeded(20, call, 50);
    expect(quick.latencyMs).toBeUndefined();
    quick.succeeded(20, 100, 50);
    expect(quick.latencyMs).toBe(50);
  });

  test('gets used to calls that are slower while it holds none back', () => {
    const limit = new GradientLimit(WIDE);
    const nowMs = windows(limit, 20, 50, justBelow);
    windows(limit, 6_000, 100, justBelow, nowMs);

    expect(limit.usualLatencyMs).toBeGreaterThan(90);
    expect(limit.limit).toBe(1_000);
  });

  test('while it holds calls back, it probes after a hundred slow windows: for a queue, it does not get used to it', () => {
    const limit = new GradientLimit({ ...WIDE, initial: 100 });
    let nowMs = windows(limit, 20, 50, () => 1);
    const latencyAt = (inFlight: number) => Math.max(50, inFlight * 2);
    const limits = new Set<number>();
    for (let window = 0; window < 3_000; window++) {
      nowMs = windows(limit, 1, latencyAt(limit.limit), all, nowMs + latencyAt(limit.limit));
      limits.add(limit.limit);
    }

    // 25 calls at once take 50 ms; tolerance and the square root let it grow to where they take 1.5 times as long and more.
    expect(limit.usualLatencyMs).toBeCloseTo(50, 0);
    expect(Math.min(...limits)).toBeLessThanOrEqual(25);
    expect(limit.limit).toBeLessThan(50);
  });

  test('and for a dependency that has become slower by itself, it does', () => {
    const limit = new GradientLimit({ ...WIDE, initial: 100 });
    const nowMs = windows(limit, 20, 50, () => 1);
    windows(limit, 1_000, 150, all, nowMs);

    // One probe goes half of the way, and what is left is within the tolerance.
    expect(limit.usualLatencyMs).toBe(100);
    expect(limit.limit).toBeGreaterThan(100);
  });

  test('a probe looks at no call that was begun before it', () => {
    const limit = new GradientLimit({ ...WIDE, initial: 400 });
    let nowMs = windows(limit, 20, 50, () => 1);
    for (let before = 0; limit.limit >= before * 0.5; ) {
      before = limit.limit;
      nowMs = windows(limit, 1, 500, all, nowMs);
    }
    const probing = limit.limit;
    for (let call = 0; call < 50; call++) limit.succeeded(400, nowMs + call * 10, 600);

    expect(limit.limit).toBe(probing);
    windows(limit, 2, 10, () => 1, nowMs + 600);
    expect(limit.limit).toBeGreaterThan(probing);
  });

  test('a call that was lost late tells how slow calls are; one that failed early tells nothing', () => {
    const late = new GradientLimit({ ...WIDE, initial: 100 });
    const early = new GradientLimit({ ...WIDE, initial: 100 });
    for (const [limit, tookMs] of [
      [late, 500],
      [early, 1],
    ] as const) {
      const nowMs = windows(limit, 20, 50, () => 1);
      for (let call = 0; call < 20; call++) limit.dropped(100, nowMs + call * 20, tookMs);
    }

    expect(late.limit).toBeLessThan(100);
    expect(early.limit).toBe(100);
    expect(early.latencyMs).toBe(50);
  });

  test('calls that take no time at all do it no harm', () => {
    const limit = new GradientLimit(WIDE);
    windows(limit, 50, 0, all);

    expect(limit.limit).toBeGreaterThan(20);
  });
});

describe('the usual latency', () => {
  test('is the plain average of the first ten windows', () => {
    const usual = new UsualLatency();
    for (let window = 1; window <= 10; window++) usual.learn(window, window * 100, 'any');

    expect(usual.ms).toBeCloseTo(5.5, 10);
  });

  test('then goes by time, a third being left of what was known five minutes ago, and by a tenth at most for a window', () => {
    const usual = new UsualLatency();
    for (let window = 0; window < 10; window++) usual.learn(100, window * 1_000, 'any');
    for (let second = 10; second < 310; second++) usual.learn(200, second * 1_000, 'any');
    expect(usual.ms).toBeCloseTo(200 - 100 / Math.E, 0);

    const rested = new UsualLatency();
    for (let window = 0; window < 10; window++) rested.learn(100, 0, 'any');
    expect(rested.learn(200, 86_400_000, 'any')).toBeCloseTo(110, 10);
  });

  test('comes down by itself when calls have become twice as fast', () => {
    const usual = new UsualLatency();
    for (let window = 0; window < 10; window++) usual.learn(100, 0, 'any');
    for (let window = 0; window < 14; window++) usual.learn(49, 0, 'any');

    expect(usual.ms).toBeLessThan(98.1);
    expect(usual.ms).toBeGreaterThan(90);
  });

  test('takes in faster windows only, where it is told to, once it has a beginning', () => {
    const usual = new UsualLatency();
    for (let window = 0; window < 10; window++) usual.learn(100, 0, 'only faster');
    expect(usual.learn(150, 60_000, 'only faster')).toBe(100);
    expect(usual.learn(90, 120_000, 'only faster')).toBe(99);
  });

  test('goes half of the way to what a probe has found', () => {
    const usual = new UsualLatency();
    usual.learn(100, 0, 'any');
    usual.correct(200, 0);

    expect(usual.ms).toBe(150);
  });
});

describe('aimd', () => {
  test('grows by one with each success, while half of it is in use', () => {
    const limit = new AimdLimit(WIDE);
    limit.succeeded(10);
    expect(limit.limit).toBe(21);
    limit.succeeded(10);
    expect(limit.limit).toBe(21);
  });

  test('shrinks to nine tenths with each call that is lost, and by one at least', () => {
    const limit = new AimdLimit(WIDE);
    const seen = Array.from({ length: 30 }, () => {
      limit.dropped();
      return limit.limit;
    });

    expect(seen.slice(0, 12)).toEqual([18, 16, 14, 12, 10, 9, 8, 7, 6, 5, 4, 3]);
    expect(seen.at(-1)).toBe(1);
  });
});

test('whatever happens, a limit is a whole number within its bounds', () => {
  const event = fc.record({
    lost: fc.boolean(),
    inFlight: fc.nat(2_000),
    tookMs: fc.oneof(fc.constant(undefined), fc.double({ min: 0, max: 1e7, noNaN: true })),
    passedMs: fc.double({ min: 0, max: 60_000, noNaN: true }),
  });
  const bounds = fc
    .tuple(fc.integer({ min: 1, max: 50 }), fc.nat(50), fc.nat(50))
    .map(([min, more, evenMore]) => ({ min, initial: min + more, max: min + more + evenMore }));
  fc.assert(
    fc.property(bounds, fc.array(event, { maxLength: 300 }), fc.boolean(), (within, events, isGradient) => {
      const limit = isGradient ? new GradientLimit(within) : new AimdLimit(within);
      let nowMs = 0;
      for (const { lost, inFlight, tookMs, passedMs } of events) {
        nowMs += passedMs;
        if (lost) limit.dropped(inFlight, nowMs, tookMs);
        else limit.succeeded(inFlight, nowMs, tookMs);
        expect(Number.isSafeInteger(limit.limit)).toBe(true);
        expect(limit.limit).toBeGreaterThanOrEqual(within.min);
        expect(limit.limit).toBeLessThanOrEqual(within.max);
      }
    }),
  );
});
