import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DeadLetterQueue } from '../../src/dead-letter/dead-letter-queue.js';
import { failure, setUp, WALL } from './queue-set-up.js';

describe('DeadLetterQueue', () => {
  test('keeps a failed call with what is known of it', () => {
    const { queue, told } = setUp({ name: 'orders' });
    const error = Object.assign(new Error('down'), { code: 'ECONNRESET' });

    const id = queue.keep(failure({ args: [{ id: 1 }, 2], error, attempts: 3 }));

    const entry = {
      id,
      name: 'orders',
      site: 'Orders.place',
      args: [{ id: 1 }, 2],
      error: { name: 'Error', message: 'down', code: 'ECONNRESET' },
      severity: 'transient',
      attempts: 3,
      redrives: 0,
      firstAt: WALL,
      lastAt: WALL,
    };
    expect(queue.list()).toStrictEqual([entry]);
    expect(told('added')).toEqual([
      { type: 'added', id, site: 'Orders.place', severity: 'transient', attempts: 3, error: entry.error },
    ]);
    expect(told('argsError')).toEqual([]);
  });

  test.each<[string, unknown, object]>([
    ['a text', 'down', { name: 'string', message: 'down' }],
    ['undefined', undefined, { name: 'undefined', message: 'undefined' }],
    ['null', null, { name: 'object', message: 'null' }],
    ['an object', {}, { name: 'Error', message: '' }],
    ['a number as a code', Object.assign(new Error('a'), { code: 5 }), { name: 'Error', message: 'a' }],
    [
      'a cause with a code',
      new TypeError('a', { cause: { code: 'E' } }),
      { name: 'TypeError', message: 'a', code: 'E' },
    ],
    [
      'a getter that throws',
      {
        get message() {
          throw new Error('no');
        },
      },
      { name: 'Error', message: 'cannot be read' },
    ],
  ])('keeps of an error that is %s what it can', (_, error, expected) => {
    const { queue } = setUp();
    queue.keep(failure({ error }));

    expect(queue.list()[0]?.error).toStrictEqual(expected);
  });

  test('shows arguments as they were when the call failed, and hands out copies', () => {
    const { queue } = setUp();
    const order = { lines: [1] };
    queue.keep(failure({ args: [order] }));
    order.lines.push(2);
    (queue.list()[0]?.args[0] as typeof order).lines.push(3);
    Object.assign(queue.list()[0]?.error ?? {}, { message: 'changed' });

    expect(queue.list()[0]).toMatchObject({ args: [{ lines: [1] }], error: { message: 'down' } });
  });

  test('takes the `arguments` object of a function', () => {
    const { queue } = setUp();
    (function (..._: unknown[]) {
      queue.keep(failure({ args: arguments as unknown as unknown[] }));
    })('a', 'b');

    expect(queue.list()[0]?.args).toEqual(['a', 'b']);
  });

  test('its list can be filtered, limited and read page by page', () => {
    const { queue } = setUp();
    const ids = ['a', 'b', 'a', 'b', 'a'].map((site) => queue.keep(failure({ site })));
    const page = queue.list({ filter: ({ site }) => site === 'a', limit: 2 });

    expect(page.map(({ id }) => id)).toEqual([ids[0], ids[2]]);
    expect(queue.list({ after: ids[2] as string }).map(({ id }) => id)).toEqual([ids[3], ids[4]]);
    expect(queue.list({ after: ids[4] as string })).toEqual([]);
  });

  test('a filter may clear the queue that it looks through', () => {
    const { queue } = setUp();
    queue.keep(failure());
    queue.keep(failure());

    expect(queue.list({ filter: () => queue.clear() > 0 })).toHaveLength(1);
  });

  test('is named by its options, else by its context, else as what it is', () => {
    expect(setUp({ name: 'a' }, { name: 'b' }).queue.name).toBe('a');
    expect(setUp({}, { name: 'b' }).queue.name).toBe('b');
    expect(new DeadLetterQueue().name).toBe('deadLetter');
  });

  test('works by itself, with the clock and the chance of the machine', () => {
    const queue = new DeadLetterQueue();
    queue.keep(failure());

    expect(Math.abs((queue.snapshot().oldestAt ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  test('classifies by the rule it is given', () => {
    const { queue } = setUp({}, { classify: () => 'critical' });
    queue.keep(failure());

    expect(queue.snapshot().bySeverity).toEqual({ critical: 1 });
  });

  test('who watches and throws harms nobody', () => {
    const { queue } = setUp(
      {},
      {
        onEvent: () => {
          throw new Error('watcher');
        },
      },
    );

    expect(queue.keep(failure())).toBeTypeOf('string');
  });
});

describe('when', () => {
  test('says which errors are kept', () => {
    const { queue, events } = setUp({ when: (error) => error instanceof RangeError });

    expect(queue.keep(failure())).toBeUndefined();
    expect(queue.keep(failure({ error: new RangeError('a') }))).toBeTypeOf('string');
    expect(queue.snapshot().totalFailures).toBe(1);
    expect(events).toHaveLength(1);
  });

  test.each([
    ['without a cause', new Error('when'), true],
    ['with a cause', new Error('when', { cause: 'own' }), false],
    ['frozen', Object.freeze(new Error('when')), false],
    ['that is no error', 'when', false],
  ])('what it throws %s is thrown, with the error of the call as cause where there is room', (_, thrown, isGiven) => {
    const { queue } = setUp({
      when: () => {
        throw thrown;
      },
    });
    const error = new Error('down');
    const keep = () => queue.keep(failure({ error }));

    expect(caught(keep)).toBe(thrown);
    if (isGiven) expect((thrown as Error).cause).toBe(error);
    expect(queue.size).toBe(0);
  });
});

describe('bounds and totals', () => {
  test('past `maxEntries` the oldest goes, and is counted', () => {
    const { queue, told } = setUp({ maxEntries: 2 });
    const ids = [1, 2, 3].map((arg) => queue.keep(failure({ args: [arg] })));

    expect(queue.list().map(({ args }) => args[0])).toEqual([2, 3]);
    expect(queue.snapshot()).toMatchObject({ size: 2, dropped: 1, totalFailures: 3 });
    expect(told('dropped')).toEqual([{ type: 'dropped', id: ids[0], site: 'Orders.place' }]);
  });

  test('`Infinity` keeps all', () => {
    const { queue } = setUp({ maxEntries: Infinity });
    for (let call = 0; call < 1_500; call++) queue.keep(failure());

    expect(queue.snapshot()).toMatchObject({ size: 1_500, dropped: 0 });
  });

  test('its snapshot counts failures by function and by severity, and is JSON', async () => {
    const { clock, queue } = setUp();
    expect(queue.snapshot()).toEqual({
      totalFailures: 0,
      size: 0,
      dropped: 0,
      expired: 0,
      parked: 0,
      byFunction: {},
      bySeverity: {},
      oldestAt: null,
      unsaved: 0,
    });
    queue.keep(failure({ site: 'b' }));
    await clock.advance(1_000);
    queue.keep(failure({ site: 'b', error: new TypeError('a') }));
    queue.keep(failure({ site: 'a' }));

    const snapshot = queue.snapshot();

    expect(snapshot).toEqual({
      totalFailures: 3,
      size: 3,
      dropped: 0,
      expired: 0,
      parked: 0,
      byFunction: { a: 1, b: 2 },
      bySeverity: { permanent: 1, recoverable: 2 },
      oldestAt: WALL,
      unsaved: 0,
    });
    expect(Object.keys(snapshot.byFunction)).toEqual(['a', 'b']);
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
  });

  test('clearing removes all entries, says so, and leaves the totals', () => {
    const { queue, told } = setUp();
    queue.keep(failure());
    queue.keep(failure());

    expect(queue.clear({ reason: 'bad deploy', owner: 'ann' })).toBe(2);
    expect(queue.snapshot()).toMatchObject({ size: 0, totalFailures: 2, oldestAt: null });
    expect(told('cleared')).toEqual([{ type: 'cleared', removed: 2, reason: 'bad deploy', owner: 'ann' }]);
    expect(queue.clear()).toBe(0);
  });

  test('whatever is kept, dropped, redriven and cleared, it holds the newest entries in their order', async () => {
    const step = fc.oneof(
      { weight: 8, arbitrary: fc.constant('keep' as const) },
      { weight: 3, arbitrary: fc.nat(10).map((place) => ({ redrive: place })) },
      { weight: 1, arbitrary: fc.constant('clear' as const) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 8 }), async (steps, maxEntries) => {
        const { queue } = setUp({ maxEntries });
        queue.bind('Orders.place', () => 'done');
        let model: number[] = [];
        let [kept, dropped] = [0, 0];
        for (const what of steps) {
          if (what === 'keep') {
            queue.keep(failure({ args: [kept] }));
            model.push(kept++);
            if (model.length > maxEntries) dropped += model.splice(0, 1).length;
          } else if (what === 'clear') {
            queue.clear();
            model = [];
          } else {
            const redriven = model[what.redrive];
            await queue.redrive({ filter: ({ args }) => args[0] === redriven });
            model = model.filter((arg) => arg !== redriven);
          }
          expect(queue.list().map(({ args }) => args[0])).toEqual(model);
          expect(queue.snapshot()).toMatchObject({ size: model.length, dropped, totalFailures: kept });
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('arguments that cannot be copied', () => {
  test('are said, and the entry is kept', () => {
    const { queue, told } = setUp();
    const id = queue.keep(failure({ args: [{ id: 1, headers: new Headers() }] }));

    expect(queue.list()[0]).toMatchObject({
      args: [{ id: 1, headers: '[Headers]' }],
      argsError: 'args[0].headers is a Headers',
    });
    expect(told('argsError')).toEqual([
      { type: 'argsError', id, site: 'Orders.place', reason: 'args[0].headers is a Headers' },
    ]);
  });

  test('are counted when they are many', () => {
    const { queue } = setUp();
    queue.keep(failure({ args: Array.from({ length: 7 }, () => () => {}) }));

    expect(queue.list()[0]?.argsError).toMatch(/^args\[0\] is a function; .*args\[4\] is a function; and 2 more$/);
  });

  test('a signal is left out, and is no such thing', () => {
    const { queue } = setUp();
    const { signal } = new AbortController();
    queue.keep(failure({ args: ['a', { signal, retry: 1 }, signal] }));

    expect(queue.list()[0]?.args).toStrictEqual(['a', { signal: undefined, retry: 1 }, undefined]);
    expect(queue.list()[0]).not.toHaveProperty('argsError');
  });

  test('can be kept with `serialize`', () => {
    const { queue } = setUp({ serialize: ([request]) => [(request as Request).url] });
    queue.keep(failure({ args: [new Request('http://a.test/')] }));

    expect(queue.list()[0]?.args).toEqual(['http://a.test/']);
    expect(queue.list()[0]).not.toHaveProperty('argsError');
  });

  test.each<[string, (args: readonly unknown[]) => never, unknown[], string]>([
    [
      'throws',
      () => {
        throw new RangeError('too big');
      },
      [],
      'serialize threw RangeError: too big',
    ],
    ['returns no array', () => 'a' as never, [], 'serialize returns an array of arguments, got "a"'],
    ['returns what cannot be copied', () => [new URL('http://a.test/')] as never, ['[URL]'], 'args[0] is a URL'],
  ])('are said when `serialize` %s', (_, serialize, args, argsError) => {
    const { queue } = setUp({ serialize });
    queue.keep(failure());

    expect(queue.list()[0]).toMatchObject({ args, argsError });
  });
});

describe('options', () => {
  test('have their defaults filled in, and are frozen', () => {
    const { queue } = setUp();

    expect(queue.options).toEqual({ maxEntries: 1_000, maxAgeMs: Infinity, maxRedrives: Infinity });
    expect(Object.isFrozen(queue.options)).toBe(true);
  });

  test.each([
    ['name', '', RangeError],
    ['name', 5, TypeError],
    ['maxEntries', 0, RangeError],
    ['maxEntries', 1.5, RangeError],
    ['maxEntries', '5', TypeError],
    ['store', {}, TypeError],
    ['store', { load() {}, put() {} }, TypeError],
    ['serialize', 'a', TypeError],
    ['redact', {}, TypeError],
    ['when', true, TypeError],
    ['maxEntry', 5, TypeError],
  ])('`%s: %j` is refused', (name, value, error) => {
    expect(() => setUp({ [name]: value })).toThrow(error);
    expect(() => setUp({ [name]: value })).toThrow(name);
  });

  test.each([
    ['filter', 5, TypeError],
    ['limit', 0, RangeError],
    ['limit', '1', TypeError],
    ['after', 5, TypeError],
    ['before', 'a', TypeError],
  ])('`list({ %s: %j })` is refused', (name, value, error) => {
    expect(() => setUp().queue.list({ [name]: value })).toThrow(error);
  });

  test.each([
    ['reason', 5, TypeError],
    ['reason', '', RangeError],
    ['owner', 5, TypeError],
    ['by', 'ann', TypeError],
  ])('`clear({ %s: %j })` is refused, and nothing is cleared', (name, value, error) => {
    const { queue } = setUp();
    queue.keep(failure());

    expect(() => queue.clear({ [name]: value })).toThrow(error);
    expect(queue.size).toBe(1);
  });

  test.each([
    ['', () => {}, {}, TypeError],
    [5, () => {}, {}, TypeError],
    ['a', 'b', {}, TypeError],
    ['a', () => {}, { self: 'maybe' }, RangeError],
    ['a', () => {}, { owner: 1 }, TypeError],
  ])('bind(%j, %j, %j) is refused', (site, run, options, error) => {
    expect(() => setUp().queue.bind(site as string, run as () => void, options as object)).toThrow(error);
  });
});

function caught(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}
