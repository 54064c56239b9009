import { describe, expect, test } from 'vitest';
import { ClosedError, BulkheadFullError, QueueTimeoutError, TimeoutError } from '../../src/base/errors.js';
import { Registry } from '../../src/registry/registry.js';
import { registry as shared } from '../../src/registry/default-registry.js';
import { ResourcePool } from '../../src/registry/resource-pool.js';
import { type Connection, deferred, outcomeOf, settled, world } from './world.js';

describe('borrowing', () => {
  test('makes a resource when there is none, and lends the same one again', async () => {
    const { pool, made } = world();

    const first = await pool.acquire();
    pool.release(first);

    expect(await pool.acquire()).toBe(first);
    expect(made).toHaveLength(1);
  });

  test('makes nothing before it is asked', () => {
    expect(world({ minSize: 3 }).made).toEqual([]);
  });

  test('lends what was used last, so that the others grow old', async () => {
    const { pool } = world();
    const [first, second] = await Promise.all([pool.acquire(), pool.acquire()]);

    pool.release(first);
    pool.release(second);

    expect(await pool.acquire()).toBe(second);
  });

  test('never has more than maxSize at once, and serves the rest in the order they came', async () => {
    const { pool, made } = world({ maxSize: 2 });
    const served: number[] = [];
    const call = (n: number) =>
      pool.use(async () => {
        served.push(n);
        await settled();
      });

    await Promise.all([1, 2, 3, 4, 5].map(call));

    expect(served).toEqual([1, 2, 3, 4, 5]);
    expect(made).toHaveLength(2);
    expect(pool.snapshot()).toMatchObject({ size: 2, idle: 2, borrowed: 0, acquired: 5, created: 2 });
  });

  test('hands what is given back to who is first in line, although one for him is being made', async () => {
    const late = deferred<Connection>();
    const makes = [() => ({ id: 1, isGood: true }), () => late.promise];
    const { pool } = world({ create: () => (makes.shift() as () => Connection)() });
    const first = await pool.acquire();
    const second = outcomeOf(pool.acquire());

    pool.release(first);
    await settled();

    expect(second.value).toBe(first);
    late.resolve({ id: 2, isGood: true });
    await settled();
    expect(pool.snapshot()).toMatchObject({ idle: 1, borrowed: 1 });
  });

  test('keeps a resource whose caller has gone by the time it is made', async () => {
    const late = deferred<Connection>();
    const { pool } = world({ create: () => late.promise });
    const leaving = new AbortController();
    const gone = pool.acquire({ signal: leaving.signal });
    leaving.abort('left');
    await expect(gone).rejects.toBe('left');

    late.resolve({ id: 1, isGood: true });
    await settled();

    expect(pool.snapshot()).toMatchObject({ idle: 1, waiting: 0 });
    expect(await pool.acquire()).toMatchObject({ id: 1 });
  });
});

