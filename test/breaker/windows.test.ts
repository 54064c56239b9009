import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CountWindow } from '../../src/breaker/count-window.js';
import { FAILED, type OutcomeWindow, SLOW } from '../../src/breaker/outcome-window.js';
import { TimeWindow } from '../../src/breaker/time-window.js';

const marks = fc.constantFrom(0, 0, FAILED, SLOW, FAILED | SLOW);
const totals = ({ calls, failedCalls, slowCalls }: OutcomeWindow) => ({ calls, failedCalls, slowCalls });
const totalsOf = (outcomes: number[]) => ({
  calls: outcomes.length,
  failedCalls: outcomes.filter((outcome) => outcome & FAILED).length,
  slowCalls: outcomes.filter((outcome) => outcome & SLOW).length,
});

describe('a count window', () => {
  test('holds exactly the last size outcomes, those before its making included', () => {
    const sizes = fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 30, max: 70 }));
    fc.assert(
      fc.property(sizes, fc.nat(100), fc.array(marks, { maxLength: 200 }), (size, before, outcomes) => {
        const window = new CountWindow(size, before);
        const all = Array.from({ length: before }, () => 0);
        for (const outcome of outcomes) {
          window.record(outcome);
          all.push(outcome);
          expect(totals(window)).toEqual(totalsOf(all.slice(-size)));
        }
      }),
    );
  });

  test('is empty once cleared', () => {
    const window = new CountWindow(3);
    for (const outcome of [FAILED, SLOW, FAILED, 0]) window.record(outcome);

    window.clear();
    window.record(FAILED);

    expect(totals(window)).toEqual({ calls: 1, failedCalls: 1, slowCalls: 0 });
  });
});

describe('a time window', () => {
  const steps = fc.array(fc.tuple(fc.oneof(fc.nat(30), fc.nat(150)), marks), { maxLength: 100 });

  test('holds the outcomes of the running tenth and the nine before it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), steps, (start, outcomes) => {
        const window = new TimeWindow(100);
        const all: { tenth: number; outcome: number }[] = [];
        let now = start;
        for (const [wait, outcome] of outcomes) {
          now += wait;
          window.expire(now);
          const young = () => all.filter(({ tenth }) => tenth > Math.floor(now / 10) - 10);
          expect(totals(window)).toEqual(totalsOf(young().map(({ outcome }) => outcome)));
          window.record(outcome, now);
          all.push({ tenth: Math.floor(now / 10), outcome });
          expect(totals(window)).toEqual(totalsOf(young().map(({ outcome }) => outcome)));
        }
      }),
    );
  });

  test.each([
    ['back by less than the window: nothing is lost', -50, 2],
    ['back by more: it begins anew', -5_000, 1],
    ['far ahead: it begins anew', 1e300, 1],
    ['to no time at all: it begins anew', Number.NaN, 1],
  ])('after the clock has jumped %s', (_, jump, calls) => {
    const window = new TimeWindow(100);
    window.record(FAILED, 10_000);

    window.record(FAILED, 10_000 + jump);

    expect(totals(window)).toEqual({ calls, failedCalls: calls, slowCalls: 0 });
  });
});
