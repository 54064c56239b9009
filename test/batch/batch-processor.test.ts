import { describe, expect, test } from 'vitest';
import type { BatchProgress } from '../../src/batch/batch-item.js';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { BatchProcessor, type BatchProcessorOptions } from '../../src/registry/batch-processor.js';
import { Registry } from '../../src/registry/registry.js';
import { RetryBudget } from '../../src/retry/retry-budget.js';
import { deferred, outcomeOf, settled } from '../pool/world.js';
import { numbers } from './sources.js';

/** A processor with a clock of its own, and no chance in its delays. */
function world(options: BatchProcessorOptions = {}) {
  const clock = new ManualClock();
  const registry = new Registry({ clock, random: () => 0 });
  const processor = new BatchProcessor<number, number>({
    registry,
    ...options,
    retry: { jitter: 'none', ...options.retry },
  });
  return { clock, registry, processor };
}

/** An operation that takes 100 ms, and notes how many run at once. */
function slowOperation(clock: ManualClock) {
  const seen = { running: 0, most: 0, startedAt: [] as number[] };
  const operation = async (item: number): Promise<number> => {
    seen.startedAt.push(clock.now());
    seen.most = Math.max(seen.most, ++seen.running);
    await new Promise<void>((resolve) => clock.setTimeout(resolve, 100));
    seen.running--;
    return item * 10;
  };
  return { seen, operation };
}

/** Fails as often as said for each item, then gives ten times the item. */
function flaky(failures: Record<number, number>, error: Error = new Error('503')) {
  const runs: number[] = [];
  const left = { ...failures };
  const operation = async (item: number): Promise<number> => {
    runs.push(item);
    if ((left[item] ?? 0) <= 0) return item * 10;
    left[item] = (left[item] ?? 0) - 1;
    throw error;
  };
  return { runs, operation };
}

async function* later<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) {
    await undefined;
    yield item;
  }
}

describe('a batch', () => {
  test('has a result for each item, in the order of the batch whatever order they end in', async () => {
    const { clock, processor } = world();
    const call = processor.process([30, 10, 20], async (ms) => {
      await new Promise<void>((resolve) => clock.setTimeout(resolve, ms));
      return ms;
    });
    await clock.advance(30);

    expect(await call).toMatchObject({
      status: 'completed',
      items: [
        { index: 0, status: 'success', value: 30, attempts: 1 },
        { index: 1, status: 'success', value: 10, attempts: 1 },
        { index: 2, status: 'success', value: 20, attempts: 1 },
      ],
      progress: {
        total: 3,
        completed: 3,
        success: 3,
        failed: 0,
        skipped: 0,
        durationMs: 30,
        itemsPerSecond: 100,
        etaMs: 0,
      },
    });
  });

  test('goes on when an item fails, and keeps its error as it was', async () => {
    const { processor } = world({ maxRetries: 0 });
    const down = new Error('down');

    const { items, progress, status } = await processor.process([1, 2, 3], flaky({ 2: 1 }, down).operation);

    expect(status).toBe('completed');
    expect(items[1]).toEqual({ index: 1, status: 'failed', error: down, attempts: 1 });
    expect((items[1] as { error: unknown }).error).toBe(down);
    expect(progress).toMatchObject({ success: 2, failed: 1 });
  });

  test.each([
    ['an array', [1, 2]],
    ['a set', new Set([1, 2])],
    ['a generator', numbers(2).values()],
    ['an async iterable', later([1, 2])],
  ])('is made of %s', async (_, items) => {
    const { progress, items: results } = await world().processor.process(items, (item) => item * 10);

    expect(results.map((result) => (result as { value: number }).value)).toEqual([10, 20]);
    expect(progress.total).toBe(2);
  });

  test('of nothing is done at once', async () => {
    const result = await world().processor.process([], (item) => item, { batchId: 'none' });

    expect(result).toEqual({
      batchId: 'none',
      status: 'completed',
      items: [],
      progress: {
        total: 0,
        completed: 0,
        success: 0,
        failed: 0,
        skipped: 0,
        durationMs: 0,
        itemsPerSecond: 0,
        etaMs: 0,
      },
    });
  });

  test('is of the list as it was when it was handed in', async () => {
    const list = [1, 2, 3];
    const call = world().processor.process(list, (item) => item);
    list.length = 0;

    expect((await call).items).toHaveLength(3);
  });

  test('takes an operation that throws at once for one that fails', async () => {
    const { processor } = world({ maxRetries: 0 });
    const operation = (): number => {
      throw new Error('at once');
    };

    expect((await processor.process([1], operation)).items).toMatchObject([{ status: 'failed' }]);
  });

  test('tells its operation the place, the attempt and the id of the batch', async () => {
    const { clock, processor } = world({ maxRetries: 1 });
    const told: unknown[] = [];
    const call = processor.process(
      [7],
      (item, { index, attempt, batchId, signal }) => {
        told.push([item, index, attempt, batchId, signal.aborted]);
        throw new Error('503');
      },
      { batchId: 'import' },
    );
    await clock.advance(1_000);
    await call;

    expect(told).toEqual([
      [7, 0, 1, 'import', false],
      [7, 0, 2, 'import', false],
    ]);
  });

  test('has an id of its own where none is given', async () => {
    const clock = new ManualClock();
    const registry = new Registry({ clock });
    const processor = new BatchProcessor({ registry });
    const [one, other] = await Promise.all([processor.process([], () => {}), processor.process([], () => {})]);

    expect(one.batchId).toMatch(/^batch-[0-9a-z]+-[0-9a-z]{6}$/);
    expect(one.batchId).not.toBe(other.batchId);
  });
});

