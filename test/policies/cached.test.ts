import { describe, expect, test } from 'vitest';
import { cached, type CachedOptions, callContext, compose, Registry, timed, timeout } from '../../src/index.js';
import { gate, failing, failureOf, hanging, http, WALL_MS, world } from './world.js';

/** A cached function that counts its runs and gives their number. */
function counting(options: Omit<CachedOptions, 'key'> = {}) {
  const here = world();
  const state = { runs: 0 };
  const load = async (..._args: unknown[]): Promise<number> => ++state.runs;
  return { ...here, state, call: cached({ ...options, ...here.own })(load) };
}

describe('hits and misses', () => {
  test('an equal call is answered with the very promise of the first', async () => {
    const { call, state } = counting();

    const first = call('a');
    await first;
    const hits = [call('a'), call('a')];

    expect(hits[0]).toBe(hits[1]);
    expect(await hits[0]).toBe(await first);
    expect(state.runs).toBe(1);
  });

  test.each<[string, unknown[], unknown[], boolean]>([
    ['1 and "1" are two', [1], ['1'], false],
    ['{a, b} and {b, a} are one', [{ a: 1, b: 2 }], [{ b: 2, a: 1 }], true],
    ['trailing undefineds are none', ['a'], ['a', undefined, undefined], true],
    ['undefined and null are two', [undefined], [null], false],
    ['NaN is NaN', [Number.NaN], [Number.NaN], true],
    ['-0 is 0', [-0], [0], true],
    ['1n and 1 are two', [1n], [1], false],
    ['dates go by their value', [new Date(5)], [new Date(5)], true],
    ['maps go by their entries', [new Map([[1, 2]])], [new Map([[1, 3]])], false],
    ['a signal says nothing', ['a', new AbortController().signal], ['a'], true],
    ['nor does one of an options object', [{ q: 1, signal: new AbortController().signal }], [{ q: 1 }], true],
    ['"a","b" and "a,b" are two', ['a', 'b'], ['a,b'], false],
  ])('%s', async (_, first, second, equal) => {
    const { call, state } = counting();
    await call(...first);
    await call(...second);

    expect(state.runs).toBe(equal ? 1 : 2);
  });

  test.each([
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['an instance', new (class Host {})()],
  ])('%s among the arguments is a TypeError that says to pass `key`', async (_, argument) => {
    const { call, state } = counting();
    const error = await failureOf(() => call(argument));

    expect(error).toBeInstanceOf(TypeError);
    expect(error).toHaveProperty('message', expect.stringContaining('`key`'));
    expect(state.runs).toBe(0);
  });

  test('hits, misses and invalidations are told with the text of the key', async () => {
    const { call, hear, registry } = counting({ name: 'hosts', keyPrefix: 'hosts' });
    const [hits, misses, gone] = [hear('cache:hit'), hear('cache:miss'), hear('cache:invalidated')];
    await call('web1');
    await call('web1');
    registry.caches.get('hosts')?.invalidate('hosts:*', { owner: 'ops', reason: 'moved' });

    const source = { kind: 'cached', name: 'hosts', site: 'hosts', at: WALL_MS };
    expect(misses).toMatchObject([{ ...source, key: 'hosts:["web1"]', shared: false }]);
    expect(hits).toMatchObject([{ ...source, key: 'hosts:["web1"]', ageMs: 0, ttlLeftMs: 300_000 }]);
    expect(gone).toMatchObject([{ ...source, pattern: 'hosts:*', count: 1, owner: 'ops', reason: 'moved' }]);
  });

  test('the registry has an entry with its statistics', async () => {
    const { call, registry } = counting({ name: 'hosts' });
    await call('a');
    await call('a');
    await call('b');

    expect(registry.caches.get('hosts')?.snapshot()).toMatchObject({
      size: 2,
      maxEntries: 1_000,
      hits: 1,
      misses: 2,
      hitRate: expect.closeTo(1 / 3),
      evictions: 0,
      expirations: 0,
      coalesced: 0,
    });
  });

  test('hits are counted where the member is timed, whichever stands outside', async () => {
    const { own, registry } = world();
    const call = compose(
      timed(own),
      cached(own),
    )(async function quote(_: string): Promise<number> {
      return 1;
    });
    await call('a');
    await call('a');

    expect(registry.calls.snapshot()['quote']).toMatchObject({
      totalCalls: 2,
      cacheHits: 1,
      cacheMisses: 1,
      cacheHitRate: 0.5,
    });
  });
});

