import { describe, expect, test, vi } from 'vitest';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import {
  batched,
  circuitBreaker,
  type Clock,
  deadLetter,
  Health,
  health,
  type HealthOptions,
  Registry,
  type RegistryEvent,
  ResourcePool,
  registry as shared,
  SendBuffer,
} from '../../src/index.js';

const WALL_MS = Date.UTC(2026, 0, 1);
const down = () => Promise.reject(new Error('no route'));
const hangs = () => new Promise<never>(() => {});

function world(options: HealthOptions = {}) {
  const clock = new ManualClock({ wallMs: WALL_MS });
  const registry = new Registry({ clock });
  const changes: RegistryEvent<'health:changed'>[] = [];
  registry.on('health:changed', (event) => changes.push(event));
  return { clock, registry, changes, health: new Health({ registry, ...options }) };
}

/** A breaker that has seen five failures in a row. */
async function openBreaker(registry: Registry, name: string) {
  const call = circuitBreaker({ name, registry })(down);
  for (let calls = 0; calls < 5; calls++) await call().catch(() => {});
  return registry.breakers.get(name);
}

describe('readiness', () => {
  test('of nothing at all is up', async () => {
    expect(await world().health.ready()).toEqual({
      probe: 'ready',
      status: 'up',
      takenAt: WALL_MS,
      reasons: [],
      checks: { registry: { kind: 'registry', status: 'up' } },
    });
  });

  test('is down while a check fails, and degraded while one does that is not critical', async () => {
    const options = { checks: { database: () => true, mail: { check: down, critical: false } } };
    const { health: some } = world(options);
    const { health: all } = world({ checks: { ...options.checks, database: down } });

    expect(await some.ready()).toMatchObject({ status: 'degraded', reasons: ['mail: no route'] });
    expect(await all.ready()).toMatchObject({ status: 'down', reasons: ['database: no route', 'mail: no route'] });
    expect((await all.ready()).checks['database']).toEqual({
      kind: 'check',
      status: 'down',
      reason: 'no route',
      durationMs: 0,
      checkedAt: WALL_MS,
    });
  });

  test('a finding without a reason is told by its status', async () => {
    const { health } = world({ checks: { replica: () => ({ status: 'degraded' }) } });

    expect((await health.ready()).reasons).toEqual(['replica is degraded']);
  });

  test('looks at all checks at once, so that several that hang take no longer than one', async () => {
    const { clock, health } = world({ checks: { a: hangs, b: hangs, c: { check: hangs, timeoutMs: 500 } } });
    let settledAt: number | undefined;
    void health.ready().then(() => (settledAt = clock.now()));
    await clock.advance(800);

    expect(settledAt).toBe(800);
  });

  test('defaults for all checks give way to those of one', async () => {
    const [often, seldom] = [vi.fn(), vi.fn()];
    const { clock, health } = world({ cacheMs: 100, checks: { often, seldom: { check: seldom, cacheMs: 60_000 } } });
    for (let probe = 0; probe < 10; probe++) {
      await health.ready();
      await clock.advance(100);
    }

    expect([often.mock.calls.length, seldom.mock.calls.length]).toEqual([10, 1]);
  });

  test('a thousand probes ask a dependency once', async () => {
    const check = vi.fn(async () => true);
    const { health } = world({ checks: { database: check } });

    const reports = await Promise.all(Array.from({ length: 1_000 }, () => health.ready()));

    expect(reports.every(({ status }) => status === 'up')).toBe(true);
    expect(check).toHaveBeenCalledTimes(1);
  });
});

