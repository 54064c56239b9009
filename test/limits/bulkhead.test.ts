import { describe, expect, test, vi } from 'vitest';
import { cancellationOf } from '../../src/base/cancellation.js';
import { BulkheadFullError, ClosedError, QueueTimeoutError } from '../../src/base/errors.js';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { Bulkhead } from '../../src/limits/bulkhead.js';
import type { BulkheadOptions } from '../../src/limits/bulkhead-options.js';

function bulkheadWith(options: BulkheadOptions = {}, captureStack = false) {
  const clock = new ManualClock();
  return { clock, bulkhead: new Bulkhead({ name: 'renderer', ...options }, { clock, captureStack }) };
}

/** Enters, and notes how it went under a name. */
function queueUp(bulkhead: Bulkhead, log: string[], name: string, signal?: AbortSignal): Promise<void> {
  const cancellation = signal && cancellationOf(signal);
  return bulkhead.enter({ site: name, cancellation }).then(
    () => void log.push(`${name} in`),
    (error: unknown) => void log.push(`${name} ${error instanceof Error ? error.name : String(error)}`),
  );
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('slots', () => {
  test('lets `maxConcurrent` calls in, and the next when one leaves', () => {
    const { bulkhead } = bulkheadWith({ maxConcurrent: 2 });
    expect([bulkhead.tryEnter(), bulkhead.tryEnter(), bulkhead.tryEnter()]).toEqual([true, true, false]);
    bulkhead.leave();
    expect([bulkhead.tryEnter(), bulkhead.tryEnter()]).toEqual([true, false]);
  });

  test('a `leave` too many gives no slot', () => {
    const { bulkhead } = bulkheadWith({ maxConcurrent: 1 });
    bulkhead.leave();
    expect([bulkhead.tryEnter(), bulkhead.tryEnter()]).toEqual([true, false]);
  });

  test('a rejection names the bulkhead, its site and what is taken, without a stack unless asked for', () => {
    const { bulkhead } = bulkheadWith({ maxConcurrent: 4, maxQueue: 1 });
    const error = bulkhead.reject('Pages.render');
    expect(error).toBeInstanceOf(BulkheadFullError);
    expect(error).toMatchObject({ policy: 'bulkhead', policyName: 'renderer', site: 'Pages.render' });
    expect(error.message).toBe("'renderer' has all its 4 slots taken and 1 call in line");
    expect(error.retryAfterMs).toBeUndefined();
    expect(error.stack).not.toMatch(/\n\s+at /);
    expect(bulkheadWith({ maxConcurrent: 1 }, true).bulkhead.reject().stack).toMatch(/\n\s+at /);
    expect(bulkheadWith({ maxConcurrent: 1 }).bulkhead.reject().message).toBe("'renderer' has its one slot taken");
  });
});

describe('the queue', () => {
  test('is first come, first served', async () => {
    const { bulkhead } = bulkheadWith({ maxConcurrent: 1, maxQueue: 3 });
    const log: string[] = [];
    bulkhead.tryEnter();
    for (const name of ['a', 'b', 'c']) void queueUp(bulkhead, log, name);
    for (let left = 0; left < 3; left++) {
      bulkhead.leave();
      await turn();
    }
    expect(log).toEqual(['a in', 'b in', 'c in']);
  });

  test('who comes while others wait cannot slip in before them', async () => {
    const { bulkhead } = bulkheadWith({ maxConcurrent: 1, maxQueue: 1 });
    bulkhead.tryEnter();
    const log: string[] = [];
    void queueUp(bulkhead, log, 'a');
    bulkhead.leave();
    expect(bulkhead.tryEnter()).toBe(false);
    await turn();
    expect(log).toEqual(['a in']);
  });

  test('past `maxQueue` a caller is rejected at once', async () => {
    const { bulkhead } = bulkheadWith({ maxConcurrent: 1, maxQueue: 1 });
    const log: string[] = [];
    bulkhead.tryEnter();
    for (const name of ['a', 'b']) void queueUp(bulkhead, log, name);
    await turn();
    expect(log).toEqual(['b BulkheadFullError']);
    expect(bulkhead.snapshot()).toMatchObject({ queued: 1, rejected: 1, totalCalls: 3 });
  });

  test('a free slot is given at once', async () => {
    const { bulkhead, clock } = bulkheadWith({ queueTimeoutMs: 5 });
    await bulkhead.enter();
    expect(bulkhead.snapshot().active).toBe(1);
    expect(clock.pendingTimers).toBe(0);
  });

  test.each([
    [499, ['b in']],
    [500, ['a QueueTimeoutError', 'b in']],
  ])('with `queueTimeoutMs: 500`, after %i ms a slot goes as it must', async (ms, expected) => {
    const { bulkhead, clock } = bulkheadWith({ maxConcurrent: 1, maxQueue: 9, queueTimeoutMs: 500 });
    const log: string[] = [];
    bulkhead.tryEnter();
    void queueUp(bulkhead, log, 'a');
    await clock.advance(ms);
    void queueUp(bulkhead, log, 'b');
    if (ms === 499) bulkhead.leave();
    bulkhead.leave();
    await turn();
    expect(log).toEqual(ms === 499 ? ['a in', ...expected] : expected);
  });

  test('a QueueTimeoutError says how long was waited, and for whom', async () => {
    const { bulkhead, clock } = bulkheadWith({ maxConcurrent: 1, maxQueue: 1, queueTimeoutMs: 1_500 });
    bulkhead.tryEnter();
    const waiting = expect(bulkhead.enter({ site: 'Pages.render' })).rejects.toMatchObject({
      code: 'ERR_QUEUE_TIMEOUT',
      policy: 'bulkhead',
      policyName: 'renderer',
      site: 'Pages.render',
      message: "'renderer' had no slot free within 1 500 ms",
    });
    await clock.advance(1_500);
    await waiting;
    expect(bulkhead.snapshot()).toMatchObject({ queued: 0, timedOut: 1, rejected: 0, totalCalls: 2 });
  });

  test('who got a slot is timed out no more', async () => {
    const { bulkhead, clock } = bulkheadWith({ maxConcurrent: 1, maxQueue: 1, queueTimeoutMs: 100 });
    const log: string[] = [];
    bulkhead.tryEnter();
    void queueUp(bulkhead, log, 'a');
    bulkhead.leave();
    await clock.advance(1_000);
    expect(log).toEqual(['a in']);
    expect(bulkhead.snapshot()).toMatchObject({ active: 1, timedOut: 0 });
    expect(clock.pendingTimers).toBe(0);
  });

  test('a waiter who gives up leaves at once with his reason, and the next moves up', async () => {
    const { bulkhead, clock } = bulkheadWith({ maxConcurrent: 1, maxQueue: 2, queueTimeoutMs: 100 });
    const controller = new AbortController();
    const removed = vi.spyOn(controller.signal, 'removeEventListener');
    const log: string[] = [];
    bulkhead.tryEnter();
    void queueUp(bulkhead, log, 'a', controller.signal);
    void queueUp(bulkhead, log, 'b');
    controller.abort('changed my mind');
    await turn();
    expect(log).toEqual(['a changed my mind']);
    expect(bulkhead.snapshot()).toMatchObject({ queued: 1, rejected: 0, timedOut: 0 });
    expect(removed).toHaveBeenCalled();
    bulkhead.leave();
    await clock.advance(1_000);
    expect(log).toEqual(['a changed my mind', 'b in']);
  });

  test('who has given up before he came takes neither slot nor place', async () => {
    const { bulkhead } = bulkheadWith();
    const log: string[] = [];
    await queueUp(bulkhead, log, 'a', AbortSignal.abort('gone'));
    expect(log).toEqual(['a gone']);
    expect(bulkhead.snapshot()).toMatchObject({ active: 0, queued: 0, totalCalls: 1 });
  });

  test('ten thousand waiters who give up in any order leave nothing behind', async () => {
    const { bulkhead, clock } = bulkheadWith({ maxConcurrent: 1, maxQueue: Infinity, queueTimeoutMs: 60_000 });
    const controllers = Array.from({ length: 10_000 }, () => new AbortController());
    bulkhead.tryEnter();
    const waiting = controllers.map(({ signal }) => bulkhead.enter({ cancellation: cancellationOf(signal) }));
    const settled = Promise.allSettled(waiting);
    for (const [index, controller] of controllers.entries()) if (index % 2 === 1) controller.abort();
    for (const controller of controllers) controller.abort();
    await settled;
    expect(bulkhead.snapshot()).toMatchObject({ queued: 0, active: 1 });
    expect(clock.pendingTimers).toBeLessThanOrEqual(1);
  });
});

describe('close', () => {
  test('sends everyone in line away and lets nobody in; who runs may finish', async () => {
    const { bulkhead } = bulkheadWith({ maxConcurrent: 1, maxQueue: 2, queueTimeoutMs: 100 });
    const log: string[] = [];
    bulkhead.tryEnter();
    for (const name of ['a', 'b']) void queueUp(bulkhead, log, name);
    bulkhead.close();
    bulkhead.close();
    void queueUp(bulkhead, log, 'c');
    await turn();
    expect(log).toEqual(['a ClosedError', 'b ClosedError', 'c ClosedError']);
    bulkhead.leave();
    expect(bulkhead.tryEnter()).toBe(false);
    expect(bulkhead.reject('d')).toBeInstanceOf(ClosedError);
    expect(bulkhead.snapshot()).toMatchObject({ active: 0, queued: 0, rejected: 4 });
  });

  test('the error names the site of who waited', async () => {
    const { bulkhead } = bulkheadWith({ maxConcurrent: 1, maxQueue: 2 });
    bulkhead.tryEnter();
    const waiting = expect(bulkhead.enter({ site: 'Pages.render' })).rejects.toMatchObject({ site: 'Pages.render' });
    bulkhead.close();
    await waiting;
  });
});

describe('call', () => {
  const held = () => {
    let settle = (_: string): void => {};
    let fail = (_: unknown): void => {};
    const promise = new Promise<string>((resolve, reject) => {
      settle = resolve;
      fail = reject;
    });
    return { promise, settle, fail };
  };

  test('a synchronous function stays synchronous, and its rejection is thrown', () => {
    const { bulkhead } = bulkheadWith({ maxConcurrent: 1 });
    expect(bulkhead.call((a: number, b: number) => a + b, 2, 3)).toBe(5);
    bulkhead.tryEnter();
    expect(() => bulkhead.call(() => 1)).toThrow(BulkheadFullError);
  });

  test('an async function that is turned away gets a rejected promise', async () => {
    const { bulkhead } = bulkheadWith({ maxConcurrent: 1 });
    bulkhead.tryEnter();
    await expect(bulkhead.call(async () => 1)).rejects.toBeInstanceOf(BulkheadFullError);
  });

  test('so does a function that has given promises before', async () => {
    const { bulkhead } = bulkheadWith({ maxConcurrent: 1 });
    const promising = () => Promise.resolve(1);
    await bulkhead.call(promising);
    bulkhead.tryEnter();
    await expect(bulkhead.call(promising)).rejects.toBeInstanceOf(BulkheadFullError);
  });

  test.each(['value', 'error'] as const)('the slot is held until the work settles with a %s', async (end) => {
    const { bulkhead } = bulkheadWith({ maxConcurrent: 1 });
    const { promise, settle, fail } = held();
    const call = bulkhead.call(() => promise);
    expect(bulkhead.snapshot().active).toBe(1);
    const outcome = call.then(String, String);
    if (end === 'value') settle('value');
    else fail('error');
    expect(await outcome).toBe(end);
    expect(bulkhead.snapshot().active).toBe(0);
  });

  test('a function that throws at once gives its slot back', () => {
    const { bulkhead } = bulkheadWith({ maxConcurrent: 1 });
    const down = new Error('down');
    const throwing = () => {
      throw down;
    };
    expect(() => bulkhead.call(throwing)).toThrow(down);
    expect(bulkhead.snapshot()).toMatchObject({ active: 0, totalCalls: 1, rejected: 0 });
  });

  test('a thenable that settles twice gives one slot back', async () => {
    const { bulkhead } = bulkheadWith({ maxConcurrent: 2 });
    bulkhead.tryEnter();
    // biome-ignore lint/suspicious/noThenProperty: that is what is tested
    const twice = { then: (resolve: (value: string) => void) => [resolve('one'), resolve('two')] };
    expect(await bulkhead.call(() => twice as unknown as Promise<string>)).toBe('one');
    expect(bulkhead.snapshot().active).toBe(1);
  });

  test('waits for its turn where there is a queue', async () => {
    const { bulkhead } = bulkheadWith({ maxConcurrent: 1, maxQueue: 1 });
    const first = held();
    const log: string[] = [];
    const run = async (name: string, until: Promise<unknown>) => {
      log.push(`${name} begins`);
      await until;
      log.push(`${name} ends`);
    };
    const calls = [bulkhead.call(run, 'a', first.promise), bulkhead.call(run, 'b', Promise.resolve())];
    await turn();
    expect(log).toEqual(['a begins']);
    first.settle('');
    await Promise.all(calls);
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
    expect(bulkhead.snapshot().active).toBe(0);
  });

  test.each([
    ['an argument', (signal: AbortSignal) => signal],
    ['`signal` of an argument', (signal: AbortSignal) => ({ signal })],
  ])('a signal as %s ends the wait, and the function is not run', async (_, asArgument) => {
    const { bulkhead } = bulkheadWith({ maxConcurrent: 1, maxQueue: 1 });
    const controller = new AbortController();
    const run = vi.fn(async (..._args: unknown[]) => {});
    bulkhead.tryEnter();
    const call = bulkhead.call(run, null, 1, {}, asArgument(controller.signal));
    controller.abort('gone');
    await expect(call).rejects.toBe('gone');
    expect(run).not.toHaveBeenCalled();
    expect(bulkhead.snapshot()).toMatchObject({ queued: 0, active: 1 });
  });

  test('who gives up in the moment that his slot comes gives it back', async () => {
    const { bulkhead } = bulkheadWith({ maxConcurrent: 1, maxQueue: 1 });
    const controller = new AbortController();
    const run = vi.fn(async (_: AbortSignal) => {});
    bulkhead.tryEnter();
    const call = bulkhead.call(run, controller.signal);
    bulkhead.leave();
    controller.abort('gone');
    await expect(call).rejects.toBe('gone');
    expect(run).not.toHaveBeenCalled();
    expect(bulkhead.snapshot().active).toBe(0);
  });

  test('a call past the queue is rejected with the name of its function', async () => {
    const { bulkhead } = bulkheadWith({ maxConcurrent: 1, maxQueue: 1 });
    bulkhead.tryEnter();
    async function render(): Promise<void> {}
    const first = bulkhead.call(render);
    await expect(bulkhead.call(render)).rejects.toMatchObject({ code: 'ERR_BULKHEAD_FULL', site: 'render' });
    bulkhead.leave();
    await first;
  });
});

test('the snapshot is JSON, also without a limit to the queue', () => {
  const snapshot = bulkheadWith({ maxQueue: Infinity }).bulkhead.snapshot();
  expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
  expect(snapshot).toEqual({
    active: 0,
    queued: 0,
    maxConcurrent: 10,
    maxQueue: null,
    rejected: 0,
    timedOut: 0,
    totalCalls: 0,
  });
});

test('errors of a bulkhead are told apart by class', () => {
  expect(new QueueTimeoutError('x', { policy: 'bulkhead', policyName: 'x' })).not.toBeInstanceOf(BulkheadFullError);
});

describe('options', () => {
  test('have the defaults of the design, and are frozen', () => {
    const { options, name } = new Bulkhead();
    expect(options).toEqual({ maxConcurrent: 10, maxQueue: 0, queueTimeoutMs: Infinity });
    expect(Object.isFrozen(options)).toBe(true);
    expect(name).toBe('bulkhead');
  });

  test.each<[object, typeof TypeError]>([
    [{ maxConcurrent: '4' }, TypeError],
    [{ maxConcurrent: 0 }, RangeError],
    [{ maxConcurrent: 1.5 }, RangeError],
    [{ maxConcurrent: Number.NaN }, RangeError],
    [{ maxConcurrent: -1 }, RangeError],
    [{ maxConcurrent: Infinity }, RangeError],
    [{ maxQueue: null }, TypeError],
    [{ maxQueue: -1 }, RangeError],
    [{ maxQueue: Number.NaN }, RangeError],
    [{ maxQueue: 0.5 }, RangeError],
    [{ queueTimeoutMs: true }, TypeError],
    [{ queueTimeoutMs: 0 }, RangeError],
    [{ queueTimeoutMs: -5 }, RangeError],
    [{ queueTimeoutMs: Number.NaN }, RangeError],
    [{ name: 5 }, TypeError],
    [{ name: '' }, RangeError],
  ])('%o is refused', (options, type) => {
    const make = () => new Bulkhead(options);
    expect(make).toThrow(type);
    expect(make).toThrow(`bulkhead: \`${Object.keys(options)[0]}\``);
  });

  test('an unknown option is refused with the nearest known one', () => {
    expect(() => new Bulkhead({ maxConcurent: 4 } as BulkheadOptions)).toThrow('did you mean `maxConcurrent`?');
  });
});
