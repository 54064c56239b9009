import { describe, expect, test } from 'vitest';
import { callContext, coalesce, type CoalesceOptions, compose, timeout } from '../../src/index.js';
import { failureOf, gate, hanging, WALL_MS, world } from './world.js';

describe('concurrent equal calls', () => {
  test('share one run and its value; one that comes later runs anew', async () => {
    const { own } = world();
    const { work, started, finish } = gate();
    const call = coalesce(own)(work);
    const calls = [call('a'), call('a'), call('b')];
    expect(started).toEqual([['a'], ['b']]);
    finish(0);
    finish(1);

    expect(await Promise.all(calls)).toEqual(['done', 'done', 'done']);
    void call('a');
    expect(started).toHaveLength(3);
  });

  test('share its error, the same object', async () => {
    const { own } = world();
    const { work, fail } = gate();
    const call = coalesce(own)(work);
    const outcomes = [failureOf(() => call('a')), failureOf(() => call('a'))];
    const error = new Error('down');
    fail(0, error);

    for (const outcome of outcomes) expect(await outcome).toBe(error);
  });

  test('are told with the key and the call that joined', async () => {
    const { own, hear } = world();
    const heard = hear('call:coalesced');
    const call = coalesce(own)(gate().work);
    void call('a');
    void call('a');

    const source = { kind: 'coalesce', name: 'work', site: 'work', callId: expect.any(String) };
    expect(heard).toEqual([{ type: 'call:coalesced', ...source, at: WALL_MS, key: '["a"]' }]);
  });

  test('are those with one `key`, made with the `this` of the call', async () => {
    const { own } = world();
    const runs: string[] = [];
    class Quotes {
      constructor(tenant: string) {
        this.tenant = tenant;
      }
      tenant: string;
      @coalesce({
        scope: 'class',
        key(this: Quotes, symbol: string) {
          return `${this.tenant}/${symbol.toLowerCase()}`;
        },
        ...own,
      })
      async price(symbol: string): Promise<number> {
        return runs.push(`${this.tenant} ${symbol}`);
      }
    }
    const [one, two] = [new Quotes('one'), new Quotes('two')];
    await Promise.all([one.price('A'), one.price('a'), two.price('a')]);

    expect(runs).toEqual(['one A', 'two a']);
  });
});

test('each class that inherits a static method has runs of its own', () => {
  const { own } = world();
  const { work, started } = gate();
  class Table {
    @coalesce(own)
    static load(): Promise<string> {
      return work(this.name);
    }
  }
  class Left extends Table {}
  class Right extends Table {}
  for (const table of [Left, Right, Left]) void table.load();

  expect(started).toEqual([['Left'], ['Right']]);
});

test.each<[CoalesceOptions['scope'], number]>([
  ['instance', 2],
  ['class', 1],
])('with the scope of the %s two instances have %i runs', async (scope, runs) => {
  const { own } = world();
  let count = 0;
  class Quotes {
    @coalesce({ ...(scope && { scope }), ...own })
    async price(): Promise<number> {
      return ++count;
    }
  }
  await Promise.all([new Quotes().price(), new Quotes().price()]);

  expect(count).toBe(runs);
});

test("one caller's abort leaves the others alone; the run is aborted when the last has gone", async () => {
  const { own } = world();
  const { fn, state } = hanging();
  const call = coalesce(own)(fn);
  const [one, two] = [new AbortController(), new AbortController()];
  const outcomes = [failureOf(() => call(one.signal)), failureOf(() => call(two.signal))];
  one.abort('one');
  expect(await outcomes[0]).toBe('one');
  expect(state).toEqual({ runs: 1, aborted: 0 });
  two.abort('two');

  expect(await outcomes[1]).toBe('two');
  expect(state).toEqual({ runs: 1, aborted: 1 });
});

test('an argument that no key can be made of is a TypeError that says to pass `key`', async () => {
  const { own } = world();
  const call = coalesce(own)(async (_: unknown) => 1);

  expect(await failureOf(() => call(() => 1))).toMatchObject({
    name: 'TypeError',
    message: expect.stringContaining('`key`'),
  });
});

test('a `key` that gives no text ends the call with a TypeError', async () => {
  const { own } = world();
  const call = coalesce({ key: () => 5 as unknown as string, ...own })(async () => 1);

  expect(await failureOf(call)).toMatchObject({ message: 'coalesce: `key` must give a text, got 5' });
});

test('a synchronous function stays synchronous, and runs each time', () => {
  const { own } = world();
  let runs = 0;
  const call = coalesce(own)(() => ++runs);

  expect([call(), call()]).toEqual([1, 2]);
});

test('the context of a shared run is not bound to its first caller', async () => {
  const { own } = world();
  const call = coalesce(own)(async (_signal?: AbortSignal) => callContext().signal.aborted);
  const gone = AbortSignal.abort('gone');
  const outcomes = [call(gone).catch((error: unknown) => error), call()];

  expect(await outcomes[1]).toBe(false);
});

test('after close no call is run', async () => {
  const { own, registry } = world();
  const call = coalesce(own)(gate().work);
  await registry.close();

  expect(await failureOf(call)).toMatchObject({ code: 'ERR_CLOSED' });
});

test('a synchronous function stays synchronous, though a caller has given up before', () => {
  const { own } = world();
  const call = coalesce(own)((name: string, _signal?: AbortSignal) => name);

  expect(() => call('a', AbortSignal.abort(new Error('bye')))).toThrow('bye');
  expect(call('b')).toBe('b');
});

test('the signal of the first caller does not end the run that others wait for', async () => {
  const { clock, own } = world();
  const seen: unknown[] = [];
  const call = coalesce(own)(async (id: string, options: { signal?: AbortSignal; deep?: boolean } = {}) => {
    await new Promise<void>((resolve, reject) => {
      clock.setTimeout(resolve, 50);
      options.signal?.addEventListener('abort', () => reject(new Error('aborted')));
    });
    seen.push(options.deep);
    return id;
  });
  const first = new AbortController();
  const left = failureOf(() => call('x', { signal: first.signal, deep: true }));
  const other = call('x', { deep: true });
  first.abort(new Error('bye'));
  await clock.advance(100);

  expect(await left).toMatchObject({ message: 'bye' });
  expect([await other, seen]).toEqual(['x', [true]]);
});

test('the run of the last caller who leaves keeps its signal, where a time limit outside leaves it alone', async () => {
  const { clock, own } = world();
  let signal: AbortSignal | undefined;
  const call = compose(
    timeout({ ms: 100, grace: 'detach', ...own }),
    coalesce(own),
  )(() => {
    signal = callContext().signal;
    return new Promise<void>((resolve) => clock.setTimeout(resolve, 200));
  });
  const outcome = failureOf(call);
  await clock.advance(150);

  expect(await outcome).toMatchObject({ code: 'ERR_TIMEOUT' });
  expect(signal?.aborted).toBe(false);
});
