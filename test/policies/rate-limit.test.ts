import { describe, expect, test } from 'vitest';
import { callContext, rateLimit, type RateLimitOptions, type RateLimitStore } from '../../src/index.js';
import { failing, failureOf, WALL_MS, world } from './world.js';

/** A limited function that counts its runs. */
function limited(options: Omit<RateLimitOptions, 'key' | 'store'>) {
  const here = world();
  const state = { runs: 0 };
  const call = rateLimit({ ...options, ...here.own })((_tenant = 'a') => ++state.runs);
  const allowed = (times: number): number => {
    const before = state.runs;
    for (let time = 0; time < times; time++) {
      try {
        call();
      } catch {
        // Counted by what has run.
      }
    }
    return state.runs - before;
  };
  return { ...here, state, call, allowed };
}

describe('over the limit', () => {
  test('a call is rejected with the exact time to come back, and told', () => {
    const { call, hear } = limited({ name: 'mail', limit: 2, intervalMs: 1_000 });
    const heard = hear('call:rejected');
    call();
    call();

    const rejection = {
      code: 'ERR_RATE_LIMITED',
      policy: 'rateLimit',
      policyName: 'mail',
      site: 'call',
      retryAfterMs: 500,
    };
    expect(() => call()).toThrow(expect.objectContaining({ ...rejection, site: expect.any(String) }));
    expect(heard).toMatchObject([
      {
        kind: 'rateLimit',
        name: 'mail',
        at: WALL_MS,
        code: 'ERR_RATE_LIMITED',
        reason: expect.any(String),
        retryAfterMs: 500,
      },
    ]);
  });

  test('one ms before that time it is rejected still, and at it let through', async () => {
    const { clock, allowed } = limited({ limit: 2, intervalMs: 1_000 });
    expect(allowed(3)).toBe(2);
    await clock.advance(499);
    expect(allowed(1)).toBe(0);
    await clock.advance(1);
    expect(allowed(2)).toBe(1);
  });

  test('the registry has an entry with its numbers', () => {
    const { allowed, registry } = limited({ name: 'mail', limit: 2 });
    allowed(5);

    expect(registry.limiters.get('mail')?.snapshot()).toMatchObject({
      allowed: 2,
      rejected: 3,
      limit: 2,
      intervalMs: 1_000,
    });
  });
});

describe('algorithms', () => {
  test('a token bucket lets `burst` through at once after a rest, and `limit` in the long run', async () => {
    const { clock, allowed } = limited({ limit: 2, burst: 5 });
    expect(allowed(9)).toBe(5);
    await clock.advance(1_000);
    expect(allowed(9)).toBe(2);
    await clock.advance(100_000);
    expect(allowed(9)).toBe(5);
  });

  test('a sliding window never lets more than `limit` through in any interval', async () => {
    const { clock, allowed } = limited({ limit: 3, algorithm: 'sliding-window' });
    const at: number[] = [];
    for (let ms = 0; ms < 4_000; ms += 100) {
      if (allowed(1) > 0) at.push(ms);
      await clock.advance(100);
    }

    expect(at.length).toBeGreaterThanOrEqual(12);
    for (const from of at) expect(at.filter((ms) => ms >= from && ms < from + 1_000).length).toBeLessThanOrEqual(3);
  });
});