describe('a breaker', () => {
  test('that is open degrades, with its numbers', async () => {
    const { registry, health } = world();
    await openBreaker(registry, 'quotes-api');

    const { status, reasons, checks } = await health.ready();

    expect([status, reasons]).toEqual([
      'degraded',
      ['breaker:quotes-api: is open, 5 failures in a row; tried again in 60 000 ms'],
    ]);
    expect(checks['breaker:quotes-api']).toMatchObject({
      kind: 'breaker',
      status: 'degraded',
      details: { state: 'open', consecutiveFailures: 5, failureRate: 1, nextAttemptAt: WALL_MS + 60_000 },
    });
  });

  test('takes readiness down where it is said, and comes back in time to be called again', async () => {
    const { clock, registry, health } = world({ breakers: { 'quotes-*': 'down' } });
    await openBreaker(registry, 'quotes-api');

    expect((await health.ready()).status).toBe('down');
    await clock.advance(60_000);
    expect(await health.ready()).toMatchObject({
      status: 'degraded',
      reasons: ['breaker:quotes-api: is half-open: the next calls decide'],
    });
  });

  test.each([
    ['isolate', 'degraded', 'is isolated by ops (maintenance)'],
    ['disable', 'up', undefined],
    ['shadow', 'up', undefined],
  ] as const)('after %s() is %s', async (act, status, reason) => {
    const { registry, health } = world();
    const breaker = await openBreaker(registry, 'api');
    breaker?.[act]({ owner: 'ops', reason: 'maintenance' });

    const entry = (await health.ready()).checks['breaker:api'];
    expect([entry?.status, entry?.reason]).toEqual([status, reason]);
  });

  test('that is isolated for a time says how long, and without reasons says none', async () => {
    const { registry, health } = world();
    (await openBreaker(registry, 'api'))?.isolate({ ttlMs: 5_000 });

    expect((await health.ready()).reasons).toEqual(['breaker:api: is isolated; tried again in 5 000 ms']);
  });

  test('counts by the first name that fits; the others as ever', async () => {
    const { registry, health } = world({
      breakers: { 'a-1': 'ignored', 'a-*': { effect: 'down' }, 'b-?': 'ignored' },
    });
    for (const name of ['a-1', 'a-2', 'b-1', 'c']) await openBreaker(registry, name);

    const { checks } = await health.ready();
    expect(Object.entries(checks).map(([name, { status }]) => `${name} ${status}`)).toEqual([
      'registry up',
      'breaker:a-2 down',
      'breaker:c degraded',
    ]);
  });

  test('that judges by a window tells the share of failures, a family which of it', async () => {
    const { registry, health } = world();
    const window = { type: 'count', size: 4 } as const;
    const half = circuitBreaker({ name: 'half', window, registry })(async (fails: boolean) => fails && down());
    for (const fails of [true, true, true, false]) await half(fails).catch(() => {});
    const key = (host: string) => host;
    const hosts = circuitBreaker({ name: 'hosts', failureThreshold: 1, key, registry })((_host: string) => down());
    for (const host of ['eu-1', 'eu-2', 'eu-3', 'eu-4', 'eu-5']) await hosts(host).catch(() => {});

    expect((await health.ready()).reasons).toEqual([
      'breaker:half: is open, 75 % of calls failed; tried again in 60 000 ms',
      'breaker:hosts: is open for eu-1, eu-2, eu-3 and 2 more, 1 failure in a row; tried again in 60 000 ms',
    ]);
  });

  test('may be ignored, whatever its name', async () => {
    const { registry, health } = world({ breakers: 'ignored' });
    await openBreaker(registry, 'api');

    expect(Object.keys((await health.ready()).checks)).toEqual(['registry']);
  });
});

