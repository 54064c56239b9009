import { describe, expect, test, vi } from 'vitest';
import { cancellationOf } from '../../src/base/cancellation.js';
import { CircuitOpenError, DeadlineExceededError } from '../../src/base/errors.js';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { attemptsOf } from '../../src/retry/attempts.js';
import type { RecoverContext } from '../../src/retry/recover-context.js';
import { RetryBudget } from '../../src/retry/retry-budget.js';
import type { RetryOptions } from '../../src/retry/retry-options.js';
import { RetryPolicy } from '../../src/retry/retry-policy.js';

function policyWith(options: RetryOptions = {}) {
  const clock = new ManualClock();
  return { clock, policy: new RetryPolicy({ jitter: 'none', ...options }, { clock, random: () => 0.5 }) };
}

/** Fails with each of these in turn, then gives 'good'; notes when it was called. */
function failing(clock: ManualClock, ...errors: unknown[]) {
  const calls: { attempt: number; lastError: unknown; at: number }[] = [];
  const run = async (attempt: number, lastError?: unknown): Promise<string> => {
    calls.push({ attempt, lastError, at: clock.now() });
    if (calls.length <= errors.length) throw errors[calls.length - 1];
    return 'good';
  };
  return { calls, run, times: () => calls.map(({ at }) => at) };
}

const [one, two, three] = ['one', 'two', 'three'].map((name) => new Error(name)) as [Error, Error, Error];

/** The outcome of a promise once time has moved far enough. */
async function outcomeOf<T>(clock: ManualClock, promise: Promise<T>, ms = 1_000_000): Promise<unknown> {
  const outcome = promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  // The first run must have failed before time moves, or its wait would begin at the end.
  await clock.advance(0);
  await clock.advance(ms);
  return outcome;
}