describe('a caller in line', () => {
  test('is turned away when maxQueue others wait', async () => {
    const { pool, events, registry } = world({ maxSize: 1, maxQueue: 1 });
    await pool.acquire();
    const waiting = outcomeOf(pool.acquire());

    const turnedAway = pool.acquire();

    await expect(turnedAway).rejects.toThrow(BulkheadFullError);
    await expect(turnedAway).rejects.toThrow("'db' has its one resource out and 1 caller in line");
    expect(waiting.isSettled).toBe(false);
    expect(pool.snapshot()).toMatchObject({ waiting: 1, rejected: 1 });
    expect(events).toMatchObject([{ type: 'call:rejected', code: 'ERR_BULKHEAD_FULL' }]);
    expect(registry.decisions().at(-1)).toMatchObject({ grounds: { maxSize: 1, maxQueue: 1 } });
  });

  test('is not turned away while a resource is being made for him', async () => {
    const { pool } = world({ maxSize: 2, maxQueue: 0 });

    const both = Promise.all([pool.acquire(), pool.acquire()]);

    await expect(pool.acquire()).rejects.toThrow("'db' has all its 2 resources out");
    await expect(both).resolves.toHaveLength(2);
  });

  test('is not turned away while a bad resource ends, whose place will be his', async () => {
    const ended = deferred<void>();
    const { pool, made } = world({
      maxSize: 1,
      maxQueue: 0,
      validate: ({ isGood }) => isGood,
      destroy: () => ended.promise,
    });
    pool.release(await pool.acquire());
    Object.assign(made[0] as Connection, { isGood: false });

    const first = pool.acquire();
    const second = pool.acquire();

    await expect(second).rejects.toThrow("'db' has its one resource out");
    ended.resolve();
    await expect(first).resolves.toMatchObject({ id: 2 });
  });

  test('is turned away while one ends that came too late: its place is another’s', async () => {
    const late = deferred<Connection>();
    const makes = [() => late.promise, () => ({ id: 2, isGood: true })];
    const { pool, clock } = world({
      maxSize: 1,
      maxQueue: 0,
      createTimeoutMs: 100,
      create: () => (makes.shift() as () => Connection)(),
      destroy: () => new Promise(() => {}),
    });
    const first = outcomeOf(pool.acquire());
    await clock.advance(100);
    expect(first.error).toBeInstanceOf(TimeoutError);
    await pool.acquire();
    late.resolve({ id: 1, isGood: true });
    await settled();

    expect(pool.snapshot()).toMatchObject({ borrowed: 1, destroying: 1 });
    await expect(pool.acquire()).rejects.toThrow("'db' has its one resource out");
  });

  test.each([
    [{}, 30_000],
    [{ acquireTimeoutMs: 500 }, 500],
  ])('waits with %o for %i ms, and not longer', async (options, waitMs) => {
    const { pool, clock, registry } = world({ maxSize: 1, ...options });
    await pool.acquire();
    const outcome = outcomeOf(pool.acquire());

    await clock.advance(waitMs - 1);
    expect(outcome.isSettled).toBe(false);
    await clock.advance(1);

    expect(outcome.error).toBeInstanceOf(QueueTimeoutError);
    expect(pool.snapshot()).toMatchObject({ waiting: 0, timedOut: 1 });
    expect(registry.explain(outcome.error).text).toMatch(/^db: rejected: 'db' had no resource free within/);
  });

  test('may bring a time of his own', async () => {
    const { pool, clock } = world({ maxSize: 1 });
    await pool.acquire();
    const outcome = outcomeOf(pool.acquire({ timeoutMs: 50 }));

    await clock.advance(50);

    expect(outcome.error).toMatchObject({ code: 'ERR_QUEUE_TIMEOUT', policy: 'resourcePool', policyName: 'db' });
  });

  test('leaves at once when he aborts, with the reason of his signal', async () => {
    const { pool } = world({ maxSize: 1 });
    const held = await pool.acquire();
    const leaving = new AbortController();
    const gone = pool.acquire({ signal: leaving.signal });
    const next = outcomeOf(pool.acquire());

    leaving.abort(new Error('left'));
    await expect(gone).rejects.toThrow('left');
    pool.release(held);
    await settled();

    expect(next.value).toBe(held);
  });

  test('who has aborted before he came gets nothing, and takes nothing', async () => {
    const { pool, made } = world();

    await expect(pool.acquire({ signal: AbortSignal.abort('left') })).rejects.toBe('left');

    expect(made).toEqual([]);
  });
});

describe('a creation that fails', () => {
  const failing = (failures: number) => {
    let runs = 0;
    return () => {
      runs++;
      if (runs <= failures) throw new Error(`refused ${runs}`);
      return { id: runs, isGood: true };
    };
  };

  test('rejects who is first in line with the error itself, and takes no place for good', async () => {
    const { pool, events } = world({ maxSize: 1, create: failing(1) });

    const [first, second] = [outcomeOf(pool.acquire()), outcomeOf(pool.acquire())];
    await settled();

    expect(first.error).toMatchObject({ message: 'refused 1' });
    expect(second.value).toMatchObject({ id: 2 });
    expect(pool.snapshot()).toMatchObject({ size: 1, createFailures: 1, created: 1 });
    expect(events).toMatchObject([{ type: 'pool:createFailed', error: { message: 'refused 1' } }]);
  });

  test('each time tells the next in line, until one is made', async () => {
    const { pool } = world({ maxSize: 1, create: failing(2) });

    const outcomes = [1, 2, 3, 4].map(() => outcomeOf(pool.acquire()));
    await settled();

    expect(outcomes.map(({ error, value }) => (error as Error)?.message ?? (value as Connection)?.id)).toEqual([
      'refused 1',
      'refused 2',
      3,
      undefined,
    ]);
  });

  test('by hanging ends after createTimeoutMs: its signal is aborted, its place is free, and what comes late is destroyed', async () => {
    const late = deferred<Connection>();
    const signals: AbortSignal[] = [];
    const { pool, clock, ended, events } = world({
      maxSize: 1,
      createTimeoutMs: 100,
      create: ({ signal }) => {
        signals.push(signal);
        return signals.length === 1 ? late.promise : { id: 2, isGood: true };
      },
    });
    const [first, second] = [outcomeOf(pool.acquire()), outcomeOf(pool.acquire())];

    await clock.advance(100);

    expect(first.error).toBeInstanceOf(TimeoutError);
    expect(first.error).toMatchObject({ message: "'db' had its resource not made within 100 ms" });
    expect(signals[0]?.reason).toBe(first.error);
    expect(second.value).toMatchObject({ id: 2 });
    late.resolve({ id: 1, isGood: true });
    await settled();
    expect(ended).toEqual([1]);
    expect(events.at(-1)).toMatchObject({ type: 'pool:destroyed', because: 'late' });
    expect(pool.snapshot()).toMatchObject({ size: 1, borrowed: 1, created: 1 });
  });

  test('by giving a resource that the pool has already says so', async () => {
    const only = { id: 1, isGood: true };
    const { pool, ended } = world({ create: () => only });
    await pool.acquire();

    await expect(pool.acquire()).rejects.toThrow(/resourcePool: 'db' has that one already/);

    expect(ended).toEqual([]);
    expect(pool.snapshot()).toMatchObject({ size: 1, borrowed: 1 });
  });
});

