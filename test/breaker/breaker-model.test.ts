import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CircuitBreakerOptions } from '../../src/breaker/breaker-options.js';
import { CircuitBreaker } from '../../src/breaker/circuit-breaker.js';
import { isPermit, type Permit } from '../../src/breaker/permit.js';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { type NaiveCall, NaiveBreaker } from './naive-breaker.js';

interface Real {
  breaker: CircuitBreaker;
  clock: ManualClock;
  running: { permit: Permit; call: NaiveCall }[];
}

type Command = fc.Command<NaiveBreaker, Real>;

/** What both must agree on after each step. */
function agree(model: NaiveBreaker, { breaker, clock }: Real): void {
  const now = clock.now();
  const wall = (ms: number | null) => (ms === null ? null : clock.wallNow() - now + ms);
  const { totalCalls, ...snapshot } = breaker.snapshot();
  const { successfulCalls, failedCalls, ignoredCalls, rejectedCalls } = model.totals;
  expect(snapshot).toMatchObject({
    state: model.shown(now),
    ...model.totals,
    failureRate: model.failureRate(now),
    consecutiveFailures: model.consecutiveFailures,
    openedAt: wall(model.openedAt),
  });
  expect(totalCalls).toBe(successfulCalls + failedCalls + ignoredCalls + rejectedCalls);
  expect(snapshot.state === 'open' ? snapshot.nextAttemptAt : 0).toBe(
    model.shown(now) === 'open' ? wall(model.waitUntil) : 0,
  );
  expect(breaker.state).toBe(snapshot.state);
}

function step(name: string, run: (model: NaiveBreaker, real: Real) => void): Command {
  return {
    check: () => true,
    run: (model, real) => {
      run(model, real);
      agree(model, real);
    },
    toString: () => name,
  };
}

const advance = (ms: number) => step(`advance ${ms}`, (_, { clock }) => void clock.advance(ms));

const begin = () =>
  step('begin', (model, { breaker, clock, running }) => {
    const call = model.acquire(clock.now());
    const permit = breaker.tryAcquire();
    expect(isPermit(permit)).toBe(call !== 'rejected');
    if (isPermit(permit) && call !== 'rejected') running.push({ permit, call });
  });

const end = (which: number, how: 'success' | 'failure' | 'ignored') =>
  step(`${how} of ${which}`, (model, { breaker, clock, running }) => {
    const [ended] = running.splice(which % Math.max(1, running.length), 1);
    if (ended === undefined) return;
    model.settle(ended.call, how, clock.now());
    if (how === 'success') breaker.succeed(ended.permit);
    else if (how === 'failure') breaker.fail(ended.permit, new Error('down'));
    else breaker.ignore(ended.permit);
    // Whatever is settled again has been settled.
    if (!ended.permit.shared) breaker.fail(ended.permit, new Error('twice'));
  });

const act = (name: 'reset' | 'isolate' | 'disable' | 'shadow' | 'release', ttlMs: number) =>
  step(`${name} for ${ttlMs}`, (model, { breaker, clock }) => {
    model.act(name, ttlMs, clock.now());
    breaker[name]({ ttlMs });
  });

const actNames = fc.constantFrom('reset', 'isolate', 'disable', 'shadow', 'release', 'release' as const);
const ends = fc.constantFrom('success', 'success', 'failure', 'failure', 'ignored' as const);
const commands = fc.commands(
  [
    fc.constantFrom(1, 5, 10, 20, 50, 100, 200).map(advance),
    fc.constant(0).map(begin),
    fc.constant(0).map(begin),
    fc.tuple(fc.nat(5), ends).map(([which, how]) => end(which, how)),
    fc.tuple(fc.nat(5), ends).map(([which, how]) => end(which, how)),
    fc.tuple(actNames, fc.constantFrom(0, 20, 100, Number.POSITIVE_INFINITY)).map(([name, ttlMs]) => act(name, ttlMs)),
  ],
  { maxCommands: 120, size: 'max' },
);

const common = fc.record({
  successThreshold: fc.integer({ min: 1, max: 3 }),
  halfOpenMaxCalls: fc.integer({ min: 1, max: 3 }),
  recoveryTimeoutMs: fc.constantFrom(0, 20, 50),
  maxRecoveryTimeoutMs: fc.constantFrom(50, 170),
  probeTimeoutMs: fc.constantFrom(10, 60),
});
const inARow = fc.record({
  failureThreshold: fc.integer({ min: 1, max: 4 }),
  slowCallMs: fc.constantFrom(undefined, 20),
});
const shares = {
  failureRatio: fc.constantFrom(0.2, 0.5, 1),
  minimumCalls: fc.integer({ min: 1, max: 3 }),
};
const window = fc.oneof(
  fc.record({ type: fc.constant('count' as const), size: fc.integer({ min: 3, max: 6 }) }),
  fc.record({ type: fc.constant('time' as const), ms: fc.constantFrom(50, 200) }),
);
const byShares = fc.record({ window, ...shares });
const bySlowness = fc.record({
  window,
  ...shares,
  slowCallMs: fc.constantFrom(5, 20),
  slowCallRatio: fc.constantFrom(0.3, 1),
});

describe('whatever happens to it, a breaker does what its rules say', () => {
  test.each<[string, fc.Arbitrary<object>]>([
    ['failures in a row', inARow],
    ['shares of a window', byShares],
    ['slow calls in a window', bySlowness],
  ])(
    'judging by %s',
    (_, judgement) => {
      fc.assert(
        fc.property(common, judgement, commands, (options, more, steps) => {
          const setup = () => {
            const clock = new ManualClock();
            const breaker = new CircuitBreaker({ ...options, ...more } as CircuitBreakerOptions, { clock });
            return { model: new NaiveBreaker(breaker.options), real: { breaker, clock, running: [] } };
          };
          fc.modelRun(setup, steps);
        }),
        { numRuns: 200 },
      );
    },
    30_000,
  );
});
