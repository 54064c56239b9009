import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  batched,
  bulkhead,
  callContext,
  chaos,
  circuitBreaker,
  compose,
  fallback,
  type MicroBatchSnapshot,
  policiesOf,
  resilient,
  retryWithBackoff,
  timeout,
} from '../../src/index.js';
import { failureOf, gate, world } from './world.js';

const RETRY = { maxAttempts: 2, baseDelayMs: 100, jitter: 'none' } as const;

/** A bulk function that doubles, and remembers what it was given. */
function doubling() {
  const lists: number[][] = [];
  const fn = async (items: number[]): Promise<number[]> => {
    lists.push(items);
    return items.map((item) => item * 2);
  };
  return { lists, fn };
}

describe('a method of lists', () => {
  test('concurrent calls become one, and each caller gets its slice', async () => {
    const { clock, own, hear } = world();
    const sent = hear('batch:sent');
    const { lists, fn } = doubling();
    const call = batched({ maxWaitMs: 10, ...own })(fn);
    const answers = Promise.all([call([1, 2]), call([3]), call([4, 5])]);
    await clock.advance(10);

    expect(await answers).toEqual([[2, 4], [6], [8, 10]]);
    expect(lists).toEqual([[1, 2, 3, 4, 5]]);
    expect(sent).toMatchObject([{ site: 'fn', items: 5, calls: 3, because: 'waited' }]);
  });

  test('by default a batch is 100 items or one second', async () => {
    const { clock, own } = world();
    const { lists, fn } = doubling();
    const call = batched(own)(fn);
    void call([1]);
    await clock.advance(999);
    expect(lists).toHaveLength(0);
    await clock.advance(1);
    expect(lists).toHaveLength(1);
    void call(Array.from({ length: 100 }, (_, item) => item));

    expect(lists[1]).toHaveLength(100);
  });

  test('each instance merges its own calls, with its own `this`', async () => {
    const { clock, own } = world();
    class Hosts {
      readonly lists: string[][] = [];
      readonly tenant: string;
      constructor(tenant: string) {
        this.tenant = tenant;
      }
      @batched({ maxWaitMs: 10, ...own })
      async load(names: string[]): Promise<string[]> {
        this.lists.push(names);
        return names.map((name) => `${this.tenant}/${name}`);
      }
    }
    const [one, other] = [new Hosts('one'), new Hosts('other')];
    const answers = Promise.all([one.load(['a']), other.load(['b']), one.load(['c'])]);
    await clock.advance(10);

    expect(await answers).toEqual([['one/a'], ['other/b'], ['one/c']]);
    expect([one.lists, other.lists]).toEqual([[['a', 'c']], [['b']]]);
  });

  test('calls whose further arguments differ are not merged', async () => {
    const { clock, own } = world();
    const seen: unknown[][] = [];
    const fn = async (...args: [items: number[], table?: string, options?: object]): Promise<number[]> => {
      seen.push(args);
      return args[0];
    };
    const call = batched({ maxWaitMs: 10, ...own })(fn);
    const answers = Promise.all([call([1], 'a', { deep: true }), call([2], 'b'), call([3], 'a', { deep: true })]);
    await clock.advance(10);
    await answers;

    expect(seen).toHaveLength(2);
    expect(seen).toEqual(
      expect.arrayContaining([
        [[1, 3], 'a', { deep: true }],
        [[2], 'b'],
      ]),
    );
  });

  test('with `key` calls of one key are merged, and the further arguments are those of the first', async () => {
    const { clock, own } = world();
    const seen: unknown[][] = [];
    const fn = async (items: number[], table: string): Promise<number[]> => {
      seen.push([items, table]);
      return items;
    };
    const key = (_items: number[], table: string) => table.toLowerCase();
    const call = batched({ maxWaitMs: 10, key, ...own })(fn);
    const answers = Promise.all([call([1], 'A'), call([2], 'a')]);
    await clock.advance(10);
    await answers;

    expect(seen).toEqual([[[1, 2], 'A']]);
  });

  test('functions of their own are not merged by `execute`', async () => {
    const { clock, own } = world();
    const policy = batched({ maxWaitMs: 10, ...own });
    const answers = Promise.all([
      policy.execute(async (items: number[]) => items.map(() => 'one'), [1]),
      policy.execute(async (items: number[]) => items.map(() => 'other'), [1]),
    ]);
    await clock.advance(10);

    expect(await answers).toEqual([['one'], ['other']]);
  });

  test('a wrong number of results rejects all, saying both numbers', async () => {
    const { clock, own } = world();
    const call = batched({ maxWaitMs: 10, ...own })(async (items: number[]) => items.slice(1));
    const failures = [failureOf(() => call([1])), failureOf(() => call([2, 3]))];
    await clock.advance(10);

    for (const error of await Promise.all(failures)) {
      expect(error).toBeInstanceOf(TypeError);
      expect((error as Error).message).toMatch(/got 3 items and gave 2 results/);
    }
  });

  test('what is no list is refused', async () => {
    const { own } = world();
    const call = batched(own)(doubling().fn) as unknown as (items: unknown) => Promise<unknown>;

    expect(await failureOf(() => call('web1'))).toMatchObject({
      name: 'TypeError',
      message: 'batched: \'fn\' takes an array of items first, got "web1"',
    });
  });
});