describe('giving back', () => {
  test.each(['release', 'discard'] as const)('%s of what was given back before is an error', async (act) => {
    const { pool } = world();
    const held = await pool.acquire();
    pool.release(held);

    expect(() => pool[act](held)).toThrow(TypeError);
    expect(() => pool[act](held)).toThrow(
      `resourcePool.${act}: 'db' has not lent out this resource; it was given back`,
    );
    expect(pool.snapshot()).toMatchObject({ idle: 1 });
  });

  test('what was destroyed, or is none of the pool, is an error', async () => {
    const { pool } = world();
    const broken = await pool.acquire();
    pool.discard(broken);

    expect(() => pool.release(broken)).toThrow('it is none of this pool, or was destroyed');
    expect(() => pool.release({ id: 9, isGood: true })).toThrow(TypeError);
  });

  test('a broken resource destroys it, and the next in line gets a new one when it has ended', async () => {
    const ending = deferred<void>();
    const { pool, made } = world({ maxSize: 1, destroy: () => ending.promise });
    const broken = await pool.acquire();
    const next = outcomeOf(pool.acquire());

    pool.discard(broken);
    await settled();
    expect(made).toHaveLength(1);
    expect(pool.snapshot()).toMatchObject({ size: 1, destroying: 1, broken: 1 });
    ending.resolve();
    await settled();

    expect(next.value).toMatchObject({ id: 2 });
    expect(pool.snapshot()).toMatchObject({ size: 1, destroying: 0, destroyed: 1 });
  });

  test.each<[string, () => Promise<never>, object]>([
    ['fails', () => Promise.reject(new Error('stuck')), { message: 'stuck' }],
    ['hangs', () => new Promise<never>(() => {}), { code: 'ERR_TIMEOUT' }],
  ])('a broken resource whose destroy %s frees its place all the same', async (_, destroy, error) => {
    const { pool, clock, events } = world({ maxSize: 1, destroy, destroyTimeoutMs: 100 });
    pool.discard(await pool.acquire());

    const next = outcomeOf(pool.acquire());
    await clock.advance(100);

    expect(next.value).toMatchObject({ id: 2 });
    expect(pool.snapshot()).toMatchObject({ destroyFailures: 1, destroying: 0 });
    expect(events.at(-1)).toMatchObject({ type: 'pool:destroyFailed', error });
  });
});

