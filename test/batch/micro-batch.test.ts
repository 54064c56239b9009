import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cancellationOf } from '../../src/base/cancellation.js';
import type { BulkRun } from '../../src/batch/batch-call.js';
import { MicroBatch, type SentBatch } from '../../src/batch/micro-batch.js';
import type { MicroBatchOptions } from '../../src/batch/micro-batch-options.js';
import { ManualClock } from '../../src/edges/testing/index.js';

interface Open {
  readonly items: number[];
  readonly cancelled: unknown[];
  resolve(results: unknown): void;
  reject(error: unknown): void;
}

/** Bulk calls that end when they are told to. */
function setUp(options: MicroBatchOptions = {}) {
  const clock = new ManualClock();
  const sent: SentBatch[] = [];
  const bulks: Open[] = [];
  const batch = new MicroBatch<number>(options, { name: 'hosts', clock, onSent: (one) => sent.push(one) });
  const run = (items: number[]): BulkRun => {
    const cancelled: unknown[] = [];
    const result = new Promise((resolve, reject) => bulks.push({ items, cancelled, resolve, reject }));
    return { result, cancel: (reason) => cancelled.push(reason) };
  };
  const add = (...items: number[]) => batch.add({ items, run });
  const double = (index: number) => bulks[index]?.resolve(bulks[index]?.items.map((item) => item * 2));
  return { clock, batch, bulks, sent, run, add, double };
}

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: unknown) => error,
  );

describe('when a bulk call goes out', () => {
  test.each<[number, number]>([
    [99, 0],
    [100, 1],
  ])('after %i ms of a wait of 100: %i', async (ms, calls) => {
    const { clock, add, bulks } = setUp({ maxWaitMs: 100 });
    void add(1);
    await clock.advance(ms);

    expect(bulks).toHaveLength(calls);
  });

  test('the wait is that of the first item; a later one does not prolong it', async () => {
    const { clock, add, bulks, sent } = setUp({ maxWaitMs: 100 });
    void add(1);
    await clock.advance(99);
    void add(2);
    await clock.advance(1);

    expect(bulks.map(({ items }) => items)).toEqual([[1, 2]]);
    expect(sent).toEqual([{ items: 2, calls: 2, because: 'waited' }]);
  });

  test('as soon as it is full, and what is left waits for its own time', async () => {
    const { clock, add, bulks, sent } = setUp({ maxSize: 3, maxWaitMs: 100 });
    void add(1);
    await clock.advance(50);
    void add(2, 3, 4);
    expect(bulks.map(({ items }) => items)).toEqual([[1, 2, 3]]);
    await clock.advance(99);
    expect(bulks).toHaveLength(1);
    await clock.advance(1);

    expect(bulks[1]?.items).toEqual([4]);
    expect(sent.map(({ because }) => because)).toEqual(['full', 'waited']);
  });

  test('with no wait, what is asked for in one turn goes out together', async () => {
    const { clock, add, bulks } = setUp({ maxWaitMs: 0 });
    void add(1);
    void add(2);
    expect(bulks).toHaveLength(0);
    await clock.advance(0);

    expect(bulks.map(({ items }) => items)).toEqual([[1, 2]]);
  });

  test('an empty list is answered with an empty one, and calls nothing', async () => {
    const { add, batch } = setUp();

    expect(await add()).toEqual([]);
    expect(batch.snapshot()).toMatchObject({ batches: 0, queued: 0 });
  });

  test('a long list is split, and its results come back in order', async () => {
    const { clock, add, bulks, double } = setUp({ maxSize: 4, maxWaitMs: 10 });
    const results = add(...numbers(1, 10));
    await clock.advance(10);
    expect(bulks.map(({ items }) => items.length)).toEqual([4, 4, 2]);
    for (const index of [2, 0, 1]) double(index);

    expect(await results).toEqual(numbers(1, 10).map((item) => item * 2));
  });

  test('later changes of a list do not show', async () => {
    const { clock, batch, run, bulks } = setUp({ maxWaitMs: 10 });
    const items = [1, 2];
    void batch.add({ items, run });
    items.push(3);
    await clock.advance(10);

    expect(bulks[0]?.items).toEqual([1, 2]);
  });
});

