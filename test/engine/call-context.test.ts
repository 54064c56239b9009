import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { callContext, compose, deadline, fallback, Registry, timeout } from '../../src/index.js';
import { answeredAgain, noted, repeated } from './small-policies.js';

const light = noted({ log: [], tag: 'light' });

describe('outside of a call', () => {
  const neutral = { attempt: 1, error: undefined, callId: '', name: '', deadlineAt: Infinity };

  test('it is neutral', () => {
    expect(callContext()).toMatchObject(neutral);
    expect(callContext().remainingMs()).toBe(Infinity);
    expect(callContext().signal.aborted).toBe(false);
  });

  test('it is neutral in a function that has been called bare', async () => {
    const original = () => callContext().name;

    timeout()(async () => original());
    expect(original()).toBe('');
  });

  test('it is neutral after the first await', async () => {
    const read = timeout()(async () => {
      await undefined;
      return callContext();
    });

    expect(await read()).toMatchObject(neutral);
  });

  test.each([
    ['light', light],
    ['waiting', timeout()],
  ])('it is neutral after a %s call that threw', async (_, policy) => {
    const call = (policy as typeof light)((): Promise<void> => {
      throw new Error('down');
    });

    await (async () => call())().catch(() => {});
    expect(callContext()).toMatchObject(neutral);
  });
});

describe('in a call', () => {
  test('it names the function and the call', async () => {
    const priced = timeout()(async function price() {
      return callContext();
    });
    const [first, second] = [await priced(), await priced()];

    expect(first.name).toBe('price');
    expect(first.callId).not.toBe(second.callId);
    expect(first.callId).not.toBe('');
  });

  test.each([
    ['light', light],
    ['waiting', timeout()],
  ])('it is the same however often it is read, in a %s call', async (_, policy) => {
    const call = (policy as typeof light)(async () => [callContext(), callContext()]);
    const [first, again] = await call();

    expect(again).toBe(first);
  });

  test('an inner call has its own, and the outer one is back after it', async () => {
    const called = light(function inner() {
      return callContext().name;
    });
    const calling = light(function outer() {
      return [callContext().name, called(), callContext().name];
    });

    expect(calling()).toEqual(['outer', 'inner', 'outer']);
  });

  test('an outer light call that has not looked yet still finds its own after an inner one', () => {
    const called = light((_: AbortSignal) => {});
    const inner = new AbortController();
    const outer = new AbortController();
    const seen: unknown[] = [];
    const calling = light(function outside(_: AbortSignal) {
      called(inner.signal);
      const { name, signal } = callContext();
      outer.abort();
      seen.push(name, signal.aborted);
    });

    calling(outer.signal);

    expect(seen).toEqual(['outside', true]);
  });

  test('an inner call that throws leaves the outer context in its place', () => {
    const called = light(() => {
      throw new Error('down');
    });
    const calling = light(function outer() {
      try {
        called();
      } catch {
        return callContext().name;
      }
      return 'no error';
    });

    expect(calling()).toBe('outer');
  });

  test('the attempts of one call have one id, and know their number and why the one before failed', async () => {
    const seen: { attempt: number; error: unknown; callId: string }[] = [];
    const errors = [new Error('first'), new Error('second')];
    const call = repeated({ times: 3 })(async () => {
      const { attempt, error, callId } = callContext();
      seen.push({ attempt, error, callId });
      if (attempt < 3) throw errors[attempt - 1];
    });

    await call();

    expect(seen.map(({ attempt, error }) => [attempt, error])).toEqual([
      [1, undefined],
      [2, errors[0]],
      [3, errors[1]],
    ]);
    expect(new Set(seen.map(({ callId }) => callId)).size).toBe(1);
  });

  test('runs that an answer makes are attempts too', async () => {
    const call = answeredAgain({ times: 3 })(async () => {
      const { attempt } = callContext();
      if (attempt < 3) throw new Error('bad');
      return attempt;
    });

    expect(await call()).toBe(3);
  });

  test('a fallback knows the error that it answers', async () => {
    const down = new Error('down');
    const call = compose(
      fallback(async () => callContext().error),
      timeout(),
    )(async (): Promise<unknown> => {
      throw down;
    });

    expect(await call()).toBe(down);
  });
});

describe('the time that is left', () => {
  test('is the least of the limits outside', async () => {
    const clock = new ManualClock({ wallMs: 1_000_000 });
    const registry = new Registry({ clock });
    const call = compose(
      deadline({ ms: 500, registry }),
      repeated({ times: 3, registry }),
      timeout({ ms: 200, registry }),
    )(async () => {
      const context = callContext();
      await clock.advance(0);
      return { remainingMs: context.remainingMs(), deadlineAt: context.deadlineAt, context };
    });

    const { remainingMs, deadlineAt, context } = await call();

    expect([remainingMs, deadlineAt]).toEqual([200, 1_000_200]);
    await clock.advance(150);
    expect(context.remainingMs()).toBe(50);
    await clock.advance(150);
    expect(context.remainingMs()).toBe(0);
  });

  test('shrinks from attempt to attempt under a deadline', async () => {
    const clock = new ManualClock();
    const registry = new Registry({ clock });
    const left: number[] = [];
    const call = compose(
      deadline({ ms: 250, registry }),
      repeated({ times: 5, registry }),
      timeout({ ms: 100, registry }),
    )(() => {
      left.push(callContext().remainingMs());
      return new Promise<void>(() => {});
    });

    const ended = expect(call()).rejects.toMatchObject({ code: 'ERR_DEADLINE' });
    await clock.advance(250);
    await ended;

    expect(left).toEqual([100, 100, 50]);
  });

  test('is without end where nothing limits it', async () => {
    const call = timeout({ ms: Infinity })(async () => callContext().remainingMs());

    expect(await call()).toBe(Infinity);
  });
});
