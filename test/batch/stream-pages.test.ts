import { describe, expect, test } from 'vitest';
import { deferred, outcomeOf, settled } from '../pool/world.js';
import type { PageAnswer, PageBatch, PageRequest } from '../../src/batch/page-source.js';
import { streamPages } from '../../src/registry/stream-pages.js';
import { RetryBudget } from '../../src/retry/retry-budget.js';
import { cursorSource, heard, itemsOf, numbers, offsetSource, pageSource } from './sources.js';

/** The batches of a stream, as they looked when they were handed out. */
async function batchesOf<Item>(stream: AsyncIterable<PageBatch<Item>>): Promise<PageBatch<Item>[]> {
  const batches: PageBatch<Item>[] = [];
  for await (const batch of stream) batches.push({ ...batch });
  return batches;
}

describe.each([
  ['offsets', offsetSource],
  ['page numbers', pageSource],
  ['cursors', cursorSource],
])('a source that goes by %s', (_, source) => {
  test.each([
    [0, []],
    [1, [1]],
    [99, [99]],
    [100, [100]],
    [250, [100, 100, 50]],
  ])('of %i items comes in batches of %o', async (count, sizes) => {
    const batches = await batchesOf(streamPages<number>(source(count).fetchPage));

    expect(batches.flatMap(({ items }) => items)).toEqual(numbers(count));
    expect(batches.map(({ items }) => items.length)).toEqual(sizes);
    expect(batches.map(({ batchNumber }) => batchNumber)).toEqual(numbers(sizes.length));
  });

  test.each([
    [1, 0],
    [1, 1],
    [1, 3],
    [4, 0],
    [4, 9],
  ])('gives the same with concurrency %i and prefetch %i', async (concurrency, prefetch) => {
    const { fetchPage } = source(1_005);

    const stream = streamPages<number>(fetchPage, { batchSize: 10, concurrency, prefetch });

    expect(await itemsOf(stream)).toEqual(numbers(1_005));
  });

  test('goes on from the checkpoint of any batch, with the same batches', async () => {
    const whole = await batchesOf(streamPages<number>(source(35).fetchPage, { batchSize: 10 }));

    for (const [index, { checkpoint }] of whole.entries()) {
      const resumeFrom = JSON.parse(JSON.stringify(checkpoint));
      const rest = await batchesOf(streamPages<number>(source(35).fetchPage, { resumeFrom }));
      expect(rest).toEqual(whole.slice(index + 1));
    }
  });
});

describe('hasMore', () => {
  test('is false for the last batch, and for no other', async () => {
    const short = await batchesOf(streamPages(offsetSource(25).fetchPage, { batchSize: 10 }));
    const counted = await batchesOf(
      streamPages(async ({ offset }) => ({ items: numbers(20).slice(offset, offset + 10), total: 20 }), {
        batchSize: 10,
      }),
    );

    expect(short.map(({ hasMore }) => hasMore)).toEqual([true, true, false]);
    expect(counted.map(({ hasMore }) => hasMore)).toEqual([true, false]);
  });

  test('of a full page of an array turns false once the next one is empty, and no empty batch is handed out', async () => {
    const batches: PageBatch<number>[] = [];
    for await (const batch of streamPages(offsetSource(20).fetchPage, { batchSize: 10 })) batches.push(batch);

    expect(batches.map(({ items }) => items.length)).toEqual([10, 10]);
    expect(batches.map(({ hasMore }) => hasMore)).toEqual([true, false]);
  });

  test('is known at once where the page ahead has arrived while a batch was worked on', async () => {
    const seen: boolean[] = [];
    for await (const batch of streamPages(offsetSource(20).fetchPage, { batchSize: 10 })) {
      await settled();
      seen.push(batch.hasMore);
    }

    expect(seen).toEqual([true, false]);
  });
});

