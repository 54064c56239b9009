import { describe, expect, test } from 'vitest';
import {
  type AdaptiveLimitSnapshot,
  adaptiveLimit,
  bulkhead,
  cached,
  circuitBreaker,
  compose,
  fallback,
  hedge,
  type Registry,
  retryWithBackoff,
  timeout,
} from '../../src/index.js';
import { diskFull, failing, failureOf, gate, hanging, http, world } from './world.js';

const RETRY = { maxAttempts: 3, baseDelayMs: 100, jitter: 'none' } as const;
const ONE = { initial: 1, max: 1 };

function snapshotOf(registry: Registry, name = 'api'): AdaptiveLimitSnapshot {
  return registry.limiters.get(name)?.snapshot() as AdaptiveLimitSnapshot;
}

describe.each(['gradient', 'aimd'] as const)('by %s', (algorithm) => {
  test('rejects what finds no slot, says so in an event, and explains it', async () => {
    const { own, registry, hear } = world();
    const rejected = hear('call:rejected');
    const { work, started, finish } = gate();
    const call = adaptiveLimit({ name: 'api', ...ONE, algorithm, ...own })(work);
    const first = call('a');
    const error = await failureOf(() => call('b'));
    finish(0);

    expect(error).toMatchObject({
      code: 'ERR_BULKHEAD_FULL',
      policy: 'adaptiveLimit',
      policyName: 'api',
      site: 'work',
    });
    expect(await first).toBe('done');
    expect([started, rejected.map(({ code, name }) => `${code} ${name}`)]).toEqual([
      [['a']],
      ['ERR_BULKHEAD_FULL api'],
    ]);
    expect(snapshotOf(registry)).toMatchObject({ active: 0, rejected: 1, totalCalls: 2 });
    expect(registry.explain(error).text).toMatch(
      /: rejected: api lets 1 call run at once now \(between 1 and 1\), and as many do$/,
    );
  });

  test('leaves a synchronous function synchronous, and gives its slot back when it throws', () => {
    const { own, registry } = world();
    const call = adaptiveLimit({ name: 'api', ...ONE, algorithm, ...own })((fails: boolean) => {
      if (fails) throw new Error('down');
      return 1;
    });

    expect(() => call(true)).toThrow('down');
    expect(call(false)).toBe(1);
    expect(snapshotOf(registry)).toMatchObject({ active: 0, dropped: 1 });
  });

  test.each([
    ['a permanent error', () => http(404), 0],
    ['a programming error', () => new TypeError('x is no function'), 0],
    ['an overload', () => http(503), 1],
    ['a critical error, which raises an alarm', diskFull, 1],
  ])('%s counts as it should', async (what, make, dropped) => {
    const { own, registry, hear } = world();
    const alarms = hear('error:critical');
    await failureOf(adaptiveLimit({ name: 'api', algorithm, ...own })(failing(1, make).fn));

    expect(snapshotOf(registry)).toMatchObject({ dropped, active: 0 });
    expect(alarms).toHaveLength(what.includes('alarm') ? 1 : 0);
  });

  test('the abort of a caller says nothing of the dependency', async () => {
    const { own, registry } = world();
    const call = adaptiveLimit({ name: 'api', algorithm, ...own })(hanging().fn);
    const controller = new AbortController();
    const failure = failureOf(() => call(controller.signal));
    controller.abort(new Error('enough'));

    expect(await failure).toMatchObject({ message: 'enough' });
    expect(snapshotOf(registry)).toMatchObject({ dropped: 0, active: 0, limit: 20 });
  });

  test('a `classify` that throws takes no slot away, and moves nothing', async () => {
    const { own, registry } = world();
    const classify = () => {
      throw new Error('broken');
    };
    const down = new Error('down');
    const call = adaptiveLimit({ name: 'api', algorithm, classify, ...own })(failing(1, () => down).fn);

    expect(await failureOf(call)).toMatchObject({ message: 'broken', cause: down });
    expect(snapshotOf(registry)).toMatchObject({ active: 0, dropped: 0, limit: 20 });
  });

  test('who uses the same name shares the limit; other options are refused', () => {
    const { own, registry } = world();
    const shared = { name: 'api', algorithm, ...own };
    adaptiveLimit(shared)(async () => 1);
    adaptiveLimit(shared)(async () => 2);

    expect(registry.limiters.size).toBe(1);
    expect(() => adaptiveLimit({ ...shared, max: 7 })(async () => 3)).toThrow(/'api' is taken/);
  });

  test('once the registry is closed it lets nobody in', async () => {
    const { own, registry } = world();
    const call = adaptiveLimit({ algorithm, ...own })(failing(0).fn);
    await registry.close();

    expect(await failureOf(call)).toMatchObject({ code: 'ERR_CLOSED' });
  });

  test('timeout over it: the slot stays taken until the work has settled, and what came late is lost', async () => {
    const { clock, own, registry } = world();
    const { work, finish } = gate();
    const limit = adaptiveLimit({ name: 'api', initial: 10, min: 10, max: 10, algorithm, ...own });
    const call = compose(timeout({ ms: 50, ...own }), limit)(work);
    const calls = Array.from({ length: 10 }, () => failureOf(() => call('a')));
    await clock.advance(50);
    expect(await Promise.all(calls)).toMatchObject(Array(10).fill({ code: 'ERR_TIMEOUT' }));

    expect(snapshotOf(registry)).toMatchObject({ active: 10 });
    expect(await failureOf(() => call('b'))).toMatchObject({ code: 'ERR_BULKHEAD_FULL' });
    await clock.advance(150);
    for (let index = 0; index < 10; index++) finish(index);
    await clock.advance(0);
    expect(snapshotOf(registry)).toMatchObject({ active: 0, dropped: algorithm === 'aimd' ? 10 : 0 });
    expect(snapshotOf(registry).totalCalls).toBe(11);
  });

  test('inside of it: the slot comes back as the timeout answers, and the call is lost', async () => {
    const { clock, own, registry } = world();
    const limit = adaptiveLimit({ name: 'api', algorithm, ...own });
    const failure = failureOf(compose(limit, timeout({ ms: 50, ...own }))(gate().work));
    await clock.advance(50);

    expect(await failure).toMatchObject({ code: 'ERR_TIMEOUT' });
    expect(snapshotOf(registry)).toMatchObject({ active: 0, dropped: 1 });
  });
});