describe('maxConcurrent', () => {
  test.each([
    [1, 10],
    [3, 4],
    [10, 1],
  ])('of %i runs ten items in %i steps', async (maxConcurrent, steps) => {
    const { clock, processor } = world({ maxConcurrent });
    const { seen, operation } = slowOperation(clock);
    const call = outcomeOf(processor.process(numbers(10), operation));

    await clock.advance(steps * 100 - 1);
    expect(call.isSettled).toBe(false);
    await clock.advance(1);

    expect(call.isSettled).toBe(true);
    expect(seen.most).toBe(maxConcurrent);
  });

  test('holds for all batches of a processor together', async () => {
    const { clock, processor } = world({ maxConcurrent: 4 });
    const { seen, operation } = slowOperation(clock);

    const calls = [processor.process(numbers(6), operation), processor.process(numbers(6), operation)];
    await clock.advance(300);
    await Promise.all(calls);

    expect(seen.most).toBe(4);
  });
});

describe('rateLimit', () => {
  test('runs no more than so many in any second, and those that are early in order', async () => {
    const { clock, processor } = world({ rateLimit: 5, maxConcurrent: 50 });
    const { seen, operation } = slowOperation(clock);
    const call = processor.process(numbers(12), operation);
    await clock.advance(2_100);
    const { items } = await call;

    expect(items).toHaveLength(12);
    expect(seen.startedAt).toEqual([0, 0, 0, 0, 0, 1_000, 1_000, 1_000, 1_000, 1_000, 2_000, 2_000]);
  });

  test('is 50 a second where nobody says otherwise, and none with Infinity', async () => {
    const startedAt = async (options: BatchProcessorOptions) => {
      const { clock, processor } = world({ maxConcurrent: 100, ...options });
      const { seen, operation } = slowOperation(clock);
      const call = processor.process(numbers(60), operation);
      await clock.advance(1_100);
      await call;
      return seen.startedAt.filter((ms) => ms === 0).length;
    };

    expect([await startedAt({}), await startedAt({ rateLimit: Infinity })]).toEqual([50, 60]);
  });

  test('counts retries too', async () => {
    const { clock, processor } = world({ rateLimit: 2, maxRetries: 1, retryDelayMs: 10 });
    const { runs, operation } = flaky({ 1: 1, 2: 1 });
    const call = processor.process([1, 2], operation);

    await clock.advance(999);
    expect(runs).toEqual([1, 2]);
    await clock.advance(1);
    await call;
    expect(runs).toEqual([1, 2, 1, 2]);
  });
});