describe('pools, buffers and dead letters', () => {
  const pooled = (registry: Registry) => new ResourcePool({ name: 'db', create: () => ({}), maxSize: 1, registry });

  test('a pool is in trouble when callers wait for it', async () => {
    const { registry, health } = world();
    const pool = pooled(registry);
    const held = await pool.acquire();
    expect((await health.ready()).checks['pool:db']).toMatchObject({ status: 'up', details: { borrowed: 1 } });

    const waiting = [pool.acquire(), pool.acquire()];
    expect(await health.ready()).toMatchObject({
      status: 'degraded',
      reasons: ['pool:db: 2 callers waiting, 1 of 1 resources out'],
    });
    pool.release(held);
    pool.release(await (waiting[0] as Promise<object>));
    await waiting[1];
    expect((await health.ready()).status).toBe('up');
  });

  test('a line of a few may be well', async () => {
    const { registry, health } = world({ pools: { db: { effect: 'down', maxWaiting: 1 } } });
    const pool = pooled(registry);
    const calls = [pool.acquire(), pool.acquire()];
    expect((await health.ready()).status).toBe('up');
    calls.push(pool.acquire());
    expect((await health.ready()).status).toBe('down');
    for (const call of calls) pool.release(await call);
  });

  test.each([
    [8, undefined, 'up'],
    [9, undefined, 'degraded'],
    [5, { fullRatio: 0.5, effect: 'down' as const }, 'down'],
    [4, { fullRatio: 0.5, effect: 'down' as const }, 'up'],
  ])('a buffer with %i of 10 items by the rule %o is %s', async (items, rule, status) => {
    const { registry, health } = world(rule && { buffers: { readings: rule } });
    const buffer = new SendBuffer<number>({ name: 'readings', send: down, maxSize: 10, registry });
    buffer.enable({ keeps: 'all' });
    for (let item = 0; item < items; item++) await buffer.add(item);

    expect((await health.ready()).checks['buffer:readings']).toMatchObject({
      status,
      details: { size: items, maxSize: 10 },
    });
  });

  test('a buffer without a bound is never full, and what batches calls is none', async () => {
    const { clock, registry, health } = world();
    const buffer = new SendBuffer<number>({ name: 'all', send: down, maxSize: Infinity, registry });
    buffer.enable({ keeps: 'all' });
    await buffer.add(1);
    const load = batched({ registry })(async (ids: number[]) => ids);
    const loading = load([1]);

    expect(Object.keys((await health.ready()).checks)).toEqual(['registry', 'buffer:all']);
    await clock.advance(1_000);
    await loading;
  });

  test('dead letters count where it is said, from as many as is said', async () => {
    const options = { deadLetters: { orders: { maxSize: 1 }, 'payments*': 'down' as const } };
    const { registry, health } = world(options);
    const fail = (name: string) => deadLetter({ name, registry })(down)().catch(() => {});
    await fail('orders');
    await fail('other');
    expect((await health.ready()).status).toBe('up');

    await fail('orders');
    expect(await health.ready()).toMatchObject({
      status: 'degraded',
      reasons: ['deadLetters:orders: 2 failed calls kept'],
    });
    await fail('payments');
    expect((await health.ready()).status).toBe('down');
  });
});

describe('liveness', () => {
  test('does not depend on anything that readiness depends on', async () => {
    const { registry, health } = world({ breakers: 'down', checks: { database: down } });
    await openBreaker(registry, 'api');

    expect((await health.ready()).status).toBe('down');
    expect(await health.live()).toMatchObject({ probe: 'live', status: 'up' });
  });

  test('hangs on liveness checks, which readiness does not', async () => {
    const { health } = world({ livenessChecks: { worker: down, heap: { check: () => true, critical: false } } });

    expect(await health.live()).toMatchObject({ status: 'down', reasons: ['worker: no route'] });
    expect((await health.ready()).status).toBe('up');
  });

  test('is down while the event loop does not come round', async () => {
    const clock = new LoopClock();
    const { health } = world({ registry: new Registry({ clock }), maxEventLoopDelayMs: 2_000 });
    const reasonAt = async (nowMs: number) => {
      clock.nowMs = nowMs;
      return (await health.live()).reasons.join();
    };
    await reasonAt(0);

    clock.nowMs = 500;
    clock.comeRound();
    expect(await reasonAt(500)).toBe('');
    expect(await reasonAt(3_000)).toBe(''); // the tick of 1 000 is 2 000 late
    expect(await reasonAt(3_001)).toBe('eventLoop: came round 2 001 ms late');
    clock.comeRound();
    expect(await reasonAt(3_100)).toBe('eventLoop: came round 2 001 ms late');
    clock.nowMs = 3_501;
    clock.comeRound();
    expect(await reasonAt(3_501)).toBe('');
    expect((await health.live()).checks['eventLoop']).toEqual({
      kind: 'eventLoop',
      status: 'up',
      details: { delayMs: 0, maxEventLoopDelayMs: 2_000 },
    });
  });

  test('does not watch the event loop with `Infinity`', async () => {
    const { clock, health } = world({ maxEventLoopDelayMs: Infinity });

    expect((await health.live()).checks).toEqual({});
    expect(clock.pendingTimers).toBe(0);
  });

  test('stays what it was when the registry is closed: a process that ends is not to be killed for it', async () => {
    const { clock, registry, health } = world({ livenessChecks: { worker: () => true, late: hangs } });
    const asked = health.live();
    await registry.close();

    expect((await asked).status).toBe('up');
    expect((await health.live()).status).toBe('up');
    expect(clock.pendingTimers).toBe(0);
  });
});