describe('age and bounds', () => {
  test.each([
    [999, 1],
    [1_000, 2],
  ])('%i ms after the load, with a ttl of 1 s, there have been %i loads', async (ms, runs) => {
    const { call, clock, state } = counting({ ttlMs: 1_000 });
    await call('a');
    await clock.advance(ms);
    await call('a');

    expect(state.runs).toBe(runs);
  });

  test('a hit does not reset the ttl', async () => {
    const { call, clock, state } = counting({ ttlMs: 1_000 });
    await call('a');
    await clock.advance(600);
    await call('a');
    await clock.advance(600);
    await call('a');

    expect(state.runs).toBe(2);
  });

  test('past `maxEntries` the least recently used goes', async () => {
    const { call, state, registry } = counting({ name: 'c', maxEntries: 2 });
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await call(key);

    expect(state.runs).toBe(4);
    expect(registry.caches.get('c')?.snapshot()).toMatchObject({ evictions: 2, size: 2 });
  });

  test('`cacheIf` decides what is kept', async () => {
    const { call, state } = counting({ cacheIf: (value: number) => value > 1 });
    for (let times = 0; times < 3; times++) await call('a');

    expect(state.runs).toBe(2);
  });

  test('a failure is not kept, and all who share the load get the same error', async () => {
    const { own } = world();
    const error = new Error('down');
    const { fn, state } = failing(1, () => error);
    const call = cached(own)(fn);

    expect(await Promise.all([failureOf(() => call('a')), failureOf(() => call('a'))])).toEqual([error, error]);
    expect(await call('a')).toBe('a');
    expect(state.runs).toBe(2);
  });
});

describe('staleness', () => {
  test('stale-while-revalidate answers at once with the old value, and refreshes once', async () => {
    const { call, clock, state, hear } = counting({ ttlMs: 1_000, staleWhileRevalidateMs: 1_000 });
    const [stale, refresh] = [hear('cache:stale'), hear('cache:refresh')];
    await call('a');
    await clock.advance(1_500);

    expect(await Promise.all([call('a'), call('a')])).toEqual([1, 1]);
    await clock.advance(0);
    expect([await call('a'), state.runs]).toEqual([2, 2]);
    expect(stale[0]).toMatchObject({ key: '["a"]', ageMs: 1_500, because: 'revalidating' });
    expect(refresh).toMatchObject([{ key: '["a"]', because: 'stale' }]);
  });

  test('stale-while-revalidate on a synchronous function is refused', () => {
    const { own } = world();
    const call = cached({ staleWhileRevalidateMs: 1, ...own })((n: number) => n);

    expect(() => call(1)).toThrow(TypeError);
  });

  test.each<[string, Error, boolean]>([
    ['a failure', new Error('down'), true],
    ['HTTP 503', http(503), true],
    ['a permanent error', http(404), false],
  ])('stale-if-error: for %s', async (_, error, answered) => {
    const { clock, own } = world();
    let fails = false;
    const call = cached({ ttlMs: 1_000, staleIfErrorMs: 1_000, ...own })(async (_: string): Promise<string> => {
      if (fails) throw error;
      return 'old';
    });
    await call('a');
    fails = true;
    await clock.advance(1_500);

    expect(await call('a').catch((thrown: unknown) => thrown)).toBe(answered ? 'old' : error);
    await clock.advance(500);
    expect(await failureOf(() => call('a'))).toBe(error);
  });

  test('an `invalidate` during a load wins: the late value is not kept', async () => {
    const { own, registry } = world();
    const { work, started, finish } = gate();
    const call = cached({ name: 'c', ...own })(work);
    const first = call('a');
    registry.caches.get('c')?.invalidate('*');
    finish(0, 'late');

    expect(await first).toBe('late');
    void call('a');
    expect(started).toHaveLength(2);
  });
});

