import { describe, expect, test } from 'vitest';
import { CircuitOpenError, RateLimitedError } from '../../src/base/errors.js';
import { failure, setUp, WALL } from './queue-set-up.js';
import { collectGarbage } from '../collect-garbage.js';

const down = new Error('down again');
const open = new CircuitOpenError('open', { policy: 'circuitBreaker', policyName: 'orders' });
const limited = new RateLimitedError('slow down', { policy: 'rateLimit', policyName: 'orders' });

/** A queue of calls numbered from 0, and a function that fails for some of them. */
function setUpCalls(calls: number, failing: Record<number, unknown> = {}) {
  const all = setUp();
  const runs: unknown[][] = [];
  all.queue.bind('Orders.place', async (_self, args) => {
    runs.push(args);
    if (failing[args[0] as number] !== undefined) throw failing[args[0] as number];
  });
  const ids = Array.from({ length: calls }, (_, call) => all.queue.keep(failure({ args: [call] })) as string);
  const left = () => all.queue.list().map(({ args }) => args[0]);
  return { ...all, runs, ids, left };
}

describe('redrive', () => {
  test('runs entries oldest first and removes what succeeds', async () => {
    const { queue, runs, ids, told } = setUpCalls(3);

    const report = await queue.redrive({ reason: 'fixed', owner: 'ann' });

    expect(report).toEqual({
      attempted: 3,
      succeeded: 3,
      failed: 0,
      skipped: 0,
      unbound: 0,
      results: ids.map((id) => ({ id, outcome: 'succeeded' })),
    });
    expect(runs).toEqual([[0], [1], [2]]);
    expect(queue.size).toBe(0);
    expect(told('redriven')).toEqual(
      ids.map((id) => ({ type: 'redriven', id, site: 'Orders.place', reason: 'fixed', owner: 'ann' })),
    );
    const { results: _, ...counts } = report;
    expect(told('redriveEnded')).toEqual([{ type: 'redriveEnded', report: counts, reason: 'fixed', owner: 'ann' }]);
  });

  test('what fails again stays in its place, counts it, and makes no second entry', async () => {
    const { clock, queue, ids, left, told } = setUpCalls(3, { 1: new TypeError('bad') });
    await clock.advance(5_000);

    const report = await queue.redrive({ owner: 'ann' });

    expect(report).toMatchObject({ attempted: 3, succeeded: 2, failed: 1 });
    expect(left()).toEqual([1]);
    const error = { name: 'TypeError', message: 'bad' };
    expect(queue.list()[0]).toMatchObject({
      id: ids[1],
      error,
      severity: 'permanent',
      attempts: 2,
      redrives: 1,
      firstAt: WALL,
      lastAt: WALL + 5_000,
    });
    expect(queue.snapshot()).toMatchObject({ totalFailures: 3, bySeverity: { recoverable: 3 } });
    expect(told('redriveFailed')).toMatchObject([{ id: ids[1], redrives: 1, error, owner: 'ann' }]);
    expect((await queue.redrive()).results[0]?.error).toBeInstanceOf(TypeError);
    expect(queue.list()[0]).toMatchObject({ attempts: 3, redrives: 2 });
  });

  test.each([
    ['a failure', down, undefined, 2],
    ['a rejection, which was not run,', limited, undefined, 1],
    ['a failure whose attempts are known', down, () => 4, 5],
  ])('%s adds its runs to the attempts', async (_, error, attemptsOf, attempts) => {
    const { queue } = setUp({}, { attemptsOf });
    queue.bind('Orders.place', () => Promise.reject(error));
    queue.keep(failure());
    await queue.redrive();

    expect(queue.list()[0]).toMatchObject({ attempts, redrives: 1 });
  });

  test('a synchronous function is run as well', async () => {
    const { queue } = setUp();
    queue.bind('Orders.place', (_self, args) => {
      if (args[0] === 'bad') throw down;
    });
    queue.keep(failure({ args: ['bad'] }));
    queue.keep(failure({ args: ['good'] }));

    expect(await queue.redrive()).toMatchObject({ succeeded: 1, failed: 1, results: [{ error: down }, {}] });
  });

  test('a function that changes its arguments and fails does not change the entry', async () => {
    const { queue } = setUp();
    queue.bind('Orders.place', (_self, [order]) => {
      Object.assign(order as object, { id: 2 });
      throw down;
    });
    queue.keep(failure({ args: [{ id: 1 }] }));
    await queue.redrive();

    expect(queue.list()[0]?.args).toEqual([{ id: 1 }]);
  });

  test('an open circuit ends it, and harms no entry', async () => {
    const { queue, runs, ids, left, told } = setUpCalls(4, { 2: open });

    const report = await queue.redrive();

    expect(report).toMatchObject({ attempted: 2, succeeded: 2, failed: 0, skipped: 1, stoppedBy: 'circuit-open' });
    expect(report.results.at(-1)).toEqual({ id: ids[2], outcome: 'skipped', error: open });
    expect(runs).toHaveLength(3);
    expect(left()).toEqual([2, 3]);
    expect(queue.list()[0]).toMatchObject({ attempts: 1, redrives: 0, error: { message: 'down' } });
    expect(told('redriveFailed')).toEqual([]);
  });

  test('runs only what the filter lets through, up to the limit', async () => {
    const { queue, left } = setUpCalls(6);

    const report = await queue.redrive({ filter: ({ args }) => (args[0] as number) % 2 === 0, limit: 2 });

    expect(report).toMatchObject({ attempted: 2, succeeded: 2 });
    expect(report).not.toHaveProperty('stoppedBy');
    expect(left()).toEqual([1, 3, 4, 5]);
  });

  test('a filter that throws ends it before anything is run, and the next one is not refused', async () => {
    const { queue, runs } = setUpCalls(2);
    const filter = ({ args }: { args: unknown[] }) => {
      if (args[0] === 1) throw down;
      return true;
    };

    await expect(queue.redrive({ filter })).rejects.toBe(down);
    expect(runs).toEqual([]);
    expect(await queue.redrive()).toMatchObject({ succeeded: 2 });
  });

  test('a dry run says what would be run, and runs nothing', async () => {
    const { queue, runs, ids, told } = setUpCalls(3);
    queue.keep(failure({ site: 'unknown' }));

    const report = await queue.redrive({ dryRun: true, filter: ({ id }) => id !== ids[0], ratePerSecond: 1 });

    expect(report).toMatchObject({ attempted: 2, succeeded: 0, failed: 0, unbound: 1 });
    expect(report.results.map(({ outcome }) => outcome)).toEqual(['planned', 'planned', 'unbound']);
    expect(runs).toEqual([]);
    expect(queue.size).toBe(4);
    expect(told('redriveEnded')).toEqual([]);
    expect((await queue.redrive({ dryRun: true, limit: 2 })).attempted).toBe(2);
  });

  test('the first run starts within the call', () => {
    const { queue, runs } = setUpCalls(2);
    void queue.redrive();

    expect(runs).toEqual([[0]]);
  });

  test('what is kept while it runs is not run', async () => {
    const { queue } = setUp();
    queue.bind('Orders.place', () => void queue.keep(failure({ args: ['new'] })));
    queue.keep(failure());

    expect(await queue.redrive()).toMatchObject({ attempted: 1 });
    expect(queue.list().map(({ args }) => args)).toEqual([['new']]);
  });

  test('what is cleared while it runs does not come back', async () => {
    const { queue, told } = setUp();
    queue.bind('Orders.place', (_self, [arg]) => {
      queue.clear();
      if (arg === 'bad') throw down;
    });
    for (const arg of ['bad', 'good']) {
      queue.keep(failure({ args: [arg] }));
      queue.keep(failure());

      expect((await queue.redrive()).results).toHaveLength(1);
      expect(queue.size).toBe(0);
    }
    expect([...told('redriveFailed'), ...told('redriven')]).toEqual([]);
  });
});