/** A clock of a program whose event loop comes round when it is told to, late or not. */
class LoopClock implements Clock {
  nowMs = 0;
  readonly #timers: { at: number; callback: () => void }[] = [];
  now = () => this.nowMs;
  wallNow = () => this.nowMs;
  clearTimeout = () => {};
  setTimeout(callback: () => void, delayMs: number): unknown {
    return this.#timers.push({ at: this.nowMs + delayMs, callback });
  }
  comeRound(): void {
    for (const { at, callback } of this.#timers.splice(0)) {
      if (at <= this.nowMs) callback();
      else this.#timers.push({ at, callback });
    }
  }
}

describe('shutting down', () => {
  test('drain() takes readiness down at once, with who and why, and resume() brings it back', async () => {
    const { health } = world();
    health.drain({ reason: 'deploy', owner: 'ops' });

    expect(health.snapshot().draining).toBe(true);
    expect(await health.ready()).toMatchObject({ status: 'down', reasons: ['registry: is draining by ops (deploy)'] });
    expect((await health.live()).status).toBe('up');
    health.resume();
    expect((await health.ready()).status).toBe('up');
    health.drain();
    expect((await health.ready()).reasons).toEqual(['registry: is draining']);
  });

  test('what drains asks nobody any more', async () => {
    const check = vi.fn(() => true);
    const { health } = world({ checks: { check }, cacheMs: 0 });
    health.drain();
    await health.ready();
    expect(check).not.toHaveBeenCalled();
    health.resume();
    await health.ready();
    expect(check).toHaveBeenCalledTimes(1);
  });

  test('readiness is down from the moment on in which the registry begins to close', async () => {
    const { clock, registry, health } = world({ checks: { database: () => true } });
    let sent: () => void = () => {};
    const sending = new Promise<void>((resolve) => (sent = resolve));
    const send = () => sending;
    const buffer = new SendBuffer<number>({ name: 'readings', send, registry });
    buffer.enable({ keeps: 'all' });
    await buffer.add(1);

    const closing = registry.close();
    expect((await health.ready()).reasons).toEqual(['registry: is closing']);
    sent();
    await closing;
    expect((await health.ready()).reasons).toEqual(['registry: is closed']);
    expect(clock.pendingTimers).toBe(0);
  });

  test('who waits while the registry closes is told so', async () => {
    const { registry, health } = world({ checks: { database: hangs } });
    const asked = health.ready();
    await registry.close();

    expect(await asked).toMatchObject({ status: 'down', reasons: ['registry: is closed'] });
  });

  test('one that is made on a closed registry is down', async () => {
    const registry = new Registry({ clock: new ManualClock() });
    await registry.close();
    const check = vi.fn();

    expect((await health({ registry, checks: { check } }).ready()).status).toBe('down');
    expect(check).not.toHaveBeenCalled();
  });

  test('closing it leaves the registry as it is, and frees the name', async () => {
    const { registry, health } = world({ name: 'probes' });
    {
      await using closed = health;
      await closed.live();
      expect(registry.extensions.names()).toEqual(['probes']);
    }
    await health.close();

    expect(registry.extensions.names()).toEqual([]);
    expect(registry.closed).toBe(false);
    expect((await health.ready()).reasons).toEqual(['registry: was left: its health is closed']);
  });
});

describe('health:changed', () => {
  test('tells each change once, with what it was, is, and why', async () => {
    const answers = [true, true, false, true];
    const { clock, changes, health } = world({ checks: { database: () => answers.shift() } });
    for (let probe = 0; probe < 4; probe++) {
      await health.ready();
      await clock.advance(1_000);
    }

    expect(changes.map(({ from, to, reasons }) => ({ from, to, reasons }))).toEqual([
      { from: 'unknown', to: 'up', reasons: [] },
      { from: 'up', to: 'down', reasons: ['database: said that it is not well'] },
      { from: 'down', to: 'up', reasons: [] },
    ]);
    expect(changes[1]).toMatchObject({
      kind: 'health',
      name: 'health',
      site: 'health',
      probe: 'ready',
      at: WALL_MS + 2_000,
    });
  });

  test('tells liveness apart, and draining and closing without being asked', async () => {
    const { registry, changes, health } = world();
    await health.live();
    health.drain();
    health.resume();
    await health.ready();
    await registry.close();

    expect(changes.map(({ probe, from, to }) => `${probe} ${from} ${to}`)).toEqual([
      'live unknown up',
      'ready unknown down',
      'ready down up',
      'ready up down',
    ]);
  });
});