describe('scope', () => {
  const quotes = (options: Pick<CachedOptions, 'scope'>) => {
    const here = world();
    class Quotes {
      runs = 0;
      @cached({ ...options, ...here.own })
      async price(_symbol: string): Promise<number> {
        return ++this.runs;
      }
    }
    return { ...here, Quotes };
  };

  test("by default instances do not see each other's values, and are one entry in the registry", async () => {
    const { Quotes, registry } = quotes({});
    const [one, two] = [new Quotes(), new Quotes()];
    for (const each of [one, two, one]) await each.price('a');

    expect([one.runs, two.runs]).toEqual([1, 1]);
    expect(registry.caches.get('Quotes.price')?.snapshot()).toMatchObject({ hits: 1, misses: 2, size: 2 });
    expect(registry.caches.get('Quotes.price')?.invalidate('*')).toBe(2);
    await one.price('a');
    expect(one.runs).toBe(2);
  });

  test('each class that inherits a static method has values of its own', () => {
    const { own } = world();
    class Table {
      static table = 'base';
      @cached(own)
      static load(): string {
        return this.table;
      }
    }
    class Left extends Table {
      static override table = 'left';
    }
    class Right extends Table {
      static override table = 'right';
    }

    expect([Left.load(), Right.load(), Left.load()]).toEqual(['left', 'right', 'left']);
  });

  test("`scope: 'class'` shares values", async () => {
    const { Quotes } = quotes({ scope: 'class' });
    const [one, two] = [new Quotes(), new Quotes()];
    for (const each of [one, two, one]) await each.price('a');

    expect([one.runs, two.runs]).toEqual([1, 0]);
  });
});

describe('keys and names', () => {
  test('the text of `key` stands bare, with the `this` of the call', async () => {
    const { own, hear, registry } = world();
    const misses = hear('cache:miss');
    class Quotes {
      tenant = 'acme';
      @cached({
        name: 'c',
        key(this: Quotes, symbol: string) {
          return `${this.tenant}/${symbol}`;
        },
        ...own,
      })
      async price(_symbol: string): Promise<number> {
        return 1;
      }
    }
    await new Quotes().price('x');

    expect(misses).toMatchObject([{ key: 'acme/x' }]);
    expect(registry.caches.get('c')?.invalidate('acme/*')).toBe(1);
  });

  test('a `key` that gives no text ends the call with a TypeError', async () => {
    const { own } = world();
    const call = cached({ key: () => 5 as unknown as string, ...own })(async (_: string) => 1);

    expect(await failureOf(() => call('a'))).toMatchObject({
      message: expect.stringMatching(/`key` must give a text, got 5/),
    });
  });

  test('a name with equal options is shared by functions, and with others it is taken', async () => {
    const { own } = world();
    const make = (ttlMs: number) => cached({ name: 'c', ttlMs, scope: 'class', ...own });
    const one = make(5)(async (_: string) => 'one');
    await one('a');

    expect(await make(5)(async (_: string) => 'two')('a')).toBe('one');
    expect(() => make(6)(async (_: string) => 'three')).toThrow(expect.objectContaining({ code: 'ERR_NAME_TAKEN' }));
  });

  test('`store` takes the scope of the class, and a function that returns promises', async () => {
    const { own } = world();
    const held = new Map<string, never>();
    const store = {
      get: async (key: string) => held.get(key),
      set: async (key: string, stored: unknown) => held.set(key, stored as never),
      delete: async (key: string) => held.delete(key),
      clear: async () => held.clear(),
    };
    expect(() => cached({ store, ...own })).toThrow(/`store` takes `scope: 'class'`/);
    const { fn, state } = failing(0);
    const [one, two] = ['one', 'two'].map((name) => cached({ name, store, scope: 'class', ...own })(fn));
    await one?.('a');
    await new Promise((resolve) => setImmediate(resolve));
    await two?.('a');

    expect([state.runs, [...held.keys()]]).toEqual([1, ['["a"]']]);
  });
});