describe('use', () => {
  test('gives what the function gives, and the resource back', async () => {
    const { pool } = world();

    expect(await pool.use(({ id }) => `by ${id}`)).toBe('by 1');
    expect(pool.snapshot()).toMatchObject({ idle: 1, borrowed: 0 });
  });

  const http = (status: number) => Object.assign(new Error(`${status}`), { status });
  test.each<[string, unknown, 'kept' | 'destroyed']>([
    ['a reset', Object.assign(new Error('reset'), { code: 'ECONNRESET' }), 'destroyed'],
    ['an error that says nothing', new Error('odd'), 'destroyed'],
    [
      'a timeout, for the work may go on',
      new TimeoutError('late', { policy: 'timeout', policyName: 't' }),
      'destroyed',
    ],
    ['what the caller has done wrong', http(404), 'kept'],
    ['a programming error', new TypeError('x is not a function'), 'kept'],
    ['a rejection, for nothing was run', new ClosedError('closed', { policy: 'p', policyName: 'p' }), 'kept'],
  ])('throws %s as it was, and the resource is %3$s', async (_, error, fate) => {
    const { pool } = world();

    await expect(pool.use(() => Promise.reject(error))).rejects.toBe(error);

    expect(pool.snapshot()).toMatchObject({ idle: fate === 'kept' ? 1 : 0, broken: fate === 'kept' ? 0 : 1 });
  });

  test('asks isBroken instead, and classify where it is given', async () => {
    const bad = new Error('bad');
    const fail = () => {
      throw bad;
    };
    const spared = world({ isBroken: (error, { id }) => error !== bad || id !== 1 });
    const judged = world({ classify: () => 'permanent' });

    await expect(spared.pool.use(fail)).rejects.toBe(bad);
    await expect(judged.pool.use(fail)).rejects.toBe(bad);

    expect(spared.pool.snapshot().broken).toBe(0);
    expect(judged.pool.snapshot().broken).toBe(0);
  });

  test('destroys the resource when isBroken itself throws, and its error has the first as cause', async () => {
    const first = new Error('first');
    const { pool } = world({
      isBroken: () => {
        throw new Error('second');
      },
    });

    await expect(pool.use(() => Promise.reject(first))).rejects.toMatchObject({ message: 'second', cause: first });
    expect(pool.snapshot()).toMatchObject({ size: 0, broken: 1 });
  });

  test('lets the function discard the resource, also when all went well', async () => {
    const { pool, ended } = world();

    await pool.use((_connection, lease) => lease.discard());

    expect(ended).toEqual([1]);
  });

  test('does not run the function for a caller who gave up as his resource came', async () => {
    const { pool } = world();
    const leaving = new AbortController();
    let runs = 0;
    await pool.use(() => {});
    const call = pool.use(() => runs++, { signal: leaving.signal });
    leaving.abort('left');

    await expect(call).rejects.toBe('left');
    await settled();

    expect(runs).toBe(0);
    expect(pool.snapshot()).toMatchObject({ acquired: 2, idle: 1, broken: 0 });
  });
});

describe('a lease', () => {
  test('comes back when its block is left, and when it is left by an error', async () => {
    const { pool } = world();
    const fail = async () => {
      await using lease = await pool.lease();
      expect(lease.resource).toMatchObject({ id: 1 });
      expect(pool.snapshot().borrowed).toBe(1);
      throw new Error('out');
    };

    await expect(fail()).rejects.toThrow('out');

    expect(pool.snapshot()).toMatchObject({ borrowed: 0, idle: 1 });
  });

  test('that was given back before is left in peace, and cannot be given back twice', async () => {
    const { pool } = world();
    const lease = await pool.lease();
    lease.release();
    const other = await pool.acquire();

    expect(() => lease.release()).toThrow('lease.release: the resource was given back before');
    expect(() => lease.discard()).toThrow(TypeError);
    await lease[Symbol.asyncDispose]();

    expect(lease.isOver).toBe(true);
    expect(other).toBe(lease.resource);
    expect(pool.snapshot()).toMatchObject({ borrowed: 1 });
  });
});