describe('the limit that moves', () => {
  test('by aimd is told in an event for each move', async () => {
    const { own, registry, hear } = world();
    const moves = hear('limiter:limit');
    const { fn } = failing(1, () => http(429));
    const call = adaptiveLimit({ name: 'api', initial: 2, algorithm: 'aimd', ...own })(fn);
    await failureOf(call);
    await call();

    expect(moves).toMatchObject([
      { kind: 'adaptiveLimit', name: 'api', site: 'api', from: 2, to: 1 },
      { from: 1, to: 2 },
    ]);
    expect(registry.decisions({ name: 'api' })).toEqual([]);
  });

  test('by gradient goes by how long calls take, their wait in a queue outside apart', async () => {
    const { clock, own, registry, hear } = world();
    const moves = hear('limiter:limit');
    const work = () => new Promise<void>((resolve) => clock.setTimeout(resolve, 40));
    const queue = bulkhead({ maxConcurrent: 10, maxQueue: 90, ...own });
    const call = compose(queue, adaptiveLimit({ name: 'api', initial: 15, ...own }))(work);
    const calls = Array.from({ length: 100 }, () => call());
    await clock.advance(1_000);
    await Promise.all(calls);

    expect(snapshotOf(registry)).toMatchObject({ latencyMs: 40, usualLatencyMs: 40 });
    expect(moves.at(0)).toMatchObject({ from: 15, latencyMs: 40, usualLatencyMs: 40 });
  });

  test('explains a rejection by what calls take', async () => {
    const { clock, own, registry } = world();
    const work = () => new Promise<void>((resolve) => clock.setTimeout(resolve, 120));
    const call = adaptiveLimit({ name: 'api', initial: 10, max: 10, ...own })(work);
    for (let window = 0; window < 2; window++) {
      const calls = Array.from({ length: 10 }, () => call());
      await clock.advance(120);
      await Promise.all(calls);
    }
    for (let many = 0; many < 10; many++) void call();
    const error = await failureOf(call);

    expect(registry.explain(error).text).toMatch(
      /now \(between 1 and 10\), and as many do; calls take 120 ms, usually 120 ms$/,
    );
    await clock.advance(120);
  });
});