describe('retries', () => {
  test('are made of each item on its own, after 1, 2 and 4 s', async () => {
    const { clock, processor } = world();
    const { runs, operation } = flaky({ 2: 9 });
    const call = processor.process([1, 2, 3], operation);

    const runsAt: number[] = [];
    for (const ms of [0, 999, 1, 1_999, 1, 3_999, 1]) {
      await clock.advance(ms);
      runsAt.push(runs.filter((item) => item === 2).length);
    }
    const { items } = await call;

    expect(runsAt).toEqual([1, 1, 2, 2, 3, 3, 4]);
    expect(items).toMatchObject([{ attempts: 1 }, { status: 'failed', attempts: 4 }, { attempts: 1 }]);
  });

  test('make an item good, and are counted', async () => {
    const { clock, processor } = world();
    const call = processor.process([1], flaky({ 1: 2 }).operation);
    await clock.advance(3_000);

    expect((await call).items).toEqual([{ index: 0, status: 'success', value: 10, attempts: 3 }]);
  });

  test('are not made of errors that stay', async () => {
    const { processor } = world();
    const gone = Object.assign(new Error('gone'), { status: 404 });

    const { items } = await processor.process([1], flaky({ 1: 9 }, gone).operation);

    expect(items).toMatchObject([{ status: 'failed', attempts: 1 }]);
  });

  test('go by `retry` and `classify` where they are given', async () => {
    const gone = Object.assign(new Error('gone'), { status: 404 });
    const attempts = async (options: BatchProcessorOptions) => {
      const { clock, processor } = world({ retryDelayMs: 0, ...options });
      const call = processor.process([1], flaky({ 1: 9 }, gone).operation);
      await clock.advance(100);
      return (await call).items[0]?.attempts;
    };

    expect(await attempts({ retry: { retryIf: () => true } })).toBe(4);
    expect(await attempts({ classify: () => 'recoverable' })).toBe(4);
    const budget = new RetryBudget({ name: 'shared', ratio: 0, minPerSecond: 0 });
    expect(await attempts({ retry: { retryIf: () => true, budget } })).toBe(1);
  });

  test('are told in the registry, under the name of the processor', async () => {
    const { clock, registry, processor } = world({ name: 'import', maxRetries: 1 });
    const heard: string[] = [];
    registry.on('*', ({ type, kind, name }) => heard.push(`${type} ${kind} ${name}`));
    const call = processor.process([1, 2], flaky({ 1: 1, 2: 2 }).operation);
    await clock.advance(1_000);
    await call;

    expect(heard).toEqual([
      'call:retry batchProcessor import',
      'call:retry batchProcessor import',
      'call:recovered batchProcessor import',
      'call:exhausted batchProcessor import',
    ]);
  });
});

describe('rounds', () => {
  test('run what failed again together, after 1, 2 and 4 s', async () => {
    const { clock, processor } = world({ maxRetries: 0, maxRounds: 4 });
    const { runs, operation } = flaky({ 2: 9, 3: 1 });
    const call = processor.process([1, 2, 3], operation);

    const runsAt: number[][] = [];
    for (const ms of [0, 999, 1, 2_000, 3_999, 1]) {
      await clock.advance(ms);
      runsAt.push(runs.splice(0));
    }
    const { items, progress } = await call;

    expect(runsAt).toEqual([[1, 2, 3], [], [2, 3], [2], [], [2]]);
    expect(items).toMatchObject([
      { status: 'success', attempts: 1 },
      { status: 'failed', attempts: 4 },
      { status: 'success', attempts: 2 },
    ]);
    expect(progress).toMatchObject({ success: 2, failed: 1, durationMs: 7_000 });
  });

  test('pass by what stays wrong', async () => {
    const { processor } = world({ maxRetries: 0, maxRounds: 2 });

    const { items } = await processor.process([1], flaky({ 1: 9 }, new TypeError('wrong')).operation);

    expect(items).toMatchObject([{ status: 'failed', attempts: 1 }]);
  });

  test('that are cancelled while they rest leave the error of the item', async () => {
    const { clock, processor } = world({ maxRetries: 0, maxRounds: 2 });
    const controller = new AbortController();
    const call = processor.process([1, 2], flaky({ 1: 9 }).operation, { signal: controller.signal });
    await clock.advance(500);
    controller.abort();

    expect(await call).toMatchObject({
      status: 'cancelled',
      items: [{ status: 'failed', attempts: 1, error: { message: '503' } }, { status: 'success' }],
    });
    await clock.advance(1_000);
    expect(clock.pendingTimers).toBe(0);
  });

  test('give an error of `retryIf` itself, with that of the item as its cause', async () => {
    const broken = new Error('broken');
    const retryIf = () => {
      throw broken;
    };
    const { processor } = world({ maxRounds: 2, retry: { retryIf } });

    const { items } = await processor.process([1], flaky({ 1: 9 }).operation);

    expect(items).toMatchObject([{ status: 'failed', error: { message: 'broken', cause: { message: '503' } } }]);
  });
});

