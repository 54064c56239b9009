import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/edges/testing/index.js';
import {
  attemptsOf,
  cached,
  callContext,
  circuitBreaker,
  compose,
  deadLetter,
  deadline,
  fallback,
  Registry,
  retryWithBackoff,
  timed,
  timeout,
} from '../../src/index.js';

/** A world of its own: a clock, a registry, and the options that bind a policy to it. */
function world() {
  const clock = new ManualClock();
  const registry = new Registry({ clock, random: () => 0.5 });
  return { clock, registry, own: { registry } };
}

/** A function that fails as often as it is told, and counts its runs. */
function failing(times: number, make: () => Error = () => new Error('down')) {
  const state = { runs: 0 };
  const fn = async (value: string): Promise<string> => {
    state.runs++;
    if (state.runs <= times) throw make();
    return value;
  };
  return { state, fn };
}

/** A function that never settles, unless its signal is aborted. */
function hanging() {
  const state = { runs: 0, aborted: 0 };
  const fn = (): Promise<string> => {
    state.runs++;
    const { signal } = callContext();
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        state.aborted++;
        reject(signal.reason);
      });
    });
  };
  return { state, fn };
}

const RETRY = { maxAttempts: 3, baseDelayMs: 100, jitter: 'none' } as const;

describe('retry and timeout', () => {
  test('retry over timeout is a time limit for each attempt', async () => {
    const { clock, own } = world();
    const { state, fn } = hanging();
    const call = compose(retryWithBackoff({ ...RETRY, ...own }), timeout({ ms: 1_000, ...own }))(fn);

    const outcome = expect(call()).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
    await clock.advance(1_000 + 100 + 1_000 + 200 + 999);
    expect(state).toEqual({ runs: 3, aborted: 2 });
    await clock.advance(1);

    await outcome;
    expect(state).toEqual({ runs: 3, aborted: 3 });
  });

  test('timeout over retry is one time limit for all attempts, and ends the wait between them', async () => {
    const { clock, own, registry } = world();
    const { state, fn } = failing(Infinity);
    const retries: number[] = [];
    registry.on('call:retry', ({ attempt }) => retries.push(attempt));
    const call = compose(timeout({ ms: 150, ...own }), retryWithBackoff({ ...RETRY, ...own }))(fn);

    const outcome = expect(call('x')).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
    await clock.advance(10_000);

    await outcome;
    expect(state.runs).toBe(2);
    await registry.close();
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('breaker and retry', () => {
  test('breaker over retry counts a call once, however many attempts it took', async () => {
    const { clock, own, registry } = world();
    const { fn } = failing(Infinity);
    const call = compose(circuitBreaker({ name: 'b', ...own }), retryWithBackoff({ ...RETRY, ...own }))(fn);

    const outcome = expect(call('x')).rejects.toThrow('down');
    await clock.advance(300);

    await outcome;
    expect(registry.breakers.get('b')?.snapshot()).toMatchObject({ totalCalls: 1, failedCalls: 1 });
  });

  test('retry over breaker counts each attempt, and does not retry a rejection', async () => {
    const { clock, own, registry } = world();
    const { state, fn } = failing(Infinity);
    const call = compose(
      retryWithBackoff({ ...RETRY, maxAttempts: 10, ...own }),
      circuitBreaker({ name: 'b', failureThreshold: 2, ...own }),
    )(fn);

    const outcome = expect(call('x')).rejects.toMatchObject({ code: 'ERR_CIRCUIT_OPEN', site: 'fn' });
    await clock.advance(10_000);

    await outcome;
    expect(state.runs).toBe(2);
    expect(registry.breakers.get('b')?.snapshot()).toMatchObject({ failedCalls: 2, rejectedCalls: 1, state: 'open' });
  });
});

describe('breaker and timeout', () => {
  test('breaker over timeout counts what timed out as a failure, when it times out', async () => {
    const { clock, own, registry } = world();
    const call = compose(
      circuitBreaker({ name: 'b', failureThreshold: 1, ...own }),
      timeout({ ms: 50, ...own }),
    )(hanging().fn);

    const outcome = expect(call()).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
    await clock.advance(50);

    await outcome;
    expect(registry.breakers.get('b')?.state).toBe('open');
  });

  test('timeout over breaker leaves the breaker waiting for the work itself', async () => {
    const { clock, own, registry } = world();
    let settle: (value: string) => void = () => {};
    const work = () => new Promise<string>((resolve) => (settle = resolve));
    const call = compose(timeout({ ms: 50, ...own }), circuitBreaker({ name: 'b', ...own }))(work);

    const outcome = expect(call()).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
    await clock.advance(50);
    await outcome;
    expect(registry.breakers.get('b')?.snapshot()).toMatchObject({ totalCalls: 0 });
    settle('late');
    await clock.advance(0);

    expect(registry.breakers.get('b')?.snapshot()).toMatchObject({ totalCalls: 1, successfulCalls: 1 });
  });
});

describe('fallback and breaker', () => {
  test('fallback over breaker answers the rejection, and the breaker still counts the failures', async () => {
    const { own, registry } = world();
    const call = compose(
      fallback.value('spare', own),
      circuitBreaker({ name: 'b', failureThreshold: 1, ...own }),
    )(failing(9).fn);

    expect([await call('x'), await call('x')]).toEqual(['spare', 'spare']);
    expect(registry.breakers.get('b')?.snapshot()).toMatchObject({ failedCalls: 1, rejectedCalls: 1 });
  });

  test('breaker over fallback sees successes only', async () => {
    const { own, registry } = world();
    const call = compose(
      circuitBreaker({ name: 'b', failureThreshold: 1, ...own }),
      fallback.value('spare', own),
    )(failing(9).fn);

    expect([await call('x'), await call('x')]).toEqual(['spare', 'spare']);
    expect(registry.breakers.get('b')?.snapshot()).toMatchObject({ successfulCalls: 2, state: 'closed' });
  });
});

describe('fallback and retry', () => {
  test('fallback over retry answers once, after the last attempt', async () => {
    const { clock, own } = world();
    const { state, fn } = failing(9);
    const call = compose(fallback.value('spare', own), retryWithBackoff({ ...RETRY, ...own }))(fn);

    const answer = call('x');
    await clock.advance(300);

    expect([await answer, state.runs]).toEqual(['spare', 3]);
  });

  test('retry over fallback never retries', async () => {
    const { own } = world();
    const { state, fn } = failing(9);

    expect(await compose(retryWithBackoff({ ...RETRY, ...own }), fallback.value('spare', own))(fn)('x')).toBe('spare');
    expect(state.runs).toBe(1);
  });
});

describe('fallback and timeout', () => {
  test('fallback over timeout answers when time is up', async () => {
    const { clock, own } = world();
    const answer = compose(fallback.value('spare', own), timeout({ ms: 50, ...own }))(hanging().fn)();
    await clock.advance(50);

    expect(await answer).toBe('spare');
  });

  test('timeout over fallback limits the fallback too', async () => {
    const { clock, own } = world();
    const slow = () => new Promise<string>(() => {});
    const call = compose(
      timeout({ ms: 50, ...own }),
      fallback(slow, own),
    )(async (): Promise<string> => {
      throw new Error('down');
    });

    const outcome = expect(call()).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
    await clock.advance(50);
    await outcome;
  });
});

describe('cached and breaker', () => {
  test('cached over breaker answers hits while the circuit is open', async () => {
    const { own, registry } = world();
    const { state, fn } = failing(0);
    const call = compose(cached(own), circuitBreaker({ name: 'b', ...own }))(fn);
    await call('x');
    registry.breakers.get('b')?.isolate({ owner: 'test', reason: 'drill' });

    expect(await call('x')).toBe('x');
    await expect(call('y')).rejects.toMatchObject({ code: 'ERR_CIRCUIT_OPEN' });
    expect(state.runs).toBe(1);
  });

  test('breaker over cached counts hits as successes, and rejects them while it is open', async () => {
    const { own, registry } = world();
    const call = compose(circuitBreaker({ name: 'b', ...own }), cached(own))(failing(0).fn);
    await call('x');
    await call('x');
    expect(registry.breakers.get('b')?.snapshot()).toMatchObject({ successfulCalls: 2 });
    registry.breakers.get('b')?.isolate({});

    await expect(call('x')).rejects.toMatchObject({ code: 'ERR_CIRCUIT_OPEN' });
  });
});

describe('cached and retry', () => {
  test('cached over retry keeps what the last attempt gave, and callers in company share the attempts', async () => {
    const { clock, own } = world();
    const { state, fn } = failing(2);
    const call = compose(cached(own), retryWithBackoff({ ...RETRY, ...own }))(fn);

    const answers = Promise.all([call('x'), call('x')]);
    await clock.advance(300);

    expect([await answers, await call('x'), state.runs]).toEqual([['x', 'x'], 'x', 3]);
  });

  test('retry over cached runs the load again, for a failure is not kept', async () => {
    const { clock, own } = world();
    const { state, fn } = failing(2);
    const answer = compose(retryWithBackoff({ ...RETRY, ...own }), cached(own))(fn)('x');
    await clock.advance(300);

    expect([await answer, state.runs]).toEqual(['x', 3]);
  });
});

describe('cached and timeout', () => {
  test("timeout over cached: one caller's time is up, the load goes on for the others and is kept", async () => {
    const { clock, own } = world();
    let settle: (value: string) => void = () => {};
    let runs = 0;
    const load = (_key: string) => {
      runs++;
      return new Promise<string>((resolve) => (settle = resolve));
    };
    const shared = cached({ name: 'shared', scope: 'class', ...own });
    const patient = shared(load);
    const hasty = compose(timeout({ ms: 50, ...own }), shared)(load);

    const waiting = patient('x');
    const outcome = expect(hasty('x')).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
    await clock.advance(50);
    await outcome;
    settle('value');

    expect(await waiting).toBe('value');
    expect([await hasty('x'), runs]).toEqual(['value', 1]);
  });

  test('cached over timeout does not keep what timed out', async () => {
    const { clock, own } = world();
    const { state, fn } = hanging();
    const call = compose(cached(own), timeout({ ms: 50, ...own }))(fn);
    for (const run of [1, 2]) {
      const outcome = expect(call()).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
      await clock.advance(50);
      await outcome;
      expect(state.runs).toBe(run);
    }
  });
});

describe('deadline and retry', () => {
  test('deadline over retry: no wait is begun that would end past it, and the last error is thrown', async () => {
    const { clock, own } = world();
    const { state, fn } = failing(9);
    const call = compose(deadline({ ms: 250, ...own }), retryWithBackoff({ ...RETRY, maxAttempts: 5, ...own }))(fn);

    const error = call('x').catch((thrown: unknown) => thrown);
    await clock.advance(250);

    expect(await error).toMatchObject({ message: 'down' });
    expect(state.runs).toBe(2);
    expect(attemptsOf(await error)).toBe(2);
  });

  test('retry over deadline: a deadline is never retried', async () => {
    const { clock, own } = world();
    const { state, fn } = hanging();
    const call = compose(retryWithBackoff({ ...RETRY, ...own }), deadline({ ms: 50, ...own }))(fn);

    const outcome = expect(call()).rejects.toMatchObject({ code: 'ERR_DEADLINE' });
    await clock.advance(10_000);

    await outcome;
    expect(state.runs).toBe(1);
  });
});

describe('deadline and timeout', () => {
  test('the shorter of the two is what the function sees, and what ends the call', async () => {
    const { clock, own } = world();
    const seen: number[] = [];
    const fn = () => {
      seen.push(callContext().remainingMs());
      return new Promise<string>(() => {});
    };
    const inner = compose(deadline({ ms: 80, ...own }), timeout({ ms: 50, ...own }))(fn)();
    const outer = compose(timeout({ ms: 80, ...own }), deadline({ ms: 50, ...own }))(fn)();
    const outcomes = [
      expect(inner).rejects.toMatchObject({ code: 'ERR_TIMEOUT' }),
      expect(outer).rejects.toMatchObject({ code: 'ERR_DEADLINE' }),
    ];
    await clock.advance(50);

    await Promise.all(outcomes);
    expect(seen).toEqual([50, 50]);
  });
});

describe('dead letter and fallback', () => {
  test('fallback over deadLetter: the caller is answered and the call is kept', async () => {
    const { own, registry } = world();
    const call = compose(fallback.value('spare', own), deadLetter({ name: 'd', ...own }))(failing(1).fn);

    expect(await call('x')).toBe('spare');
    expect(registry.deadLetters.get('d')?.size).toBe(1);
    expect(await registry.deadLetters.get('d')?.redrive()).toMatchObject({ succeeded: 1 });
  });

  test('deadLetter over fallback keeps nothing that the fallback has answered', async () => {
    const { own, registry } = world();
    const call = compose(deadLetter({ name: 'd', ...own }), fallback.value('spare', own))(failing(1).fn);

    expect(await call('x')).toBe('spare');
    expect(registry.deadLetters.get('d')?.size).toBe(0);
  });
});

describe('dead letter and retry', () => {
  test('deadLetter over retry keeps one entry for all attempts, with their number', async () => {
    const { clock, own, registry } = world();
    const call = compose(deadLetter({ name: 'd', ...own }), retryWithBackoff({ ...RETRY, ...own }))(failing(9).fn);
    const outcome = expect(call('x')).rejects.toThrow('down');
    await clock.advance(300);
    await outcome;

    expect(registry.deadLetters.get('d')?.list()).toMatchObject([{ site: 'fn', args: ['x'], attempts: 3 }]);
  });

  test('retry over deadLetter keeps each attempt', async () => {
    const { clock, own, registry } = world();
    const call = compose(retryWithBackoff({ ...RETRY, ...own }), deadLetter({ name: 'd', ...own }))(failing(2).fn);
    const answer = call('x');
    await clock.advance(300);

    expect(await answer).toBe('x');
    expect(registry.deadLetters.get('d')?.size).toBe(2);
  });
});

describe('timed and retry', () => {
  test('timed over retry measures the call with its waits; retry over timed measures each attempt', async () => {
    const { clock, own, registry } = world();
    const whole = compose(timed({ name: 'whole', ...own }), retryWithBackoff({ ...RETRY, ...own }))(failing(1).fn);
    const each = compose(retryWithBackoff({ ...RETRY, ...own }), timed({ name: 'each', ...own }))(failing(1).fn);
    const answers = Promise.all([whole('x'), each('x')]);
    await clock.advance(100);
    await answers;

    const timings = registry.calls.snapshot();
    expect(timings['whole']).toMatchObject({ totalCalls: 1, errors: 0, maxMs: 100 });
    expect(timings['each']).toMatchObject({ totalCalls: 2, errors: 1, maxMs: 0 });
  });
});

describe('timed and fallback', () => {
  test('timed over fallback sees the answer; fallback over timed sees the failure', async () => {
    const { own, registry } = world();
    await compose(timed({ name: 'outside', ...own }), fallback.value('spare', own))(failing(1).fn)('x');
    await compose(fallback.value('spare', own), timed({ name: 'inside', ...own }))(failing(1).fn)('x');

    const timings = registry.calls.snapshot();
    expect([timings['outside']?.errors, timings['inside']?.errors]).toEqual([0, 1]);
  });
});
