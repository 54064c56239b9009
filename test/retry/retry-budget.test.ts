import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import type { RetryBudgetOptions } from '../../src/retry/budget-options.js';
import { RetryBudget } from '../../src/retry/retry-budget.js';

function budgetWith(options: RetryBudgetOptions = {}) {
  const clock = new ManualClock();
  return { clock, budget: new RetryBudget(options, { clock }) };
}

function times(count: number, act: () => void): void {
  for (let done = 0; done < count; done++) act();
}

function drain(budget: RetryBudget, cause: 'failure' | 'timeout' = 'failure'): number {
  let granted = 0;
  while (granted < 10_000 && budget.tryWithdraw(cause)) granted++;
  return granted;
}

describe('a share of calls', () => {
  test('grants one retry for five calls, whether they succeed or fail', () => {
    const { budget } = budgetWith({ ratio: 0.2, minPerSecond: 0 });
    times(25, () => budget.noteSuccess());
    times(25, () => budget.noteFailure());
    expect(drain(budget)).toBe(10);
  });

  test.each([0.1, 0.2, 0.3, 0.7])(
    'ten calls at a ratio of %d earn whole retries, in spite of binary fractions',
    (ratio) => {
      const { budget } = budgetWith({ ratio, minPerSecond: 0 });
      times(10, () => budget.noteFailure());
      expect(budget.snapshot().available).toBe(Math.round(ratio * 10));
      expect(drain(budget)).toBe(Math.round(ratio * 10));
    },
  );

  test('grants 10 retries a second without any traffic, and saves no more than a second of them', async () => {
    const { budget, clock } = budgetWith();
    expect(drain(budget)).toBe(10);
    await clock.advance(500);
    expect(drain(budget)).toBe(5);
    await clock.advance(60_000);
    expect(drain(budget)).toBe(10);
  });

  test('a rate below one a second saves up for one', async () => {
    const { budget, clock } = budgetWith({ ratio: 0, minPerSecond: 0.5 });
    expect(drain(budget)).toBe(1);
    await clock.advance(1_999);
    expect(drain(budget)).toBe(0);
    await clock.advance(1);
    expect(drain(budget)).toBe(1);
  });

  test('keeps no more than 100 retries of what calls have earned', () => {
    const { budget } = budgetWith({ minPerSecond: 0 });
    times(100_000, () => budget.noteSuccess());
    expect(drain(budget)).toBe(100);
  });

  test('with neither a ratio nor a rate it grants nothing', () => {
    const { budget } = budgetWith({ ratio: 0, minPerSecond: 0 });
    times(100, () => budget.noteSuccess());
    expect(drain(budget)).toBe(0);
  });

  test('never grants more than its share and its rate', () => {
    const step = fc.oneof(
      fc.constant({ act: 'call' as const, ms: 0 }),
      fc.constant({ act: 'retry' as const, ms: 0 }),
      fc.record({ act: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 3_000 }) }),
    );
    const options = fc.record({
      ratio: fc.double({ min: 0, max: 1, noNaN: true }),
      minPerSecond: fc.integer({ min: 0, max: 20 }),
    });
    fc.assert(
      fc.property(options, fc.array(step, { maxLength: 200 }), (given, steps) => {
        const { budget, clock } = budgetWith(given);
        let calls = 0;
        let granted = 0;
        for (const { act, ms } of steps) {
          if (act === 'call') {
            budget.noteFailure();
            calls++;
          } else if (act === 'retry') granted += budget.tryWithdraw() ? 1 : 0;
          else void clock.advance(ms);
        }
        const most = calls * given.ratio + given.minPerSecond * (1 + clock.now() / 1_000);
        expect(granted).toBeLessThanOrEqual(most + 1e-6);
      }),
    );
  });

  test('a time before the last one gives nothing and takes nothing', () => {
    let nowMs = 1_000;
    const clock = Object.assign(new ManualClock(), { now: () => nowMs });
    const budget = new RetryBudget({ ratio: 0, minPerSecond: 10 }, { clock });
    expect(drain(budget)).toBe(10);
    nowMs = 0;
    expect(drain(budget)).toBe(0);
    nowMs = 1_100;
    expect(drain(budget)).toBe(1);
  });
});

