import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '../../src/base/random.js';
import type { ChaosOptions } from '../../src/chaos/chaos-options.js';
import { type Fault, FaultPlan } from '../../src/chaos/fault-plan.js';

function faults(options: ChaosOptions, seed: number, calls = 200): (Fault | undefined)[] {
  const plan = new FaultPlan(options, seededRandom(seed));
  return Array.from({ length: calls }, (_, index) => plan.next(index));
}

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const shares = fc.double({ min: 0, max: 1, noNaN: true });

test('the same seed makes the same faults', () => {
  fc.assert(
    fc.property(seeds, shares, shares, (seed, errorRatio, latencyRatio) => {
      const options = { errorRatio, latencyMs: 5, latencyRatio };
      expect(faults(options, seed)).toEqual(faults(options, seed));
    }),
  );
});

test('a call that fails at one ratio fails at every higher one', () => {
  fc.assert(
    fc.property(seeds, shares, shares, (seed, one, other) => {
      const failing = (errorRatio: number) =>
        faults({ errorRatio }, seed).flatMap((fault, index) => (fault?.outcome === 'error' ? [index] : []));
      const [few, many] = [failing(Math.min(one, other)), failing(Math.max(one, other))];
      expect(many).toEqual(expect.arrayContaining(few));
    }),
  );
});

test('latency and results that are added move no error', () => {
  fc.assert(
    fc.property(seeds, shares, shares, (seed, errorRatio, other) => {
      const failing = (options: ChaosOptions) => faults(options, seed).map((fault) => fault?.outcome === 'error');
      const more = { latencyMs: 5, latencyRatio: other, result: 'spoilt', resultRatio: other };
      expect(failing({ errorRatio, ...more })).toEqual(failing({ errorRatio }));
    }),
  );
});

test.each([0, 0.1, 0.5, 1])('of many calls the share %d fails, is delayed, is answered', (ratio) => {
  const many = faults({ errorRatio: ratio }, 7, 20_000).filter((fault) => fault?.outcome === 'error');
  const late = faults({ latencyMs: 5, latencyRatio: ratio }, 7, 20_000).filter((fault) => fault?.latencyMs === 5);
  const spoilt = faults({ result: 'x', resultRatio: ratio }, 7, 20_000).filter((fault) => fault?.outcome === 'result');

  for (const hit of [many, late, spoilt]) expect(Math.abs(hit.length / 20_000 - ratio)).toBeLessThan(0.01);
});

test.each<[number, boolean]>([
  [0, false],
  [99, false],
  [100, true],
  [199, true],
  [200, false],
])('%i ms after the first call, a window from 100 to 200 ms makes faults: %s', (sinceFirstMs, expected) => {
  const plan = new FaultPlan({ errorRatio: 1, between: [100, 200] }, () => 0.5);
  plan.next(5_000);

  expect(plan.next(5_000 + sinceFirstMs)?.outcome === 'error').toBe(expected);
});

test('a call outside of the window takes no chance from those inside', () => {
  const inside = new FaultPlan({ errorRatio: 0.5, between: [0, Infinity] }, seededRandom(3));
  const later = new FaultPlan({ errorRatio: 0.5, between: [100, Infinity] }, seededRandom(3));
  later.next(0);
  later.next(50);

  for (let call = 0; call < 50; call++) expect(later.next(100 + call)).toEqual(inside.next(call));
});
