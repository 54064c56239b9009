import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/edges/testing/index.js';
import { circuitBreaker, compose, deadLetter, rateLimit, Registry } from '../../src/index.js';

/** A function behind a breaker and a limit, five of whose calls were kept while it was down. */
async function kept() {
  const clock = new ManualClock();
  const registry = new Registry({ clock });
  const place = { isDown: true, placed: [] as number[], runs: 0 };
  const order = compose(
    deadLetter({ name: 'orders', registry }),
    rateLimit({ name: 'shop', limit: 100, registry }),
    circuitBreaker({ name: 'shop', failureThreshold: 5, successThreshold: 1, recoveryTimeoutMs: 30_000, registry }),
  )(async (item: number) => {
    place.runs++;
    if (place.isDown) throw new Error('down');
    place.placed.push(item);
  });
  for (let item = 1; item <= 5; item++) await order(item).catch(() => {});
  const queue = registry.deadLetters.get('orders');
  if (queue === undefined) throw new Error('there is no queue');
  return { clock, registry, queue, place };
}

describe("a redrive with whenOpen: 'wait'", () => {
  test('goes on when the breaker lets through again, with the same entry and in order', async () => {
    const { clock, queue, place, registry } = await kept();
    expect(registry.breakers.get('shop')?.state).toBe('open');
    place.isDown = false;
    const redrive = queue.redrive({ whenOpen: 'wait' });
    await clock.advance(29_999);
    expect(place.placed).toEqual([]);
    await clock.advance(1);

    expect(await redrive).toMatchObject({ attempted: 5, succeeded: 5, failed: 0, skipped: 0 });
    expect(place.placed).toEqual([1, 2, 3, 4, 5]);
    expect(queue.size).toBe(0);
  });

  test('waits once more each time that a probe fails, and counts that run', async () => {
    const { clock, queue, place } = await kept();
    const redrive = queue.redrive({ whenOpen: 'wait' });
    await clock.advance(30_000); // the probe is the first entry, and fails
    await clock.advance(15_000);
    place.isDown = false;
    await clock.advance(15_000);

    expect(await redrive).toMatchObject({ attempted: 5, succeeded: 4, failed: 1 });
    expect(queue.list()).toMatchObject([{ args: [1], redrives: 1 }]);
    expect(place.placed).toEqual([2, 3, 4, 5]);
  });

  test('can be ended while it waits', async () => {
    const { clock, queue } = await kept();
    const ending = new AbortController();
    const redrive = queue.redrive({ whenOpen: 'wait', signal: ending.signal });
    await clock.advance(1_000);
    ending.abort();

    expect(await redrive).toMatchObject({ attempted: 0, stoppedBy: 'cancelled' });
    expect(queue.size).toBe(5);
  });

  test('waits for a limit too, and keeps to a rate', async () => {
    const clock = new ManualClock();
    const registry = new Registry({ clock });
    let isDown = true;
    const placed: number[] = [];
    const order = compose(
      deadLetter({ name: 'orders', registry }),
      rateLimit({ name: 'shop', limit: 1, intervalMs: 1_000, registry }),
    )(async (item: number) => {
      if (isDown) throw new Error('down');
      placed.push(item);
    });
    for (let item = 1; item <= 3; item++) {
      await order(item).catch(() => {});
      await clock.advance(1_000);
    }
    isDown = false;
    const redrive = registry.deadLetters.get('orders')?.redrive({ whenOpen: 'wait', ratePerSecond: 10 });
    await clock.advance(1_000);
    expect(placed).toEqual([1, 2]);
    await clock.advance(1_000);

    expect(await redrive).toMatchObject({ succeeded: 3, failed: 0 });
    expect(placed).toEqual([1, 2, 3]);
  });
});

test('a redrive ends at an open circuit unless told otherwise, and runs nothing', async () => {
  const { queue, place } = await kept();
  const { runs } = place;

  expect(await queue.redrive()).toMatchObject({ attempted: 0, skipped: 1, stoppedBy: 'circuit-open' });
  expect(place.runs).toBe(runs);
});

test("whenOpen takes 'stop' or 'wait'", async () => {
  const { queue } = await kept();

  await expect(queue.redrive({ whenOpen: 'never' as never })).rejects.toThrow(/`whenOpen` takes 'stop' or 'wait'/);
});