describe('keys and names', () => {
  test('with a `key` each has a limit of its own, and the snapshot nests them', () => {
    const { own, registry, hear } = world();
    const call = rateLimit({ name: 'tenants', limit: 1, key: (tenant: string) => tenant, ...own })(
      (_tenant: string) => 1,
    );
    const heard = hear('call:rejected');
    call('a');

    expect(() => call('a')).toThrow(expect.objectContaining({ code: 'ERR_RATE_LIMITED', policyName: 'tenants' }));
    expect(() => call('b')).not.toThrow();
    expect(heard).toMatchObject([{ name: 'tenants', callId: expect.any(String) }]);
    expect(registry.limiters.get('tenants')?.snapshot()).toMatchObject({
      keys: { a: { allowed: 1, rejected: 1 }, b: { allowed: 1, rejected: 0 } },
    });
  });

  test('a `key` gets the `this` of the call', () => {
    const { own } = world();
    class Mail {
      tenant: string;
      constructor(tenant: string) {
        this.tenant = tenant;
      }
      @rateLimit({
        limit: 1,
        key(this: Mail) {
          return this.tenant;
        },
        ...own,
      })
      send(): string {
        return this.tenant;
      }
    }

    expect([new Mail('a').send(), new Mail('b').send()]).toEqual(['a', 'b']);
    expect(() => new Mail('a').send()).toThrow(expect.objectContaining({ code: 'ERR_RATE_LIMITED' }));
  });

  test('a name with equal options is shared, and with others it is taken', () => {
    const { own } = world();
    const make = (limit: number) => rateLimit({ name: 'mail', limit, ...own })(() => 1);
    make(1)();

    expect(make(1)).toThrow(expect.objectContaining({ code: 'ERR_RATE_LIMITED' }));
    expect(() => make(2)).toThrow(expect.objectContaining({ code: 'ERR_NAME_TAKEN' }));
  });
});

describe('with a store', () => {
  const stored = (store: RateLimitStore) => {
    const here = world();
    const { fn, state } = failing(0);
    return { ...here, state, call: rateLimit({ name: 'mail', limit: 5, store, ...here.own })(fn) };
  };

  test('the store decides, and gets name and rules', async () => {
    const asked: unknown[] = [];
    const { call, state, hear } = stored({
      take: async (key, rules) => {
        asked.push(key, rules);
        return { allowed: asked.length < 3, retryAfterMs: 70 };
      },
    });
    const heard = hear('call:rejected');

    expect(await call('x')).toBe('x');
    expect(await failureOf(call)).toMatchObject({ code: 'ERR_RATE_LIMITED', retryAfterMs: 70 });
    expect(state.runs).toBe(1);
    expect(asked.slice(0, 2)).toEqual(['mail', { limit: 5, intervalMs: 1_000, burst: 5, algorithm: 'token-bucket' }]);
    expect(heard).toMatchObject([{ name: 'mail', site: 'fn', callId: expect.any(String) }]);
  });

  test('a store that fails lets the call through, and is told', async () => {
    const error = new Error('store down');
    const { call, hear } = stored({ take: () => Promise.reject(error) });
    const heard = hear('limiter:storeFailed');

    expect(await call('x')).toBe('x');
    expect(heard).toMatchObject([{ kind: 'rateLimit', name: 'mail', error }]);
  });

  test("a caller's abort while the store is asked: the function is not run", async () => {
    const controller = new AbortController();
    let answer: (taken: { allowed: boolean; retryAfterMs: number }) => void = () => {};
    const here = world();
    const store = {
      take: () => new Promise<{ allowed: boolean; retryAfterMs: number }>((resolve) => (answer = resolve)),
    };
    let runs = 0;
    const call = rateLimit({ limit: 5, store, ...here.own })(async (_signal: AbortSignal) => ++runs);
    const outcome = failureOf(() => call(controller.signal));
    controller.abort('enough');
    answer({ allowed: true, retryAfterMs: 0 });

    expect(await outcome).toBe('enough');
    expect(runs).toBe(0);
  });
});

test('`async: true` rejects where a synchronous throw would be', async () => {
  const { own } = world();
  const call = rateLimit({ limit: 1, async: true, ...own })((): Promise<string> => Promise.resolve(callContext().name));
  await call();

  await expect(call()).rejects.toMatchObject({ code: 'ERR_RATE_LIMITED' });
});

test('after close no call is run', async () => {
  const { call, registry } = limited({ limit: 5 });
  await registry.close();

  expect(() => call()).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }));
});