describe('the pace', () => {
  test('runs start no faster than the rate', async () => {
    const { clock, queue, runs } = setUpCalls(4);
    const redrive = queue.redrive({ ratePerSecond: 2 });
    for (const [ms, count] of [
      [0, 1],
      [499, 1],
      [1, 2],
      [499, 2],
      [501, 4],
    ] as const) {
      await clock.advance(ms);
      expect(runs).toHaveLength(count);
    }

    expect(await redrive).toMatchObject({ succeeded: 4 });
    expect(clock.pendingTimers).toBe(0);
  });

  test('the time of the run counts: a slow one is not waited for twice', async () => {
    const { clock, queue } = setUp();
    const starts: number[] = [];
    queue.bind('Orders.place', () => {
      starts.push(clock.now());
      return new Promise<void>((resolve) => clock.setTimeout(resolve, 700));
    });
    for (let call = 0; call < 3; call++) queue.keep(failure());
    const redrive = queue.redrive({ ratePerSecond: 1 });
    await clock.advance(10_000);
    await redrive;

    expect(starts).toEqual([0, 1_000, 2_000]);
  });

  test('what cannot be run takes no time', async () => {
    const { queue, clock } = setUpCalls(1);
    for (let call = 0; call < 100; call++) queue.keep(failure({ site: 'unknown' }));

    expect(await queue.redrive({ ratePerSecond: 0.001 })).toMatchObject({ succeeded: 1, unbound: 100 });
    expect(clock.pendingTimers).toBe(0);
  });

  test('an aborted signal ends the wait at once', async () => {
    const { clock, queue, left } = setUpCalls(3);
    const controller = new AbortController();
    const redrive = queue.redrive({ ratePerSecond: 1, signal: controller.signal });
    await clock.advance(0);
    await clock.advance(1_500);
    controller.abort();

    expect(await redrive).toMatchObject({ attempted: 2, succeeded: 2, stoppedBy: 'cancelled' });
    expect(left()).toEqual([2]);
  });

  test('a run that has begun is waited for', async () => {
    const { clock, queue } = setUp();
    const controller = new AbortController();
    queue.bind('Orders.place', () => new Promise<void>((resolve) => clock.setTimeout(resolve, 700)));
    queue.keep(failure());
    queue.keep(failure());
    const redrive = queue.redrive({ signal: controller.signal });
    await clock.advance(100);
    controller.abort();
    await clock.advance(1_000);

    expect(await redrive).toMatchObject({ succeeded: 1, stoppedBy: 'cancelled' });
    expect(queue.size).toBe(1);
  });

  test('a signal that was aborted before lets nothing run', async () => {
    const { queue, runs } = setUpCalls(2);

    expect(await queue.redrive({ signal: AbortSignal.abort() })).toMatchObject({
      attempted: 0,
      stoppedBy: 'cancelled',
    });
    expect(runs).toEqual([]);
  });

  test('an entry that goes while it waits its turn is passed over', async () => {
    const { clock, queue, runs } = setUpCalls(2);
    const redrive = queue.redrive({ ratePerSecond: 1 });
    await clock.advance(500);
    queue.clear();
    await clock.advance(1_000);

    expect((await redrive).results).toHaveLength(1);
    expect(runs).toHaveLength(1);
  });

  test('one at a time: a second redrive does nothing and says so, a dry run is possible', async () => {
    const { clock, queue, runs } = setUpCalls(2);
    const first = queue.redrive({ ratePerSecond: 1 });
    await clock.advance(500);

    expect(await queue.redrive()).toEqual({
      attempted: 0,
      succeeded: 0,
      failed: 0,
      skipped: 0,
      unbound: 0,
      stoppedBy: 'busy',
      results: [],
    });
    expect(await queue.redrive({ dryRun: true })).toMatchObject({ attempted: 1 });
    await clock.advance(1_000);
    expect(await first).toMatchObject({ succeeded: 2 });
    expect(runs).toHaveLength(2);
    expect(await queue.redrive()).not.toHaveProperty('stoppedBy');
  });
});