describe('in the registry', () => {
  test('it is seen with what was last told, and nothing is asked for that', async () => {
    const check = vi.fn(() => true);
    const { registry, health } = world({ checks: { check } });
    expect(registry.snapshot().extensions['health']).toEqual({ live: null, ready: null, draining: false });
    const ready = await health.ready();

    expect(registry.snapshot().extensions['health']).toEqual({ live: null, ready, draining: false });
    expect(JSON.parse(JSON.stringify(ready))).toEqual(ready);
    expect(check).toHaveBeenCalledTimes(1);
  });

  test('several have names of their own, and a given one is taken once', () => {
    const { registry } = world();
    const others = [new Health({ registry }), new Health({ registry, name: 'admin' })];

    expect(others.map(({ name }) => name)).toEqual(['health#health', 'admin']);
    expect(registry.extensions.names()).toEqual(['admin', 'health', 'health#health']);
    expect(() => new Health({ registry, name: 'admin' })).toThrow("the name 'admin' is taken");
  });

  test('without one it is the shared registry', async () => {
    const own = health();
    expect(shared.extensions.get(own.name)).toBe(own);
    await own.close();
  });
});

describe('options', () => {
  const made = (options: object) => () => world(options);

  test.each<[object, string]>([
    [{ check: {} }, 'health: unknown option `check`'],
    [{ checks: [] }, 'health: `checks` takes an object with a check for each name'],
    [{ checks: { x: 5 } }, 'health, checks.x takes its options as one object, got 5'],
    [{ checks: { x: {} } }, 'health, checks.x: `check` must be given'],
    [{ checks: { x: { check: () => {}, timeout: 5 } } }, 'health, checks.x: unknown option `timeout`'],
    [{ livenessChecks: { x: { check: () => {}, critical: 1 } } }, '`critical` takes true or false, got 1'],
    [{ checks: { 'breaker:x': () => {} } }, "and do not begin with 'breaker:'"],
    [{ checks: { registry: () => {} } }, "got 'registry'"],
    [{ checks: { '': () => {} } }, "got ''"],
    [{ timeoutMs: 0 }, 'health: `timeoutMs` takes a time in ms from 1, got 0'],
    [{ cacheMs: -1 }, '`cacheMs` takes a time in ms from 0'],
    [{ whileChecking: 'guess' }, "`whileChecking` takes 'wait' or 'stale'"],
    [{ retryHungAfterMs: 0 }, '`retryHungAfterMs` takes a time in ms from 1, or Infinity'],
    [{ maxEventLoopDelayMs: 0 }, '`maxEventLoopDelayMs` takes a time in ms from 1, or Infinity'],
    [{ breakers: 'up' }, "health, breakers: `effect` takes 'ignored' or 'degraded' or 'down', got \"up\""],
    [{ breakers: [] }, '`breakers` takes'],
    [{ breakers: { x: 'up' } }, 'health, breakers.x: `effect` takes'],
    [{ breakers: { x: { maxWaiting: 1 } } }, 'health, breakers.x: unknown option `maxWaiting`'],
    [{ pools: { db: { maxWaiting: -1 } } }, 'health, pools.db: `maxWaiting` takes a whole number from 0'],
    [{ buffers: { x: { fullRatio: 90 } } }, 'health, buffers.x: `fullRatio` takes a share above 0'],
    [{ deadLetters: { x: { maxSize: 0.5 } } }, 'health, deadLetters.x: `maxSize` takes a whole number from 0'],
    [{ registry: {} }, '`registry` takes a Registry'],
    [{ name: '' }, '`name` takes a text'],
  ])('%o is refused', (options, message) => {
    expect(made(options)).toThrow(message);
  });

  test('drain refuses what it does not know', () => {
    expect(() => world().health.drain({ why: 'x' } as object)).toThrow('health.drain: unknown option `why`');
  });
});