describe('validation', () => {
  const positive = (item: number) => item > 0;

  test('skips what is not valid, and runs the rest', async () => {
    const { runs, operation } = flaky({});

    const { items, progress } = await world().processor.process([1, -2, 3], operation, { validate: positive });

    expect(runs).toEqual([1, 3]);
    expect(items[1]).toMatchObject({ index: 1, status: 'skipped', because: 'invalid', attempts: 0 });
    expect(items[1]).toHaveProperty('error.message', 'item 1 is not valid: -2');
    expect(progress).toMatchObject({ success: 2, failed: 0, skipped: 1 });
  });

  test.each<[string, (item: number) => unknown, string]>([
    ['a text', () => 'too small', 'item 0 is not valid: too small'],
    ['a throw', () => JSON.parse('{'), expect.stringContaining('JSON')],
    ['a promise of false', async () => false, 'item 0 is not valid: -2'],
    ['a rejected promise', () => Promise.reject(new Error('no such host')), 'no such host'],
  ])('says by %s what is wrong', async (_, validate, message) => {
    for (const items of [[-2], later([-2])]) {
      const result = await world().processor.process(items, (item) => item, { validate });

      expect(result.items).toMatchObject([{ because: 'invalid', error: { message } }]);
    }
  });

  test('is done of a whole list before anything is run, and of a stream before each item', async () => {
    const order = async (items: number[] | AsyncIterable<number>) => {
      const log: string[] = [];
      await world({ maxConcurrent: 1 }).processor.process(
        items,
        (item) => {
          log.push(`run ${item}`);
          return item;
        },
        { validate: async (item) => void log.push(`look at ${item}`) },
      );
      return log;
    };

    expect(await order([1, 2])).toEqual(['look at 1', 'look at 2', 'run 1', 'run 2']);
    expect(await order(later([1, 2]))).toEqual(['look at 1', 'run 1', 'look at 2', 'run 2']);
  });

  test("refuses the whole list with `onInvalid: 'refuse'`, and tells what is wrong with each", async () => {
    const { runs, operation } = flaky({});
    const { processor } = world();

    const refused = await processor.process([1, -2, -3], operation, { validate: positive, onInvalid: 'refuse' });
    const good = await processor.process([1], operation, { validate: positive, onInvalid: 'refuse' });

    expect(refused).toMatchObject({ status: 'refused', progress: { total: 3, skipped: 3 } });
    expect(refused.items.map((item) => 'because' in item && item.because)).toEqual(['refused', 'invalid', 'invalid']);
    expect([runs, good.status]).toEqual([[1], 'completed']);
  });
});

describe('progress', () => {
  test('is told each time an item is done with, with the rate and what is left', async () => {
    const { clock, processor } = world({ maxConcurrent: 1 });
    const told: BatchProgress[] = [];
    const call = processor.process(numbers(4), slowOperation(clock).operation, {
      onProgress: (progress) => told.push(progress),
    });
    await clock.advance(400);
    await call;

    expect(
      told.map(({ completed, durationMs, itemsPerSecond, etaMs }) => [completed, durationMs, itemsPerSecond, etaMs]),
    ).toEqual([
      [1, 100, 10, 300],
      [2, 200, 10, 200],
      [3, 300, 10, 100],
      [4, 400, 10, 0],
    ]);
  });

  test('does not know the total of a stream before its end', async () => {
    const { clock, processor } = world({ maxConcurrent: 1 });
    const told: BatchProgress[] = [];
    const call = processor.process(later([1, 2]), slowOperation(clock).operation, {
      onProgress: (progress) => told.push(progress),
    });
    await clock.advance(200);
    await call;

    expect(told.map(({ total, etaMs }) => [total, etaMs])).toEqual([
      [null, null],
      [null, null],
    ]);
    expect((await call).progress).toMatchObject({ total: 2, etaMs: 0 });
  });

  test('harms nobody when its listener throws', async () => {
    const onProgress = () => {
      throw new Error('listener');
    };

    expect((await world().processor.process([1], (item) => item, { onProgress })).status).toBe('completed');
  });
});

