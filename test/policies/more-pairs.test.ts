import { describe, expect, test } from 'vitest';
import {
  bulkhead,
  cached,
  coalesce,
  type CommonOptions,
  compose,
  deadLetter,
  fallback,
  rateLimit,
  retryWithBackoff,
  timed,
  timeout,
} from '../../src/index.js';
import { failing, failureOf, gate, hanging, world } from './world.js';

const RETRY = { maxAttempts: 3, baseDelayMs: 100, jitter: 'none' } as const;

describe('rate limit and retry', () => {
  test('rateLimit over retry takes one permit a call; retry over rateLimit one an attempt, and stops when there is none', async () => {
    const { clock, own, registry } = world();
    const limit = { limit: 2, intervalMs: 60_000, ...own };
    const [whole, each] = [failing(9), failing(9)];
    const outcomes = [
      failureOf(compose(rateLimit({ name: 'whole', ...limit }), retryWithBackoff({ ...RETRY, ...own }))(whole.fn)),
      failureOf(compose(retryWithBackoff({ ...RETRY, ...own }), rateLimit({ name: 'each', ...limit }))(each.fn)),
    ];
    await clock.advance(300);

    expect(await Promise.all(outcomes)).toMatchObject([{ message: 'down' }, { code: 'ERR_RATE_LIMITED' }]);
    expect([whole.state.runs, each.state.runs]).toEqual([3, 2]);
    expect(registry.limiters.get('whole')?.snapshot()).toMatchObject({ allowed: 1, rejected: 0 });
    expect(registry.limiters.get('each')?.snapshot()).toMatchObject({ allowed: 2, rejected: 1 });
  });
});

describe('rate limit and fallback', () => {
  test('fallback over rateLimit answers the rejection; rateLimit over fallback rejects past it', async () => {
    const { own } = world();
    const limit = { limit: 1, ...own };
    const outer = compose(fallback.value('spare', own), rateLimit(limit))(failing(0).fn);
    const inner = compose(rateLimit(limit), fallback.value('spare', own))(failing(0).fn);

    expect([await outer('x'), await outer('x')]).toEqual(['x', 'spare']);
    await inner('x');
    expect(await failureOf(inner)).toMatchObject({ code: 'ERR_RATE_LIMITED' });
  });
});

describe('rate limit and cached', () => {
  test('cached over rateLimit: a hit takes no permit; rateLimit over cached: it does', async () => {
    const { own } = world();
    const limit = { limit: 1, ...own };
    const outer = compose(cached(own), rateLimit(limit))(failing(0).fn);
    const inner = compose(rateLimit(limit), cached(own))(failing(0).fn);

    expect([await outer('x'), await outer('x')]).toEqual(['x', 'x']);
    await inner('x');
    expect(await failureOf(() => inner('x'))).toMatchObject({ code: 'ERR_RATE_LIMITED' });
  });
});

describe('bulkhead and retry', () => {
  test('bulkhead over retry keeps its slot while the retry waits; retry over bulkhead gives it back', async () => {
    const { clock, own, registry } = world();
    const slots = { maxConcurrent: 1, ...own };
    const outer = compose(bulkhead({ name: 'outer', ...slots }), retryWithBackoff({ ...RETRY, ...own }))(failing(1).fn);
    const inner = compose(retryWithBackoff({ ...RETRY, ...own }), bulkhead({ name: 'inner', ...slots }))(failing(1).fn);
    const answers = [outer('x'), inner('x')];
    await clock.advance(50);

    expect(registry.limiters.get('outer')?.snapshot()).toMatchObject({ active: 1 });
    expect(registry.limiters.get('inner')?.snapshot()).toMatchObject({ active: 0 });
    await clock.advance(50);
    expect(await Promise.all(answers)).toEqual(['x', 'x']);
  });

  test('retry over bulkhead does not retry a rejection', async () => {
    const { own } = world();
    const { work, started } = gate();
    const call = compose(retryWithBackoff({ ...RETRY, ...own }), bulkhead({ maxConcurrent: 1, ...own }))(work);
    void call('a');

    expect(await failureOf(() => call('b'))).toMatchObject({ code: 'ERR_BULKHEAD_FULL' });
    expect(started).toEqual([['a']]);
  });
});

describe('coalesce and cached', () => {
  test.each(['coalesce outside', 'cached outside'])(
    '%s: company shares one run, and what it gave is kept',
    async (order) => {
      const { own } = world();
      const { work, started, finish } = gate();
      const policies = [coalesce(own), cached(own)] as const;
      const call = (order === 'coalesce outside' ? compose(...policies) : compose(policies[1], policies[0]))(work);
      const company = [call('a'), call('a')];
      finish(0);

      expect([...(await Promise.all(company)), await call('a')]).toEqual(['done', 'done', 'done']);
      expect(started).toHaveLength(1);
    },
  );
});