describe('leaving', () => {
  test('one caller who aborts leaves the others alone, and the bulk function gets nobody’s signal', async () => {
    const { clock, own } = world();
    const { work, started, finish } = gate();
    const call = batched({ maxWaitMs: 10, ...own })(
      (items: string[], options?: { signal?: AbortSignal }) => work(items, options) as unknown as Promise<string[]>,
    );
    const controller = new AbortController();
    const left = failureOf(() => call(['a'], { signal: controller.signal }));
    const stayed = call(['b']);
    await clock.advance(10);
    controller.abort('enough');

    expect(await left).toBe('enough');
    expect(started).toEqual([[['a', 'b'], undefined]]);
    finish(0, ['A', 'B'] as never);
    expect(await stayed).toEqual(['B']);
  });

  test('when all have gone, the signal of the bulk call is aborted', async () => {
    const { clock, own } = world();
    const aborted: unknown[] = [];
    const call = batched({ maxWaitMs: 10, ...own })((_items: number[], _signal: AbortSignal): Promise<number[]> => {
      const { signal } = callContext();
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          aborted.push(signal.reason);
          reject(signal.reason);
        });
      });
    });
    const controllers = [new AbortController(), new AbortController()];
    const left = controllers.map(({ signal }, index) => failureOf(() => call([index], signal)));
    await clock.advance(10);
    controllers[0]?.abort('one');
    expect(aborted).toEqual([]);
    controllers[1]?.abort('two');

    expect(await Promise.all(left)).toEqual(['one', 'two']);
    expect(aborted).toEqual(['two']);
  });
});

describe('batched.single', () => {
  test('makes a function of one item; an Error in a place rejects its caller alone', async () => {
    const { clock, own } = world();
    const lists: string[][] = [];
    const host = batched.single({ maxWaitMs: 10, ...own })(async function hosts(names: string[]) {
      lists.push(names);
      return names.map((name) => (name === 'gone' ? new Error('no such host') : name.length));
    });
    const answers = Promise.all([host('web1'), failureOf(() => host('gone')), host('db')]);
    await clock.advance(10);

    expect(await answers).toEqual([4, new Error('no such host'), 2]);
    expect(lists).toEqual([['web1', 'gone', 'db']]);
    expect(host.name).toBe('hosts');
    expectTypeOf(host('web1')).toEqualTypeOf<Promise<number>>();
  });

  test('keeps instances and further arguments apart', async () => {
    const { clock, own } = world();
    class Hosts {
      readonly tenant: string;
      constructor(tenant: string) {
        this.tenant = tenant;
      }
      readonly load = batched.single({ maxWaitMs: 10, ...own })(async (names: string[], region: string) =>
        names.map((name) => `${this.tenant}/${region}/${name}`),
      );
    }
    const [one, other] = [new Hosts('one'), new Hosts('other')];
    const answers = Promise.all([one.load('a', 'eu'), other.load('b', 'eu'), one.load('c', 'us')]);
    await clock.advance(10);

    expect(await answers).toEqual(['one/eu/a', 'other/eu/b', 'one/us/c']);
  });

  test('stands under other policies, and is a wrapper only', async () => {
    const { clock, own } = world();
    const single = batched.single({ maxWaitMs: 1_000, ...own });
    const call = timeout({ ms: 50, ...own })(single(doubling().fn));
    const failure = failureOf(() => call(1));
    await clock.advance(50);

    expect(await failure).toMatchObject({ code: 'ERR_TIMEOUT' });
    expect(() => (single as (...given: unknown[]) => unknown)(doubling().fn, { kind: 'method' })).toThrow(
      'wrapper only',
    );
    expect(() => single(5 as never)).toThrow('batched.single wraps a function, got 5');
  });
});

