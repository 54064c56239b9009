import { describe, expect, test } from 'vitest';
import { ClosedError } from '../../src/base/errors.js';
import { type Connection, deferred, outcomeOf, settled, world } from './world.js';

describe('closing a pool', () => {
  test('destroys what is idle, sends the line away, and lends nothing any more', async () => {
    const { pool, ended } = world({ maxSize: 2 });
    const held = await pool.acquire();
    await pool.use(() => {});
    const second = await pool.acquire();
    const waiting = outcomeOf(pool.acquire());
    pool.release(second);
    await settled();
    expect(waiting.value).toBe(second);
    const inLine = outcomeOf(pool.acquire());

    const closing = outcomeOf(pool.close());
    await settled();

    expect(inLine.error).toBeInstanceOf(ClosedError);
    await expect(pool.acquire()).rejects.toThrow("'db' is closed");
    await expect(pool.fill()).rejects.toThrow(ClosedError);
    expect(closing.isSettled).toBe(false);
    pool.release(held);
    pool.release(second);
    await settled();
    expect(closing.isSettled).toBe(true);
    expect(ended).toEqual([1, 2]);
    expect(pool.snapshot()).toMatchObject({ size: 0, closed: true, rejected: 3 });
  });

  test('is done at once where there is nothing, and a second close is the same', async () => {
    const { pool, clock } = world();

    await Promise.all([pool.close(), pool.close()]);
    await pool.close();

    expect(clock.pendingTimers).toBeLessThanOrEqual(1);
  });

  test('waits until what is out has come back and ended', async () => {
    const ending = deferred<void>();
    const { pool } = world({ destroy: () => ending.promise });
    const held = await pool.acquire();
    const closing = outcomeOf(pool.close());

    pool.release(held);
    await settled();
    expect(closing.isSettled).toBe(false);
    ending.resolve();
    await settled();

    expect(closing.isSettled).toBe(true);
  });

  test('after drainTimeoutMs destroys the rest where it is, and forgives who gives it back', async () => {
    const { pool, clock, ended, events } = world({ drainTimeoutMs: 1_000 });
    const held = await pool.acquire();
    const closing = outcomeOf(pool.close());

    await clock.advance(999);
    expect(ended).toEqual([]);
    await clock.advance(1);

    expect(ended).toEqual([1]);
    expect(closing.isSettled).toBe(true);
    expect(events.at(-1)).toMatchObject({ type: 'pool:destroyed', because: 'closed' });
    expect(() => pool.release(held)).not.toThrow();
    expect(() => pool.release(held)).toThrow(TypeError);
  });

  test('ends although a destroy hangs', async () => {
    const { pool, clock } = world({ destroy: () => new Promise(() => {}), destroyTimeoutMs: 100 });
    await pool.use(() => {});
    const closing = outcomeOf(pool.close());

    await clock.advance(100);

    expect(closing.isSettled).toBe(true);
  });

  test('asks what is being made to end, waits for it, and destroys what comes of it', async () => {
    const late = deferred<Connection>();
    const signals: AbortSignal[] = [];
    const { pool, ended } = world({
      create: ({ signal }) => {
        signals.push(signal);
        return late.promise;
      },
    });
    const call = outcomeOf(pool.acquire());
    const closing = outcomeOf(pool.close());
    await settled();

    expect(call.error).toBeInstanceOf(ClosedError);
    expect(signals[0]?.reason).toBeInstanceOf(ClosedError);
    expect(closing.isSettled).toBe(false);
    late.resolve({ id: 7, isGood: true });
    await settled();

    expect(ended).toEqual([7]);
    expect(closing.isSettled).toBe(true);
  });

  test('is seen by a hook that looks at its signal only then', async () => {
    const late = deferred<void>();
    const seen: boolean[] = [];
    const { pool } = world({
      create: async (context) => {
        await late.promise;
        seen.push(context.signal.aborted);
        return { id: 1, isGood: true };
      },
    });
    outcomeOf(pool.acquire());
    const closing = pool.close();

    late.resolve();
    await closing;

    expect(seen).toEqual([true]);
  });

  test('gives what is being made up when the time to drain is over', async () => {
    const { pool, clock } = world({ create: () => new Promise(() => {}), drainTimeoutMs: 1_000 });
    outcomeOf(pool.acquire());
    const closing = outcomeOf(pool.close());

    await clock.advance(1_000);

    expect(closing.isSettled).toBe(true);
    expect(pool.snapshot().size).toBe(0);
  });

  test('ends a check under way, and destroys what it was about', async () => {
    const check = deferred<boolean>();
    const { pool, ended } = world({ validate: () => check.promise });
    await pool.use(() => {});
    const call = outcomeOf(pool.acquire());
    const closing = outcomeOf(pool.close());
    check.resolve(true);
    await settled();

    expect(call.error).toBeInstanceOf(ClosedError);
    expect(ended).toEqual([1]);
    expect(closing.isSettled).toBe(true);
  });

  test('is what the end of an `await using` block and of the registry do', async () => {
    const used = world();
    {
      await using pool = used.pool;
      await pool.use(() => {});
    }
    const kept = world();
    await kept.pool.use(() => {});
    await kept.registry.close();

    expect(used.ended).toEqual([1]);
    expect(kept.ended).toEqual([1]);
    expect(kept.registry.snapshot().pools['db']).toMatchObject({ closed: true, size: 0 });
    await expect(kept.pool.acquire()).rejects.toThrow(ClosedError);
  });

  test('leaves no timer with the registry', async () => {
    const { pool, registry, clock } = world({ validate: () => true });
    await pool.use(() => {});
    await pool.use(() => {});

    await registry.close();

    expect(clock.pendingTimers).toBe(0);
  });
});