describe('what the callers get', () => {
  test('an Error in a place rejects that caller alone', async () => {
    const { clock, add, bulks } = setUp({ maxWaitMs: 10 });
    const gone = new Error('gone');
    const [first, second, third] = [add(1), add(2, 3), add(4)];
    await clock.advance(10);
    bulks[0]?.resolve(['a', 'b', gone, 'd']);

    expect(await Promise.all([first, errorOf(second), third])).toEqual([['a'], gone, ['d']]);
  });

  test.each<[string, unknown, string]>([
    ['fewer', ['a'], '1 results'],
    ['more', ['a', 'b', 'c'], '3 results'],
    ['no list', 'ab', 'no array of results'],
    ['nothing', undefined, 'no array of results'],
  ])('%s results than items reject all, and the error says both', async (_, results, said) => {
    const { clock, add, bulks } = setUp({ maxWaitMs: 10 });
    const calls = [add(1), add(2)];
    await clock.advance(10);
    bulks[0]?.resolve(results);

    for (const error of await Promise.all(calls.map(errorOf))) {
      expect(error).toBeInstanceOf(TypeError);
      expect((error as Error).message).toContain(`'hosts' got 2 items and gave ${said}`);
    }
  });

  test("a failure is everybody's, the same object", async () => {
    const { clock, add, bulks } = setUp({ maxWaitMs: 10 });
    const down = new Error('down');
    const calls = [add(1), add(2)];
    await clock.advance(10);
    bulks[0]?.reject(down);

    expect(await Promise.all(calls.map(errorOf))).toEqual([down, down]);
    expect(await errorOf(calls[0] as Promise<unknown>)).toBe(down);
  });

  test('a bulk function that throws at once, or answers at once, is no different', async () => {
    const { batch } = setUp({ maxSize: 1 });
    const down = new Error('down');
    const thrown = batch.add({
      items: [1],
      run: () => {
        throw down;
      },
    });

    expect(await errorOf(thrown)).toBe(down);
    expect(await batch.add({ items: [1, 2, 3], run: (items) => ({ result: items }) })).toEqual([1, 2, 3]);
    expect(batch.snapshot()).toMatchObject({ queued: 0, running: 0 });
  });

  test('a very long list goes out in very many bulk calls that answer at once', async () => {
    const { batch } = setUp({ maxSize: 1 });
    const items = numbers(1, 20_000);

    expect(await batch.add({ items, run: (list) => ({ result: list }) })).toEqual(items);
    expect(batch.snapshot()).toMatchObject({ batches: 20_000, queued: 0, running: 0 });
  });

  test('with one bulk call failed, what of a long list has not gone out never does', async () => {
    const { add, bulks, double, batch } = setUp({ maxSize: 2, maxConcurrent: 1, maxWaitMs: 10 });
    const failed = errorOf(add(1, 2, 3, 4));
    const other = add(5, 6);
    bulks[0]?.reject('down');
    expect(await failed).toBe('down');
    double(1);

    expect(await other).toEqual([10, 12]);
    expect(bulks.map(({ items }) => items)).toEqual([
      [1, 2],
      [5, 6],
    ]);
    expect(batch.snapshot()).toMatchObject({ queued: 0, running: 0 });
  });
});