describe('the registry', () => {
  test('shows what waits and what has gone out', async () => {
    const { clock, own, registry } = world();
    const call = batched({ maxWaitMs: 10, ...own })(doubling().fn);
    const first = call([1, 2]);
    await clock.advance(10);
    await first;
    void call([3]);

    const snapshot = registry.buffers.get('fn')?.snapshot() as MicroBatchSnapshot;
    expect(snapshot).toEqual({ queued: 1, running: 0, totalCalls: 2, rejected: 0, batches: 1, items: 2 });
    expect(registry.snapshot().buffers['fn']).toEqual(snapshot);
  });

  test('closing it sends what waits, through limits that stand inside, and leaves no timer', async () => {
    const { clock, own, registry } = world();
    const call = compose(batched(own), bulkhead({ maxConcurrent: 1, ...own }))(doubling().fn);
    const answer = call([1, 2]);
    await registry.close();

    expect(await answer).toEqual([2, 4]);
    expect(clock.pendingTimers).toBe(0);
    expect(await failureOf(() => call([3]))).toMatchObject({ code: 'ERR_CLOSED' });
  });

  test('a rejection for want of room is heard of once; one from inside is told of there', async () => {
    const { clock, own, hear, registry } = world();
    const rejected = hear('call:rejected');
    const full = batched({ maxSize: 2, maxQueue: 2, maxConcurrent: 1, ...own })(gate().work as never) as (
      items: number[],
    ) => Promise<unknown>;
    for (const items of [
      [1, 2],
      [3, 4],
    ])
      void full(items);
    expect(await failureOf(() => full([5]))).toMatchObject({ code: 'ERR_BULKHEAD_FULL', policy: 'batched' });
    expect(rejected).toMatchObject([{ kind: 'batched', code: 'ERR_BULKHEAD_FULL' }]);
    const grounds = { maxSize: 2, maxWaitMs: 1_000, maxConcurrent: 1, maxQueue: 2 };
    expect(registry.decisions({ kind: 'batched' }).at(-1)).toMatchObject({ type: 'call:rejected', grounds });

    const work = gate().work as unknown as (items: number[]) => Promise<number[]>;
    const inner = compose(batched({ maxWaitMs: 10, ...own }), bulkhead({ maxConcurrent: 1, ...own }))(work);
    void inner([1]);
    await clock.advance(10);
    const failure = failureOf(() => inner([2]));
    await clock.advance(10);
    expect(await failure).toMatchObject({ policy: 'bulkhead' });
    expect(rejected.map(({ kind }) => kind)).toEqual(['batched', 'bulkhead']);
  });
});

