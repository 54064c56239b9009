import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { bulkhead, type CallContext, callContext, compose, Registry, timeout } from '../../src/index.js';
import { failing, failureOf, gate, hanging, WALL_MS, world } from './world.js';

const unhandled: unknown[] = [];
const note = (error: unknown): void => void unhandled.push(error);
beforeEach(() => void process.on('unhandledRejection', note));
afterEach(() => {
  process.off('unhandledRejection', note);
  expect(unhandled.splice(0)).toEqual([]);
});

describe('when time is up', () => {
  test('the caller gets a TimeoutError at that moment, told with the call and counted', async () => {
    const { clock, own, registry, hear } = world();
    const heard = hear('call:timeout');
    const call = timeout({ ms: 50, ...own })(hanging().fn);
    const outcome = failureOf(call);
    await clock.advance(49);
    expect(heard).toEqual([]);
    await clock.advance(1);

    expect(await outcome).toMatchObject({
      name: 'TimeoutError',
      code: 'ERR_TIMEOUT',
      policy: 'timeout',
      policyName: 'fn',
      site: 'fn',
    });
    const source = { kind: 'timeout', name: 'fn', site: 'fn', callId: expect.any(String) };
    expect(heard).toEqual([{ type: 'call:timeout', ...source, at: WALL_MS + 50, timeoutMs: 50 }]);
    expect(registry.calls.snapshot()['fn']).toMatchObject({ timedOut: 1 });
  });

  test('the signal is aborted with the error of the caller', async () => {
    const { clock, own } = world();
    const reasons: unknown[] = [];
    const call = timeout({ ms: 50, ...own })(() => {
      const { signal } = callContext();
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          reasons.push(signal.reason);
          reject(signal.reason);
        });
      });
    });
    const outcome = failureOf(call);
    await clock.advance(50);

    expect(reasons).toEqual([await outcome]);
  });

  test("`grace: 'detach'` answers the caller and leaves the signal alone", async () => {
    const { clock, own } = world();
    const { fn, state } = hanging();
    const outcome = failureOf(timeout({ ms: 50, grace: 'detach', ...own })(fn));
    await clock.advance(50);

    expect(await outcome).toMatchObject({ code: 'ERR_TIMEOUT' });
    expect(state.aborted).toBe(0);
  });

  test('a late rejection and a late value are nobody’s', async () => {
    const { clock, own, registry } = world();
    const { work, fail, finish } = gate();
    const call = timeout({ ms: 50, ...own })(work);
    const outcomes = [failureOf(call), failureOf(call)];
    await clock.advance(50);
    const errors = await Promise.all(outcomes);
    fail(0, new Error('late'));
    finish(1);
    await clock.advance(0);

    expect(errors).toMatchObject([{ code: 'ERR_TIMEOUT' }, { code: 'ERR_TIMEOUT' }]);
    expect(registry.calls.snapshot()['work']).toMatchObject({ timedOut: 2 });
  });

  test('the slot of a bulkhead inside stays taken until the work has settled', async () => {
    const { clock, own, registry } = world();
    const { work, finish } = gate();
    const slots = bulkhead({ name: 'slots', maxConcurrent: 1, ...own });
    const outcome = failureOf(compose(timeout({ ms: 50, ...own }), slots)(work));
    await clock.advance(50);
    await outcome;

    expect(registry.limiters.get('slots')?.snapshot()).toMatchObject({ active: 1 });
    finish(0);
    await clock.advance(0);
    expect(registry.limiters.get('slots')?.snapshot()).toMatchObject({ active: 0 });
  });
});

describe('before time is up', () => {
  test('a value is handed on, and its signal is never aborted', async () => {
    const { clock, own } = world();
    let signal: AbortSignal | undefined;
    const call = timeout({ ms: 50, ...own })(async () => {
      ({ signal } = callContext());
      return 'value';
    });

    expect(await call()).toBe('value');
    await clock.advance(1_000);
    expect(signal?.aborted).toBe(false);
  });

  test("the function's own error is handed on, and nothing is counted", async () => {
    const { own, registry } = world();
    const error = new Error('down');

    expect(await failureOf(timeout({ ms: 50, ...own })(failing(1, () => error).fn))).toBe(error);
    expect(registry.metrics.names()).toEqual([]);
  });

  test("a caller's abort goes through at once, and is no timeout", async () => {
    const { own, hear } = world();
    const heard = hear('call:timeout');
    const controller = new AbortController();
    const { fn, state } = hanging();
    const outcome = failureOf(() => timeout({ ms: 50, ...own })(fn)(controller.signal));
    controller.abort('enough');

    expect(await outcome).toBe('enough');
    expect([state.aborted, heard]).toEqual([1, []]);
  });
});