describe('functions and their `this`', () => {
  test('an entry whose site has no function stays and is reported, until it has one', async () => {
    const { queue } = setUp();
    const id = queue.keep(failure({ site: 'Orders.cancel' }));

    const report = await queue.redrive();
    expect(report).toMatchObject({ attempted: 0, unbound: 1, results: [{ id, outcome: 'unbound' }] });
    expect(String(report.results[0]?.error)).toContain('Orders.cancel');
    expect(queue.list()[0]?.redrives).toBe(0);

    queue.bind('Orders.cancel', () => 'done');
    expect(await queue.redrive()).toMatchObject({ succeeded: 1 });
  });

  test('a second function for a site takes the place of the first', async () => {
    const { queue } = setUpCalls(1, { 0: down });
    queue.bind('Orders.place', () => 'done');

    expect(await queue.redrive()).toMatchObject({ succeeded: 1 });
  });

  test('the function runs on the object of the failed call', async () => {
    const { queue } = setUp();
    const [left, right] = [{ tenant: 'left' }, { tenant: 'right' }];
    const seen: unknown[] = [];
    queue.bind('Orders.place', (self) => void seen.push(self));
    for (const owner of [left, right, undefined]) queue.keep(failure({ owner }));
    await queue.redrive();

    expect(seen).toEqual([left, right, undefined]);
    expect(seen[0]).toBe(left);
  });

  test('the object is held weakly; when it has gone the entry stays and is reported', async () => {
    const { queue } = setUp();
    let runs = 0;
    queue.bind('Orders.place', () => void runs++);
    const id = queue.keep(failure({ owner: { tenant: 'gone' } }));
    await collectGarbage();

    const report = await queue.redrive();

    expect(report).toMatchObject({ attempted: 0, skipped: 1, results: [{ id, outcome: 'skipped' }] });
    expect(String(report.results[0]?.error)).toContain('has gone');
    expect([runs, queue.size]).toEqual([0, 1]);

    queue.bind('Orders.place', (self) => void (runs += self === undefined ? 1 : 100), { self: 'ignored' });
    expect(await queue.redrive()).toMatchObject({ succeeded: 1 });
    expect(runs).toBe(1);
  });

  test('an object that goes while its entry waits its turn is reported as well', async () => {
    const { clock, queue } = setUpCalls(1);
    queue.keep(failure({ args: [1], owner: { tenant: 'gone' } }));
    const redrive = queue.redrive({ ratePerSecond: 1 });
    await clock.advance(500);
    await collectGarbage();
    await clock.advance(1_000);

    expect(await redrive).toMatchObject({ succeeded: 1, skipped: 1 });
  });

  test('an entry whose arguments could not be kept is not run', async () => {
    const { queue, runs } = setUpCalls(0);
    queue.keep(failure({ args: [new Headers()] }));

    const report = await queue.redrive();

    expect(report).toMatchObject({ attempted: 0, skipped: 1 });
    expect(String(report.results[0]?.error)).toContain('args[0] is a Headers');
    expect([runs.length, queue.size]).toEqual([0, 1]);
  });
});

describe('options of redrive', () => {
  test.each([
    ['ratePerSecond', 0, RangeError],
    ['ratePerSecond', Number.NaN, RangeError],
    ['ratePerSecond', '1', TypeError],
    ['filter', 'a', TypeError],
    ['dryRun', 1, TypeError],
    ['limit', 0, RangeError],
    ['limit', '1', TypeError],
    ['signal', {}, TypeError],
    ['reason', 5, TypeError],
    ['owner', '', RangeError],
    ['rate', 5, TypeError],
  ])('`%s: %j` is refused, and nothing is run', async (name, value, error) => {
    const { queue, runs } = setUpCalls(1);

    await expect(queue.redrive({ [name]: value })).rejects.toThrow(error);
    expect(runs).toEqual([]);
  });
});