describe('cancellation', () => {
  test('keeps what was done, ends what runs, and begins nothing more', async () => {
    const { clock, processor } = world({ maxConcurrent: 2 });
    const controller = new AbortController();
    const reason = new Error('enough');
    const runs: number[] = [];
    const call = processor.process(
      numbers(6),
      (item, { signal }) =>
        new Promise<number>((resolve, reject) => {
          runs.push(item);
          signal.addEventListener('abort', () => reject(signal.reason));
          clock.setTimeout(() => resolve(item), 100);
        }),
      { signal: controller.signal },
    );
    await clock.advance(150);
    controller.abort(reason);
    const { status, items, progress } = await call;

    expect(runs).toEqual([1, 2, 3, 4]);
    expect(status).toBe('cancelled');
    expect(items.map((item) => item.status)).toEqual(['success', 'success', 'failed', 'failed', 'skipped', 'skipped']);
    expect(items[4]).toEqual({ index: 4, status: 'skipped', error: reason, because: 'cancelled', attempts: 0 });
    expect(progress).toMatchObject({ total: 6, completed: 6, success: 2, failed: 2, skipped: 2, durationMs: 150 });
  });

  test('before the first item runs none', async () => {
    const { runs, operation } = flaky({});

    const result = await world().processor.process([1, 2], operation, { signal: AbortSignal.abort() });

    expect(runs).toEqual([]);
    expect(result).toMatchObject({ status: 'cancelled', progress: { skipped: 2 } });
  });

  test('ends waits for a retry, for a slot and for the rate, and leaves no timer', async () => {
    const { clock, processor } = world({ maxConcurrent: 2, rateLimit: 1 });
    const controller = new AbortController();
    const { signal } = controller;
    const first = processor.process([1, 2, 3], flaky({ 1: 9 }).operation, { signal });
    const second = processor.process([4], (item) => item, { signal });
    await settled();
    expect(clock.pendingTimers).toBeGreaterThan(0);
    controller.abort();

    expect((await first).items).toMatchObject([
      { status: 'failed', error: { message: '503' } },
      { status: 'skipped' },
      { status: 'skipped' },
    ]);
    expect((await second).items).toMatchObject([{ status: 'skipped', because: 'cancelled' }]);
    await settled();
    await clock.advance(1_000);
    expect(clock.pendingTimers).toBe(0);
  });

  test('of one batch leaves the others of the processor alone', async () => {
    const { clock, processor } = world({ maxConcurrent: 3, rateLimit: 1 });
    const controller = new AbortController();
    const gone = processor.process([1, 2, 3], (item) => item, { signal: controller.signal });
    const other = processor.process([4, 5], (item) => item);
    await settled();
    controller.abort();
    await clock.advance(2_000);

    expect((await gone).progress).toMatchObject({ success: 1, skipped: 2 });
    expect((await other).progress).toMatchObject({ success: 2 });
  });

  test('closes a source, and waits for none of its items', async () => {
    const hung = deferred<IteratorResult<number>>();
    let closed = 0;
    const source: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: () => hung.promise,
        return: async () => {
          closed++;
          return { done: true, value: undefined };
        },
      }),
    };
    const controller = new AbortController();
    const { runs, operation } = flaky({});
    let told = 0;
    const options = { signal: controller.signal, onProgress: () => told++ };
    const call = world().processor.process(source, operation, options);
    await settled();
    controller.abort();

    expect(await call).toMatchObject({ status: 'cancelled', items: [], progress: { total: null } });
    hung.resolve({ done: false, value: 1 });
    await settled();
    expect(closed).toBe(1);
    expect([runs, told]).toEqual([[], 0]);
  });
});

