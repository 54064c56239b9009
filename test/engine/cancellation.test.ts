import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { type CallContext, callContext, compose, fallback, Registry, timed, timeout } from '../../src/index.js';
import { deferred, noted, raced, repeated } from './small-policies.js';

const light = noted({ log: [] });
const clock = new ManualClock();
const registry = new Registry({ clock });
const stacks = [
  ['a light stack', light],
  ['a timeout', timeout({ registry })],
  ['a timeout in a loop', compose(repeated({ times: 2, registry }), timeout({ registry }))],
] as unknown as [string, typeof light][];

describe.each(stacks)('in %s', (_, policy) => {
  test("the caller's signal among the arguments aborts the function's, with its reason", async () => {
    const { work, signals } = watched();
    const caller = new AbortController();

    const call = policy(work)('ACME', caller.signal);
    caller.abort(new Error('enough'));

    await expect(call).rejects.toThrow('enough');
    expect(signals.map((signal) => signal.reason)).toEqual([caller.signal.reason]);
  });

  test("`signal` of an options object is the caller's too", async () => {
    const { work, signals } = watched();
    const caller = new AbortController();

    const call = policy(work)('ACME', { signal: caller.signal });
    caller.abort(new Error('enough'));

    await expect(call).rejects.toThrow('enough');
    expect(signals[0]?.aborted).toBe(true);
  });

  test('a signal that was aborted before the call is aborted in it', async () => {
    const { work, signals } = watched();

    await expect(policy(work)('ACME', AbortSignal.abort(new Error('long ago')))).rejects.toThrow('long ago');
    expect(signals.every(({ aborted }) => aborted)).toBe(true);
  });

  test('the signal is never aborted after the call has succeeded', async () => {
    const caller = new AbortController();
    const call = policy(async (_: AbortSignal) => callContext().signal);

    const signal = await call(caller.signal);
    caller.abort();
    await clock.advance(60_000);

    expect(signal.aborted).toBe(false);
  });

  test("no listener stays on a caller's signal that outlives its calls", async () => {
    const caller = new AbortController();
    const call = policy(async (fails: boolean, _signal: AbortSignal) => {
      callContext().signal.addEventListener('abort', () => {});
      if (fails) throw new Error('down');
    });

    for (let calls = 0; calls < 20; calls++) await call(calls % 2 === 0, caller.signal).catch(() => {});

    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(0);
  });

  test("a call that does not look at its signal puts no listener on the caller's", async () => {
    const caller = new AbortController();
    const end = deferred<void>();
    const call = policy((_: AbortSignal) => end.promise)(caller.signal);

    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(0);
    end.resolve(undefined);
    await call;
  });
});

test('a call that was cut off by its time leaves no listener on the signal of its caller', async () => {
  const caller = new AbortController();
  const call = timeout({ ms: 100, registry })((_: AbortSignal) => {
    void callContext().signal;
    return new Promise<void>(() => {});
  })(caller.signal);

  const ended = expect(call).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
  await clock.advance(100);
  await ended;

  expect(getEventListeners(caller.signal, 'abort')).toHaveLength(0);
});

test("a fallback does not answer the caller's own abort", async () => {
  const { work } = watched();
  const caller = new AbortController();
  const call = compose(
    fallback(async () => 'an answer'),
    timeout({ registry }),
  )(work)('ACME', caller.signal);

  caller.abort(new Error('enough'));

  await expect(call).rejects.toBe(caller.signal.reason);
});

test('the loser of a race is aborted, and the winner is not', async () => {
  const signals: AbortSignal[] = [];
  const ends = [deferred<string>(), deferred<string>()];
  const call = raced({ registry })(() => {
    const { signal, attempt } = callContext();
    signals.push(signal);
    return (ends[attempt - 1] as (typeof ends)[0]).promise;
  })();

  ends[1]?.resolve('second');

  expect(await call).toBe('second');
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  ends[0]?.reject(new Error('late'));
});

test("the caller's abort reaches every run of a race", async () => {
  const caller = new AbortController();
  const { work, signals } = watched();
  const call = raced({ registry })(work)('ACME', caller.signal);

  caller.abort(new Error('enough'));

  await expect(call).rejects.toThrow('enough');
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  expect(getEventListeners(caller.signal, 'abort')).toHaveLength(0);
});

/** Work that ends when it is aborted, and what signals it was given. */
function watched() {
  const signals: AbortSignal[] = [];
  const work = (_symbol: string, _options?: AbortSignal | { signal: AbortSignal }): Promise<string> => {
    const { signal } = callContext();
    signals.push(signal);
    return new Promise((_resolve, reject) => {
      if (signal.aborted) reject(signal.reason);
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  };
  return { work, signals };
}

test('a signal that is first read after the call has succeeded is never aborted', async () => {
  const own = { registry };
  const caller = new AbortController();
  let context: CallContext | undefined;
  await timed(own)(async (_signal: AbortSignal) => {
    context = callContext();
  })(caller.signal);
  const signal = context?.signal;
  caller.abort();

  expect(signal?.aborted).toBe(false);
});

test("the signal of a `Request` among the arguments is the caller's", async () => {
  const own = { registry };
  const caller = new AbortController();
  let seen: AbortSignal | undefined;
  const call = timed(own)((_request: Request) => {
    seen = callContext().signal;
    return new Promise(() => {});
  });
  void call(new Request('http://host.test/', { signal: caller.signal }));
  caller.abort();

  expect(seen?.aborted).toBe(true);
});