describe('with others', () => {
  test('retry over it does not retry a rejection; retry inside of it keeps the slot while it waits', async () => {
    const { clock, own, registry } = world();
    const { work, started } = gate();
    const outer = compose(retryWithBackoff({ ...RETRY, ...own }), adaptiveLimit({ ...ONE, ...own }))(work);
    void outer('a');
    expect(await failureOf(() => outer('b'))).toMatchObject({ code: 'ERR_BULKHEAD_FULL' });
    expect(started).toHaveLength(1);

    const limit = adaptiveLimit({ name: 'api', ...ONE, ...own });
    const inner = compose(limit, retryWithBackoff({ ...RETRY, ...own }))(failing(1).fn);
    const answer = inner('x');
    await clock.advance(50);
    expect(snapshotOf(registry)).toMatchObject({ active: 1 });
    await clock.advance(50);
    expect(await answer).toBe('x');
    expect(snapshotOf(registry)).toMatchObject({ active: 0, dropped: 0 });
  });

  test('each attempt of a retry over it is counted', async () => {
    const { clock, own, registry } = world();
    const limit = adaptiveLimit({ name: 'api', ...own });
    const failure = failureOf(compose(retryWithBackoff({ ...RETRY, ...own }), limit)(failing(9).fn));
    await clock.advance(300);

    expect(await failure).toMatchObject({ message: 'down' });
    expect(snapshotOf(registry)).toMatchObject({ dropped: 3, totalCalls: 3 });
  });

  test('breaker over it does not count its rejections; breaker inside of it does not move it with its own', async () => {
    const { own, registry } = world();
    const { work } = gate();
    const strict = circuitBreaker({ name: 'outer', failureThreshold: 1, ...own });
    const outer = compose(strict, adaptiveLimit({ ...ONE, ...own }))(work);
    void outer('a');
    await failureOf(() => outer('b'));
    expect(registry.breakers.get('outer')?.state).toBe('closed');

    const limit = adaptiveLimit({ name: 'api', algorithm: 'aimd', ...own });
    const inner = compose(limit, circuitBreaker({ failureThreshold: 1, ...own }))(failing(9).fn);
    for (let call = 0; call < 5; call++) await failureOf(inner);
    expect(snapshotOf(registry)).toMatchObject({ dropped: 1, totalCalls: 5, active: 0, limit: 18 });
  });

  test('fallback over it answers the rejection; inside of it, it answers the failure, and the limit sees a value', async () => {
    const { own, registry } = world();
    const outer = compose(fallback.value('spare', own), adaptiveLimit({ ...ONE, ...own }))(gate().work);
    void outer('a');
    expect(await outer('b')).toBe('spare');

    const limit = adaptiveLimit({ name: 'api', algorithm: 'aimd', ...own });
    const inner = compose(limit, fallback.value('spare', own))(failing(1).fn);
    expect(await inner()).toBe('spare');
    expect(snapshotOf(registry)).toMatchObject({ dropped: 0, active: 0 });
  });

  test('cached over it: a hit takes no slot; inside of it, it does', async () => {
    const { own, registry } = world();
    const outer = compose(cached(own), adaptiveLimit({ name: 'outer', ...own }))(failing(0).fn);
    const inner = compose(adaptiveLimit({ name: 'inner', ...own }), cached(own))(failing(0).fn);
    for (const call of [outer, outer, inner, inner]) await call('x');

    expect(snapshotOf(registry, 'outer').totalCalls).toBe(1);
    expect(snapshotOf(registry, 'inner').totalCalls).toBe(2);
  });

  test('hedge over it: a loser that was aborted does not count, and holds its slot until it has settled', async () => {
    const { clock, own, registry } = world();
    const limit = adaptiveLimit({ name: 'api', algorithm: 'aimd', ...own });
    let runs = 0;
    const { fn } = hanging();
    const call = compose(hedge({ delayMs: 50, ...own }), limit)(async () => (++runs === 1 ? fn() : 'second'));
    const answer = call();
    await clock.advance(50);

    expect(await answer).toBe('second');
    await clock.advance(0);
    expect(snapshotOf(registry)).toMatchObject({ active: 0, dropped: 0, totalCalls: 2 });
  });

  test('hedge inside of it: both attempts are one call', async () => {
    const { clock, own, registry } = world();
    const limit = adaptiveLimit({ name: 'api', ...ONE, ...own });
    let runs = 0;
    const call = compose(limit, hedge({ delayMs: 50, ...own }))(async () => (++runs === 1 ? hanging().fn() : 'second'));
    const answer = call();
    await clock.advance(50);

    expect(await answer).toBe('second');
    expect(snapshotOf(registry)).toMatchObject({ active: 0, totalCalls: 1 });
  });

  test('bulkhead over it bounds it; inside of it, it is what rejects, and the limit is not moved by that', async () => {
    const { own, registry } = world();
    const { work } = gate();
    const outer = compose(
      bulkhead({ name: 'slots', maxConcurrent: 1, ...own }),
      adaptiveLimit({ name: 'outer', ...own }),
    )(work);
    const inner = compose(
      adaptiveLimit({ name: 'inner', algorithm: 'aimd', ...own }),
      bulkhead({ maxConcurrent: 1, ...own }),
    )(work);
    void outer('a');
    expect(await failureOf(() => outer('b'))).toMatchObject({ policy: 'bulkhead' });
    expect(snapshotOf(registry, 'outer')).toMatchObject({ active: 1, totalCalls: 1 });
    void inner('a');
    expect(await failureOf(() => inner('b'))).toMatchObject({ policy: 'bulkhead' });
    expect(snapshotOf(registry, 'inner')).toMatchObject({ active: 1, totalCalls: 2, dropped: 0, limit: 20 });
  });
});
