import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  attemptsOf,
  bulkhead,
  callContext,
  circuitBreaker,
  compose,
  fallback,
  hedge,
  resilient,
  retryWithBackoff,
  timeout,
} from '../../src/index.js';
import { diskFull, failureOf, gate, hanging, http, world } from './world.js';

const FREE = { ratio: 1, minPerSecond: 1_000 } as const;
const RETRY = { maxAttempts: 3, baseDelayMs: 1_000, jitter: 'none' } as const;

/** Work that ends when it is told to, and notes which attempts were aborted. */
function watched() {
  const { work, started, finish, fail } = gate();
  const aborted: number[] = [];
  const attempts: [number, unknown][] = [];
  const fn = (...args: unknown[]): Promise<string> => {
    const { signal, attempt, error } = callContext();
    const run = started.length;
    attempts.push([attempt, error]);
    signal.addEventListener('abort', () => {
      aborted.push(run);
      fail(run, signal.reason);
    });
    return work(...args);
  };
  return { fn, started, attempts, aborted, finish, fail };
}

const statsOf = (registry: ReturnType<typeof world>['registry'], site: string, nowMs: number) =>
  registry.metrics.get('calls')?.series(site).stats(nowMs);

describe('a slow call', () => {
  test('is begun again beside itself after the delay, and not earlier', async () => {
    const { clock, own, hear } = world();
    const hedged = hear('call:hedge');
    const { fn, started, finish } = watched();
    const answer = hedge({ delayMs: 50, ...own })(fn)('x', 1);

    await clock.advance(49);
    expect(started).toHaveLength(1);
    await clock.advance(1);
    expect(started).toEqual([
      ['x', 1],
      ['x', 1],
    ]);
    expect(hedged).toMatchObject([{ attempt: 2, afterMs: 50, because: 'slow', site: 'fn' }]);
    finish(0);

    expect(await answer).toBe('done');
  });

  test('is answered by who comes first, and the loser is aborted', async () => {
    const { clock, own, registry, hear } = world();
    const won = hear('call:hedgeWon');
    const { fn, aborted, finish } = watched();
    const answer = hedge({ delayMs: 50, ...own })(fn)();
    await clock.advance(50);
    finish(1, 'from the hedge');

    expect(await answer).toBe('from the hedge');
    expect(aborted).toEqual([0]);
    expect(won).toMatchObject([{ attempt: 2 }]);
    expect(statsOf(registry, 'fn', clock.now())?.hedgesWon).toBe(1);
  });

  test('counts no hedge that has lost, and aborts it', async () => {
    const { clock, own, registry } = world();
    const { fn, aborted, finish } = watched();
    const answer = hedge({ delayMs: 50, ...own })(fn)();
    await clock.advance(50);
    finish(0, 'from the first');

    expect(await answer).toBe('from the first');
    expect(aborted).toEqual([1]);
    expect(statsOf(registry, 'fn', clock.now())?.hedgesWon ?? 0).toBe(0);
  });

  test('tells each attempt which one it is', async () => {
    const { clock, own } = world();
    const { fn, attempts, finish } = watched();
    const answer = hedge({ delayMs: 50, maxHedges: 2, budget: FREE, ...own })(fn)();
    await clock.advance(100);
    finish(2);
    await answer;

    expect(attempts.map(([attempt]) => attempt)).toEqual([1, 2, 3]);
  });

  test('has no more attempts beside the first than `maxHedges`', async () => {
    const { clock, own } = world();
    const { fn, started, finish } = watched();
    const answer = hedge({ delayMs: 50, maxHedges: 2, budget: FREE, ...own })(fn)();
    await clock.advance(1_000);

    expect(started).toHaveLength(3);
    finish(0);
    await answer;
  });
});

