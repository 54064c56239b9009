import { describe, expect, test } from 'vitest';
import {
  attemptsOf,
  bulkhead,
  callContext,
  circuitBreaker,
  compose,
  deadline,
  RetryBudget,
  type RetryBudgetOptions,
  type RetryOptions,
  retryWithBackoff,
} from '../../src/index.js';
import { diskFull, failing, failureOf, hanging, http, WALL_MS, world } from './world.js';

const EVEN = { baseDelayMs: 100, jitter: 'none' } as const;

/** Runs a function that fails `times` times, and gives what came of it and when its attempts began. */
async function run(times: number, options: RetryOptions, make?: () => unknown) {
  const here = world();
  const { fn, state } = failing(times, make);
  const beganAt: number[] = [];
  const call = retryWithBackoff({ ...EVEN, ...options, ...here.own })(async () => {
    beganAt.push(here.clock.now());
    return fn();
  });
  const outcome = call().catch((error: unknown) => error);
  await here.clock.advance(1_000_000);
  return { ...here, state, beganAt, outcome: await outcome };
}

describe('events and counts', () => {
  test('each retry, and the recovery, are told with the call they happened to', async () => {
    const { clock, own, registry, hear } = world();
    const [retries, recovered] = [hear('call:retry'), hear('call:recovered')];
    const error = new Error('down');
    const call = retryWithBackoff({ ...EVEN, ...own })(failing(2, () => error).fn);
    const answer = call();
    await clock.advance(300);
    await answer;

    const source = { kind: 'retry', name: 'fn', site: 'fn', callId: expect.any(String) };
    expect(retries).toEqual([
      { type: 'call:retry', ...source, at: WALL_MS, attempt: 1, delayMs: 100, error },
      { type: 'call:retry', ...source, at: WALL_MS + 100, attempt: 2, delayMs: 200, error },
    ]);
    expect(recovered).toEqual([{ type: 'call:recovered', ...source, at: WALL_MS + 300, attempts: 3 }]);
    expect(new Set([...retries, ...recovered].map(({ callId }) => callId)).size).toBe(1);
    expect(registry.calls.snapshot()['fn']).toMatchObject({ retries: 2, recovered: 1, exhausted: 0 });
  });

  test('the end of all attempts is told with their number and the reason, and counted', async () => {
    const { clock, own, registry, hear } = world();
    const exhausted = hear('call:exhausted');
    const call = retryWithBackoff({ ...EVEN, ...own })(failing(9).fn);
    const outcome = failureOf(call);
    await clock.advance(300);

    const error = await outcome;
    expect(exhausted).toMatchObject([
      { kind: 'retry', name: 'fn', site: 'fn', at: WALL_MS + 300, attempts: 3, reason: expect.any(String), error },
    ]);
    expect(registry.calls.snapshot()['fn']).toMatchObject({ retries: 2, recovered: 0, exhausted: 1 });
    expect(attemptsOf(error)).toBe(3);
  });

  test('a first success costs no event and no count', async () => {
    const { own, registry, hear } = world();
    const heard = hear('call:recovered');

    await retryWithBackoff(own)(failing(0).fn)();

    expect(heard).toEqual([]);
    expect(registry.metrics.names()).toEqual([]);
  });

  test('a critical error is announced, and not retried', async () => {
    const { own, hear } = world();
    const heard = hear('error:critical');
    const { fn, state } = failing(9, diskFull);

    const error = await failureOf(retryWithBackoff(own)(fn));

    expect(heard).toMatchObject([{ kind: 'retry', site: 'fn', error }]);
    expect(state.runs).toBe(1);
  });

  test('`onRetry` is told before each retry, and what it throws is lost', async () => {
    const seen: number[] = [];
    const onRetry: RetryOptions['onRetry'] = ({ attempt, delayMs }) => {
      seen.push(attempt, delayMs);
      throw new Error('bad observer');
    };

    expect((await run(1, { onRetry })).outcome).toBe('value');
    expect(seen).toEqual([1, 100]);
  });
});