describe('execute', () => {
  test('gives the value of a first try that is good, without a timer', async () => {
    const { policy, clock } = policyWith();
    const { run, calls } = failing(clock);
    expect(await policy.execute(run)).toBe('good');
    expect(calls).toEqual([{ attempt: 1, lastError: undefined, at: 0 }]);
    expect(clock.pendingTimers).toBe(0);
  });

  test('runs again after the delay, with the number of the run and the last error', async () => {
    const { policy, clock } = policyWith();
    const { run, calls } = failing(clock, one, two);
    expect(await outcomeOf(clock, policy.execute(run))).toEqual({ value: 'good' });
    expect(calls).toEqual([
      { attempt: 1, lastError: undefined, at: 0 },
      { attempt: 2, lastError: one, at: 1_000 },
      { attempt: 3, lastError: two, at: 3_000 },
    ]);
  });

  test('throws the last error itself when attempts end, and tells how many they were', async () => {
    const { policy, clock } = policyWith();
    const { run } = failing(clock, one, two, three);
    const outcome = (await outcomeOf(clock, policy.execute(run))) as { error: unknown };
    expect(outcome.error).toBe(three);
    expect(attemptsOf(three)).toBe(3);
    expect(attemptsOf(one)).toBe(1);
  });

  test('takes functions that give values or throw at once', async () => {
    const { policy, clock } = policyWith();
    const fn = (attempt: number) => {
      if (attempt === 1) throw one;
      return attempt;
    };
    expect(await outcomeOf(clock, policy.execute(fn))).toEqual({ value: 2 });
  });

  test('a transient error is retried at once the first time, later ones wait', async () => {
    const { policy, clock } = policyWith();
    const reset = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
    const { run, times } = failing(clock, reset, reset);
    await outcomeOf(clock, policy.execute(run));
    expect(times()).toEqual([0, 0, 2_000]);
  });

  test.each([
    ['a permanent error', Object.assign(new Error('gone'), { status: 404 })],
    ['a critical error', Object.assign(new Error('full'), { code: 'ENOSPC' })],
    ['a rejection', new CircuitOpenError('open', { policy: 'p', policyName: 'n' })],
    ['a deadline', new DeadlineExceededError('late', { policy: 'p', policyName: 'n' })],
  ])('%s ends it at the first run', async (_, error) => {
    const { policy, clock } = policyWith();
    const { run, calls } = failing(clock, error);
    await expect(policy.execute(run)).rejects.toBe(error);
    expect(calls).toHaveLength(1);
  });

  test('classify is replaceable', async () => {
    const policy = new RetryPolicy({}, { classify: () => 'permanent' });
    await expect(policy.execute(() => Promise.reject(one))).rejects.toBe(one);
  });

  test('with `maxAttempts: Infinity` it goes on', async () => {
    const { policy, clock } = policyWith({ maxAttempts: Infinity, backoff: 'constant', baseDelayMs: 10 });
    const { run, calls } = failing(clock, ...Array.from({ length: 200 }, () => one));
    expect(await outcomeOf(clock, policy.execute(run))).toEqual({ value: 'good' });
    expect(calls).toHaveLength(201);
  });

  test('runs without a delay leave a turn to timers', async () => {
    const policy = new RetryPolicy({ maxAttempts: Infinity, baseDelayMs: 0 });
    let up = false;
    setTimeout(() => (up = true), 1);
    expect(await policy.execute(async () => (up ? 'up' : Promise.reject(one)))).toBe('up');
  });

  test('decorrelated jitter grows from the delay before', async () => {
    const { policy, clock } = policyWith({ jitter: 'decorrelated', maxAttempts: 4 });
    const { run, times } = failing(clock, one, one, one);
    await outcomeOf(clock, policy.execute(run));
    // U(1000, 3000), U(1000, 6000), U(1000, 10500), each at its half
    expect(times()).toEqual([0, 2_000, 5_500, 11_250]);
  });

  test('`maxElapsedMs` begins no wait that would end past it', async () => {
    const { policy, clock } = policyWith({ maxAttempts: Infinity, backoff: 'constant', maxElapsedMs: 2_500 });
    const { run, times } = failing(clock, one, two, three, one);
    expect(await outcomeOf(clock, policy.execute(run))).toEqual({ error: three });
    expect(times()).toEqual([0, 1_000, 2_000]);
  });

  test('a Retry-After beyond `maxDelayMs` gives up at once', async () => {
    const { policy, clock } = policyWith();
    const busy = Object.assign(new Error('busy'), { status: 429, headers: { 'retry-after': '31' } });
    await expect(policy.execute(failing(clock, busy).run)).rejects.toBe(busy);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('abort', () => {
  test('before the start: the function is not run', async () => {
    const { policy } = policyWith();
    const run = vi.fn();
    await expect(policy.execute(run, { signal: AbortSignal.abort(two) })).rejects.toBe(two);
    expect(run).not.toHaveBeenCalled();
  });

  test('during the wait it ends at once with the reason, and leaves no timer or listener behind', async () => {
    const { policy, clock } = policyWith();
    const controller = new AbortController();
    const removed = vi.spyOn(controller.signal, 'removeEventListener');
    const { run, calls } = failing(clock, one, one);
    const call = policy.execute(run, { signal: controller.signal });
    const rejected = expect(call).rejects.toBe(three);
    await clock.advance(0);
    await clock.advance(1_500);
    controller.abort(three);
    await rejected;
    expect(clock.now()).toBe(1_500);
    expect(calls).toHaveLength(2);
    expect(removed).toHaveBeenCalledTimes(1);
    await clock.advance(10_000);
    expect(calls).toHaveLength(2);
    expect(clock.pendingTimers).toBe(0);
  });

  test('during a run that fails: there is no further run', async () => {
    const { policy } = policyWith();
    const controller = new AbortController();
    const run = vi.fn(async () => {
      controller.abort(two);
      throw one;
    });
    await expect(policy.execute(run, { signal: controller.signal })).rejects.toBe(two);
    expect(run).toHaveBeenCalledTimes(1);
  });

  test('during a run that succeeds all the same: its value is given', async () => {
    const controller = new AbortController();
    const run = async () => {
      controller.abort();
      return 'good';
    };
    expect(await policyWith().policy.execute(run, { signal: controller.signal })).toBe('good');
  });
});

describe('`retryIfResult`', () => {
  const pending = { retryIfResult: (value: unknown) => value === 'pending' };

  test('runs again until a value passes', async () => {
    const { policy, clock } = policyWith(pending);
    const values = ['pending', 'pending', 'ready'];
    expect(
      await outcomeOf(
        clock,
        policy.execute((attempt) => values[attempt - 1]),
      ),
    ).toEqual({ value: 'ready' });
    expect(clock.pendingTimers).toBe(0);
  });

  test('gives the last value when none passes', async () => {
    const { policy, clock } = policyWith({ retryIfResult: () => true });
    expect(
      await outcomeOf(
        clock,
        policy.execute((attempt) => attempt),
      ),
    ).toEqual({ value: 3 });
  });

  test('values and errors share the attempts, and the last outcome is that of the call', async () => {
    const { policy, clock } = policyWith(pending);
    const mixed = (last: () => string) => (attempt: number) => {
      if (attempt === 2) throw one;
      return attempt === 1 ? 'pending' : last();
    };
    expect(await outcomeOf(clock, policy.execute(mixed(() => 'pending')))).toEqual({ value: 'pending' });
    const throwing = () => {
      throw two;
    };
    expect(await outcomeOf(clock, policy.execute(mixed(throwing)))).toEqual({ error: two });
  });

  test('gets the value and the number of the run', async () => {
    const asked: unknown[] = [];
    const { policy, clock } = policyWith({ retryIfResult: (...args) => asked.push(args) < 2 });
    await outcomeOf(
      clock,
      policy.execute((attempt) => attempt * 10),
    );
    expect(asked).toEqual([
      [10, 1],
      [20, 2],
    ]);
  });
});

describe('a callback that throws', () => {
  const broken = () => new Error('broken');

  test('`retryIf` ends the call with its error, and the first error as its cause', async () => {
    const thrown = broken();
    const retryIf = () => {
      throw thrown;
    };
    await expect(policyWith({ retryIf }).policy.execute(() => Promise.reject(one))).rejects.toBe(thrown);
    expect(thrown.cause).toBe(one);
    expect(attemptsOf(thrown)).toBe(1);
  });

  test('a cause that it has already stays', async () => {
    const thrown = new Error('broken', { cause: two });
    const retryIf = () => {
      throw thrown;
    };
    await expect(policyWith({ retryIf }).policy.execute(() => Promise.reject(one))).rejects.toBe(thrown);
    expect(thrown.cause).toBe(two);
  });

  test('`retryIfResult` ends the call with its error, at the first run or later', async () => {
    const thrown = broken();
    const retryIfResult = () => {
      throw thrown;
    };
    const { policy, clock } = policyWith({ retryIfResult });
    await expect(policy.execute(() => 'value')).rejects.toBe(thrown);
    expect(thrown).not.toHaveProperty('cause');
    expect(await outcomeOf(clock, policy.execute(failing(clock, one).run))).toEqual({ error: thrown });
    expect(thrown.cause).toBe(one);
  });

  test('so does a backoff function that gives no time', async () => {
    const { policy } = policyWith({ backoff: () => Number.NaN });
    await expect(policy.execute(() => Promise.reject(one))).rejects.toMatchObject({ name: 'RangeError', cause: one });
  });

  test.each([
    ['throws', () => Promise.resolve(), true],
    ['rejects', () => Promise.reject(broken()), false],
  ])('`onRetry` that %s never reaches the caller', async (_, answer, throws) => {
    const onRetry = (): void => {
      if (throws) throw broken();
      return answer() as never;
    };
    const { policy, clock } = policyWith({ onRetry });
    expect(await outcomeOf(clock, policy.execute(failing(clock, one).run))).toEqual({ value: 'good' });
  });
});

test('`onRetry` is told of each retry before its wait', async () => {
  const onRetry = vi.fn();
  const { policy, clock } = policyWith({ onRetry });
  const call = policy.execute(failing(clock, one, two).run);
  await clock.advance(0);
  expect(onRetry.mock.calls).toEqual([[{ attempt: 1, delayMs: 1_000, error: one }]]);
  await clock.advance(1_000);
  expect(onRetry.mock.calls[1]).toEqual([{ attempt: 2, delayMs: 2_000, error: two }]);
  await clock.advance(2_000);
  expect(await call).toBe('good');
});

describe('recover, as an engine uses it', () => {
  function observed(extra: Partial<RecoverContext> = {}) {
    const told: [string, unknown][] = [];
    const note = (name: string) => (event: unknown) => void told.push([name, event]);
    const observe = {
      retry: note('retry'),
      recovered: note('recovered'),
      exhausted: note('exhausted'),
      budgetEmpty: note('budgetEmpty'),
    };
    return { told, context: { startedAt: 0, observe, ...extra } };
  }

  test('begins with the second run, and tells of retries and of success', async () => {
    const { policy, clock } = policyWith();
    const { told, context } = observed();
    const { run, calls } = failing(clock, two);
    const seen: number[] = [];
    const call = policy.recover(
      { error: one },
      (attempt, last) => {
        seen.push(attempt);
        return run(attempt, last);
      },
      context,
    );
    expect(await outcomeOf(clock, call)).toEqual({ value: 'good' });
    expect(seen).toEqual([2, 3]);
    expect(calls.map(({ lastError }) => lastError)).toEqual([one, two]);
    expect(told).toEqual([
      ['retry', { attempt: 1, delayMs: 1_000, error: one }],
      ['retry', { attempt: 2, delayMs: 2_000, error: two }],
      ['recovered', { attempts: 3 }],
    ]);
  });

  test('tells why retries ended', async () => {
    const { policy, clock } = policyWith({ maxAttempts: 2 });
    const { told, context } = observed();
    const { run } = failing(clock, two);
    expect(await outcomeOf(clock, policy.recover({ error: one }, run, context))).toEqual({ error: two });
    expect(told.at(-1)).toEqual(['exhausted', { attempts: 2, runs: 2, reason: 'attempts-exhausted', error: two }]);
  });

  test('a first error that asks for no retry is no end of retries; a later one is', async () => {
    const { policy, clock } = policyWith();
    const first = observed();
    const gone = Object.assign(new Error('gone'), { status: 404 });
    await outcomeOf(
      clock,
      policy.recover({ error: gone }, () => 'never', first.context),
    );
    expect(first.told).toEqual([]);
    const later = observed({ startedAt: clock.now() });
    await outcomeOf(clock, policy.recover({ error: one }, failing(clock, gone).run, later.context));
    expect(later.told.at(-1)).toEqual(['exhausted', { attempts: 2, runs: 2, reason: 'not-retryable', error: gone }]);
  });

  test('what is left of the caller’s time is asked for at each decision', async () => {
    const { policy, clock } = policyWith({ maxAttempts: 9 });
    const { told, context } = observed({ remainingMs: () => 4_000 - clock.now() });
    const { run, times } = failing(clock, two, three);
    expect(await outcomeOf(clock, policy.recover({ error: one }, run, context))).toEqual({ error: three });
    expect(times()).toEqual([1_000, 3_000]);
    expect(told.at(-1)).toEqual(['exhausted', { attempts: 3, runs: 3, reason: 'deadline', error: three }]);
  });

  test('a cancellation ends the wait with its reason, and is no end of retries', async () => {
    const { policy, clock } = policyWith();
    const controller = new AbortController();
    const { told, context } = observed({ cancellation: cancellationOf(controller.signal) });
    const call = policy.recover({ error: one }, failing(clock).run, context);
    controller.abort(two);
    await expect(call).rejects.toBe(two);
    expect(told.map(([name]) => name)).toEqual(['retry']);
  });

  test('observers that throw harm nobody', async () => {
    const { policy, clock } = policyWith({ maxAttempts: 2, budget: { ratio: 0, minPerSecond: 1 } });
    const shout = () => {
      throw new Error('observer');
    };
    const observe = { retry: shout, recovered: shout, exhausted: shout, budgetEmpty: shout };
    const context = { startedAt: 0, observe };
    expect(await outcomeOf(clock, policy.recover({ error: one }, failing(clock).run, context), 1_500)).toEqual({
      value: 'good',
    });
    expect(await outcomeOf(clock, policy.recover({ error: one }, failing(clock, two).run, context))).toEqual({
      error: two,
    });
  });

  test('an observer may be an object whose methods use `this`', async () => {
    const { policy, clock } = policyWith();
    class Counting {
      count = 0;
      retry(): void {
        this.count++;
      }
    }
    const observe = new Counting();
    await outcomeOf(clock, policy.recover({ error: one }, failing(clock).run, { startedAt: 0, observe }));
    expect(observe.count).toBe(1);
  });

  test('revise gives the last value when retries end, and tells it', async () => {
    const { policy, clock } = policyWith({ retryIfResult: (value) => value !== 'ready', maxAttempts: 2 });
    const { told, context } = observed();
    expect(policy.refuses('pending')).toBe(true);
    expect(policy.refuses('ready')).toBe(false);
    expect(
      await outcomeOf(
        clock,
        policy.revise('pending', () => 'still pending', context),
      ),
    ).toEqual({
      value: 'still pending',
    });
    expect(told.at(-1)).toEqual([
      'exhausted',
      { attempts: 2, runs: 2, reason: 'attempts-exhausted', error: undefined },
    ]);
  });

  test('an empty budget means no retry, and is told', async () => {
    const budget = new RetryBudget({ ratio: 0, minPerSecond: 0 });
    const { policy } = policyWith({ budget });
    const { told, context } = observed();
    await expect(policy.recover({ error: one }, () => 'never', context)).rejects.toBe(one);
    expect(told).toEqual([
      ['budgetEmpty', { attempt: 1 }],
      ['exhausted', { attempts: 1, runs: 1, reason: 'budget-empty', error: one }],
    ]);
  });
});

describe('a budget', () => {
  test('shared by two policies bounds both', async () => {
    const clock = new ManualClock();
    const budget = new RetryBudget({ ratio: 0, minPerSecond: 3 }, { clock });
    const runs = [0, 0];
    const calls = [0, 1].map((index) =>
      new RetryPolicy({ budget, maxAttempts: 9, baseDelayMs: 0 }, { clock }).execute(async () => {
        runs[index] = (runs[index] ?? 0) + 1;
        throw one;
      }),
    );
    await Promise.allSettled(calls);
    expect((runs[0] ?? 0) + (runs[1] ?? 0)).toBe(2 + 3);
  });

  test('made from options counts good first tries and calls that failed, not retries', async () => {
    const { policy, clock } = policyWith({ budget: { ratio: 0.5, minPerSecond: 0 }, baseDelayMs: 0 });
    await policy.execute(() => 'good');
    expect(policy.budget?.snapshot().available).toBe(0);
    // The second call makes the first whole retry, and spends it.
    await expect(policy.execute(() => Promise.reject(one))).rejects.toBe(one);
    expect(policy.budget?.snapshot()).toMatchObject({ available: 0, granted: 1, refused: 1 });
    expect(clock.pendingTimers).toBe(0);
  });

  test('a rejected call earns no retries', async () => {
    const { policy } = policyWith({ budget: { ratio: 1, minPerSecond: 0 } });
    const open = new CircuitOpenError('open', { policy: 'p', policyName: 'n' });
    await expect(policy.execute(() => Promise.reject(open))).rejects.toBe(open);
    expect(policy.budget?.snapshot().available).toBe(0);
  });
});

describe('attemptsOf', () => {
  test.each([undefined, null, 'text', 7, {}, new Error('other')])('is 1 for %s', (error) => {
    expect(attemptsOf(error)).toBe(1);
  });

  test('knows functions and frozen objects too', async () => {
    const frozen = Object.freeze({ message: 'frozen' });
    const { policy } = policyWith({ baseDelayMs: 0 });
    await expect(policy.execute(() => Promise.reject(frozen))).rejects.toBe(frozen);
    expect(attemptsOf(frozen)).toBe(3);
    const odd = () => {};
    await expect(policy.execute(() => Promise.reject(odd))).rejects.toBe(odd);
    expect(attemptsOf(odd)).toBe(3);
  });
});
