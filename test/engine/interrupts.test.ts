import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { callContext, compose, deadline, definePolicy, fallback, Registry, timeout } from '../../src/index.js';
import { answeredAgain, Door, behind, deferred, noted, raced, repeated } from './small-policies.js';

let clock = new ManualClock();
let registry = new Registry({ clock });
let events: string[] = [];
const unhandled: unknown[] = [];
const note = (reason: unknown) => unhandled.push(reason);
process.on('unhandledRejection', note);

beforeEach(() => {
  clock = new ManualClock();
  registry = new Registry({ clock });
  events = [];
  registry.on('*', ({ type }) => events.push(type));
});
afterAll(() => {
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});

const loops = [
  ['a loop', (times: number) => repeated({ times, registry })],
  ['an answer that runs again', (times: number) => answeredAgain({ times, registry })],
] as const;

describe.each(loops)('%s', (_, again) => {
  test('over a timeout: each attempt has its whole time', async () => {
    const started: number[] = [];
    const call = compose(
      again(3),
      timeout({ ms: 100, registry }),
    )(() => {
      started.push(clock.now());
      return new Promise<void>(() => {});
    })();

    const ended = expect(call).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
    await clock.advance(300);
    await ended;

    expect(started).toEqual([0, 100, 200]);
    expect(clock.now()).toBe(300);
  });

  test('under a timeout: all attempts share one time, and none begins after it', async () => {
    const started: number[] = [];
    const ends: ReturnType<typeof deferred<void>>[] = [];
    const call = compose(
      timeout({ ms: 100, registry }),
      again(5),
    )(() => {
      started.push(clock.now());
      const end = deferred<void>();
      ends.push(end);
      return end.promise;
    })();

    const ended = expect(call).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
    await clock.advance(60);
    ends[0]?.reject(new Error('first'));
    await clock.advance(0);
    await clock.advance(40);
    await ended;
    ends[1]?.reject(new Error('late'));
    await clock.advance(1_000);

    expect(started).toEqual([0, 60]);
    expect(events).toEqual(['call:timeout']);
  });

  test('under a timeout and over another: the inner one cuts attempts, the outer one the call', async () => {
    let runs = 0;
    const call = compose(
      timeout({ ms: 250, registry }),
      again(5),
      timeout({ ms: 100, registry }),
    )(() => {
      runs++;
      return new Promise<void>(() => {});
    })();

    const ended = expect(call).rejects.toThrow(/within 250/);
    await clock.advance(250);
    await ended;
    expect(events).toEqual(['call:timeout', 'call:timeout', 'call:timeout']);
    await clock.advance(1_000);

    // The guards inside of the last attempt hear of its end all the same.
    expect([runs, events.length]).toEqual([3, 4]);
  });
});

describe('two limits, one in the other', () => {
  test.each([
    [100, 200, 'ERR_DEADLINE'],
    [200, 100, 'ERR_TIMEOUT'],
  ])('a deadline of %i ms round a timeout of %i ms ends with %s', async (outerMs, innerMs, code) => {
    const call = compose(
      deadline({ ms: outerMs, registry }),
      timeout({ ms: innerMs, registry }),
    )(() => new Promise<void>(() => {}))();

    const ended = expect(call).rejects.toMatchObject({ code });
    await clock.advance(100);
    await ended;

    expect(events).toHaveLength(1);
  });

  test('the inner one no longer holds the process once the outer one has answered', async () => {
    const held = holding();
    const call = compose(
      deadline({ ms: 100, registry: held.registry }),
      repeated({ times: 3, registry: held.registry }),
      timeout({ ms: 60_000, registry: held.registry }),
    )(() => new Promise<void>(() => {}))();
    const ended = expect(call).rejects.toMatchObject({ code: 'ERR_DEADLINE' });

    await held.clock.advance(100);
    await ended;

    expect(held.count()).toBe(0);
  });

  test('a cancelled run no longer holds the process by its limit', async () => {
    const held = holding();
    const call = compose(
      raced({ registry: held.registry }),
      timeout({ ms: 60_000, registry: held.registry }),
    )(() => (callContext().attempt === 1 ? Promise.resolve('first') : new Promise<string>(() => {})));

    expect(await call()).toBe('first');

    expect(held.count()).toBe(0);
  });
});