describe('ms', () => {
  test('a function gets the arguments of the call', async () => {
    const { clock, own, hear } = world();
    const heard = hear('call:timeout');
    const call = timeout({ ms: (_: string, weight: number) => weight * 10, ...own })(
      (_name: string, _weight: number) => new Promise<string>(() => {}),
    );
    const outcomes = [failureOf(() => call('a', 2)), failureOf(() => call('b', 1))];
    await clock.advance(20);
    await Promise.all(outcomes);

    expect(heard.map(({ timeoutMs, at }) => [timeoutMs, at - WALL_MS])).toEqual([
      [10, 10],
      [20, 20],
    ]);
  });

  test.each([
    [Number.NaN, RangeError],
    [-1, RangeError],
    [0, RangeError],
    ['5', TypeError],
    [undefined, TypeError],
  ])('a function that gives %s ends the call with an error that says so', async (given, type) => {
    const { own } = world();
    const { fn, state } = hanging();
    const error = await failureOf(timeout({ ms: () => given as number, ...own })(() => fn()));

    expect(error).toBeInstanceOf(type);
    expect(error).toHaveProperty('message', expect.stringMatching(/^timeout: `ms` takes/));
    expect(state.runs).toBe(0);
  });

  test('a function that throws ends the call with its error', async () => {
    const { own } = world();
    const bad = new Error('bad');
    const ms = () => {
      throw bad;
    };

    expect(await failureOf(timeout({ ms, ...own })(hanging().fn))).toBe(bad);
  });

  test('Infinity is no limit, and sets no timer', async () => {
    const { clock, own } = world();
    void timeout({ ms: Infinity, ...own })(hanging().fn)();
    void timeout({ ms: () => Infinity, ...own })(() => hanging().fn())();

    expect(clock.pendingTimers).toBe(0);
  });

  test('is 30 s unless given', async () => {
    const { clock, own, hear } = world();
    const heard = hear('call:timeout');
    const outcome = failureOf(timeout(own)(hanging().fn));
    await clock.advance(30_000);
    await outcome;

    expect(heard).toMatchObject([{ timeoutMs: 30_000, at: WALL_MS + 30_000 }]);
  });
});

test('calls of one duration share one timer, and each gets its whole time', async () => {
  const { clock, own, registry, hear } = world();
  const heard = hear('call:timeout');
  const call = timeout({ ms: 50, ...own })(hanging().fn);
  const outcomes: Promise<unknown>[] = [];
  for (const at of [0, 1, 2, 3]) {
    outcomes.push(failureOf(call));
    expect(clock.pendingTimers).toBe(1);
    if (at < 3) await clock.advance(1);
  }
  await clock.advance(1_000);
  await Promise.all(outcomes);

  expect(heard.map(({ at }) => at - WALL_MS)).toEqual([50, 51, 52, 53]);
  await registry.close();
  expect(clock.pendingTimers).toBe(0);
});

test('the context tells when time is up and how much is left', async () => {
  const { clock, own } = world();
  await clock.advance(10);
  const context = await timeout({ ms: 50, ...own })(async () => {
    const running = callContext();
    return { deadlineAt: running.deadlineAt, left: running.remainingMs(), name: running.name };
  })();

  expect(context).toMatchObject({ deadlineAt: WALL_MS + 60, left: 50 });
});

test('after close no call is run', async () => {
  const { own, registry } = world();
  const call = timeout(own)(failing(0).fn);
  await registry.close();

  expect(await failureOf(call)).toMatchObject({ code: 'ERR_CLOSED' });
});

test('with grace `detach` a signal that is first read after time was up is not aborted either', async () => {
  const { clock, own } = world();
  let context: CallContext | undefined;
  const call = timeout({ ms: 100, grace: 'detach', ...own })(async () => {
    context = callContext();
    await new Promise<void>((resolve) => clock.setTimeout(resolve, 200));
  });
  const outcome = failureOf(call);
  await clock.advance(150);

  expect(await outcome).toMatchObject({ code: 'ERR_TIMEOUT' });
  expect(context?.signal.aborted).toBe(false);
});

test.each<[string, () => unknown]>([
  ['returns', () => 1],
  [
    'throws',
    () => {
      throw new Error('late');
    },
  ],
])('time that is up while the function is on the stack, and then %s, is a timeout', async (_, end) => {
  vi.useFakeTimers();
  const registry = new Registry();
  const call = timeout({ ms: 100, registry })((): Promise<unknown> => {
    vi.advanceTimersByTime(200);
    return Promise.resolve(end());
  });
  const outcome = failureOf(call);
  vi.useRealTimers();

  expect(await outcome).toMatchObject({ code: 'ERR_TIMEOUT' });
});