describe('what is retried', () => {
  test.each<[string, number, () => unknown]>([
    ['an error that nothing is known of', 3, () => new Error('down')],
    ['HTTP 503', 3, () => http(503)],
    ['HTTP 429', 3, () => http(429)],
    ['HTTP 404', 1, () => http(404)],
    ['a programming error', 1, () => new TypeError('x is not a function')],
    [
      "fetch's TypeError with a network cause",
      3,
      () => new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } }),
    ],
    ['a critical error', 1, diskFull],
    ['a text', 3, () => 'down'],
    ['undefined', 3, () => undefined],
  ])('%s: %i runs', async (_, runs, make) => {
    expect((await run(9, {}, make)).state.runs).toBe(runs);
  });

  test('the first retry of a transient error is immediate, later ones wait', async () => {
    const reset = () => Object.assign(new Error('reset'), { code: 'ECONNRESET' });

    expect((await run(9, {}, reset)).beganAt).toEqual([0, 0, 200]);
  });

  test('`classify` decides severity', async () => {
    const { own } = world();
    const { fn, state } = failing(9);
    await failureOf(retryWithBackoff({ classify: () => 'permanent', ...own })(fn));

    expect(state.runs).toBe(1);
  });

  test('`retryIf` takes the place of the rule by severity, and gets error and attempt', async () => {
    const seen: [unknown, number][] = [];
    const retryIf = (error: unknown, attempt: number) => seen.push([error, attempt]) < 2;
    const error = new TypeError('mine');

    expect((await run(9, { retryIf }, () => error)).state.runs).toBe(2);
    expect(seen).toEqual([
      [error, 1],
      [error, 2],
    ]);
  });

  test('a `retryIf` that throws ends the call with its error, the first one as its cause', async () => {
    const retryIf = () => {
      throw new Error('bad predicate');
    };
    const { outcome } = await run(9, { retryIf });

    expect(outcome).toMatchObject({ message: 'bad predicate', cause: { message: 'down' } });
  });

  test('`retryIfResult` that never passes gives the last value', async () => {
    const { clock, own } = world();
    let runs = 0;
    const call = retryWithBackoff({ ...EVEN, retryIfResult: () => true, ...own })(async () => ++runs);
    const answer = call();
    await clock.advance(300);

    expect(await answer).toBe(3);
  });

  test("the toolkit's rejections are not retried, unless `retryIf` says so", async () => {
    const { clock, own, registry, hear } = world();
    const rejected = hear('call:rejected');
    const open = circuitBreaker({ name: 'api', ...own });
    const plain = compose(retryWithBackoff({ ...EVEN, ...own }), open)(failing(0).fn);
    const willing = compose(retryWithBackoff({ ...EVEN, retryIf: () => true, ...own }), open)(failing(0).fn);
    registry.breakers.get('api')?.isolate({});
    await failureOf(plain);
    expect(rejected).toHaveLength(1);

    const outcome = failureOf(willing);
    await clock.advance(300);
    await outcome;

    expect(rejected).toHaveLength(4);
  });

  test("a caller's abort is not retried, and ends a wait at once with its reason", async () => {
    const { clock, own, registry } = world();
    const running = new AbortController();
    const { fn, state } = hanging();
    const call = retryWithBackoff({ ...EVEN, ...own })(fn);
    const first = failureOf(() => call(running.signal));
    running.abort('enough');
    expect(await first).toBe('enough');
    expect(state.runs).toBe(1);

    const waiting = new AbortController();
    const down = retryWithBackoff({ ...EVEN, ...own })(async (_signal: AbortSignal) =>
      Promise.reject(new Error('down')),
    );
    const second = failureOf(() => down(waiting.signal));
    await clock.advance(50);
    waiting.abort('enough');

    expect(await second).toBe('enough');
    expect(clock.now()).toBe(50);
    await registry.close();
    await clock.advance(100_000);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('how long is waited', () => {
  test.each<[string, RetryOptions, number[]]>([
    ['exponential', { backoff: 'exponential' }, [0, 100, 300, 700]],
    ['exponential by 3', { factor: 3 }, [0, 100, 400, 1_300]],
    ['linear', { backoff: 'linear' }, [0, 100, 300, 600]],
    ['constant', { backoff: 'constant' }, [0, 100, 200, 300]],
    ['by a function of the attempt', { backoff: (attempt) => attempt * 10 }, [0, 10, 30, 60]],
    ['capped', { maxDelayMs: 150 }, [0, 100, 250, 400]],
    ['full jitter, by a chance of ½', { jitter: 'full' }, [0, 50, 150, 350]],
    ['equal jitter, by a chance of ½', { jitter: 'equal' }, [0, 75, 225, 525]],
  ])('%s', async (_, options, beganAt) => {
    expect((await run(9, { maxAttempts: 4, ...options })).beganAt).toEqual(beganAt);
  });

  test('the default of the seeds: 1 s, 2 s, 4 s without jitter and with four attempts', async () => {
    const { beganAt } = await run(9, { baseDelayMs: 1_000, maxAttempts: 4 });

    expect(beganAt).toEqual([0, 1_000, 3_000, 7_000]);
  });

  test.each<[string, unknown, number[]]>([
    ['`retryAfterMs` of the error', Object.assign(new Error('busy'), { retryAfterMs: 5_000 }), [0, 5_000]],
    ['`Retry-After` in seconds', http(429, { 'Retry-After': '7' }), [0, 7_000]],
    [
      '`Retry-After` as an HTTP date',
      http(503, { 'retry-after': new Date(WALL_MS + 9_000).toUTCString() }),
      [0, 9_000],
    ],
    ['one shorter than the delay', http(503, { 'retry-after': '0' }), [0, 100]],
    ['one longer than `maxDelayMs`, in vain', http(503, { 'retry-after': '31' }), [0]],
  ])('%s is waited for', async (_, error, beganAt) => {
    expect((await run(9, { maxAttempts: 2 }, () => error)).beganAt).toEqual(beganAt);
  });

  test('a `Retry-After` longer than what is left of the deadline gives up at once', async () => {
    const { own } = world();
    const { fn, state } = failing(9, () => http(503, { 'retry-after': '3' }));
    const call = compose(deadline({ ms: 2_000, ...own }), retryWithBackoff({ ...EVEN, ...own }))(fn);

    expect(await failureOf(call)).toMatchObject({ status: 503 });
    expect(state.runs).toBe(1);
  });

  test('no wait is begun that would end past `maxElapsedMs`', async () => {
    expect((await run(9, { maxAttempts: Infinity, maxElapsedMs: 700 })).beganAt).toEqual([0, 100, 300, 700]);
    expect((await run(9, { maxAttempts: Infinity, maxElapsedMs: 699 })).beganAt).toEqual([0, 100, 300]);
  });
});

describe('a budget', () => {
  test('that is empty allows no retry, and says so', async () => {
    const { own, hear } = world();
    const empty = hear('retry:budgetEmpty');
    const { fn, state } = failing(9);
    const budget = { name: 'shared', capacity: 4, retryCost: 5 };

    await failureOf(retryWithBackoff({ ...EVEN, budget, ...own })(fn));

    expect(empty).toMatchObject([{ kind: 'retry', site: 'fn', attempt: 1, callId: expect.any(String) }]);
    expect(state.runs).toBe(1);
  });

  test('with a name is shared by all who give the name, and stands among the limiters', async () => {
    const { clock, own, registry } = world();
    const budget = { name: 'shared', capacity: 5, retryCost: 5, successCredit: 0 };
    const [one, two] = [failing(9), failing(9)];
    const make = () => retryWithBackoff({ ...EVEN, maxAttempts: 2, budget, ...own });
    const first = failureOf(make()(one.fn));
    await clock.advance(100);
    await first;
    await failureOf(make()(two.fn));

    expect([one.state.runs, two.state.runs]).toEqual([2, 1]);
    expect(registry.limiters.names()).toEqual(['shared']);
  });

  test('without a name is the own one of each place; one given as a budget is shared', async () => {
    const { clock, own, registry } = world();
    const spent = async (budget: RetryOptions['budget']): Promise<number[]> => {
      const calls = [failing(9), failing(9)];
      for (const { fn } of calls) {
        const outcome = failureOf(retryWithBackoff({ ...EVEN, maxAttempts: 2, ...(budget && { budget }), ...own })(fn));
        await clock.advance(100);
        await outcome;
      }
      return calls.map(({ state }) => state.runs);
    };
    const tokens = { capacity: 5, retryCost: 5 };

    expect(await spent(tokens)).toEqual([2, 2]);
    expect(await spent(new RetryBudget(tokens, { clock }))).toEqual([2, 1]);
    expect(registry.limiters.names()).toEqual([]);
  });

  test.each<[string, RetryBudgetOptions, RetryBudgetOptions]>([
    ['a share', {}, { ratio: 0.2 }],
    ['a share, all of it', { minPerSecond: 10 }, { ratio: 0.2 }],
    ['tokens', { capacity: 500 }, { retryCost: 5, timeoutRetryCost: 10 }],
  ])('of one name is compared with the defaults filled in: %s', (_, one, other) => {
    const { own, registry } = world();
    for (const budget of [one, other]) {
      retryWithBackoff({ budget: { name: 'shared', ...budget }, ...own })(failing(0).fn);
    }

    expect(registry.limiters.names()).toEqual(['shared']);
  });

  test('of one name with other options is taken', () => {
    const { own } = world();
    retryWithBackoff({ budget: { name: 'shared', ratio: 0.1 }, ...own })(failing(0).fn);

    expect(() => retryWithBackoff({ budget: { name: 'shared', ratio: 0.2 }, ...own })(failing(0).fn)).toThrow(
      expect.objectContaining({ code: 'ERR_NAME_TAKEN' }),
    );
  });
});

test('the context counts the attempts, and tells why the one before failed', async () => {
  const { clock, own } = world();
  const seen: [number, unknown][] = [];
  const call = retryWithBackoff({ ...EVEN, ...own })(async () => {
    const { attempt, error } = callContext();
    seen.push([attempt, (error as Error | undefined)?.message]);
    throw new Error(`down ${attempt}`);
  });
  const outcome = failureOf(call);
  await clock.advance(300);

  expect(await outcome).toMatchObject({ message: 'down 3' });
  expect(seen).toEqual([
    [1, undefined],
    [2, 'down 1'],
    [3, 'down 2'],
  ]);
});

test('after close no call is run', async () => {
  const { own, registry } = world();
  const { fn, state } = failing(0);
  const call = retryWithBackoff(own)(fn);
  await registry.close();

  expect(await failureOf(call)).toMatchObject({ code: 'ERR_CLOSED', site: 'fn' });
  expect(state.runs).toBe(0);
});

test('`maxElapsedMs` counts from when the call came to the retry, not from its wait in a queue outside', async () => {
  const { clock, own } = world();
  let runs = 0;
  const work = async () => {
    const run = ++runs;
    await new Promise<void>((resolve) => clock.setTimeout(resolve, 100));
    if (run === 2) throw new Error('flaky');
    return run;
  };
  const call = compose(
    bulkhead({ maxConcurrent: 1, maxQueue: 5, ...own }),
    retryWithBackoff({ jitter: 'none', baseDelayMs: 10, maxElapsedMs: 200, ...own }),
  )(work);
  const calls = [call(), call()];
  await clock.advance(1_000);

  expect(await Promise.all(calls)).toEqual([1, 3]);
});
