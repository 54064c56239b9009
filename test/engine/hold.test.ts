import { describe, expect, test } from 'vitest';
import { anything, text } from '../../src/base/option-rules.js';
import type { Clock } from '../../src/base/clock.js';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import {
  bulkhead,
  callContext,
  circuitBreaker,
  compose,
  deadline,
  definePolicy,
  fallback,
  Registry,
  retryWithBackoff,
  timed,
  timeout,
} from '../../src/index.js';
import { HoldingClock } from '../base/holding-clock.js';

/** A guard that holds a number of its own for each call. */
const numbered = definePolicy<'numbered', { log: string[]; tag: string }>({
  kind: 'numbered',
  summary: 'Gives each call a number, and notes how it ended.',
  options: { log: anything({ required: true }), tag: text({ required: true }) },
  bind(_site, { log, tag }) {
    let calls = 0;
    return {
      hold: () => ++calls,
      succeeded: (permit) => void log.push(`${tag}${String(permit)} ok`),
      failed: (permit) => void log.push(`${tag}${String(permit)} failed`),
    };
  },
});

function home<Kind extends Clock = ManualClock>(clock: Kind = new ManualClock() as Clock as Kind) {
  return { clock, registry: new Registry({ clock }) };
}

function deferred<T>() {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}

describe('what stages hold of a call', () => {
  test.each([1, 2, 3, 4])('comes back to each of %i stages, calls under way or not', async (stages) => {
    const log: string[] = [];
    const tags = ['a', 'b', 'c', 'd'].slice(0, stages);
    const stack = compose(...(tags.map((tag) => numbered({ log, tag })) as [ReturnType<typeof numbered>]));
    const first = deferred<string>();
    const run = stack((which: number) => (which === 1 ? first.promise : Promise.reject(new Error('no'))));

    const slow = run(1);
    await expect(run(2)).rejects.toThrow('no');
    first.resolve('yes');
    expect(await slow).toBe('yes');

    const inward = tags.toReversed();
    expect(log).toEqual([...inward.map((tag) => `${tag}2 failed`), ...inward.map((tag) => `${tag}1 ok`)]);
  });

  test.each([
    ['a value', () => 'v', 'ok'],
    [
      'an error',
      () => {
        throw new Error('no');
      },
      'failed',
    ],
  ])('comes back when a synchronous function gives %s', (_what, fn, ending) => {
    const log: string[] = [];
    const run = numbered({ log, tag: 'a' })(fn as () => string);

    for (let calls = 0; calls < 2; calls++) {
      try {
        run();
      } catch {
        log.push('thrown');
      }
    }

    expect(log.filter((line) => line !== 'thrown')).toEqual([`a1 ${ending}`, `a2 ${ending}`]);
  });

  test('is held by those outside of a guard that rejects, and not by those inside', async () => {
    const log: string[] = [];
    const stack = compose(numbered({ log, tag: 'out' }), bulkhead({ maxConcurrent: 1 }), numbered({ log, tag: 'in' }));
    const first = deferred<string>();
    const run = stack(() => first.promise);
    const running = run();

    await expect(run()).rejects.toMatchObject({ code: 'ERR_BULKHEAD_FULL' });
    first.resolve('yes');
    await running;

    expect(log).toEqual(['out2 failed', 'in1 ok', 'out1 ok']);
  });

  test('comes back where the stage has asked for what is made only then', async () => {
    const log: unknown[] = [];
    const traced = definePolicy<'traced', object>({
      kind: 'traced',
      summary: 'Notes the id of each call.',
      options: {},
      bind: () => ({
        hold: (call) => call.callId,
        succeeded: (permit) => void log.push(permit),
        failed: (permit) => void log.push(permit),
      }),
    });
    const { clock, registry } = home();
    const fetch = compose(
      traced(),
      timeout({ ms: 50, registry }),
    )(
      (id: string): Promise<string> => (id === 'never' ? new Promise(() => {}) : Promise.resolve(callContext().callId)),
    );

    const id = await fetch('a');
    const late = expect(fetch('never')).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
    await clock.advance(50);
    await late;

    expect(log).toEqual([id, expect.stringMatching(/^call-/)]);
    expect(log[1]).not.toBe(id);
  });

  test('that throws gives back what guards have given', async () => {
    const broken = definePolicy<'broken', object>({
      kind: 'broken',
      summary: 'Throws.',
      options: {},
      bind: () => ({
        hold: () => {
          throw new Error('no hold');
        },
      }),
    });
    const log: string[] = [];
    const inside = bulkhead({ maxConcurrent: 1 });
    const fetch = compose(numbered({ log, tag: 'a' }), broken(), inside)(async () => 'in');

    await expect(fetch()).rejects.toThrow('no hold');
    await expect(fetch()).rejects.toThrow('no hold');

    expect(log).toEqual(['a1 failed', 'a2 failed']);
  });

  test('is refused beside `admitCall`, which holds already', async () => {
    const both = definePolicy<'both', object>({
      kind: 'both',
      summary: 'Has both.',
      options: {},
      bind: () => ({ hold: () => 1, admitCall: () => 1 }),
    });

    expect(() => both()(function named() {})()).toThrow(/`hold` or `admitCall`, not both/);
  });
});