describe('with others', () => {
  const failingOnce = () => {
    const { lists, fn } = doubling();
    let runs = 0;
    return {
      lists,
      fn: async (items: number[]) => {
        runs++;
        const results = await fn(items);
        if (runs === 1) throw new Error('down');
        return results;
      },
    };
  };

  test('retry over batched: each caller comes again, and they meet again; batched over retry: the bulk call does', async () => {
    const { clock, own } = world();
    const [outer, inner] = [failingOnce(), failingOnce()];
    const merge = { maxWaitMs: 10, ...own };
    const each = compose(retryWithBackoff({ ...RETRY, ...own }), batched(merge))(outer.fn);
    const whole = compose(batched(merge), retryWithBackoff({ ...RETRY, ...own }))(inner.fn);
    const answers = Promise.all([each([1]), each([2]), whole([1]), whole([2])]);
    await clock.advance(200);

    expect(await answers).toEqual([[2], [4], [2], [4]]);
    for (const { lists } of [outer, inner]) expect(lists.map((list) => list.toSorted())).toEqual(Array(2).fill([1, 2]));
  });

  test('breaker over batched counts callers, batched over breaker counts bulk calls', async () => {
    const { clock, own, registry } = world();
    const merge = { maxWaitMs: 10, ...own };
    const outer = compose(circuitBreaker({ name: 'callers', ...own }), batched(merge))(doubling().fn);
    const inner = compose(batched(merge), circuitBreaker({ name: 'bulks', ...own }))(doubling().fn);
    const answers = Promise.all([outer([1]), outer([2]), outer([3]), inner([1]), inner([2]), inner([3])]);
    await clock.advance(10);
    await answers;

    expect(registry.breakers.get('callers')?.snapshot()).toMatchObject({ successfulCalls: 3 });
    expect(registry.breakers.get('bulks')?.snapshot()).toMatchObject({ successfulCalls: 1 });
  });

  test('timeout over batched counts the wait, and the others go on; batched over timeout limits the bulk call', async () => {
    const { clock, own } = world();
    const { lists, fn } = doubling();
    const merge = batched({ maxWaitMs: 100, ...own });
    const merged = merge(fn);
    const patient = merged([1]);
    const hasty = failureOf(() => timeout({ ms: 50, ...own })(merged)([2]));
    await clock.advance(50);
    expect(await hasty).toMatchObject({ code: 'ERR_TIMEOUT' });
    const inner = compose(merge, timeout({ ms: 50, ...own }))(fn)([3]);
    await clock.advance(100);

    expect(await patient).toEqual([2]);
    expect(await inner).toEqual([6]);
    expect(lists).toContainEqual([3]);
  });

  test('fallback over batched answers the caller whose result is an Error', async () => {
    const { clock, own } = world();
    const fn = async (items: number[]): Promise<number[]> =>
      items.map((item) => (item < 0 ? (new Error('negative') as never) : item));
    const call = compose(fallback.value([0], own), batched({ maxWaitMs: 10, ...own }))(fn);
    const answers = Promise.all([call([1]), call([-1])]);
    await clock.advance(10);

    expect(await answers).toEqual([[1], [0]]);
  });

  test('batched over chaos: one fault strikes all of a batch', async () => {
    const { clock, own } = world();
    const faulty = chaos({ enabled: true, errorRatio: 1, ...own });
    const call = compose(batched({ maxWaitMs: 10, ...own }), faulty)(doubling().fn);
    const failures = [failureOf(() => call([1])), failureOf(() => call([2]))];
    await clock.advance(10);

    const [one, other] = await Promise.all(failures);
    expect(one).toMatchObject({ code: 'ERR_CHAOS' });
    expect(other).toBe(one);
  });

  test('in `resilient` it stands inside of retry, breaker and timeout', () => {
    const { own } = world();
    const call = resilient({ chaos: true, batched: { maxSize: 5 }, timeout: true, retry: true, ...own })(doubling().fn);

    expect(policiesOf(call).map(({ kind }) => kind)).toEqual(['retry', 'timeout', 'batched', 'chaos']);
  });
});

test('the type checker asks for a list first, and for a promise of a list', () => {
  const { own } = world();
  const call = batched(own)(async <T>(items: readonly T[], _deep?: boolean): Promise<T[]> => [...items]);
  expectTypeOf(call).toEqualTypeOf<<T>(items: readonly T[], deep?: boolean) => Promise<T[]>>();
  // @ts-expect-error one item is no list
  batched(own)(async (name: string) => [name]);
  // @ts-expect-error a list, and not a promise of one
  batched(own)((names: string[]) => names);
  // @ts-expect-error a promise, and not of a list
  batched(own)(async (names: string[]) => names.length);
  const byTable = batched({ key: (_items: string[], table: number) => `${table}`, ...own });
  // @ts-expect-error the key takes other arguments than the function
  byTable(async (names: string[], _table: string) => names);
  // @ts-expect-error in `resilient` too
  resilient({ batched: true, ...own })(async (name: string) => name);
});