describe('the check on borrow', () => {
  test('does not ask of what was just made, and asks before it is lent again', async () => {
    const asked: number[] = [];
    const { pool } = world({ validate: ({ id }) => asked.push(id) > 0 });

    await pool.use(() => {});
    expect(asked).toEqual([]);
    await pool.use(() => {});

    expect(asked).toEqual([1]);
  });

  test.each<[string, () => boolean | Promise<boolean>]>([
    ['says no', () => false],
    ['says no later', async () => false],
    [
      'throws',
      () => {
        throw new Error('gone');
      },
    ],
    ['rejects', () => Promise.reject(new Error('gone'))],
  ])('that %s destroys the resource, and the caller gets another', async (_, validate) => {
    const { pool, ended, events } = world({ validate });
    await pool.use(() => {});

    expect(await pool.acquire()).toMatchObject({ id: 2 });

    expect(ended).toEqual([1]);
    expect(pool.snapshot()).toMatchObject({ invalid: 1, size: 1 });
    expect(events).toMatchObject([{ type: 'pool:destroyed', because: 'invalid' }]);
  });

  test('that hangs counts as a no after validateTimeoutMs', async () => {
    const { pool, clock, events } = world({ validate: () => new Promise(() => {}), validateTimeoutMs: 200 });
    await pool.use(() => {});
    const next = outcomeOf(pool.acquire());

    await clock.advance(199);
    expect(next.isSettled).toBe(false);
    expect(pool.snapshot()).toMatchObject({ checking: 1, borrowed: 0, idle: 0 });
    await clock.advance(1);

    expect(next.value).toMatchObject({ id: 2 });
    expect(events).toMatchObject([{ type: 'pool:destroyed', error: { code: 'ERR_TIMEOUT' } }]);
  });

  test('stands between a caller who gives back and the next in line, too', async () => {
    const { pool } = world({ maxSize: 1, validate: ({ isGood }) => isGood });
    const held = await pool.acquire();
    const next = outcomeOf(pool.acquire());

    held.isGood = false;
    pool.release(held);
    await settled();

    expect(next.value).toMatchObject({ id: 2 });
  });

  test('goes through all that is idle before one is made', async () => {
    const { pool, made } = world({ validate: ({ isGood }) => isGood });
    await Promise.all([pool.use(settled), pool.use(settled), pool.use(settled)]);
    for (const connection of made.slice(1)) connection.isGood = false;

    expect(await pool.acquire()).toBe(made[0]);
    expect(made).toHaveLength(3);
  });
});

describe('idle resources', () => {
  test('are destroyed after idleTimeoutMs, but for minSize of them', async () => {
    const { pool, clock, ended } = world({ minSize: 1, idleTimeoutMs: 1_000 });
    const held = await Promise.all([pool.acquire(), pool.acquire(), pool.acquire()]);
    for (const connection of held) pool.release(connection);

    await clock.advance(999);
    expect(ended).toEqual([]);
    await clock.advance(1);

    expect(ended).toEqual([1, 2]);
    expect(pool.snapshot()).toMatchObject({ size: 1, idle: 1, evicted: 2, destroyed: 2 });
  });

  test('start anew with each use', async () => {
    const { pool, clock, ended } = world({ idleTimeoutMs: 1_000 });
    for (let round = 0; round < 3; round++) {
      await pool.use(() => {});
      await clock.advance(900);
    }
    expect(ended).toEqual([]);

    await clock.advance(100);

    expect(ended).toEqual([1]);
  });

  test('stay for ever when idleTimeoutMs is Infinity', async () => {
    const { pool, clock } = world({ idleTimeoutMs: Infinity });
    await pool.use(() => {});

    await clock.advance(1e9);

    expect(pool.snapshot().idle).toBe(1);
  });
});

describe('minSize', () => {
  test('is made by fill, and by the first use', async () => {
    const filled = world({ minSize: 3 });
    const used = world({ minSize: 3 });

    await filled.pool.fill();
    await used.pool.use(() => {});
    await settled();

    expect(filled.pool.snapshot()).toMatchObject({ size: 3, idle: 3 });
    expect(used.pool.snapshot()).toMatchObject({ size: 3, idle: 3 });
  });

  test('is kept up when a resource goes', async () => {
    const { pool, made } = world({ minSize: 2 });
    await pool.fill();

    await pool.use((_, lease) => lease.discard());
    await settled();

    expect(made).toHaveLength(3);
    expect(pool.snapshot().size).toBe(2);
  });

  test('that cannot be made is told to who fills, and tried again at the next use only', async () => {
    let runs = 0;
    const { pool } = world({
      minSize: 1,
      create: () => {
        runs++;
        throw new Error('down');
      },
    });

    await expect(pool.fill()).rejects.toThrow('down');
    await settled();
    expect(runs).toBe(1);
    await expect(pool.acquire()).rejects.toThrow('down');

    expect(runs).toBe(2);
  });
});