describe('a source', () => {
  test('that fails ends the batch with its own error, after what is on its way', async () => {
    const { clock, processor } = world();
    const broken = new Error('connection lost');
    async function* source() {
      yield 1;
      throw broken;
    }
    const { seen, operation } = slowOperation(clock);
    const call = outcomeOf(processor.process(source(), operation));
    await settled();
    expect(call.isSettled).toBe(false);
    await clock.advance(100);

    expect(call.error).toBe(broken);
    expect(seen.running).toBe(0);
  });

  test('of a generator that throws, too', async () => {
    function* source(): Generator<number> {
      yield JSON.parse('{');
    }

    await expect(world().processor.process(source(), (item) => item)).rejects.toThrow(SyntaxError);
  });

  test('is asked for no more than can be run', async () => {
    const { clock, processor } = world({ maxConcurrent: 3 });
    let given = 0;
    function* endless() {
      for (;;) yield ++given;
    }
    const controller = new AbortController();
    const call = processor.process(endless(), slowOperation(clock).operation, {
      signal: controller.signal,
      keep: 'none',
    });
    await settled();
    expect(given).toBe(3);
    await clock.advance(100);
    expect(given).toBe(6);
    controller.abort();
    await clock.advance(100);
    await call;
  });
});

test('a batch that is resumed and then refused keeps what was good', async () => {
  const resumeFrom = { items: [{ index: 0, status: 'success' as const, value: 10 }] };
  const options = { resumeFrom, validate: () => false, onInvalid: 'refuse' as const };

  const { items } = await world().processor.process([1, 2], (item) => item, options);

  expect(items.map(({ status }) => status)).toEqual(['success', 'skipped']);
});

describe('keep', () => {
  test.each([
    ['all', [0, 1, 2]],
    ['failed', [1]],
    ['none', []],
  ] as const)('%s keeps the results of %j', async (keep, indexes) => {
    const { processor } = world({ maxRetries: 0 });

    const { items, progress } = await processor.process([1, 2, 3], flaky({ 2: 1 }).operation, { keep });

    expect(items.map(({ index }) => index)).toEqual(indexes);
    expect(progress.completed).toBe(3);
  });
});

describe('resumption', () => {
  test('runs what was not good, and keeps the values of what was', async () => {
    const { processor } = world({ maxRetries: 0 });
    const first = await processor.process([1, 2, 3], flaky({ 2: 1 }).operation, { batchId: 'import' });
    const { runs, operation } = flaky({});

    const stored = JSON.parse(JSON.stringify(first));
    const second = await processor.process([1, 2, 3], operation, { resumeFrom: stored });

    expect(runs).toEqual([2]);
    expect(second).toMatchObject({ batchId: 'import', progress: { total: 3, success: 3 } });
    expect(second.items.map((item) => (item as { value: number }).value)).toEqual([10, 20, 30]);
  });

  test('counts what it did not run for done, not for fast', async () => {
    const { clock, processor } = world();
    const resumeFrom = { items: [{ index: 0, status: 'success' as const, value: 10 }] };
    const call = processor.process([1, 2], slowOperation(clock).operation, { resumeFrom });
    await clock.advance(100);

    expect((await call).progress).toMatchObject({ success: 2, itemsPerSecond: 10 });
  });

  test('looks at no item that is not run again', async () => {
    const looked: number[] = [];
    const resumeFrom = { items: [{ index: 0, status: 'success' as const, value: 10 }] };
    await world().processor.process([1, 2], (item) => item, { resumeFrom, validate: (item) => void looked.push(item) });

    expect(looked).toEqual([2]);
  });
});