describe('what a page says of the next', () => {
  const two = (first: PageAnswer<number>, second: PageAnswer<number>) => {
    const asked: PageRequest[] = [];
    const fetchPage = async (request: PageRequest) => {
      asked.push(request);
      return asked.length === 1 ? first : second;
    };
    return { asked, stream: streamPages(fetchPage, { batchSize: 2 }) };
  };

  test.each<[string, PageAnswer<number>]>([
    ['a short array', [1]],
    ['items fewer than asked for', { items: [1] }],
    ['hasMore: false on a full page', { items: [1, 2], hasMore: false }],
    ['hasMore: false beside a cursor', { items: [1, 2], hasMore: false, nextCursor: 'x' }],
    ['nextCursor: null', { items: [1, 2], nextCursor: null }],
    ["nextCursor: ''", { items: [1, 2], nextCursor: '' }],
    ['a total that is reached', { items: [1, 2], total: 2 }],
  ])('%s is the last', async (_, page) => {
    const { asked, stream } = two(page, [9]);

    const [batch] = await batchesOf(stream);

    expect(asked).toHaveLength(1);
    expect(batch).toMatchObject({ hasMore: false, checkpoint: { done: true } });
  });

  test.each<[string, PageAnswer<number>, Partial<PageRequest>]>([
    ['a full array', [1, 2], { offset: 2, page: 2, cursor: undefined }],
    ['hasMore: true on a short page', { items: [1], hasMore: true }, { offset: 1, page: 2 }],
    ['hasMore: true on an empty page', { items: [], hasMore: true }, { offset: 2, page: 2 }],
    ['a cursor on an empty page', { items: [], nextCursor: 'x' }, { cursor: 'x', page: 2 }],
    ['a total that is not reached', { items: [1], total: 9 }, { offset: 1 }],
  ])('%s is followed', async (_, page, next) => {
    const { asked, stream } = two(page, [9]);

    const items = await itemsOf(stream);

    expect(asked[1]).toMatchObject(next);
    expect(items.at(-1)).toBe(9);
  });

  test('a page behind one with a cursor is the last when it gives none', async () => {
    const { asked, stream } = two({ items: [1, 2], nextCursor: 'x' }, { items: [3, 4] });

    expect(await itemsOf(stream)).toEqual([1, 2, 3, 4]);
    expect(asked).toHaveLength(2);
  });

  test('a page that names itself as the next is an error, not an endless stream', async () => {
    const { stream } = two({ items: [1, 2], nextCursor: 'x' }, { items: [3, 4], nextCursor: 'x' });

    await expect(itemsOf(stream)).rejects.toThrow('the page at cursor "x" gave the same as the next');
  });

  test.each([[undefined], [null], [{ rows: [] }], [{ items: 'abc' }], ['text']])('%o is no page', async (answer) => {
    const { registry } = heard();

    await expect(itemsOf(streamPages(async () => answer as never, { registry }))).rejects.toThrow(
      /^streamPages: fetchPage gives an array, or \{ items/,
    );
  });
});

describe('fetching ahead', () => {
  test('nothing is fetched before the first batch is asked for', async () => {
    const { fetchPage, asked } = offsetSource(50);

    streamPages(fetchPage);
    await settled();

    expect(asked).toEqual([]);
  });

  test.each([
    [0, 1],
    [1, 2],
    [3, 4],
  ])('with prefetch %i there are %i pages fetched while the first batch is worked on', async (prefetch, fetched) => {
    const { fetchPage, asked } = offsetSource(1_000);
    const stream = streamPages(fetchPage, { batchSize: 10, prefetch });

    await stream.next();
    await settled();

    expect(asked).toHaveLength(fetched);
    await stream.return();
  });

  test('the next page is fetched while a batch is worked on', async () => {
    const { clock } = heard();
    const fetchPage = async ({ offset }: PageRequest) => {
      await new Promise<void>((resolve) => clock.setTimeout(resolve, 100));
      return offset < 90 ? numbers(10) : [];
    };
    const work = (async () => {
      for await (const _batch of streamPages(fetchPage, { batchSize: 10 })) {
        await new Promise<void>((resolve) => clock.setTimeout(resolve, 100));
      }
      return clock.now();
    })();

    await clock.advance(5_000);

    // Ten fetches, one after another, and nine batches worked on beside them; one by one it would be 1 900.
    expect(await work).toBe(1_000);
  });

  test('with concurrency 4 there are never more than four fetches at once, and batches come in order', async () => {
    const gates: ReturnType<typeof deferred<void>>[] = [];
    let running = 0;
    let most = 0;
    const fetchPage = async ({ offset, limit }: PageRequest) => {
      most = Math.max(most, ++running);
      const gate = deferred<void>();
      gates.push(gate);
      await gate.promise;
      running--;
      return numbers(95).slice(offset, offset + limit);
    };
    const items = itemsOf(streamPages(fetchPage, { batchSize: 10, concurrency: 4, prefetch: 20 }));
    // The last that was begun is always the first to arrive.
    for (let round = 0; round < 40; round++) {
      await settled();
      gates.pop()?.resolve();
    }

    expect(await items).toEqual(numbers(95));
    expect(most).toBe(4);
  });

  test('the first page is fetched alone, until it is known that pages can be told ahead', async () => {
    const { fetchPage, asked } = cursorSource(100);

    const stream = streamPages(fetchPage, { batchSize: 10, concurrency: 5 });
    expect(await itemsOf(stream)).toEqual(numbers(100));

    expect(asked.map(({ cursor }) => cursor && atob(cursor))).toEqual([undefined, ...numbers(9).map((n) => `${n}0`)]);
  });

  test('pages asked for behind one that is short and not the last are asked for anew, where it ends', async () => {
    const all = numbers(40);
    const aborted: number[] = [];
    // The server gives 5 at most, whatever is asked for.
    const fetchPage = async ({ offset, signal }: PageRequest) => {
      signal.addEventListener('abort', () => aborted.push(offset));
      await settled();
      const items = all.slice(offset, offset + 5);
      return { items, hasMore: offset + items.length < all.length };
    };

    const items = await itemsOf(streamPages(fetchPage, { batchSize: 10, concurrency: 3 }));

    expect(items).toEqual(all);
    expect(aborted).toContain(15);
  });

  test('a last page that arrives early ends the fetching behind it', async () => {
    const { fetchPage, asked } = offsetSource(25);

    expect(await itemsOf(streamPages(fetchPage, { batchSize: 10, concurrency: 10 }))).toEqual(numbers(25));

    expect(asked.length).toBeLessThanOrEqual(11);
  });
});

describe('a page that fails', () => {
  const failing = (failures: number, at = 10) => {
    const { fetchPage } = offsetSource(30);
    const tries: number[] = [];
    return {
      tries,
      fetchPage: async (request: PageRequest) => {
        if (request.offset === at && tries.push(at) <= failures) throw new Error(`refused ${tries.length}`);
        return fetchPage(request);
      },
    };
  };

  test('is tried again three times, after delays that grow', async () => {
    const { clock, registry, events } = heard();
    const { fetchPage, tries } = failing(3);
    const items = outcomeOf(itemsOf(streamPages(fetchPage, { batchSize: 10, registry, name: 'hosts' })));

    await clock.advance(6_999);
    expect(items.isSettled).toBe(false);
    await clock.advance(1);

    expect(items.value).toEqual(numbers(30));
    expect(tries).toHaveLength(4);
    expect(events).toMatchObject([
      { type: 'call:retry', kind: 'streamPages', name: 'hosts', attempt: 1, delayMs: 1_000 },
      { type: 'call:retry', attempt: 2, delayMs: 2_000 },
      { type: 'call:retry', attempt: 3, delayMs: 4_000 },
      { type: 'call:recovered', attempts: 4 },
    ]);
  });

  test('ends the stream with its own error, behind all that came before it', async () => {
    const { clock, registry, events } = heard();
    const { fetchPage } = failing(Infinity);
    const stream = streamPages(fetchPage, { batchSize: 10, maxRetries: 1, registry });
    const got: number[] = [];
    const loop = outcomeOf(
      (async () => {
        for await (const { items } of stream) got.push(...items);
      })(),
    );

    await clock.advance(1_000);

    expect(loop.error).toMatchObject({ message: 'refused 2' });
    expect(got).toEqual(numbers(10));
    expect(events.at(-1)).toMatchObject({ type: 'call:exhausted', attempts: 2 });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    const resumed = streamPages(offsetSource(30).fetchPage, { resumeFrom: stream.checkpoint });
    expect(await itemsOf(resumed)).toEqual(numbers(30).slice(10));
  });

  test('is retried as `retry` says', async () => {
    const { clock, registry } = heard();
    const { fetchPage, tries } = failing(2);
    const retry = { backoff: 'constant', baseDelayMs: 10, jitter: 'none' } as const;
    const items = outcomeOf(itemsOf(streamPages(fetchPage, { batchSize: 10, registry, retry })));

    await clock.advance(20);

    expect(items.value).toEqual(numbers(30));
    expect(tries).toHaveLength(3);
  });

  test('is not retried without budget, and an event says so', async () => {
    const { registry, events } = heard();
    const { fetchPage } = failing(Infinity, 0);
    const budget = new RetryBudget({ capacity: 1, retryCost: 5 }, { clock: registry.clock });

    await expect(itemsOf(streamPages(fetchPage, { registry, retry: { budget } }))).rejects.toThrow('refused 1');

    expect(events.map(({ type }) => type)).toEqual(['retry:budgetEmpty', 'call:exhausted']);
  });

  test('for good is not retried: a programming error, or what classify says', async () => {
    let runs = 0;
    const { registry } = heard();
    const broken = streamPages(
      async () => {
        runs++;
        throw new Error('no');
      },
      { registry, classify: () => 'permanent' },
    );

    await expect(itemsOf(broken)).rejects.toThrow('no');
    expect(runs).toBe(1);
  });

  test('is skipped, and told by the next batch and by an event', async () => {
    const { registry, events } = heard();
    const { fetchPage } = failing(Infinity);
    const stream = streamPages(fetchPage, { batchSize: 10, maxRetries: 0, onError: 'skip', registry });

    const batches = await batchesOf(stream);

    expect(batches.flatMap(({ items }) => items)).toEqual([...numbers(10), ...numbers(30).slice(20)]);
    expect(batches.map(({ skipped }) => skipped.map(({ offset, page, attempts }) => [offset, page, attempts]))).toEqual(
      [[], [[10, 2, 1]]],
    );
    expect(events.filter(({ type }) => type === 'stream:pageSkipped')).toMatchObject([
      { page: 2, offset: 10, limit: 10, attempts: 1, error: { message: 'refused 1' } },
    ]);
  });

  test.each([1, 3])('is skipped with concurrency %i in the same way', async (concurrency) => {
    const { registry } = heard();
    const { fetchPage } = failing(Infinity, 0);

    const stream = streamPages(fetchPage, { batchSize: 10, maxRetries: 0, onError: 'skip', concurrency, registry });

    expect(await itemsOf(stream)).toEqual(numbers(30).slice(10));
  });

  test('and is the last that was skipped stands in `skipped` of the stream', async () => {
    const { registry } = heard();
    const fetchPage = async ({ offset }: PageRequest) => {
      if (offset === 10) throw new Error('refused');
      return { items: numbers(10), total: 20 };
    };
    const stream = streamPages(fetchPage, { batchSize: 10, maxRetries: 0, onError: 'skip', registry });

    expect(await itemsOf(stream)).toHaveLength(10);
    expect(stream.skipped).toMatchObject([{ offset: 10, error: { message: 'refused' } }]);
  });

  test('too often in a row is an outage: the error is thrown', async () => {
    const { registry } = heard();
    let runs = 0;
    const down = async (): Promise<number[]> => {
      runs++;
      throw new Error(`down ${runs}`);
    };

    const stream = streamPages(down, { maxRetries: 0, onError: 'skip', maxSkips: 3, prefetch: 0, registry });

    await expect(itemsOf(stream)).rejects.toThrow('down 4');
    expect(stream.skipped).toHaveLength(3);
  });

  test('of a source with cursors cannot be skipped', async () => {
    const { registry } = heard();
    const { fetchPage } = cursorSource(30);
    const bad = async (request: PageRequest) => {
      if (request.cursor === btoa('10')) throw new Error('refused');
      return fetchPage(request);
    };

    const stream = streamPages(bad, { batchSize: 10, maxRetries: 0, onError: 'skip', registry });

    await expect(itemsOf(stream)).rejects.toThrow('refused');
    expect(stream.checkpoint).toMatchObject({ cursor: btoa('10'), batchNumber: 1 });
  });

  test('is judged by a function, which may take the stream up again somewhere', async () => {
    const { registry } = heard();
    const { fetchPage } = cursorSource(40);
    let isDown = true;
    const bad = async (request: PageRequest) => {
      if (request.cursor === btoa('10') && isDown) throw new Error('refused');
      if (request.cursor === btoa('20')) throw new Error('gone');
      return fetchPage(request);
    };
    const told: unknown[] = [];

    const stream = streamPages(bad, {
      batchSize: 10,
      maxRetries: 0,
      registry,
      onError: async ({ error, checkpoint, attempts, page }) => {
        told.push([(error as Error).message, page, attempts]);
        isDown = false;
        return { resumeFrom: page === 2 ? checkpoint : { ...checkpoint, cursor: btoa('30') } };
      },
    });

    expect(await itemsOf(stream)).toEqual([...numbers(20), ...numbers(40).slice(30)]);
    expect(told).toEqual([
      ['refused', 2, 1],
      ['gone', 3, 1],
    ]);
  });

  test.each<[unknown, RegExp]>([
    ['retry', /`onError` gives 'throw', 'skip' or \{ resumeFrom \}, got "retry"/],
    [undefined, /got undefined/],
    [{ resumeFrom: { offset: -1 } }, /resumeFrom: `offset` takes a whole number from 0/],
  ])('is not judged by %o', async (choice, complaint) => {
    const { registry } = heard();
    const { fetchPage } = failing(Infinity, 0);

    const stream = streamPages(fetchPage, { maxRetries: 0, registry, onError: () => choice as never });

    await expect(itemsOf(stream)).rejects.toThrow(complaint);
  });

  test('whose judge throws ends with that error, and the first as its cause', async () => {
    const { registry } = heard();
    const { fetchPage } = failing(Infinity, 0);
    const onError = () => {
      throw new Error('judge');
    };

    const items = itemsOf(streamPages(fetchPage, { maxRetries: 0, registry, onError }));

    await expect(items).rejects.toMatchObject({ message: 'judge', cause: { message: 'refused 1' } });
  });
});

describe('ending early', () => {
  const hanging = () => {
    const signals: AbortSignal[] = [];
    const fetchPage = ({ offset, signal }: PageRequest): Promise<number[]> => {
      signals.push(signal);
      return offset === 0 ? Promise.resolve(numbers(10)) : new Promise(() => {});
    };
    return { signals, fetchPage };
  };

  test('leaving the loop aborts what is being fetched, and nothing more is', async () => {
    const { signals, fetchPage } = hanging();
    for await (const _ of streamPages(fetchPage, { batchSize: 10 })) break;
    await settled();

    expect(signals.map(({ aborted }) => aborted)).toEqual([false, true]);
  });

  test('return answers who waits for a batch, at once', async () => {
    const { signals, fetchPage } = hanging();
    const stream = streamPages(fetchPage, { batchSize: 10 });
    await stream.next();
    const waiting = stream.next();
    await settled();

    await stream.return();

    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(signals[1]?.aborted).toBe(true);
  });

  test('an error thrown in the loop, or into the stream, ends it too', async () => {
    const { signals, fetchPage } = hanging();
    const loop = async () => {
      for await (const _ of streamPages(fetchPage, { batchSize: 10 })) throw new Error('mine');
    };
    await expect(loop()).rejects.toThrow('mine');
    const stream = streamPages(fetchPage, { batchSize: 10 });
    await stream.next();
    await expect(stream.throw(new Error('yours'))).rejects.toThrow('yours');

    expect(signals.map(({ aborted }) => aborted)).toEqual([false, true, false, true]);
  });

  test('the end of an `await using` block ends it', async () => {
    const { signals, fetchPage } = hanging();
    {
      await using stream = streamPages(fetchPage, { batchSize: 10 });
      await stream.next();
    }

    expect(signals[1]?.aborted).toBe(true);
  });

  test('the signal of the caller ends a wait with its reason, once', async () => {
    const { signals, fetchPage } = hanging();
    const stopping = new AbortController();
    const stream = streamPages(fetchPage, { batchSize: 10, signal: stopping.signal });
    await stream.next();
    const waiting = stream.next();
    await settled();

    stopping.abort(new Error('enough'));

    await expect(waiting).rejects.toThrow('enough');
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(signals[1]?.reason).toMatchObject({ message: 'enough' });
    expect(stream.checkpoint).toMatchObject({ offset: 10, batchNumber: 1 });
    expect(stream.checkpoint.done).toBeUndefined();
  });

  test('a signal that is aborted while a batch is worked on ends the loop at its next turn', async () => {
    const stopping = new AbortController();
    const got: number[] = [];
    const loop = async () => {
      for await (const { items } of streamPages(offsetSource(50).fetchPage, {
        batchSize: 10,
        signal: stopping.signal,
      })) {
        got.push(...items);
        stopping.abort('enough');
      }
    };

    await expect(loop()).rejects.toBe('enough');
    expect(got).toEqual(numbers(10));
  });

  test('a signal that was aborted before lets nothing begin', async () => {
    const { fetchPage, asked } = offsetSource(50);

    await expect(itemsOf(streamPages(fetchPage, { signal: AbortSignal.abort('late') }))).rejects.toBe('late');
    expect(asked).toEqual([]);
  });

  test('ends the wait for a retry', async () => {
    const { clock, registry } = heard();
    const down = async (): Promise<number[]> => {
      throw new Error('down');
    };
    const stream = streamPages(down, { registry });
    const waiting = stream.next();
    await settled();

    await stream.return();

    expect(await waiting).toMatchObject({ done: true });
    expect(clock.pendingTimers).toBeLessThanOrEqual(1);
  });

  test('several batches asked for at once come in order', async () => {
    const stream = streamPages(offsetSource(25).fetchPage, { batchSize: 10 });

    const results = await Promise.all([1, 2, 3, 4].map(() => stream.next()));

    expect(results.map(({ value }) => value?.items.length)).toEqual([10, 10, 5, undefined]);
  });
});

describe('resumeFrom', () => {
  test.each([
    [{ offset: 7 }, { offset: 7, page: 1 }],
    [{ offset: 20 }, { offset: 20, page: 3 }],
    [{ page: 4 }, { offset: 30, page: 4 }],
    [{ cursor: 'abc' }, { cursor: 'abc', offset: 0, page: 1 }],
    [
      { offset: 40, page: 3, batchSize: 20 },
      { offset: 40, page: 5 },
    ],
  ])('%o with batchSize 10 begins at %o', async (resumeFrom, first) => {
    const { fetchPage, asked } = offsetSource(100);

    await streamPages(fetchPage, { batchSize: 10, prefetch: 0, resumeFrom }).next();

    expect(asked[0]).toMatchObject({ ...first, limit: 10 });
  });

  test('a checkpoint behind the last page gives nothing, and asks for nothing', async () => {
    const stream = streamPages(offsetSource(5).fetchPage);
    await itemsOf(stream);
    const { fetchPage, asked } = offsetSource(9);

    expect(await itemsOf(streamPages(fetchPage, { resumeFrom: stream.checkpoint }))).toEqual([]);

    expect(stream.checkpoint).toMatchObject({ done: true });
    expect(asked).toEqual([]);
  });

  test('goes on counting batches', async () => {
    const first = streamPages(offsetSource(30).fetchPage, { batchSize: 10 });
    await first.next();

    const { value } = await streamPages(offsetSource(30).fetchPage, { resumeFrom: first.checkpoint }).next();

    expect(value).toMatchObject({ batchNumber: 2, items: expect.arrayContaining([11]) });
  });
});

describe('memoryLimitMb', () => {
  const big = (bytes: number, count: number) => {
    const asked: PageRequest[] = [];
    const fetchPage = async (request: PageRequest) => {
      asked.push(request);
      const many = Math.min(request.limit, count - request.offset);
      return Array.from({ length: many }, (_, index) => ({ id: request.offset + index, body: 'x'.repeat(bytes / 2) }));
    };
    return { asked, fetchPage };
  };

  test('makes pages so short that those held at once stay below it', async () => {
    const { fetchPage, asked } = big(100_000, 295);

    const items = await itemsOf(streamPages(fetchPage, { memoryLimitMb: 4, registry: heard().registry }));

    expect(items.map(({ id }) => id)).toEqual(numbers(295).map((n) => n - 1));
    // Two pages of twenty of 0.1 MB each; a divisor of 100, so that page numbers keep their meaning.
    expect(asked.map(({ limit }) => limit)).toEqual([100, ...Array.from({ length: 10 }, () => 20)]);
    expect(asked[1]).toMatchObject({ offset: 100, page: 6 });
  });

  test('holds fewer where more pages are held', async () => {
    const { fetchPage, asked } = big(100_000, 300);

    await itemsOf(streamPages(fetchPage, { memoryLimitMb: 4, prefetch: 3 }));

    expect(asked.at(-1)?.limit).toBe(10);
  });

  test('leaves pages alone that fit, and comes down to one item at least', async () => {
    const small = big(100, 300);
    const huge = big(2_000_000, 7);

    await itemsOf(streamPages(small.fetchPage, { memoryLimitMb: 4 }));
    await itemsOf(streamPages(huge.fetchPage, { memoryLimitMb: 1, batchSize: 4 }));

    expect(new Set(small.asked.map(({ limit }) => limit))).toEqual(new Set([100]));
    expect(huge.asked.map(({ limit }) => limit)).toEqual([4, 1, 1, 1, 1]);
  });

  test('loses and repeats nothing of a source that goes by page numbers, also several pages at once', async () => {
    const asked: PageRequest[] = [];
    const fetchPage = async (request: PageRequest) => {
      asked.push(request);
      const from = (request.page - 1) * request.limit;
      return numbers(500)
        .slice(from, from + request.limit)
        .map((n) => ({ n, body: 'x'.repeat(50_000) }));
    };

    const items = await itemsOf(streamPages(fetchPage, { memoryLimitMb: 8, concurrency: 3 }));

    expect(items.map(({ n }) => n)).toEqual(numbers(500));
    expect(asked.at(-1)?.limit).toBeLessThan(100);
  });
});

describe('refuses', () => {
  test.each<[object, RegExp]>([
    [{ batchSize: 0 }, /`batchSize` takes a whole number from 1, got 0/],
    [{ prefetch: -1 }, /`prefetch` takes a whole number from 0/],
    [{ concurrency: 0 }, /`concurrency`/],
    [{ maxRetries: 1.5 }, /`maxRetries`/],
    [{ onError: 'ignore' }, /`onError` takes 'throw' or 'skip' or a function, got "ignore"/],
    [{ memoryLimitMb: 0 }, /`memoryLimitMb` takes a number of MB above 0/],
    [{ resumeFrom: 5 }, /`resumeFrom` takes a checkpoint/],
    [{ resumeFrom: { ofset: 5 } }, /did you mean `offset`/],
    [{ signal: {} }, /`signal` takes an AbortSignal/],
    [{ batchsize: 5 }, /did you mean `batchSize`/],
    [{ retry: { maxAttempts: 3 } }, /`retry` takes how retries go/],
    [{ retry: { budget: { ratio: 0.1 } } }, /`budget` is a RetryBudget/],
    [{ retry: { baseDelayMs: -1 } }, /`baseDelayMs`/],
    [{ registry: 5 }, /`registry` takes a Registry/],
    [{ name: '' }, /`name` takes a text/],
  ])('%o', (options, complaint) => {
    expect(() => streamPages(async () => [], options as never)).toThrow(complaint);
  });

  test.each([[undefined], ['text'], [{}]])('%o in the place of a function', (fetchPage) => {
    expect(() => streamPages(fetchPage as never)).toThrow('streamPages takes a function that fetches a page');
  });

  test('options that are no object', () => {
    expect(() => streamPages(async () => [], 5 as never)).toThrow('streamPages takes its options as one object, got 5');
  });
});

test('the options of a stream are to be read, defaults filled in', () => {
  expect(streamPages(async () => []).options).toMatchObject({
    batchSize: 100,
    prefetch: 1,
    concurrency: 1,
    maxRetries: 3,
    onError: 'throw',
    maxSkips: 10,
    memoryLimitMb: Infinity,
  });
});
