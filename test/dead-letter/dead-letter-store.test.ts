import { describe, expect, test } from 'vitest';
import type { DeadLetterEntry } from '../../src/dead-letter/dead-letter-entry.js';
import { type DeadLetterStore, MemoryDeadLetterStore } from '../../src/dead-letter/dead-letter-store.js';
import { failure, setUp } from './queue-set-up.js';

/** A store that answers when it is told to, and remembers what it was asked. */
class SlowStore implements DeadLetterStore {
  readonly stored = new Map<string, DeadLetterEntry>();
  readonly asked: string[] = [];
  readonly #waiting: (() => void)[] = [];

  load(): Promise<DeadLetterEntry[]> {
    return this.#later('load', () => [...this.stored.values()]);
  }

  put(entry: DeadLetterEntry): Promise<void> {
    return this.#later(`put ${entry.args[0]}`, () => void this.stored.set(entry.id, entry));
  }

  remove(ids: readonly string[]): Promise<void> {
    return this.#later(`remove ${ids.length}`, () => ids.forEach((id) => this.stored.delete(id)));
  }

  /** Answers the oldest question, and lets all settle that hangs on it. */
  async answer(error?: Error): Promise<void> {
    const next = this.#waiting.shift();
    if (error === undefined) next?.();
    else this.#fail?.(error);
    await new Promise((resolve) => setImmediate(resolve));
  }

  #fail: ((error: Error) => void) | undefined = undefined;

  #later<T>(question: string, answer: () => T): Promise<T> {
    this.asked.push(question);
    return new Promise((resolve, reject) => {
      this.#fail = reject;
      this.#waiting.push(() => resolve(answer()));
    });
  }
}

const stored = (store: DeadLetterStore) => (store.load() as DeadLetterEntry[]).map(({ args }) => args[0]);

/** Stores of both sorts with one contract. */
const everyStore = [
  {
    sort: 'synchronous',
    make: () => new MemoryDeadLetterStore(),
    wrap: (store: MemoryDeadLetterStore): DeadLetterStore => store,
  },
  {
    sort: 'asynchronous',
    make: () => new MemoryDeadLetterStore(),
    wrap: (store: MemoryDeadLetterStore): DeadLetterStore => ({
      load: async () => store.load(),
      put: async (entry) => store.put(entry),
      remove: async (ids) => store.remove(ids),
    }),
  },
];

describe.each(everyStore)('a $sort store', ({ make, wrap }) => {
  test('has what is kept, and not what was dropped, redriven or cleared', async () => {
    const store = make();
    const { queue } = setUp({ store: wrap(store), maxEntries: 3 });
    await queue.ready;
    queue.bind('Orders.place', (_self, [arg]) => {
      if (arg === 3) throw new Error('again');
    });
    for (let arg = 0; arg < 4; arg++) queue.keep(failure({ args: [arg] }));
    await queue.flush();
    expect(stored(store)).toEqual([1, 2, 3]);

    await queue.redrive();
    await queue.flush();
    expect(store.load()).toMatchObject([{ args: [3], redrives: 1, attempts: 2 }]);
    expect(store.load()).toEqual(queue.list());

    queue.clear();
    await queue.close();
    expect(stored(store)).toEqual([]);
    expect(queue.snapshot().unsaved).toBe(0);
  });

  test('gives its entries to the queue that is made next, which runs them when their site has a function again', async () => {
    const store = make();
    const before = setUp({ store: wrap(store) });
    await before.queue.ready;
    for (let arg = 0; arg < 3; arg++) before.queue.keep(failure({ args: [arg], owner: { tenant: 1 } }));
    await before.queue.flush();

    const { queue } = setUp({ store: wrap(store), maxEntries: 2 });
    await queue.ready;
    queue.keep(failure({ args: [3] }));
    await queue.flush();

    expect(queue.list().map(({ args }) => args[0])).toEqual([2, 3]);
    expect(queue.snapshot()).toMatchObject({
      size: 2,
      dropped: 2,
      totalFailures: 4,
      byFunction: { 'Orders.place': 4 },
    });
    expect(stored(store)).toEqual([2, 3]);
    expect(await queue.redrive()).toMatchObject({ unbound: 2 });
    queue.bind('Orders.place', () => 'done');
    expect(await queue.redrive()).toMatchObject({ succeeded: 2 });
  });

  test('what is in it and is no entry is left there and reported', async () => {
    const store = make();
    store.put({ id: 'a' } as never);
    store.put(entryOf('b'));
    const { queue, told } = setUp({ store: wrap(store) });
    await queue.ready;

    expect(queue.list().map(({ id }) => id)).toEqual(['b']);
    expect(told('storeFailed')).toMatchObject([{ operation: 'load', error: { name: 'TypeError' } }]);
    expect(store.load()).toHaveLength(2);
  });
});