describe('a limit of time', () => {
  test('arms no timer for a call that a guard outside of it rejects, nor leaves one for a guard inside', async () => {
    const { clock, registry } = home();
    const isolated = () => circuitBreaker({ failureThreshold: 1, recoveryTimeoutMs: 50, registry });
    const stacks = [
      compose(isolated(), timeout({ ms: 1_000, registry })),
      compose(timeout({ ms: 1_000, registry }), isolated()),
    ];
    for (const stack of stacks) {
      const fetch = stack(async () => {
        throw new Error('503');
      });
      await expect(fetch()).rejects.toThrow('503');
      await expect(fetch()).rejects.toMatchObject({ code: 'ERR_CIRCUIT_OPEN' });
    }
    await clock.advance(2_000);

    expect(clock.pendingTimers).toBe(0);
  });

  test('answers a call whose function moves the clock past it before it returns', async () => {
    const { clock, registry } = home(new HoldingClock());
    const stack = compose(
      timed({ registry }),
      fallback.value('instead', { registry }),
      circuitBreaker({ name: 'api', registry }),
      timeout({ ms: 100, registry }),
    );
    const fetch = stack((by: number): Promise<string> => {
      clock.advance(by);
      return Promise.resolve('late');
    });

    expect(await fetch(10)).toBe('late');
    expect(await fetch(200)).toBe('instead');
    expect(registry.breakers.get('api')?.snapshot()).toMatchObject({ successfulCalls: 1, failedCalls: 1 });
  });

  test('of two is the nearer one, to the function and to the caller', async () => {
    const { clock, registry } = home();
    const stack = compose(deadline({ ms: 100, registry }), timeout({ ms: 60, registry }));
    const seen: number[] = [];
    const fetch = stack((_id: string): Promise<string> => {
      seen.push(callContext().remainingMs());
      return new Promise(() => {});
    });

    const call = fetch('a');
    const outcome = expect(call).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
    await clock.advance(60);
    await outcome;

    expect(seen).toEqual([60]);
  });
});

describe('time that is up before the function runs', () => {
  const asked = definePolicy<'asked', { answer: () => unknown }>({
    kind: 'asked',
    summary: 'Answers at once.',
    options: { answer: anything({ required: true }) },
    waits: true,
    bind: (_site, { answer }) => ({ atOnce: () => answer(), around: (_call, inside) => inside.run().result }),
  });

  test.each([
    ['a value', () => 7],
    ['a promise', () => Promise.resolve(7)],
    ['nothing', () => undefined],
    [
      'an error',
      () => {
        throw new Error('no key');
      },
    ],
  ])('answers the call once, where a stage inside gives %s', async (_what, give) => {
    const log: string[] = [];
    const { clock, registry } = home(new HoldingClock());
    const answer = () => {
      clock.advance(100);
      return give();
    };
    const fetch = compose(
      numbered({ log, tag: 'a' }),
      timeout({ ms: 50, registry }),
      asked({ answer }),
    )(async () => 'in');

    await expect(fetch()).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
    await Promise.resolve();

    expect(log).toEqual(['a1 failed']);
  });

  test.each([[['a']], [['a', 'b', 'c', 'd']]])(
    'answers a rejected call whose fallback took too long, with %j',
    async (args) => {
      const { clock, registry } = home(new HoldingClock());
      const stack = compose(
        timeout({ ms: 50, registry }),
        fallback.catch(() => {
          clock.advance(100);
          return 'spare';
        }),
        circuitBreaker({ failureThreshold: 1, registry }),
      );
      const fetch = stack(async (..._args: string[]): Promise<string> => {
        throw new Error('503');
      });

      for (let calls = 0; calls < 2; calls++) {
        await expect(fetch(...args)).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
      }
    },
  );
});

test('a rejection in a stack with a moment of its own bears the id of the call', async () => {
  const { registry } = home();
  const ids: unknown[] = [];
  registry.on('call:rejected', ({ callId }) => ids.push(callId));
  const stack = compose(timed({ registry }), circuitBreaker({ failureThreshold: 1, registry }));
  const fetch = stack(async () => {
    throw new Error('503');
  });
  await expect(fetch()).rejects.toThrow('503');

  const error: unknown = await fetch().catch((thrown: unknown) => thrown);

  expect(ids).toEqual([expect.stringMatching(/^call-/)]);
  expect(registry.explain(error).callId).toBe(ids[0]);
});

describe('the context of a call that has objects among its arguments', () => {
  test('stays its own before, beside and after a call inside of it', async () => {
    const { registry } = home();
    const inner = retryWithBackoff({ registry })(async (_options: { id: number }) => callContext().callId);
    const outer = circuitBreaker({ registry })(async (options: { id: number }) => {
      const early = inner(options);
      const before = callContext();
      const late = inner(options);
      return { ids: [before.callId, callContext().callId], same: before === callContext(), inside: [early, late] };
    });

    const { ids, same, inside } = await outer({ id: 1 });

    expect(same).toBe(true);
    expect(ids[0]).toBe(ids[1]);
    expect(new Set([ids[0], ...(await Promise.all(inside))]).size).toBe(3);
  });

  test.each([
    ['timeout', timeout({ ms: 1_000 })],
    ['retry', retryWithBackoff({ maxAttempts: 1 })],
  ])("hears of the caller's signal under %s", async (_name, policy) => {
    const caller = new AbortController();
    const signals: AbortSignal[] = [];
    const fetch = policy(async (_id: string, { signal }: { signal: AbortSignal }) => {
      signals.push(callContext().signal);
      return new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      });
    });

    const call = fetch('a', { signal: caller.signal });
    caller.abort(new Error('gone'));

    await expect(call).rejects.toThrow('gone');
    expect(signals[0]?.aborted).toBe(true);
  });
});