describe('in a registry', () => {
  test('a pool with a name stands in registry.pools, as JSON too', async () => {
    const { pool, registry } = world({ maxSize: 4, maxQueue: 9 });
    await pool.use(() => {});

    expect(registry.pools.get('db')).toBe(pool);
    expect(JSON.parse(JSON.stringify(registry.snapshot().pools))).toEqual({
      db: {
        size: 1,
        idle: 1,
        borrowed: 0,
        creating: 0,
        checking: 0,
        destroying: 0,
        waiting: 0,
        minSize: 0,
        maxSize: 4,
        maxQueue: 9,
        acquired: 1,
        created: 1,
        destroyed: 0,
        evicted: 0,
        invalid: 0,
        broken: 0,
        createFailures: 0,
        destroyFailures: 0,
        timedOut: 0,
        rejected: 0,
        closed: false,
      },
    });
  });

  test('a name without a registry is one of the shared registry', async () => {
    const pool = new ResourcePool({ create: () => ({}), name: 'of-the-shared-registry' });

    expect(shared.pools.get('of-the-shared-registry')).toBe(pool);
    await pool.close();
    expect(shared.pools.has('of-the-shared-registry')).toBe(false);
  });

  test('a registry without a name makes one, and without either the pool stands alone', () => {
    const registry = new Registry();
    const pools = [1, 2, 3].map(() => new ResourcePool({ create: () => ({}), registry }));
    const before = shared.pools.size;

    expect(pools.map(({ name }) => name)).toEqual(['pool', 'pool#resourcePool', 'pool#resourcePool2']);
    expect(new ResourcePool({ create: () => ({}) }).name).toBe('pool');
    expect(shared.pools.size).toBe(before);
  });

  test('a name is one pool only, free again once that is closed', async () => {
    const { registry, pool } = world();
    const another = () => new ResourcePool({ create: () => ({}), name: 'db', registry });

    expect(another).toThrow(expect.objectContaining({ code: 'ERR_NAME_TAKEN' }));
    await pool.close();

    expect(registry.pools.has('db')).toBe(false);
    expect(another).not.toThrow();
  });

  test('a pool that was forgotten does not take its follower away as it closes', async () => {
    const { registry, pool } = world();
    registry.forget('db');
    const follower = new ResourcePool({ create: () => ({}), name: 'db', registry });

    await pool.close();

    expect(registry.pools.get('db')).toBe(follower);
  });

  test('a closed registry closes what comes to it', async () => {
    const registry = new Registry();
    await registry.close();

    const pool = new ResourcePool({ create: () => ({}), registry });

    await expect(pool.acquire()).rejects.toThrow(ClosedError);
  });

  test('rejections carry frames only where the registry wants them', async () => {
    const frames = async (captureStack: boolean) => {
      const registry = new Registry({ captureStack });
      const pool = new ResourcePool({ create: () => ({}), registry });
      await pool.close();
      return pool.acquire().catch((error: Error) => error.stack?.includes('\n    at '));
    };

    expect(await frames(false)).toBe(false);
    expect(await frames(true)).toBe(true);
  });
});

test.each<[object, string]>([
  [{}, '`create` must be given'],
  [{ create: 1 }, '`create` takes a function'],
  [{ create: () => 1, maxSise: 3 }, 'did you mean `maxSize`'],
  [{ create: () => 1, maxSize: 0 }, '`maxSize` takes a whole number from 1, got 0'],
  [{ create: () => 1, minSize: 3, maxSize: 2 }, '`minSize` takes a whole number up to `maxSize`, 2, got 3'],
  [{ create: () => 1, acquireTimeoutMs: 0 }, '`acquireTimeoutMs` takes a time in ms from 1, or Infinity, got 0'],
  [{ create: () => 1, registry: {} }, '`registry` takes a Registry'],
  [{ create: () => 1, name: '' }, '`name` takes a text'],
  [() => 1, 'takes its options as one object, got function'],
])('refuses %o', (options, complaint) => {
  expect(() => new ResourcePool(options as never)).toThrow(complaint);
  expect(() => new ResourcePool(options as never)).toThrow(/^resourcePool/);
});

test('refuses a wrong option of acquire', async () => {
  const { pool } = world();

  await expect(pool.acquire({ timeoutMs: -1 })).rejects.toThrow('resourcePool.acquire: `timeoutMs` takes a time');
  await expect(pool.use(() => 1, { signal: {} as AbortSignal })).rejects.toThrow('`signal` takes an AbortSignal');
});

test('has its options frozen, defaults filled in', () => {
  const { pool } = world();

  expect(Object.isFrozen(pool.options)).toBe(true);
  expect(pool.options).toMatchObject({
    name: 'db',
    minSize: 0,
    maxSize: 10,
    maxQueue: Infinity,
    acquireTimeoutMs: 30_000,
    idleTimeoutMs: 30_000,
    createTimeoutMs: 30_000,
    validateTimeoutMs: 5_000,
    destroyTimeoutMs: 5_000,
    drainTimeoutMs: 30_000,
  });
});
