import { describe, expect, test } from 'vitest';
import { callContext, compose, deadline, fallback, retryWithBackoff } from '../../src/index.js';
import { failing, failureOf, hanging, WALL_MS, world } from './world.js';

describe('when time is up', () => {
  test('the caller gets a DeadlineExceededError at that moment, told with the call and counted', async () => {
    const { clock, own, registry, hear } = world();
    const heard = hear('call:deadline');
    const { fn, state } = hanging();
    const outcome = failureOf(deadline({ ms: 50, ...own })(fn));
    await clock.advance(50);

    expect(await outcome).toMatchObject({
      name: 'DeadlineExceededError',
      code: 'ERR_DEADLINE',
      policy: 'deadline',
      policyName: 'fn',
      site: 'fn',
    });
    const source = { kind: 'deadline', name: 'fn', site: 'fn', callId: expect.any(String) };
    expect(heard).toEqual([{ type: 'call:deadline', ...source, at: WALL_MS + 50, timeoutMs: 50 }]);
    expect(registry.calls.snapshot()['fn']).toMatchObject({ timedOut: 1 });
    expect(state.aborted).toBe(1);
  });

  test('it is never retried, whatever stands outside', async () => {
    const { clock, own } = world();
    const { fn, state } = hanging();
    const outcome = failureOf(compose(retryWithBackoff(own), deadline({ ms: 50, ...own }))(fn));
    await clock.advance(100_000);

    expect(await outcome).toMatchObject({ code: 'ERR_DEADLINE' });
    expect(state.runs).toBe(1);
  });

  test('a fallback outside answers', async () => {
    const { clock, own } = world();
    const answer = compose(fallback.value('spare', own), deadline({ ms: 50, ...own }))(hanging().fn)();
    await clock.advance(50);

    expect(await answer).toBe('spare');
  });
});

describe('inside', () => {
  test('each attempt sees what is left of the whole', async () => {
    const { clock, own } = world();
    const left: number[] = [];
    const call = compose(
      deadline({ ms: 1_000, ...own }),
      retryWithBackoff({ baseDelayMs: 100, jitter: 'none', ...own }),
    )(async () => {
      left.push(callContext().remainingMs());
      throw new Error('down');
    });
    const outcome = failureOf(call);
    await clock.advance(1_000);
    await outcome;

    expect(left).toEqual([1_000, 900, 700]);
  });

  test('the nearer of two deadlines is what the function sees', async () => {
    const { own } = world();
    const call = compose(
      deadline({ ms: 80, ...own }),
      deadline({ ms: 50, ...own }),
    )(async () => callContext().deadlineAt);

    expect(await call()).toBe(WALL_MS + 50);
  });
});

test('a value before the end is handed on, and no timer outlives one duration', async () => {
  const { clock, own } = world();

  expect(await deadline({ ms: 50, ...own })(failing(0).fn)()).toBe('value');
  await clock.advance(50);
  expect(clock.pendingTimers).toBe(0);
});

test("a caller's abort is no exceeded deadline", async () => {
  const { own, hear } = world();
  const heard = hear('call:deadline');
  const controller = new AbortController();
  const outcome = failureOf(() => deadline({ ms: 50, ...own })(hanging().fn)(controller.signal));
  controller.abort('enough');

  expect(await outcome).toBe('enough');
  expect(heard).toEqual([]);
});

test('Infinity is no limit', async () => {
  const { clock, own } = world();
  const left = await deadline({ ms: Infinity, ...own })(async () => callContext().remainingMs())();

  expect([left, clock.pendingTimers]).toEqual([Infinity, 0]);
});

test('after close no call is run', async () => {
  const { own, registry } = world();
  const call = deadline({ ms: 5, ...own })(failing(0).fn);
  await registry.close();

  expect(await failureOf(call)).toMatchObject({ code: 'ERR_CLOSED' });
});