describe('a caller who gives up', () => {
  test('while it waits: leaves at once, and its items do not go out', async () => {
    const { clock, batch, run, bulks } = setUp({ maxWaitMs: 10 });
    const controller = new AbortController();
    const call = batch.add({ items: [1], run, cancellation: cancellationOf(controller.signal) });
    controller.abort('enough');

    expect(await errorOf(call)).toBe('enough');
    expect(batch.snapshot()).toMatchObject({ queued: 0, running: 0 });
    await clock.advance(20);
    expect(bulks).toEqual([]);
  });

  test('the next in line waits from when it came', async () => {
    const { clock, batch, run, add, bulks } = setUp({ maxWaitMs: 10 });
    const controller = new AbortController();
    const left = errorOf(batch.add({ items: [1], run, cancellation: cancellationOf(controller.signal) }));
    await clock.advance(6);
    void add(2);
    await clock.advance(2);
    controller.abort('enough');
    await left;
    await clock.advance(7);
    expect(bulks).toEqual([]);
    await clock.advance(1);

    expect(bulks.map(({ items }) => items)).toEqual([[2]]);
  });

  test('before it came: is answered, and nothing is sent', async () => {
    const { batch, run } = setUp({ maxSize: 1 });
    const cancellation = cancellationOf(AbortSignal.abort('enough'));

    expect(await errorOf(batch.add({ items: [1], run, cancellation }))).toBe('enough');
    expect(batch.snapshot()).toMatchObject({ batches: 0, queued: 0 });
  });

  test('in a bulk call leaves the others alone; with the last of them it is cancelled', async () => {
    const { batch, run, bulks, double } = setUp({ maxSize: 2 });
    const controllers = numbers(1, 4).map(() => new AbortController());
    const calls = controllers.map(({ signal }, index) =>
      errorOf(batch.add({ items: [index], run, cancellation: cancellationOf(signal) })),
    );
    controllers[0]?.abort('one');
    expect(await calls[0]).toBe('one');
    expect(bulks[0]?.cancelled).toEqual([]);
    double(0);
    expect(await calls[1]).toBe('no error');
    controllers[1]?.abort('late');
    expect(bulks[0]?.cancelled).toEqual([]);

    controllers[2]?.abort('two');
    controllers[3]?.abort('three');
    expect(bulks[1]?.cancelled).toEqual(['three']);
    expect(batch.snapshot()).toMatchObject({ running: 1 });
  });
});

describe('back-pressure', () => {
  test('while as many bulk calls run as may, items wait, and go out together', async () => {
    const { clock, add, bulks, double, sent } = setUp({ maxSize: 3, maxWaitMs: 10, maxConcurrent: 1 });
    void add(1);
    await clock.advance(10);
    void add(2);
    void add(3);
    await clock.advance(50);
    expect(bulks).toHaveLength(1);
    double(0);
    await clock.advance(0);

    expect(bulks[1]?.items).toEqual([2, 3]);
    expect(sent.map(({ because }) => because)).toEqual(['waited', 'waited']);
  });

  test('past `maxQueue` a call is rejected at once; what waits stays', async () => {
    const { add, batch, double } = setUp({ maxSize: 2, maxConcurrent: 1, maxQueue: 3 });
    const running = add(1, 2);
    void add(3, 4);
    expect(await errorOf(add(5, 6))).toMatchObject({
      code: 'ERR_BULKHEAD_FULL',
      policy: 'batched',
      policyName: 'hosts',
      grounds: { maxSize: 2, maxWaitMs: 1_000, maxConcurrent: 1, maxQueue: 3 },
    });
    void add(7);

    expect(batch.snapshot()).toMatchObject({ queued: 3, running: 1, rejected: 1 });
    double(0);
    expect(await running).toEqual([2, 4]);
  });

  test('what goes out at once needs no room in the queue', async () => {
    const { add, batch } = setUp({ maxSize: 2, maxQueue: 2 });
    void add(...numbers(1, 9));

    expect(batch.snapshot()).toMatchObject({ queued: 1, running: 4, rejected: 0 });
  });
});