describe('what happens to the work', () => {
  test('its signal is aborted with the error that the caller gets', async () => {
    let signal: AbortSignal | undefined;
    const call = timeout({ ms: 100, registry })(() => {
      ({ signal } = callContext());
      return new Promise<void>(() => {});
    })().catch((error: unknown) => error);

    await clock.advance(100);

    expect(signal?.aborted).toBe(true);
    expect(signal?.reason).toBe(await call);
  });

  test('detached work keeps its signal, and no further attempt begins', async () => {
    const signals: AbortSignal[] = [];
    const end = deferred<void>();
    const call = compose(
      timeout({ ms: 100, grace: 'detach', registry }),
      repeated({ times: 3, registry }),
    )(() => {
      signals.push(callContext().signal);
      return end.promise;
    })();

    const ended = expect(call).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
    await clock.advance(100);
    await ended;
    end.reject(new Error('late'));
    await clock.advance(100);

    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  });

  test.each(['abort', 'detach'] as const)(
    'its late outcome reaches the guards inside, and nobody else (%s)',
    async (grace) => {
      const log: string[] = [];
      const [first, second] = [deferred<string>(), deferred<string>()];
      const ends = [first, second];
      const call = compose(
        noted({ log, tag: 'outer', registry }),
        timeout({ ms: 100, grace, registry }),
        noted({ log, tag: 'inner', registry }),
      )(() => (ends.shift() as typeof first).promise);

      const ended = [call(), call()].map((each) => each.catch((error: Error & { code: string }) => error.code));
      await clock.advance(100);
      expect(await Promise.all(ended)).toEqual(['ERR_TIMEOUT', 'ERR_TIMEOUT']);
      log.length = 0;
      first.resolve('late');
      second.reject(new Error('later'));
      await clock.advance(0);

      expect(log).toEqual(['inner ok late', 'inner failed later']);
    },
  );

  test('stages outside of the limit answer for it', async () => {
    const call = compose(
      fallback(async () => 'instead'),
      timeout({ ms: 100, registry }),
    )(() => new Promise<string>(() => {}))();

    await clock.advance(100);

    expect(await call).toBe('instead');
  });

  test('a call that waits before a door is answered in time, and gives its place back', async () => {
    const door = new Door();
    let runs = 0;
    const call = compose(
      timeout({ ms: 100, registry }),
      behind({ door, registry }),
    )(async () => {
      runs++;
    })();

    const ended = expect(call).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
    await clock.advance(100);
    await ended;
    door.queue[0]?.open();
    await clock.advance(0);

    expect([runs, door.inside]).toEqual([0, 0]);
  });
});

/** A registry whose clock counts the timers that hold the process. */
function holding() {
  const manual = new ManualClock();
  const refs = new Set<unknown>();
  const handles = new WeakMap<object, unknown>();
  const held = {
    now: () => manual.now(),
    wallNow: () => manual.wallNow(),
    setTimeout(callback: () => void, delayMs: number) {
      const handle = { ref: () => refs.add(handle), unref: () => refs.delete(handle) };
      const fire = () => {
        refs.delete(handle);
        callback();
      };
      handles.set(handle, manual.setTimeout(fire, delayMs));
      refs.add(handle);
      return handle;
    },
    clearTimeout(handle: unknown) {
      refs.delete(handle);
      manual.clearTimeout(handles.get(handle as object));
    },
  };
  return { clock: manual, registry: new Registry({ clock: held }), count: () => refs.size };
}

describe('a guard hears whether its call is overdue', () => {
  const asked: boolean[] = [];
  const asking = definePolicy<'asking', object, (...args: never[]) => unknown, { overdue: boolean }>({
    kind: 'asking',
    summary: 'Notes whether a call is overdue when it settles.',
    options: {},
    bind: () => ({
      admitCall: (call) => call,
      succeeded: (call) => void asked.push(call.overdue),
      failed: (call) => void asked.push(call.overdue),
    }),
  });
  beforeEach(() => void asked.splice(0));

  test.each([
    ['in time', 50, [false]],
    ['late', 150, [true]],
  ])('of one timeout outside, %s', async (_, workMs, expected) => {
    const work = () => new Promise<void>((resolve) => clock.setTimeout(resolve, workMs));
    const call = compose(timeout({ ms: 100, registry }), asking({ registry }))(work);
    const ended = call().catch(() => {});
    await clock.advance(200);
    await ended;

    expect(asked).toEqual(expected);
  });

  test('of a timeout outside of the loop that runs it, and of one for each run', async () => {
    const work = () => new Promise<void>((_, reject) => clock.setTimeout(() => reject(new Error('down')), 80));
    const outer = compose(timeout({ ms: 100, registry }), repeated({ times: 2, registry }), asking({ registry }))(work);
    const each = compose(repeated({ times: 2, registry }), timeout({ ms: 70, registry }), asking({ registry }))(work);
    const ended = [outer(), each()].map((call) => call.catch(() => {}));
    await clock.advance(300);
    await Promise.all(ended);

    expect(asked.slice().sort()).toEqual([false, true, true, true]);
  });
});
