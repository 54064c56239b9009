import { createHook } from 'node:async_hooks';
import { describe, expect, test } from 'vitest';
import {
  adaptiveLimit,
  batched,
  bulkhead,
  cached,
  chaos,
  circuitBreaker,
  coalesce,
  compose,
  deadLetter,
  deadline,
  fallback,
  hedge,
  invalidates,
  rateLimit,
  Registry,
  resilient,
  retryWithBackoff,
  shed,
  timed,
  timeout,
} from '../../src/index.js';
import { CountingClock } from '../counting-clock.js';

type Call = (x: number) => Promise<number>;

const calls = 1_000;

/** What a thousand calls that succeed ask for, once the first is over. */
async function countsOf(protect: (registry: Registry) => (fn: Call) => Call): Promise<object> {
  const clock = new CountingClock();
  const call = protect(new Registry({ clock }))(async (x) => x);
  await call(0);
  clock.reads = 0;
  clock.timers = 0;
  const bare = await promisesMade(async (x) => x);
  const promises = await promisesMade(call);
  return {
    'clock reads a call': clock.reads / calls,
    'timers in all': clock.timers,
    'promises a call, above the bare one': Math.round((promises - bare) / calls) + 0,
  };
}

/** How many promises a thousand calls make, those of the test among them. */
async function promisesMade(call: Call): Promise<number> {
  let promises = 0;
  const hook = createHook({
    init: (_id, type) => {
      if (type === 'PROMISE') promises++;
    },
  }).enable();
  for (let index = 0; index < calls; index++) await call(0);
  hook.disable();
  return promises;
}

describe('a call that succeeds asks for no more than', () => {
  test.each<[string, number, number, (registry: Registry) => (fn: Call) => Call]>([
    ['circuitBreaker', 0, 1, (registry) => circuitBreaker({ registry })],
    ['retryWithBackoff', 0, 1, (registry) => retryWithBackoff({ registry })],
    ['fallback', 0, 1, (registry) => fallback.value(0, { registry })],
    ['bulkhead', 0, 1, (registry) => bulkhead({ registry })],
    ['adaptiveLimit by gradient', 2, 1, (registry) => adaptiveLimit({ registry })],
    ['adaptiveLimit by aimd', 0, 1, (registry) => adaptiveLimit({ algorithm: 'aimd', registry })],
    ['shed', 1, 1, (registry) => shed({ registry })],
    ['rateLimit', 0, 0, (registry) => rateLimit({ limit: 1_000_000, registry })],
    ['timeout', 1, 2, (registry) => timeout({ ms: 500, registry })],
    ['deadline', 1, 2, (registry) => deadline({ ms: 500, registry })],
    ['timed', 2, 1, (registry) => timed({ registry })],
    ['a bulkhead with a queue', 0, 1, (registry) => bulkhead({ maxQueue: 10, registry })],
    [
      'circuitBreaker over a window',
      0,
      1,
      (registry) => circuitBreaker({ window: { type: 'count', size: 100 }, registry }),
    ],
    ['circuitBreaker by key', 0, 1, (registry) => circuitBreaker({ key: (x: number) => `${x}`, registry })],
    ['rateLimit by key', 0, 1, (registry) => rateLimit({ limit: 1_000_000, key: (x: number) => `${x}`, registry })],
    ['deadLetter', 0, 1, (registry) => deadLetter({ registry })],
    ['invalidates', 0, 1, (registry) => invalidates({ cache: 'prices', pattern: '*', registry })],
    ['coalesce', 0, 4, (registry) => coalesce({ registry })],
    ['hedge', 1, 3, (registry) => hedge({ registry })],
    [
      // The second is for the explanations: that a batch was sent is a decision.
      'batched, each call a batch',
      2,
      7,
      (registry) => () => batched.single({ maxSize: 1, registry })(async (items: number[]) => items),
    ],
    ['chaos that is off', 0, 0, (registry) => chaos({ registry })],
    ['a cached hit', 1, -1, (registry) => cached({ registry })],
    ['resilient of a preset', 1, 2, (registry) => resilient({ preset: 'production', registry })],
    [
      'timed, fallback, circuitBreaker, retryWithBackoff and timeout',
      2,
      2,
      (registry) =>
        compose(
          timed({ registry }),
          fallback.value(0, { registry }),
          circuitBreaker({ registry }),
          retryWithBackoff({ registry }),
          timeout({ ms: 500, registry }),
        ),
    ],
  ])('%s: %d clock reads, %d promises above the bare call, no timer', async (_policy, reads, promises, protect) => {
    expect(await countsOf(protect)).toEqual({
      'clock reads a call': reads,
      'timers in all': 0,
      'promises a call, above the bare one': promises,
    });
  });
});

describe('at 1 000 calls a second', () => {
  test.each<[string, (registry: Registry) => (fn: Call) => Call]>([
    ['timeout', (registry) => timeout({ ms: 1_000, registry })],
    ['deadline', (registry) => deadline({ ms: 2_000, registry })],
    ['hedge', (registry) => hedge({ delayMs: 1_000, registry })],
    [
      'a stack with two limits of time',
      (registry) =>
        compose(
          timed({ registry }),
          deadline({ ms: 4_000, registry }),
          retryWithBackoff({ registry }),
          timeout({ ms: 2_000, registry }),
        ),
    ],
  ])('%s makes at most one timer in 1 000 calls', async (_policy, protect) => {
    const clock = new CountingClock();
    const call = protect(new Registry({ clock }))(async (x) => x);
    for (let made = 0; made < 8_000; made++) {
      await call(made);
      await clock.advance(1);
    }

    expect(clock.timers).toBeGreaterThan(0);
    expect(clock.timers).toBeLessThanOrEqual(8);
  });

  test('a timeout of 100 ms makes one timer each 100 ms', async () => {
    const clock = new CountingClock();
    const call = timeout({ ms: 100, registry: new Registry({ clock }) })(async (x: number) => x);
    for (let made = 0; made < 8_000; made++) {
      await call(made);
      await clock.advance(1);
    }

    expect(clock.timers).toBeGreaterThan(0);
    expect(clock.timers).toBeLessThanOrEqual(80);
  });
});