describe('lots', () => {
  test('calls of another function, object or key are not merged', async () => {
    const { clock, batch, run, bulks } = setUp({ maxWaitMs: 10 });
    const [one, other] = [{}, {}];
    void batch.add({ items: [1], run });
    void batch.add({ items: [2], run }, { self: one });
    void batch.add({ items: [3], run }, { self: other });
    void batch.add({ items: [4], run }, { self: one, key: 'k' });
    void batch.add({ items: [5], run }, { fn: one });
    void batch.add({ items: [6], run }, { self: one, key: 'k' });
    await clock.advance(10);

    expect(bulks.map(({ items }) => items.join()).sort()).toEqual(['1', '2', '3', '4,6', '5']);
  });
});

describe('closing', () => {
  test('sends what waits, resolves once all has settled, and takes nothing more', async () => {
    const { add, batch, bulks, double, sent } = setUp();
    const results = add(1, 2);
    let closed = false;
    const closing = batch.close().then(() => {
      closed = true;
    });
    expect(bulks.map(({ items }) => items)).toEqual([[1, 2]]);
    expect(await errorOf(add(3))).toMatchObject({ code: 'ERR_CLOSED' });
    expect(closed).toBe(false);
    double(0);

    expect(await results).toEqual([2, 4]);
    await closing;
    await batch.close();
    expect(sent).toEqual([{ items: 2, calls: 1, because: 'flushed' }]);
  });
});

/** One thing that may happen to micro-batches. */
type Step = ['add', number] | ['abort', number] | ['settle', number] | ['fail', number] | ['advance', number];

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.tuple(fc.constant('add' as const), fc.integer({ min: 1, max: 9 })),
    fc.tuple(fc.constant('abort' as const), fc.nat(20)),
    fc.tuple(fc.constant('settle' as const), fc.nat(20)),
    fc.tuple(fc.constant('fail' as const), fc.nat(20)),
    fc.tuple(fc.constant('advance' as const), fc.integer({ min: 1, max: 30 })),
  ),
  { maxLength: 40 },
);
const shapes = fc.record({
  maxSize: fc.integer({ min: 1, max: 6 }),
  maxWaitMs: fc.integer({ min: 0, max: 20 }),
  maxConcurrent: fc.constantFrom(1, 2, Infinity),
});

test('whatever happens, everybody gets their own results in order, no item goes out twice, and all bounds hold', async () => {
  await fc.assert(
    fc.asyncProperty(shapes, steps, async (options, script) => {
      const { clock, batch, run, bulks, double } = setUp(options);
      const calls: { items: number[]; controller: AbortController; outcome: Promise<unknown> }[] = [];
      let next = 0;
      let ended = 0;
      for (const [what, how] of script) {
        if (what === 'add') {
          const items = numbers(next, (next += how) - 1);
          const controller = new AbortController();
          const cancellation = cancellationOf(controller.signal);
          calls.push({ items, controller, outcome: batch.add({ items, run, cancellation }).catch((error) => error) });
        } else if (what === 'abort') calls[how]?.controller.abort('left');
        else if (what === 'settle') double(how);
        else if (what === 'fail') bulks[how]?.reject('down');
        else await clock.advance(how);
        await clock.advance(0);
        expect(batch.snapshot().running).toBeLessThanOrEqual(options.maxConcurrent);
      }
      while (ended < bulks.length || batch.snapshot().queued > 0) {
        if (ended < bulks.length) double(ended++);
        await clock.advance(options.maxWaitMs + 1);
      }
      const sentItems = bulks.flatMap(({ items }) => items);
      expect(new Set(sentItems).size).toBe(sentItems.length);
      for (const { items } of bulks) expect(items.length).toBeLessThanOrEqual(options.maxSize);
      for (const { items, outcome } of calls) {
        expect([items.map((item) => item * 2), 'left', 'down']).toContainEqual(await outcome);
      }
      expect(batch.snapshot()).toMatchObject({ queued: 0, running: 0, items: sentItems.length });
    }),
    { numRuns: 200 },
  );
});