describe('a store that is slow', () => {
  test('keeps nobody waiting, and is asked one thing at a time, in order', async () => {
    const store = new SlowStore();
    const { queue } = setUp({ store });
    for (let arg = 0; arg < 3; arg++) queue.keep(failure({ args: [arg] }));
    expect(queue.size).toBe(3);
    expect(queue.snapshot().unsaved).toBe(3);
    expect(store.asked).toEqual(['load', 'put 0']);

    for (let answer = 0; answer < 4; answer++) await store.answer();

    expect(store.asked).toEqual(['load', 'put 0', 'put 1', 'put 2']);
    expect(queue.snapshot().unsaved).toBe(0);
  });

  test('is not told of what has come and gone in the meantime', async () => {
    const store = new SlowStore();
    const { queue } = setUp({ store, maxEntries: 2 });
    for (let arg = 0; arg < 1_000; arg++) queue.keep(failure({ args: [arg] }));
    expect(queue.snapshot().unsaved).toBeLessThanOrEqual(4);

    for (let answer = 0; answer < 10; answer++) await store.answer();

    expect(store.asked).toEqual(['load', 'put 0', 'remove 1', 'put 998', 'put 999']);
    expect([...store.stored.values()].map(({ args }) => args[0])).toEqual([998, 999]);
  });

  test('is told once of an entry that changes twice', async () => {
    const store = new SlowStore();
    const { queue } = setUp({ store });
    await store.answer();
    queue.bind('Orders.place', () => Promise.reject(new Error('again')));
    queue.keep(failure({ args: [0] }));
    await queue.redrive();
    await queue.redrive();
    for (let answer = 0; answer < 5; answer++) await store.answer();

    expect(store.asked).toEqual(['load', 'put 0', 'put 0']);
    expect([...store.stored.values()]).toMatchObject([{ redrives: 2 }]);
  });

  test('what was kept while it was read stands behind what it held', async () => {
    const store = new SlowStore();
    store.stored.set('000000001-0000-0000', entryOf('000000001-0000-0000'));
    store.stored.set('000000000-0000-0000', entryOf('000000000-0000-0000'));
    const { queue } = setUp({ store });
    const id = queue.keep(failure());
    await store.answer();

    expect(queue.list().map((entry) => entry.id)).toEqual(['000000000-0000-0000', '000000001-0000-0000', id]);
  });

  test('an entry that it read back is there once', async () => {
    const store = new SlowStore();
    const { queue } = setUp({ store });
    const id = queue.keep(failure()) as string;
    store.stored.set(id, queue.list()[0] as DeadLetterEntry);
    await store.answer();

    expect(queue.size).toBe(1);
  });

  test('an entry that was cleared while it was read does not come back', async () => {
    const store = new SlowStore();
    const { queue } = setUp({ store });
    const id = queue.keep(failure()) as string;
    store.stored.set(id, queue.list()[0] as DeadLetterEntry);
    queue.clear();
    for (let answer = 0; answer < 4; answer++) await store.answer();

    expect(queue.size).toBe(0);
    expect(store.stored.size).toBe(0);
  });

  test('a redrive waits until it was read', async () => {
    const store = new SlowStore();
    store.stored.set('a', entryOf('a'));
    const { queue } = setUp({ store });
    queue.bind('Orders.place', () => 'done');
    const redrive = queue.redrive();
    await store.answer();

    expect(await redrive).toMatchObject({ succeeded: 1 });
  });

  test('a flush waits for all that is to be written', async () => {
    const store = new SlowStore();
    const { queue } = setUp({ store });
    for (let arg = 0; arg < 3; arg++) queue.keep(failure({ args: [arg] }));
    let flushed = false;
    const flush = queue.flush().then(() => (flushed = true));
    for (let answer = 0; answer < 3; answer++) await store.answer();
    expect(flushed).toBe(false);
    await store.answer();
    await flush;

    expect(store.stored.size).toBe(3);
  });
});

