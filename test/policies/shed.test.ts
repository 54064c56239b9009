import { describe, expect, test } from 'vitest';
import {
  bulkhead,
  cached,
  circuitBreaker,
  compose,
  fallback,
  Registry,
  retryWithBackoff,
  type ShedSnapshot,
  shed,
  timeout,
} from '../../src/index.js';
import { diskFull, failing, failureOf, gate, hanging, http, world } from './world.js';

const RETRY = { maxAttempts: 3, baseDelayMs: 100, jitter: 'none' } as const;

function snapshotOf(registry: Registry, name = 'api'): ShedSnapshot {
  return registry.limiters.get(name)?.snapshot() as ShedSnapshot;
}

/** The world's chance is a half: the first failure sheds with as much, and what follows with more. */
async function failedTwice(call: () => Promise<unknown>): Promise<void> {
  await failureOf(call);
  await failureOf(call);
}

test('sheds while too few are accepted, says so in an event, and explains it', async () => {
  const { own, registry, hear } = world();
  const rejected = hear('call:rejected');
  const { fn, state } = failing(2, () => http(503));
  const call = shed({ name: 'api', ...own })(fn);
  await failedTwice(call);
  const error = await failureOf(call);

  expect(error).toMatchObject({ code: 'ERR_SHED', policy: 'shed', policyName: 'api', site: 'fn' });
  expect(state.runs).toBe(2);
  expect(rejected).toMatchObject([{ code: 'ERR_SHED', name: 'api', site: 'fn' }]);
  expect(registry.explain(error).text).toBe(
    'fn: rejected: api sheds 66.7 % of its calls: 0 of 2 were accepted in 2 min, and k is 2',
  );
  expect(snapshotOf(registry)).toMatchObject({ requests: 3, accepts: 0, rejected: 1, totalCalls: 3 });
});

test('lets all through again when what was refused is older than the window', async () => {
  const { clock, own } = world();
  const { fn } = failing(2);
  const call = shed({ windowMs: 1_000, ...own })(fn);
  await failedTwice(call);
  expect(await failureOf(call)).toMatchObject({ code: 'ERR_SHED' });
  await clock.advance(1_000);

  expect(await call('back')).toBe('back');
});

test('takes its chance from the registry', async () => {
  for (const [chance, code] of [
    [0.66, 'ERR_SHED'],
    [0.67, undefined],
  ]) {
    const registry = new Registry({ random: () => chance as number });
    const call = shed({ registry })(failing(3).fn);
    // Two failures, and so a probability of 2/3.
    await failureOf(call);
    await failureOf(call);
    expect((await failureOf(call)) as object).toMatchObject(code === undefined ? { message: 'down' } : { code });
  }
});

test('leaves a synchronous function synchronous', () => {
  const { own, registry } = world();
  const call = shed({ name: 'api', ...own })((fails: boolean) => {
    if (fails) throw new Error('down');
    return 1;
  });

  expect(call(false)).toBe(1);
  expect(() => call(true)).toThrow('down');
  expect(snapshotOf(registry)).toMatchObject({ requests: 2, accepts: 1 });
});

test.each([
  ['a value', () => undefined, { requests: 1, accepts: 1 }],
  ['a permanent error, which is an answer', () => http(404), { requests: 1, accepts: 1 }],
  ['an overload', () => http(503), { requests: 1, accepts: 0 }],
  ['a critical error, which raises an alarm', diskFull, { requests: 1, accepts: 0 }],
])('counts %s as it should', async (what, make, expected) => {
  const { own, registry, hear } = world();
  const alarms = hear('error:critical');
  const error = make();
  const { fn } = failing(error === undefined ? 0 : 1, () => error);
  await shed({ name: 'api', ...own })(fn)().catch(() => {});

  expect(snapshotOf(registry)).toMatchObject(expected);
  expect(alarms).toHaveLength(what.includes('alarm') ? 1 : 0);
});

test('a judgement of the user decides what was accepted', async () => {
  const { own, registry } = world();
  await failureOf(shed({ name: 'api', classify: () => 'permanent', ...own })(failing(1).fn));

  expect(snapshotOf(registry)).toMatchObject({ requests: 1, accepts: 1 });
});

test('a `classify` that throws ends the call with its error, and says nothing of the dependency', async () => {
  const { own, registry } = world();
  const classify = () => {
    throw new Error('broken');
  };

  expect(await failureOf(shed({ name: 'api', classify, ...own })(failing(1).fn))).toMatchObject({ message: 'broken' });
  expect(snapshotOf(registry)).toMatchObject({ requests: 0, totalCalls: 1 });
});

test('the abort of a caller says nothing of the dependency', async () => {
  const { own, registry } = world();
  const controller = new AbortController();
  const failure = failureOf(() => shed({ name: 'api', ...own })(hanging().fn)(controller.signal));
  controller.abort(new Error('enough'));

  expect(await failure).toMatchObject({ message: 'enough' });
  expect(snapshotOf(registry)).toMatchObject({ requests: 0 });
});

test('calls that still run are no requests: a burst at the beginning is not shed', async () => {
  const { own, registry } = world();
  const { work, started } = gate();
  const call = shed({ name: 'api', ...own })(work);
  for (let many = 0; many < 100; many++) void call();

  expect(started).toHaveLength(100);
  expect(snapshotOf(registry)).toMatchObject({ requests: 0, totalCalls: 100 });
});

