import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Pace } from '../../../src/edges/throttle/pace.js';
import { checkThrottleOptions, type ThrottleOptions } from '../../../src/edges/throttle/throttle-options.js';

const paceOf = (options: ThrottleOptions, nowMs = 0) => new Pace(checkThrottleOptions(options), nowMs);

describe('the least time between two', () => {
  test.each([
    [100, 100],
    [150, 50],
    [200, 0],
    [900, 0],
  ])('at %i ms after a call at 100 the next waits %i ms', (nowMs, spacingMs) => {
    const pace = paceOf({ minTimeMs: 100 });
    pace.begin(100);

    expect(pace.spacingMs(nowMs)).toBe(spacingMs);
    expect(pace.readyAt(nowMs)).toBe(spacingMs > 0 ? 0 : 1);
  });
});

describe('a reservoir', () => {
  test.each([
    [0, 0, 1_000],
    [999, 0, 1],
    [1_000, 3, 0],
    [1_999, 3, 0],
  ])('at %i ms has %i left, and is filled in %i ms', (nowMs, left, refillMs) => {
    const pace = paceOf({ reservoir: 2, reservoirRefreshMs: 1_000, reservoirRefreshAmount: 3 });
    pace.begin(0);
    pace.begin(0);

    expect([pace.leftAt(nowMs), pace.refillMs(nowMs)]).toEqual([left, refillMs]);
  });

  test('is filled at whole periods from the beginning, however late one looks', () => {
    const pace = paceOf({ reservoir: 1, reservoirRefreshMs: 1_000 }, 500);
    pace.begin(500);
    pace.begin(4_700);

    expect([pace.refillMs(4_700), pace.refillMs(5_499), pace.leftAt(5_500)]).toEqual([800, 1, 1]);
  });

  test('is filled to its amount, not by it', () => {
    const pace = paceOf({ reservoir: 5, reservoirRefreshMs: 1_000 });
    pace.begin(0);

    expect(pace.leftAt(9_000)).toBe(5);
  });

  test('that nothing fills is empty for good', () => {
    const pace = paceOf({ reservoir: 1 });
    pace.begin(0);

    expect([pace.leftAt(1e12), pace.refillMs(1e12)]).toEqual([0, Infinity]);
  });
});

test('in no period do more calls begin than the reservoir holds, nor closer together than the least time', () => {
  const steps = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 100 });
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 150 }), (gaps, amount, minTimeMs) => {
      const pace = paceOf({ minTimeMs, reservoir: amount, reservoirRefreshMs: 1_000 });
      const begun: number[] = [];
      let nowMs = 0;
      for (const gap of gaps) {
        nowMs += gap;
        if (pace.readyAt(nowMs) === 0) continue;
        pace.begin(nowMs);
        begun.push(nowMs);
      }
      const periodOf = (at: number) => Math.floor(at / 1_000);
      for (const at of begun) {
        expect(begun.filter((other) => periodOf(other) === periodOf(at)).length).toBeLessThanOrEqual(amount);
      }
      for (const [index, at] of begun.entries())
        expect(at - (begun[index - 1] ?? -1e9)).toBeGreaterThanOrEqual(minTimeMs);
    }),
  );
});