describe('a store that is down', () => {
  const down = new Error('disk full');
  const everyWayToFail = [
    [
      'throws',
      () => {
        throw down;
      },
    ],
    ['rejects', () => Promise.reject(down)],
  ] as const;

  test.each(everyWayToFail)(
    'and %s harms nobody: the entry is kept in memory, unsaved, and it is reported',
    async (_, fail) => {
      const { queue, told } = setUp({ store: { load: () => [], put: fail, remove: fail } });

      const id = queue.keep(failure());
      await queue.ready;
      await new Promise((resolve) => setImmediate(resolve));

      expect(queue.list()).toMatchObject([{ id }]);
      expect(queue.snapshot().unsaved).toBe(1);
      expect(told('storeFailed')).toEqual([{ type: 'storeFailed', operation: 'put', unsaved: 1, error: down }]);
    },
  );

  test.each(everyWayToFail)('and %s when it is read leaves a queue that works', async (_, fail) => {
    const store = new MemoryDeadLetterStore();
    const { queue, told } = setUp({
      store: { load: fail, put: (entry) => store.put(entry), remove: (ids) => store.remove(ids) },
    });
    await queue.ready;
    queue.keep(failure());

    expect(told('storeFailed')).toMatchObject([{ operation: 'load', error: down }]);
    expect(stored(store)).toEqual(['arg']);
  });

  test('and comes back gets what it has missed with the next change', () => {
    const store = new MemoryDeadLetterStore();
    let isDown = true;
    const write = (act: () => void) => {
      if (isDown) throw down;
      act();
    };
    const { queue, told } = setUp({
      store: {
        load: () => [],
        put: (entry) => write(() => store.put(entry)),
        remove: (ids) => write(() => store.remove(ids)),
      },
    });
    for (let arg = 0; arg < 3; arg++) queue.keep(failure({ args: [arg] }));
    expect(told('storeFailed')).toHaveLength(3);
    isDown = false;
    queue.keep(failure({ args: [3] }));

    expect(stored(store).sort()).toEqual([0, 1, 2, 3]);
    isDown = true;
    queue.clear();
    expect(told('storeFailed').at(-1)).toMatchObject({ operation: 'remove', unsaved: 4 });
    isDown = false;
    queue.clear();
    expect(stored(store)).toEqual([]);
  });

  test.each([
    [
      'synchronously',
      (error: Error) => {
        throw error;
      },
    ],
    ['asynchronously', (error: Error) => Promise.reject(error)],
  ])('for one entry only, %s, takes the others', async (_, fail) => {
    const store = new MemoryDeadLetterStore();
    const { queue } = setUp({
      store: {
        load: () => [],
        put: (entry) => (entry.args[0] === 'poison' ? fail(down) : store.put(entry)),
        remove: (ids) => store.remove(ids),
      },
    });
    for (const arg of ['poison', 1, 2, 3]) queue.keep(failure({ args: [arg] }));
    await queue.flush();

    expect(stored(store).sort()).toEqual([1, 2, 3]);
    expect(queue.snapshot().unsaved).toBe(1);
  });
});

function entryOf(id: string): DeadLetterEntry {
  return {
    id,
    name: 'deadLetter',
    site: 'Orders.place',
    args: [id],
    error: { name: 'Error', message: 'down' },
    severity: 'recoverable',
    attempts: 1,
    redrives: 0,
    firstAt: 0,
    lastAt: 0,
  };
}