describe('stream', () => {
  test('gives each item as soon as it is done with', async () => {
    const { clock, processor } = world();
    const stream = processor.stream([200, 100], async (ms) => {
      await new Promise<void>((resolve) => clock.setTimeout(resolve, ms));
      return ms;
    });
    const [first, second, end] = [stream.next(), stream.next(), stream.next()];
    await clock.advance(100);

    expect((await first).value).toEqual({
      item: 100,
      result: { index: 1, status: 'success', value: 100, attempts: 1 },
    });
    expect(stream.progress).toMatchObject({ completed: 1, total: 2 });
    expect(stream.status).toBe('running');
    await clock.advance(100);
    expect((await second).value).toMatchObject({ item: 200 });
    expect((await end).done).toBe(true);
    expect(stream.status).toBe('completed');
  });

  test('runs nothing before it is asked, and no further than its outcomes are taken', async () => {
    const { runs, operation } = flaky({});
    const stream = world({ maxConcurrent: 2 }).processor.stream(numbers(9), operation);
    await settled();
    expect(runs).toEqual([]);
    await stream.next();
    await settled();

    expect(runs).toEqual([1, 2, 3]);
  });

  test.each(['break', 'throw', 'dispose'] as const)('is cancelled by %s', async (way) => {
    const { clock, processor } = world({ maxConcurrent: 2 });
    const signals: AbortSignal[] = [];
    const stream = processor.stream(numbers(9), async (item, { signal }) => {
      signals.push(signal);
      if (item > 1) await new Promise<void>((resolve) => clock.setTimeout(resolve, 100));
      return item;
    });
    const leave = async () => {
      for await (const _ of stream) {
        if (way === 'throw') throw new Error('left');
        if (way === 'break') break;
        await stream[Symbol.asyncDispose]();
      }
    };
    await leave().catch(() => {});

    expect(signals.map(({ aborted }) => aborted)).toEqual(signals.map(() => true));
    expect(stream.status).toBe('cancelled');
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    await clock.advance(100);
    expect(signals.length).toBeLessThanOrEqual(3);
  });

  test('left before it was begun runs nothing', async () => {
    const { runs, operation } = flaky({});
    const stream = world().processor.stream([1], operation);
    await stream.return();

    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(runs).toEqual([]);
  });
});

describe('what is refused', () => {
  test.each<[BatchProcessorOptions, string]>([
    [{ maxConcurrent: 0 }, 'BatchProcessor: `maxConcurrent` takes a whole number from 1, got 0'],
    [{ maxRetries: -1 }, '`maxRetries` takes a whole number from 0, or Infinity, got -1'],
    [{ rateLimit: 0.5 }, '`rateLimit` takes a whole number of runs a second from 1 to 1 000 000, or Infinity, got 0.5'],
    [{ retryDelayMs: -1 }, '`retryDelayMs` takes a time in ms from 0'],
    [{ maxRounds: 0 }, '`maxRounds` takes a whole number from 1'],
    [{ roundDelayMs: Infinity }, '`roundDelayMs` takes a time in ms'],
    [{ retry: { maxAttempts: 3 } as never }, '`retry` takes how retries go, without `maxAttempts`'],
    [{ retry: { budget: {} } as never }, '`budget` is a RetryBudget'],
    [{ maxConcurrency: 5 } as never, 'unknown option `maxConcurrency`'],
    [5 as never, 'takes its options as one object'],
  ])('%o', (options, message) => {
    expect(() => new BatchProcessor(options)).toThrow(message);
  });

  test.each<[unknown, unknown, object, string]>([
    [5, () => 5, {}, 'takes items as a list or an iterable, got 5'],
    ['text', () => 5, {}, 'takes items as a list or an iterable, got "text"'],
    [[1], 'run', {}, 'takes a function that is run for each item, got "run"'],
    [[1], () => 5, { keep: 'some' }, "`keep` takes 'all' or 'failed' or 'none'"],
    [[1], () => 5, { resumeFrom: { items: [{}] } }, '`resumeFrom` takes the result of an earlier run'],
    [[1], () => 5, { resumeFrom: { items: [], progress: { completed: 1 } } }, 'with all its items'],
    [[1], () => 5, { signal: {} }, '`signal` takes an AbortSignal'],
    [numbers(1).values(), () => 5, { onInvalid: 'refuse' }, "`onInvalid: 'refuse'` needs a list"],
  ])('process(%o, %o, %o)', async (items, operation, options, message) => {
    const { processor } = world();

    await expect(processor.process(items as number[], operation as never, options)).rejects.toThrow(message);
  });

  test('stream with `keep`: it keeps nothing', () => {
    expect(() => world().processor.stream([], (item) => item, { keep: 'all' } as never)).toThrow(
      'unknown option `keep`',
    );
  });
});