describe('tokens', () => {
  test('500 tokens are 100 retries, or 50 after timeouts', () => {
    expect(drain(budgetWith({ capacity: 500 }).budget)).toBe(100);
    expect(drain(budgetWith({ capacity: 500 }).budget, 'timeout')).toBe(50);
  });

  test('five calls that succeed at once bring back one retry; calls that fail bring back nothing', () => {
    const { budget } = budgetWith({ retryCost: 5 });
    drain(budget);
    times(4, () => budget.noteSuccess());
    times(100, () => budget.noteFailure());
    expect(drain(budget)).toBe(0);
    budget.noteSuccess();
    expect(drain(budget)).toBe(1);
  });

  test('it never holds more than its capacity', () => {
    const { budget } = budgetWith({ capacity: 20, successCredit: 7 });
    times(10, () => budget.noteSuccess());
    expect(drain(budget)).toBe(4);
  });

  test('time brings nothing back', async () => {
    const { budget, clock } = budgetWith({ capacity: 10 });
    drain(budget);
    await clock.advance(3_600_000);
    expect(drain(budget)).toBe(0);
  });

  test('retries that cost nothing have no end, and the snapshot is still JSON', () => {
    const { budget } = budgetWith({ capacity: 0, retryCost: 0 });
    expect(budget.tryWithdraw()).toBe(true);
    expect(budget.tryWithdraw('timeout')).toBe(false);
    expect(budget.snapshot().available).toBe(Number.MAX_SAFE_INTEGER);
  });
});

test('the snapshot tells what was granted and refused', () => {
  const { budget } = budgetWith({ name: 'upstream', ratio: 0, minPerSecond: 2 });
  times(5, () => budget.tryWithdraw());
  expect(budget.snapshot()).toEqual({ name: 'upstream', available: 0, granted: 2, refused: 3 });
});

test('it arms no timer', () => {
  const { budget, clock } = budgetWith();
  drain(budget);
  expect(clock.pendingTimers).toBe(0);
});

test('its options are frozen, with the defaults of their form', () => {
  expect(new RetryBudget().options).toEqual({ ratio: 0.2, minPerSecond: 10 });
  const { options } = new RetryBudget({ capacity: 50 });
  expect(options).toEqual({ capacity: 50, retryCost: 5, timeoutRetryCost: 10, successCredit: 1 });
  expect(Object.isFrozen(options)).toBe(true);
});

test.each<[object, typeof TypeError, RegExp]>([
  [{ ratio: '0.2' }, TypeError, /`ratio`/],
  [{ ratio: 1.1 }, RangeError, /`ratio`/],
  [{ ratio: Number.NaN }, RangeError, /`ratio`/],
  [{ ratio: -0.1 }, RangeError, /`ratio`/],
  [{ minPerSecond: -1 }, RangeError, /`minPerSecond`/],
  [{ minPerSecond: Infinity }, RangeError, /`minPerSecond`/],
  [{ minPerSecond: true }, TypeError, /`minPerSecond`/],
  [{ capacity: Number.NaN }, RangeError, /`capacity`/],
  [{ capacity: Infinity }, RangeError, /`capacity`/],
  [{ retryCost: -1 }, RangeError, /`retryCost`/],
  [{ timeoutRetryCost: '1' }, TypeError, /`timeoutRetryCost`/],
  [{ successCredit: Number.NaN }, RangeError, /`successCredit`/],
  [{ name: '' }, RangeError, /`name`/],
  [{ ratios: 1 }, TypeError, /did you mean `ratio`/],
  [{ ratio: 0.2, capacity: 500 }, TypeError, /exclude each other/],
  [[], TypeError, /one object/],
])('%o is refused', (options, type, message) => {
  const make = () => new RetryBudget(options as RetryBudgetOptions);
  expect(make).toThrow(type);
  expect(make).toThrow(message);
});