describe('a fast call', () => {
  test('is run once, and leaves no deadline', async () => {
    const { clock, own, registry } = world();
    const { fn, started, aborted, finish } = watched();
    const answer = hedge(own)(fn)();
    finish(0);
    await answer;
    await clock.advance(1_000);

    expect([started.length, aborted]).toEqual([1, []]);
    await registry.close();
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('a call that fails', () => {
  test('is begun again at once before the delay, with the error at hand', async () => {
    const { clock, own, hear } = world();
    const hedged = hear('call:hedge');
    const { fn, attempts, finish, fail } = watched();
    const down = new Error('down');
    const answer = hedge({ delayMs: 50, ...own })(fn)();
    await clock.advance(20);
    fail(0, down);
    await clock.advance(0);

    expect(attempts).toEqual([
      [1, undefined],
      [2, down],
    ]);
    expect(hedged).toMatchObject([{ attempt: 2, afterMs: 20, because: 'failed', error: down }]);
    finish(1);
    expect(await answer).toBe('done');
  });

  test('waits for the attempt that still runs', async () => {
    const { clock, own } = world();
    const { fn, fail, finish } = watched();
    const answer = hedge({ delayMs: 50, ...own })(fn)();
    await clock.advance(50);
    fail(0, new Error('down'));
    await clock.advance(500);
    finish(1, 'late');

    expect(await answer).toBe('late');
  });

  test.each([[[0, 1]], [[1, 0]]])('fails when all have, with the last error: in the order %o', async (order) => {
    const { clock, own } = world();
    const { fn, fail } = watched();
    const failure = failureOf(() => hedge({ delayMs: 50, ...own })(fn)());
    await clock.advance(50);
    const errors = [new Error('of the first'), new Error('of the hedge')];
    for (const run of order) {
      fail(run, errors[run]);
      await clock.advance(0);
    }

    expect(await failure).toBe(errors[order[1] as number]);
    expect(attemptsOf(await failure)).toBe(2);
  });

  test('starts the next hedge after the delay although the one before has failed', async () => {
    const { clock, own } = world();
    const { fn, started, fail, finish } = watched();
    const answer = hedge({ delayMs: 50, maxHedges: 2, budget: FREE, ...own })(fn)();
    await clock.advance(60);
    fail(1, new Error('down'));
    await clock.advance(40);

    expect(started).toHaveLength(3);
    finish(0);
    await answer;
  });

  test.each<[string, () => unknown]>([
    ['a permanent error', () => http(404)],
    ['a critical one', diskFull],
  ])('is not begun again for %s', async (_, make) => {
    const { own } = world();
    const { fn, started, fail } = watched();
    const failure = failureOf(() => hedge(own)(fn)());
    const error = make();
    fail(0, error);

    expect(await failure).toBe(error);
    expect(started).toHaveLength(1);
  });

  test('raises an alarm for a critical error', async () => {
    const { own, hear } = world();
    const alarms = hear('error:critical');
    await failureOf(() =>
      hedge(own)(async () => {
        throw diskFull();
      })(),
    );

    expect(alarms).toHaveLength(1);
  });

  test('ends with the error of a `classify` that throws, and the first as its cause', async () => {
    const { own } = world();
    const down = new Error('down');
    const classify = () => {
      throw new Error('classify');
    };
    const failure = await failureOf(() =>
      hedge({ classify, ...own })(async () => {
        throw down;
      })(),
    );

    expect(failure).toMatchObject({ message: 'classify', cause: down });
  });
});

describe('the budget', () => {
  test('lets so many hedges through for each call, and tells when it is empty', async () => {
    const { clock, own, hear } = world();
    const [hedged, empty] = [hear('call:hedge'), hear('hedge:budgetEmpty')];
    const call = hedge({ delayMs: 10, budget: { ratio: 0.25, minPerSecond: 0 }, ...own })(hanging().fn);
    for (let index = 0; index < 40; index++) {
      void call().catch(() => {});
      await clock.advance(20);
    }

    expect([hedged.length, empty.length]).toEqual([10, 30]);
  });

  test('has one a second besides', async () => {
    const { clock, own, hear } = world();
    const hedged = hear('call:hedge');
    const call = hedge({ delayMs: 10, budget: { ratio: 0 }, ...own })(hanging().fn);
    for (let second = 0; second < 3; second++) {
      for (let index = 0; index < 5; index++) void call().catch(() => {});
      await clock.advance(1_000);
    }

    expect(hedged).toHaveLength(3);
  });

  test('bounds what follows on failures too', async () => {
    const { own } = world();
    let runs = 0;
    const call = hedge({ budget: { ratio: 0, minPerSecond: 0 }, ...own })(async () => {
      runs++;
      throw new Error('down');
    });

    await expect(call()).rejects.toThrow('down');
    expect(runs).toBe(1);
  });
});

describe('a percentile as delay', () => {
  test('is 100 ms until 20 attempts are known, then what 95 % of them took at most', async () => {
    const { clock, own, hear } = world();
    const hedged = hear('call:hedge');
    let tookMs = 10;
    const call = hedge({ delayMs: 'p95', budget: FREE, ...own })(
      () => new Promise<void>((resolve) => clock.setTimeout(resolve, tookMs)),
    );
    for (let index = 0; index < 30; index++) {
      const answer = call();
      await clock.advance(tookMs);
      await answer;
    }
    expect(hedged).toEqual([]);
    tookMs = 500;
    const slow = call();
    await clock.advance(500);
    await slow;

    const [first] = hedged;
    expect(first?.afterMs).toBeGreaterThan(9);
    expect(first?.afterMs).toBeLessThan(12);
  });

  test('does not fall because hedges win', async () => {
    const { clock, own, hear } = world();
    const hedged = hear('call:hedge');
    let run = 0;
    // Each first attempt is slow, each hedge is fast.
    const call = hedge({ delayMs: 'p95', budget: FREE, ...own })(() => {
      const { attempt } = callContext();
      run++;
      return new Promise<void>((resolve) => clock.setTimeout(resolve, attempt === 1 ? 400 : 1));
    });
    for (let index = 0; index < 60; index++) {
      const answer = call();
      await clock.advance(500);
      await answer;
    }

    expect(run).toBe(120);
    for (const { afterMs } of hedged) expect(afterMs).toBeGreaterThanOrEqual(100);
  });
});

describe('a caller who aborts', () => {
  test('aborts all attempts, and no other is begun', async () => {
    const { clock, own } = world();
    const { state, fn } = hanging();
    const controller = new AbortController();
    const failure = failureOf(() => hedge({ delayMs: 50, maxHedges: 3, budget: FREE, ...own })(fn)(controller.signal));
    await clock.advance(60);
    controller.abort('enough');
    await clock.advance(1_000);

    expect(await failure).toBe('enough');
    expect(state).toEqual({ runs: 2, aborted: 2 });
  });
});

describe('types', () => {
  test('it takes functions that return promises, and changes nothing of them', () => {
    const { own } = world();
    const fn = async (text: string, times?: number): Promise<string[]> => Array(times ?? 1).fill(text);
    expectTypeOf(hedge({ delayMs: 'p99', ...own })(fn)).toEqualTypeOf<typeof fn>();
    // @ts-expect-error it waits for what it hedges
    hedge(own)((n: number) => n);
    // @ts-expect-error in `resilient` too
    resilient({ hedge: true, ...own })((n: number) => n);
    // @ts-expect-error a percentile is a word such as 'p95'
    expect(() => hedge({ delayMs: 'median' })).toThrow(RangeError);
  });
});

describe('with a timeout', () => {
  test('hedge over timeout: each attempt has the whole time, and the first that runs out waits for the other', async () => {
    const { clock, own } = world();
    const { state, fn } = hanging();
    const failure = failureOf(compose(hedge({ delayMs: 50, ...own }), timeout({ ms: 200, ...own }))(fn));
    await clock.advance(249);
    expect(state).toEqual({ runs: 2, aborted: 1 });
    await clock.advance(1);

    expect(await failure).toMatchObject({ code: 'ERR_TIMEOUT' });
    expect(state).toEqual({ runs: 2, aborted: 2 });
  });

  test('timeout over hedge: all attempts end when time is up', async () => {
    const { clock, own, registry } = world();
    const { state, fn } = hanging();
    const hedging = hedge({ delayMs: 50, maxHedges: 5, budget: FREE, ...own });
    const failure = failureOf(compose(timeout({ ms: 120, ...own }), hedging)(fn));
    await clock.advance(120);

    expect(await failure).toMatchObject({ code: 'ERR_TIMEOUT' });
    expect(state).toEqual({ runs: 3, aborted: 3 });
    await clock.advance(1_000);
    expect(state.runs).toBe(3);
    await registry.close();
    expect(clock.pendingTimers).toBe(0);
  });

  test('a timeout that detaches leaves the signals of all attempts alone', async () => {
    const { clock, own } = world();
    const { fn, aborted, started } = watched();
    const limit = timeout({ ms: 120, grace: 'detach', ...own });
    const failure = failureOf(compose(limit, hedge({ delayMs: 50, ...own }))(fn));
    await clock.advance(500);

    expect(await failure).toMatchObject({ code: 'ERR_TIMEOUT' });
    expect([started.length, aborted]).toEqual([2, []]);
  });
});

describe('with a retry', () => {
  test('retry over hedge: a retry begins when all attempts of a hedge have failed', async () => {
    const { clock, own, hear } = world();
    const retries = hear('call:retry');
    const { fn, attempts, fail, finish } = watched();
    const answer = compose(retryWithBackoff({ ...RETRY, ...own }), hedge({ delayMs: 50, budget: FREE, ...own }))(fn)();
    await clock.advance(50);
    fail(0, new Error('first'));
    await clock.advance(0);
    expect(retries).toEqual([]);
    fail(1, new Error('last'));
    await clock.advance(1_000);
    finish(2);

    expect(await answer).toBe('done');
    expect(retries).toMatchObject([{ attempt: 1, error: { message: 'last' } }]);
    expect(attempts.map(([attempt]) => attempt)).toEqual([1, 2, 2]);
  });

  test('hedge over retry: a hedge begins while a retry waits, and the loser is not retried', async () => {
    const { clock, own, hear } = world();
    const retries = hear('call:retry');
    const { fn, started, fail, finish } = watched();
    const answer = compose(hedge({ delayMs: 50, ...own }), retryWithBackoff({ ...RETRY, ...own }))(fn)();
    fail(0, new Error('down'));
    await clock.advance(50);
    expect(started).toHaveLength(2);
    finish(1, 'from the hedge');

    expect(await answer).toBe('from the hedge');
    await clock.advance(10_000);
    expect([started.length, retries.length]).toEqual([2, 1]);
  });
});

describe('with a breaker', () => {
  test('hedge over breaker: each attempt is counted, a loser that was aborted is not', async () => {
    const { clock, own, registry } = world();
    const { fn, finish } = watched();
    const answer = compose(hedge({ delayMs: 50, ...own }), circuitBreaker({ name: 'b', ...own }))(fn)();
    await clock.advance(50);
    finish(1);
    await answer;
    await clock.advance(0);

    expect(registry.breakers.get('b')?.snapshot()).toMatchObject({
      successfulCalls: 1,
      failedCalls: 0,
      ignoredCalls: 1,
    });
  });

  test('hedge over breaker: what timed out is counted as a failure', async () => {
    const { clock, own, registry } = world();
    const stack = compose(
      timeout({ ms: 120, ...own }),
      hedge({ delayMs: 50, ...own }),
      circuitBreaker({ name: 'b', ...own }),
    );
    const failure = failureOf(stack(hanging().fn));
    await clock.advance(120);
    await failure;
    await clock.advance(0);

    expect(registry.breakers.get('b')?.snapshot()).toMatchObject({ failedCalls: 2, ignoredCalls: 0 });
  });

  test('hedge over breaker: a rejection is not hedged', async () => {
    const { own, registry, hear } = world();
    const hedged = hear('call:hedge');
    const call = compose(hedge(own), circuitBreaker({ name: 'b', ...own }))(async () => 1);
    registry.breakers.get('b')?.isolate();

    await expect(call()).rejects.toMatchObject({ code: 'ERR_CIRCUIT_OPEN' });
    expect(hedged).toEqual([]);
  });

  test('breaker over hedge: a call is counted once', async () => {
    const { clock, own, registry } = world();
    const { fn, finish } = watched();
    const answer = compose(circuitBreaker({ name: 'b', ...own }), hedge({ delayMs: 50, ...own }))(fn)();
    await clock.advance(50);
    finish(1);
    await answer;

    expect(registry.breakers.get('b')?.snapshot()).toMatchObject({ totalCalls: 1, successfulCalls: 1 });
  });
});

describe('with others', () => {
  test('hedge over bulkhead: a loser holds its slot until its work has really settled', async () => {
    const { clock, own, registry } = world();
    const { work, finish } = gate();
    const call = compose(hedge({ delayMs: 50, ...own }), bulkhead({ name: 'slots', ...own }))(work);
    const answer = call();
    await clock.advance(50);
    finish(1);
    await answer;
    expect(registry.limiters.get('slots')?.snapshot()).toMatchObject({ active: 1 });
    finish(0);
    await clock.advance(0);

    expect(registry.limiters.get('slots')?.snapshot()).toMatchObject({ active: 0 });
  });

  test('fallback over hedge answers once, when all attempts have failed', async () => {
    const { own } = world();
    let runs = 0;
    const call = compose(
      fallback.value('spare', own),
      hedge(own),
    )(async (): Promise<string> => {
      runs++;
      throw new Error('down');
    });

    expect([await call(), runs]).toEqual(['spare', 2]);
  });

  test('an answer that is there at once is handed out, and nothing is begun beside it', async () => {
    const { clock, own, hear } = world();
    const hedged = hear('call:hedge');
    const call = compose(
      hedge(own),
      fallback.value('spare', own),
    )(async (): Promise<string> => {
      throw new Error('down');
    });

    expect(await call()).toBe('spare');
    await clock.advance(1_000);
    expect(hedged).toEqual([]);
  });
});

test('what was done to a call is explained', async () => {
  const { clock, own, registry } = world();
  const { fn, finish } = watched();
  let id = '';
  const answer = hedge({ delayMs: 50, ...own })(async () => {
    id = callContext().callId;
    return fn();
  })();
  await clock.advance(50);
  finish(1);
  await answer;

  expect(registry.explain(id).decisions.map(({ text }) => text)).toEqual([
    'hedged: no answer after 50 ms; attempt 2 begun beside it',
    'answered by the hedge: attempt 2 came first',
  ]);
});