test('who uses the same name shares what is known; other options are refused', async () => {
  const { own } = world();
  const one = shed({ name: 'api', ...own })(failing(9).fn);
  const other = shed({ name: 'api', ...own })(failing(0).fn);
  await failedTwice(one);

  expect(await failureOf(other)).toMatchObject({ code: 'ERR_SHED' });
  expect(() => shed({ name: 'api', k: 3, ...own })(async () => 3)).toThrow(/'api' is taken/);
});

test('once the registry is closed it lets nobody in', async () => {
  const { own, registry } = world();
  const call = shed(own)(failing(0).fn);
  await registry.close();

  expect(await failureOf(call)).toMatchObject({ code: 'ERR_CLOSED' });
});

describe('with others', () => {
  test('retry over shed: each attempt is a request, and a call that is shed is not retried', async () => {
    const { clock, own, registry } = world();
    const { fn, state } = failing(9);
    const failure = failureOf(compose(retryWithBackoff({ ...RETRY, ...own }), shed({ name: 'api', ...own }))(fn));
    await clock.advance(1_000);

    expect(await failure).toMatchObject({ code: 'ERR_SHED' });
    expect(state.runs).toBe(2);
    expect(snapshotOf(registry)).toMatchObject({ requests: 3, rejected: 1 });
  });

  test('shed over retry: a call is one request, whatever it took', async () => {
    const { clock, own, registry } = world();
    const call = compose(shed({ name: 'api', ...own }), retryWithBackoff({ ...RETRY, ...own }))(failing(2).fn);
    const answer = call('x');
    await clock.advance(1_000);

    expect(await answer).toBe('x');
    expect(snapshotOf(registry)).toMatchObject({ requests: 1, accepts: 1 });
  });

  test('breaker inside of shed: an open circuit is no request; breaker over shed does not count what is shed', async () => {
    const { own, registry } = world();
    const strict = circuitBreaker({ failureThreshold: 1, ...own });
    const inner = compose(shed({ name: 'inner', ...own }), strict)(failing(9).fn);
    await failureOf(inner);
    for (let many = 0; many < 3; many++) await failureOf(inner);
    expect(snapshotOf(registry, 'inner').requests - snapshotOf(registry, 'inner').rejected).toBe(1);

    const loose = circuitBreaker({ name: 'outer', failureThreshold: 3, ...own });
    const outer = compose(loose, shed({ ...own }))(failing(9).fn);
    for (let many = 0; many < 9; many++) await failureOf(outer);
    expect(registry.breakers.get('outer')?.snapshot()).toMatchObject({ state: 'closed', failedCalls: 2 });
  });

  test('timeout on either side: a call that came too late was not accepted', async () => {
    const { clock, own, registry } = world();
    const limit = timeout({ ms: 50, ...own });
    const work = () => new Promise<string>((resolve) => clock.setTimeout(() => resolve('late'), 80));
    const outer = failureOf(compose(limit, shed({ name: 'inner', ...own }))(work));
    const inner = failureOf(compose(shed({ name: 'outer', ...own }), limit)(work));
    await clock.advance(100);

    expect(await Promise.all([outer, inner])).toMatchObject([{ code: 'ERR_TIMEOUT' }, { code: 'ERR_TIMEOUT' }]);
    expect(snapshotOf(registry, 'inner')).toMatchObject({ requests: 1, accepts: 0 });
    expect(snapshotOf(registry, 'outer')).toMatchObject({ requests: 1, accepts: 0 });
  });

  test('fallback over shed answers what was shed; inside of it, it answers failures, and they count as accepted', async () => {
    const { own, registry } = world();
    const outer = compose(fallback.value('spare', own), shed({ name: 'outer', ...own }))(failing(9).fn);
    for (let many = 0; many < 3; many++) expect(await outer()).toBe('spare');
    expect(snapshotOf(registry, 'outer')).toMatchObject({ accepts: 0, rejected: 1 });

    const inner = compose(shed({ name: 'inner', ...own }), fallback.value('spare', own))(failing(9).fn);
    for (let many = 0; many < 3; many++) expect(await inner()).toBe('spare');
    expect(snapshotOf(registry, 'inner')).toMatchObject({ requests: 3, accepts: 3 });
  });

  test('cached over shed: a hit is no request; inside of it, it is one that was accepted', async () => {
    const { own, registry } = world();
    const outer = compose(cached(own), shed({ name: 'outer', ...own }))(failing(0).fn);
    const inner = compose(shed({ name: 'inner', ...own }), cached(own))(failing(0).fn);
    for (const call of [outer, outer, inner, inner]) await call('x');

    expect(snapshotOf(registry, 'outer').requests).toBe(1);
    expect(snapshotOf(registry, 'inner').requests).toBe(2);
  });

  test('bulkhead inside of shed: what finds no slot was not sent; over it, shed calls give their slot back', async () => {
    const { own, registry } = world();
    const { work } = gate();
    const inner = compose(shed({ name: 'api', ...own }), bulkhead({ maxConcurrent: 1, ...own }))(work);
    void inner();
    expect(await failureOf(inner)).toMatchObject({ code: 'ERR_BULKHEAD_FULL' });
    expect(snapshotOf(registry)).toMatchObject({ requests: 0 });

    const outer = compose(bulkhead({ name: 'slots', maxConcurrent: 1, ...own }), shed(own))(failing(9).fn);
    for (let many = 0; many < 4; many++) await failureOf(outer);
    expect(registry.limiters.get('slots')?.snapshot()).toMatchObject({ active: 0, rejected: 0 });
  });
});
