import { describe, expect, test } from 'vitest';
import type { DeadLetterEntry } from '../../src/dead-letter/dead-letter-entry.js';
import { MemoryDeadLetterStore } from '../../src/dead-letter/dead-letter-store.js';
import { failure, setUp } from './queue-set-up.js';

const SECRET = 'hunter2';

function hide(entry: DeadLetterEntry): DeadLetterEntry {
  return JSON.parse(JSON.stringify(entry).replaceAll(SECRET, '***'));
}

function fail(_?: unknown): never {
  throw new Error(`cannot hide ${SECRET}`);
}

const secretFailure = failure({ args: [{ password: SECRET }], error: new Error(`wrong: ${SECRET}`) });

describe('redact', () => {
  test('what it returns is stored, shown and told, and nothing else', () => {
    const store = new MemoryDeadLetterStore();
    const { queue, events } = setUp({ redact: hide, store });
    queue.keep(secretFailure);

    expect(queue.list()[0]).toMatchObject({ args: [{ password: '***' }], error: { message: 'wrong: ***' } });
    expect(JSON.stringify([queue.list(), store.load(), events])).not.toContain(SECRET);
  });

  test('it may change what it is given', () => {
    const { queue } = setUp({
      redact: (entry) => {
        entry.args = ['hidden'];
        return entry;
      },
    });
    const args = ['shown'];
    queue.keep(failure({ args }));

    expect(queue.list()[0]?.args).toEqual(['hidden']);
    expect(args).toEqual(['shown']);
  });

  test('what it keeps of its result does not change what is stored', () => {
    const own = { id: 1 };
    const { queue } = setUp({ redact: (entry) => ({ ...entry, args: [own] }) });
    queue.keep(failure());
    own.id = 2;

    expect(queue.list()[0]?.args).toEqual([{ id: 1 }]);
  });

  test('it may add to the entry, and cannot change what the queue goes by', () => {
    const { queue } = setUp({
      redact: (entry) => Object.assign(entry, { id: 'a', site: 'b', name: 'c', attempts: 99, tenant: 't1' }),
    });
    const id = queue.keep(failure());

    expect(queue.list()[0]).toMatchObject({ id, site: 'Orders.place', name: 'deadLetter', attempts: 1, tenant: 't1' });
  });

  test('arguments that it makes impossible to copy are said', () => {
    const { queue } = setUp({ redact: (entry) => ({ ...entry, args: [() => {}] }) });
    queue.keep(failure());
    queue.keep(failure({ args: [new Headers()] }));

    expect(queue.list().map(({ argsError }) => argsError)).toEqual([
      'entry.args[0] is a function',
      'args[0] is a Headers; entry.args[0] is a function',
    ]);
  });

  test('with `argsError` it keeps an entry from being run again', async () => {
    const { queue } = setUp({ redact: (entry) => ({ ...entry, args: ['***'], argsError: 'redacted' }) });
    queue.bind('Orders.place', () => 'done');
    queue.keep(failure());

    expect(await queue.redrive()).toMatchObject({ attempted: 0, skipped: 1 });
  });

  test('it cannot make an entry run again whose arguments could not be kept', () => {
    const { queue } = setUp({ redact: ({ argsError: _, ...entry }) => entry });
    queue.keep(failure({ args: [new Headers()] }));

    expect(queue.list()[0]?.argsError).toBe('args[0] is a Headers');
  });

  test.each<[string, (entry: DeadLetterEntry) => DeadLetterEntry, string]>([
    ['throws', fail, 'left out: redact threw Error'],
    [
      'changes half of it and throws',
      (entry) => fail(Object.assign(entry, { site: SECRET })),
      'left out: redact threw Error',
    ],
    ['returns nothing', () => undefined as never, 'left out: redact returned no entry'],
    [
      'returns a promise that rejects',
      () => Promise.reject(new Error('late')) as never,
      'left out: redact returned no entry',
    ],
    ['returns a promise', (entry) => Promise.resolve(entry) as never, 'left out: redact returned no entry'],
    ['returns no arguments', (entry) => ({ ...entry, args: 'a' as never }), 'left out: redact returned no entry'],
    ['returns no error', (entry) => ({ ...entry, error: undefined as never }), 'left out: redact returned no entry'],
  ])('when it %s, nothing that it has not passed is stored, and the entry is kept', (_, redact, reason) => {
    const store = new MemoryDeadLetterStore();
    const { queue, events } = setUp({ redact, store });
    const id = queue.keep(secretFailure);

    expect(queue.list()).toMatchObject([
      { id, site: 'Orders.place', args: [], error: { name: 'Error', message: reason }, argsError: reason },
    ]);
    expect(JSON.stringify([queue.list(), store.load(), events])).not.toContain(SECRET);
  });

  test('what a redrive fails with is redacted too', async () => {
    const { queue, told } = setUp({ redact: hide });
    queue.bind('Orders.place', () => {
      throw Object.assign(new Error(`still ${SECRET}`), { code: 'E' });
    });
    queue.keep(secretFailure);
    await queue.redrive();

    expect(queue.list()[0]).toMatchObject({ redrives: 1, error: { message: 'still ***', code: 'E' } });
    expect(JSON.stringify(told('redriveFailed'))).not.toContain(SECRET);
  });

  test('when it throws after a redrive, the arguments it has passed before stay', async () => {
    let calls = 0;
    const { queue } = setUp({ redact: (entry) => (++calls === 1 ? hide(entry) : fail()) });
    queue.bind('Orders.place', () => {
      throw Object.assign(new Error(`still ${SECRET}`), { code: 'E' });
    });
    queue.keep(secretFailure);
    await queue.redrive();

    expect(queue.list()[0]).toMatchObject({
      redrives: 1,
      args: [{ password: '***' }],
      error: { message: 'left out: redact threw Error', code: 'E' },
    });
    expect(queue.list()[0]).not.toHaveProperty('argsError');
  });
});
