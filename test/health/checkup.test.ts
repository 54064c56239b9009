import { describe, expect, test, vi } from 'vitest';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { checkCheck, type HealthCheck, type HealthCheckOptions } from '../../src/health/check-options.js';
import { type CheckResult, Checkup } from '../../src/health/checkup.js';

const DEFAULTS = { timeoutMs: 800, cacheMs: 1_000, whileChecking: 'wait', retryHungAfterMs: 30_000 } as const;
const WALL_MS = Date.UTC(2026, 0, 1);

function world(check: HealthCheck, options: Omit<HealthCheckOptions, 'check'> = {}) {
  const clock = new ManualClock({ wallMs: WALL_MS });
  const ask = vi.fn(check);
  return { clock, ask, checkup: new Checkup(checkCheck('x', { check: ask, ...options }, DEFAULTS), clock) };
}

const hangs = () => new Promise(() => {});
const fails = () => Promise.reject(new Error('no route'));
const look = async (checkup: Checkup): Promise<CheckResult> => checkup.look();

describe('what a check gives', () => {
  const http = (status: number) => new Response(null, { status });

  test.each<[string, unknown, string, string | undefined]>([
    ['nothing', undefined, 'up', undefined],
    ['`true`', true, 'up', undefined],
    ['rows', [{ one: 1 }], 'up', undefined],
    ['an empty text', '', 'up', undefined],
    ['0', 0, 'up', undefined],
    ['`false`', false, 'down', 'said that it is not well'],
    ['a `Response` that is ok', http(204), 'up', undefined],
    ['a `Response` that is not', http(503), 'down', 'answered with status 503'],
    ['an answer with `ok: 0`', { ok: 0 }, 'down', 'answered not ok'],
    ['an answer with `ok: 1`', { ok: 1 }, 'up', undefined],
    ['an answer with a `statusCode` of 503', { statusCode: 503 }, 'down', 'answered with status 503'],
    ['an answer with a `status` of 503', { status: 503 }, 'down', 'answered with status 503'],
    ['an answer with a `status` of 400', { status: 400 }, 'down', 'answered with status 400'],
    ['an answer with a `status` of 399', { status: 399 }, 'up', undefined],
    ['an answer with a `statusCode` of 200', { statusCode: 200 }, 'up', undefined],
    ['an answer that is ok, whatever its status', { ok: true, status: 503 }, 'up', undefined],
    ['an answer that is not ok, whatever its status', { ok: false, status: 304 }, 'down', 'answered with status 304'],
    ['a finding', { status: 'degraded', reason: 'one replica' }, 'degraded', 'one replica'],
    ['a finding with a reason that is no text', { status: 'down', reason: Object.create(null) }, 'down', 'an object'],
    ['a status as others write it', { status: 'OK' }, 'up', 'said "OK"'],
    ['a client that is ready', { status: 'ready' }, 'up', 'said "ready"'],
    ['a status that is ill in another case', { status: 'DOWN' }, 'down', 'said "DOWN"'],
    ['a status that nobody knows', { status: 'broken', reason: 'disk' }, 'down', 'disk'],
    ['a status that is no word', { status: true }, 'up', undefined],
  ])('%s is %s', async (_, given, status, reason) => {
    for (const check of [() => given, async () => given]) {
      const { status: found, reason: why } = await look(world(check).checkup);
      expect([found, why]).toEqual([status, reason]);
    }
  });

  test('an answer that cannot be read harms nobody', async () => {
    const unreadable = (key: string) =>
      Object.defineProperty({}, key, {
        get() {
          throw new Error('no access');
        },
      });

    for (const key of ['status', 'ok', 'reason']) {
      expect(await look(world(() => unreadable(key)).checkup)).toMatchObject({ status: 'up' });
    }
    expect(await look(world(() => unreadable('then')).checkup)).toMatchObject({ status: 'down', reason: 'no access' });
  });

  test.each([200, 503])('the body of an answer that was not read is cancelled (%i)', async (status) => {
    const cancelled = vi.fn();
    const answer = () => new Response(new ReadableStream({ cancel: cancelled }), { status });
    await look(world(answer).checkup);
    await look(world(async () => answer()).checkup);

    expect(cancelled).toHaveBeenCalledTimes(2);
  });

  test('a body that comes when the check was given up is cancelled too', async () => {
    const cancelled = vi.fn();
    let answer: (response: Response) => void = () => {};
    const { checkup, clock } = world(() => new Promise((resolve) => (answer = resolve)));
    const looking = look(checkup);
    await clock.advance(800);
    expect((await looking).status).toBe('down');
    answer(new Response(new ReadableStream({ cancel: cancelled })));
    await clock.advance(0);

    expect(cancelled).toHaveBeenCalledOnce();
  });

  test.each<[string, () => unknown]>([
    ['cannot be cancelled', () => Promise.reject(new Error('no'))],
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
  ])('a body that %s harms nobody', async (_, cancel) => {
    expect(await look(world(() => ({ ok: true, body: { cancel } })).checkup)).toMatchObject({ status: 'up' });
  });

  test('a body that the check reads itself is left to it', async () => {
    const response = new Response('well');
    const reading = response.text();

    expect(await look(world(() => response).checkup)).toMatchObject({ status: 'up' });
    expect(await reading).toBe('well');
  });

  test('details of a finding come with its result', async () => {
    const { checkup } = world(() => ({ status: 'up', details: { lagMs: 5 } }));

    expect((await look(checkup)).details).toEqual({ lagMs: 5 });
  });

  test.each([
    [new Error('no route'), 'no route'],
    [Object.assign(new AggregateError([], ''), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    ['gone', 'gone'],
    [new RangeError(''), 'RangeError'],
  ])('%s is down, thrown or rejected', async (error, reason) => {
    const throws = () => {
      throw error;
    };
    for (const check of [throws, () => Promise.reject(error)]) {
      expect(await look(world(check).checkup)).toMatchObject({ status: 'down', reason });
    }
  });

  test('that is not critical it degrades at most', async () => {
    const { checkup } = world(fails, { critical: false });

    expect(await look(checkup)).toMatchObject({ status: 'degraded', reason: 'no route' });
  });
});

describe('a result', () => {
  test('holds for `cacheMs` from its end, good or bad', async () => {
    for (const check of [() => true, fails]) {
      const { clock, ask, checkup } = world(check);
      await look(checkup);
      await clock.advance(999);
      await look(checkup);
      expect(ask).toHaveBeenCalledTimes(1);
      await clock.advance(1);
      await look(checkup);
      expect(ask).toHaveBeenCalledTimes(2);
    }
  });

  test('tells when it was, and how long it took', async () => {
    const { clock, checkup } = world(() => new Promise((resolve) => clock.setTimeout(() => resolve(true), 300)));
    const result = look(checkup);
    await clock.advance(300);

    expect(await result).toEqual({ status: 'up', durationMs: 300, checkedAt: WALL_MS + 300 });
  });

  test('is asked for at each look with `cacheMs: 0`', async () => {
    const { ask, checkup } = world(() => true, { cacheMs: 0 });
    await look(checkup);
    await look(checkup);

    expect(ask).toHaveBeenCalledTimes(2);
  });

  test('is shared by all who ask while it is found out', async () => {
    const { clock, ask, checkup } = world(() => new Promise((resolve) => clock.setTimeout(() => resolve(false), 10)));
    const results = [look(checkup), look(checkup), look(checkup)];
    await clock.advance(10);

    expect(new Set(await Promise.all(results)).size).toBe(1);
    expect(ask).toHaveBeenCalledTimes(1);
  });

  test("with `whileChecking: 'stale'` the one before stands in for it; only the first is waited for", async () => {
    let answer: unknown = true;
    const after = () => new Promise((resolve) => clock.setTimeout(() => resolve(answer), 10));
    const { clock, ask, checkup } = world(after, { whileChecking: 'stale' });
    const first = look(checkup);
    await clock.advance(10);
    expect(await first).toMatchObject({ status: 'up' });

    answer = false;
    await clock.advance(1_000);
    expect(checkup.look()).toBe(await first);
    expect(checkup.look()).toBe(await first);
    expect(ask).toHaveBeenCalledTimes(2);
    await clock.advance(10);
    expect(await look(checkup)).toMatchObject({ status: 'down' });
  });
});

describe('a check that hangs', () => {
  test('is given up in its time, and told so by its signal', async () => {
    let signal: AbortSignal | undefined;
    const { clock, checkup } = world((context) => {
      signal = context.signal;
      return hangs();
    });
    const result = look(checkup);
    await clock.advance(799);
    expect(signal?.aborted).toBe(false);
    await clock.advance(1);

    expect(await result).toMatchObject({ status: 'down', reason: 'did not answer within 800 ms', durationMs: 800 });
    expect(signal?.aborted).toBe(true);
  });

  test('has none begun on top of it, and says for how long', async () => {
    const { clock, ask, checkup } = world(hangs);
    void look(checkup);
    await clock.advance(29_999);

    expect(await look(checkup)).toMatchObject({ status: 'down', reason: 'has not answered for 29 999 ms' });
    expect(ask).toHaveBeenCalledTimes(1);
  });

  test('gets a second one beside it after `retryHungAfterMs`, so that it does not stand for ever', async () => {
    const answers = [hangs(), true];
    const { clock, ask, checkup } = world(() => answers.shift());
    void look(checkup);
    await clock.advance(30_000);

    expect(await look(checkup)).toMatchObject({ status: 'up' });
    expect(ask).toHaveBeenCalledTimes(2);
  });

  test('and ends late after all lets the next one begin; its late answer is none', async () => {
    let end: (value: unknown) => void = () => {};
    const { clock, ask, checkup } = world(() => new Promise((resolve) => (end = resolve)));
    void look(checkup);
    await clock.advance(5_000);
    end(true);
    await clock.advance(0);
    expect(checkup.last).toMatchObject({ status: 'down' });

    void look(checkup);
    expect(ask).toHaveBeenCalledTimes(2);
    end(true);
    await clock.advance(0);
    expect(checkup.last).toMatchObject({ status: 'up' });
  });

  test('an answer of a run that has another in its place is none', async () => {
    const ends: ((value: unknown) => void)[] = [];
    const { clock, ask, checkup } = world(() => new Promise((resolve) => ends.push(resolve)));
    void look(checkup);
    await clock.advance(30_000);
    void look(checkup);
    ends[0]?.(true);
    await clock.advance(0);
    void look(checkup);

    expect(ask).toHaveBeenCalledTimes(2);
    expect(checkup.last).toMatchObject({ status: 'down' });
  });
});

describe('a check that is closed', () => {
  test('answers who waits with what was last known, and asks no more', async () => {
    const answers = [true, hangs()];
    const { clock, ask, checkup } = world(() => answers.shift());
    const known = await look(checkup);
    await clock.advance(1_000);
    const waiting = look(checkup);
    checkup.close();

    expect(await waiting).toBe(known);
    await clock.advance(60_000);
    expect(await look(checkup)).toBe(known);
    expect(ask).toHaveBeenCalledTimes(2);
  });

  test('is down where nothing is known', async () => {
    const { ask, checkup } = world(hangs);
    checkup.close();

    expect(await look(checkup)).toMatchObject({ status: 'down', reason: 'was never checked' });
    expect(ask).not.toHaveBeenCalled();
  });
});