describe('coalesce and timeout', () => {
  test("timeout over coalesce: one caller's time is up, the run goes on for the other", async () => {
    const { clock, own } = world();
    const { work, started, finish } = gate();
    const call = compose(timeout({ ms: 50, ...own }), coalesce(own))(work);
    const first = failureOf(() => call('a'));
    await clock.advance(30);
    const second = call('a');
    await clock.advance(20);
    expect(await first).toMatchObject({ code: 'ERR_TIMEOUT' });
    finish(0);

    expect(await second).toBe('done');
    expect(started).toHaveLength(1);
  });

  test('coalesce over timeout: company shares the limit of the run', async () => {
    const { clock, own } = world();
    const { fn, state } = hanging();
    const call = compose(coalesce(own), timeout({ ms: 50, ...own }))(fn);
    const first = failureOf(call);
    await clock.advance(30);
    const second = failureOf(call);
    await clock.advance(20);

    expect(await first).toBe(await second);
    expect(state).toEqual({ runs: 1, aborted: 1 });
  });
});

describe('timed and cached', () => {
  test('timed over cached measures each call; cached over timed measures the loads', async () => {
    const { own, registry } = world();
    const outer = compose(timed({ name: 'outer', ...own }), cached(own))(failing(0).fn);
    const inner = compose(cached(own), timed({ name: 'inner', ...own }))(failing(0).fn);
    for (const call of [outer, inner]) for (let times = 0; times < 3; times++) await call('x');

    expect(registry.calls.snapshot()).toMatchObject({
      outer: { totalCalls: 3, cacheHits: 2, cacheMisses: 1 },
      inner: { totalCalls: 1, cacheHits: 2, cacheMisses: 1 },
    });
  });
});

describe('timed and timeout', () => {
  test('timed over timeout sees the timeout, when time is up; timeout over timed sees the work end', async () => {
    const { clock, own, registry } = world();
    const { work, finish } = gate();
    const outer = compose(timed({ name: 'outer', ...own }), timeout({ ms: 50, ...own }))(hanging().fn);
    const inner = compose(timeout({ ms: 50, ...own }), timed({ name: 'inner', ...own }))(work);
    const outcomes = [failureOf(outer), failureOf(inner)];
    await clock.advance(80);
    await Promise.all(outcomes);
    finish(0);
    await clock.advance(0);

    expect(registry.calls.snapshot()).toMatchObject({
      outer: { totalCalls: 1, errors: 1, maxMs: 50 },
      inner: { totalCalls: 1, errors: 0, maxMs: 80 },
    });
  });
});

describe('cached and fallback', () => {
  test('fallback over cached: the answer is not kept; cached over fallback: it is', async () => {
    const { own } = world();
    const outer = compose(fallback.value('spare', own), cached(own))(failing(1).fn);
    const inner = compose(cached(own), fallback.value('spare', own))(failing(1).fn);

    expect([await outer('x'), await outer('x')]).toEqual(['spare', 'x']);
    expect([await inner('x'), await inner('x')]).toEqual(['spare', 'spare']);
  });
});

describe('dead letter and cached', () => {
  test('deadLetter over cached keeps an entry for each caller; cached over deadLetter one for the load', async () => {
    const { own, registry } = world();
    const outer = compose(deadLetter({ name: 'outer', ...own }), cached(own))(failing(1).fn);
    const inner = compose(cached(own), deadLetter({ name: 'inner', ...own }))(failing(1).fn);
    await Promise.all([outer, outer, inner, inner].map((call) => failureOf(() => call('x'))));

    expect([registry.deadLetters.get('outer')?.size, registry.deadLetters.get('inner')?.size]).toEqual([2, 1]);
  });
});

describe.each([
  ['cached', (own: CommonOptions) => cached(own)],
  ['coalesce', (own: CommonOptions) => coalesce(own)],
] as const)('a bulkhead outside of %s', (_, sharing) => {
  const slow = () => {
    const here = world();
    const state = { running: 0, most: 0 };
    const work = async (_key: number, _signal?: AbortSignal): Promise<void> => {
      state.most = Math.max(state.most, ++state.running);
      await new Promise<void>((resolve) => here.clock.setTimeout(resolve, 1_000));
      state.running--;
    };
    return { ...here, state, work };
  };

  test('holds the slot until the work has settled, though a time limit has answered the caller', async () => {
    const { clock, own, state, work } = slow();
    const call = compose(timeout({ ms: 10, ...own }), bulkhead({ maxConcurrent: 1, ...own }), sharing(own))(work);
    const codes: unknown[] = [];
    for (let key = 0; key < 3; key++) {
      call(key).catch((error: { code: unknown }) => codes.push(error.code));
      await clock.advance(20);
    }

    expect(codes).toEqual(['ERR_TIMEOUT', 'ERR_BULKHEAD_FULL', 'ERR_BULKHEAD_FULL']);
    expect(state.most).toBe(1);
  });

  test('holds the slot until the work has settled, though its caller has given up', async () => {
    const { clock, own, state, work } = slow();
    const call = compose(bulkhead({ maxConcurrent: 1, ...own }), sharing(own))(work);
    for (let key = 0; key < 3; key++) {
      const caller = new AbortController();
      call(key, caller.signal).catch(() => {});
      caller.abort();
      await clock.advance(1);
    }

    expect(state.most).toBe(1);
  });
});