describe('company', () => {
  test("one caller's abort leaves the others alone; the load is aborted when the last has gone", async () => {
    const { own } = world();
    const { fn, state } = hanging();
    const call = cached(own)(fn);
    const [one, two] = [new AbortController(), new AbortController()];
    const outcomes = [failureOf(() => call(one.signal)), failureOf(() => call(two.signal))];
    one.abort('one');

    expect(await outcomes[0]).toBe('one');
    expect(state).toEqual({ runs: 1, aborted: 0 });
    two.abort('two');
    expect(await outcomes[1]).toBe('two');
    expect(state).toEqual({ runs: 1, aborted: 1 });
  });

  test("a caller's time limit is not that of the load", async () => {
    const { clock, own } = world();
    const left: number[] = [];
    const call = compose(
      timeout({ ms: 50, ...own }),
      cached(own),
    )(async () => {
      left.push(callContext().remainingMs());
    });
    await call();

    expect(left).toEqual([Infinity]);
    expect(clock.now()).toBe(0);
  });
});

test('a synchronous function stays synchronous', () => {
  const { own } = world();
  let runs = 0;
  const call = cached(own)((n: number) => n + ++runs);

  expect([call(1), call(1), call(2)]).toEqual([2, 2, 4]);
});

test('after close not even a hit is given', async () => {
  const { call, registry } = counting();
  await call('a');
  await registry.close();

  expect(await failureOf(() => call('a'))).toMatchObject({ code: 'ERR_CLOSED' });
});

describe('a cache that two methods share by its name', () => {
  test('keeps their values apart by `keyPrefix`, and invalidates both by pattern', async () => {
    const { own, registry } = world();
    const shared = { name: 'hosts', scope: 'class', ...own } as const;
    let runs = 0;
    const details = cached({ ...shared, keyPrefix: 'details' })(async (host: string) => `details of ${host} ${++runs}`);
    const load = cached({ ...shared, keyPrefix: 'load' })(async (host: string) => `load of ${host} ${++runs}`);
    const named = cached({ ...shared, key: (host: string) => `named:${host}` })(
      async (host: string) => `${host} ${++runs}`,
    );

    expect([await details('a'), await load('a'), await named('a')]).toEqual(['details of a 1', 'load of a 2', 'a 3']);
    expect([await details('a'), await load('a'), await named('a')]).toEqual(['details of a 1', 'load of a 2', 'a 3']);
    expect(registry.caches.get('hosts')?.invalidate('load:*')).toBe(1);
    expect(registry.caches.get('hosts')?.invalidate('named:?')).toBe(1);
    expect([await details('a'), await load('a')]).toEqual(['details of a 1', 'load of a 4']);
    expect(registry.caches.get('hosts')?.invalidate('details:*a*')).toBe(1);
  });
});

test('a synchronous function stays synchronous, though a caller has given up before', () => {
  const { own } = world();
  const call = cached(own)((name: string, _signal?: AbortSignal) => name);

  expect(() => call('a', AbortSignal.abort(new Error('bye')))).toThrow('bye');
  expect(call('b')).toBe('b');
});

test('in a loop that lets no timer run, a value does not outlive its time', async () => {
  const registry = new Registry();
  let loads = 0;
  const call = cached({ ttlMs: 100, registry })(async (_: number) => ++loads);
  const until = performance.now() + 400;
  while (performance.now() < until) await call(1);
  await registry.close();

  expect(loads).toBeGreaterThan(2);
});
