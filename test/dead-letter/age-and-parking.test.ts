import { describe, expect, test } from 'vitest';
import { MemoryDeadLetterStore } from '../../src/dead-letter/dead-letter-store.js';
import { failure, setUp } from './queue-set-up.js';

test('closing the queue closes its store, after all is written', async () => {
  const asked: string[] = [];
  const { queue } = setUp({
    store: {
      load: () => [],
      put: async () => void asked.push('put'),
      remove: () => {},
      close: async () => void asked.push('close'),
    },
  });
  await queue.ready;
  queue.keep(failure());
  await queue.close();

  expect(asked).toEqual(['put', 'close']);
});

describe('an entry that is older than maxAgeMs', () => {
  test.each([
    [1_000, 3],
    [1_001, 2],
  ])('after %i ms leaves %i of three', async (ms, left) => {
    const { clock, queue } = setUp({ maxAgeMs: 1_000 });
    queue.keep(failure());
    await clock.advance(1);
    queue.keep(failure());
    queue.keep(failure());
    await clock.advance(ms - 1);

    expect(queue.snapshot()).toMatchObject({ size: left, expired: 3 - left, dropped: 0, totalFailures: 3 });
    expect(queue.list()).toHaveLength(left);
  });

  test('goes from the store too, is told of, and is not run again', async () => {
    const store = new MemoryDeadLetterStore();
    const { clock, queue, told } = setUp({ maxAgeMs: 1_000, store });
    const id = queue.keep(failure());
    queue.bind('Orders.place', () => 'done');
    await clock.advance(1_001);

    expect(await queue.redrive()).toMatchObject({ attempted: 0 });
    expect(told('expired')).toEqual([{ type: 'expired', id, site: 'Orders.place' }]);
    expect(store.load()).toEqual([]);
  });

  test('is found so in the store of an earlier process', async () => {
    const store = new MemoryDeadLetterStore();
    const before = setUp({ store });
    before.queue.keep(failure());
    const { clock, queue } = setUp({ maxAgeMs: 1_000, store });
    await clock.advance(2_000);

    expect(queue.snapshot()).toMatchObject({ size: 0, expired: 1 });
  });

  test('goes when another is kept; without the option none goes', async () => {
    const { clock, queue, told } = setUp({ maxAgeMs: 1_000 });
    const forever = setUp();
    queue.keep(failure());
    forever.queue.keep(failure());
    await Promise.all([clock.advance(1e12), forever.clock.advance(1e12)]);
    queue.keep(failure());

    expect(told('expired')).toHaveLength(1);
    expect(forever.queue.size).toBe(1);
  });
});

describe('an entry that was redriven maxRedrives times in vain', () => {
  const poisoned = async () => {
    const here = setUp({ maxRedrives: 2 });
    let runs = 0;
    const place = { isDown: true };
    here.queue.bind('Orders.place', () => {
      runs++;
      if (place.isDown) throw new Error('poison');
    });
    const id = here.queue.keep(failure()) as string;
    await here.queue.redrive();
    await here.queue.redrive();
    return { ...here, id, place, runs: () => runs };
  };

  test('is parked: told of once, kept, listed, and passed by', async () => {
    const { queue, told, id, runs } = await poisoned();
    expect(told('parked')).toEqual([{ type: 'parked', id, site: 'Orders.place', redrives: 2 }]);
    expect(queue.snapshot()).toMatchObject({ size: 1, parked: 1 });

    const report = await queue.redrive();
    expect(report).toMatchObject({ attempted: 0, skipped: 1, results: [{ id, outcome: 'skipped' }] });
    expect(String(report.results[0]?.error)).toMatch(/parked: 2 redrives have failed/);
    expect(await queue.redrive({ dryRun: true })).toMatchObject({ attempted: 0, skipped: 1 });
    expect(runs()).toBe(2);
    expect(queue.list({ filter: ({ redrives }) => redrives >= 2 })).toHaveLength(1);
  });

  test('is run when a redrive asks for it', async () => {
    const { queue, told, place } = await poisoned();
    expect(await queue.redrive({ parked: 'run' })).toMatchObject({ failed: 1 });
    expect(told('parked')).toHaveLength(1);
    place.isDown = false;

    expect(await queue.redrive({ parked: 'run' })).toMatchObject({ succeeded: 1 });
    expect(queue.snapshot()).toMatchObject({ size: 0, parked: 0 });
  });

  test('keeps nobody else from being run', async () => {
    const { queue, place } = await poisoned();
    place.isDown = false;
    queue.keep(failure());

    expect(await queue.redrive()).toMatchObject({ succeeded: 1, skipped: 1 });
  });

  test('is not parked without the option', async () => {
    const { queue } = setUp();
    queue.bind('Orders.place', () => Promise.reject(new Error('again')));
    queue.keep(failure());
    for (let round = 0; round < 20; round++) await queue.redrive();

    expect(queue.snapshot().parked).toBe(0);
    expect(await queue.redrive()).toMatchObject({ failed: 1 });
  });

  test.each(['sometimes', 5])('the option parked: %o is refused', async (parked) => {
    await expect(setUp().queue.redrive({ parked: parked as never })).rejects.toThrow(
      /`parked` takes 'skipped' or 'run'/,
    );
  });
});
