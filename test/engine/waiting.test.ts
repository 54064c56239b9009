import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { compose, fallback, Registry, timeout } from '../../src/index.js';
import { behind, Door, noted } from './small-policies.js';

const registry = new Registry({ clock: new ManualClock() });
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a call that waits to be let in', () => {
  test('has not run while it waits, and runs with its arguments once it is let in', async () => {
    const door = new Door();
    const runs: unknown[] = [];
    const call = behind({ door, registry })(async (...args: number[]) => {
      runs.push(args);
      return args.length;
    })(1, 2, 3, 4, 5);

    await turn();
    expect(runs).toEqual([]);
    door.queue[0]?.open();

    expect(await call).toBe(5);
    expect(runs).toEqual([[1, 2, 3, 4, 5]]);
  });

  test('gives back what it was given, exactly once, whether it succeeds or fails', async () => {
    const door = new Door();
    const call = behind({ door, registry })(async (fails: boolean) => {
      expect(door.inside).toBe(1);
      if (fails) throw new Error('down');
    });

    for (const fails of [false, true]) {
      const outcome = call(fails).catch(() => {});
      door.queue.pop()?.open();
      await outcome;
      expect(door.inside).toBe(0);
    }
  });

  test('is rejected with the error that it was refused with, and holds nothing', async () => {
    const door = new Door();
    const log: string[] = [];
    const full = new Error('full');
    const call = compose(noted({ log, registry }), behind({ door, registry }))(async () => 1)();

    door.queue[0]?.refuse(full);

    await expect(call).rejects.toBe(full);
    expect(door.inside).toBe(0);
    expect(log).toEqual(['it in', 'it failed full']);
  });

  test('is answered by a fallback outside when it is refused', async () => {
    const door = new Door();
    const call = compose(
      fallback(async () => 2),
      behind({ door, registry }),
    )(async () => 1)();

    door.queue[0]?.refuse(new Error('full'));

    expect(await call).toBe(2);
  });

  test.each([['without a limit'], ['under a limit']])('passes one door after the other, %s', async (how) => {
    const [front, back] = [new Door(), new Door()];
    const doors = compose(behind({ door: front, registry }), behind({ door: back, registry }));
    const call = (how === 'under a limit' ? compose(timeout({ registry }), doors) : doors)(async () => 'in')();

    expect(back.queue).toHaveLength(0);
    front.queue[0]?.open();
    await turn();
    expect([front.inside, back.queue.length]).toEqual([1, 1]);
    back.queue[0]?.open();

    expect(await call).toBe('in');
    expect([front.inside, back.inside]).toEqual([0, 0]);
  });

  test("leaves without having run once its caller's signal is aborted", async () => {
    const door = new Door();
    const caller = new AbortController();
    let runs = 0;
    const call = behind({ door, registry })(async (_: AbortSignal) => {
      runs++;
    })(caller.signal);

    caller.abort(new Error('enough'));
    door.queue[0]?.open();

    await expect(call).rejects.toThrow('enough');
    expect([runs, door.inside]).toEqual([0, 0]);
  });
});
