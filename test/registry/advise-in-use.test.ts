import { describe, expect, test } from 'vitest';
import {
  type Advice,
  type AnyPolicy,
  cached,
  circuitBreaker,
  compose,
  fallback,
  hedge,
  invalidates,
  MetricsCollector,
  rateLimit,
  Registry,
  RejectedError,
  retryWithBackoff,
  timed,
  timeout,
} from '../../src/index.js';
import { world } from '../policies/world.js';

const down = async (): Promise<number> => {
  throw Object.assign(new Error('down'), { code: 'ECONNREFUSED' });
};

/** Makes so many calls, one after the other; what they come to is nobody's affair. */
async function make(times: number, call: (index: number) => unknown): Promise<void> {
  for (let index = 0; index < times; index++) {
    try {
      await call(index);
    } catch {
      // Told by the registry.
    }
  }
}

/** The numbers of an advice: what is neither words nor names. */
function numbersOf(advice: Advice | undefined) {
  const { site: _site, reason: _reason, proposal: _proposal, text: _text, ...rest } = advice as Advice;
  return rest;
}

const noted = (registry: Registry) => registry.advise().map(({ rule, severity }) => `${severity} ${rule}`);

describe('a breaker with a window of time', () => {
  const options = { window: { type: 'time', ms: 10_000 } as const, minimumCalls: 20 };

  test('that gets too few calls to judge by is warned of, with what it gets', async () => {
    const { clock, own, registry } = world();
    const call = circuitBreaker({ ...options, ...own })(async function price() {});
    for (let second = 0; second < 60; second++) {
      if (second % 2 === 0) await call();
      clock.advance(1_000);
    }

    expect(registry.advise().map(numbersOf)).toEqual([
      {
        rule: 'too-little-traffic',
        severity: 'warning',
        calls: 30,
        watchedMs: 60_000,
        perWindow: 5,
        minimumCalls: 20,
        windowMs: 10_000,
      },
    ]);
    expect(registry.advise()[0]?.text).toBe(
      'price: the breaker judges from 20 calls in 10 s on, and about 5 come: it will hardly ever open; set `minimumCalls` to 2',
    );
  });

  test.each([
    [6, 60_000, 'use a window of 6.7 min, or `failureThreshold`: failures in a row need no traffic'],
    [1, 1_800_000, 'use `failureThreshold`: failures in a row need no traffic'],
  ])('with %i calls in %i ms is told what to do instead', async (calls, ms, proposal) => {
    const { clock, own, registry } = world();
    const call = circuitBreaker({ ...options, ...own })(async function price() {});
    await make(calls, call);
    clock.advance(ms);

    expect(registry.advise().map((advice) => advice.proposal)).toEqual([proposal]);
  });

  test.each([
    ['before six windows have gone by', 59_999, 1, options],
    ['with half the calls that it needs', 60_000, 61, options],
    ['that was never called', 90_000, 0, options],
    ['that counts the last calls', 90_000, 1, { window: { type: 'count', size: 50 } as const }],
  ])('gives nothing to say %s', async (_, ms, calls, given) => {
    const { clock, own, registry } = world();
    const call = circuitBreaker({ ...given, ...own })(async () => 1);
    await make(calls, call);
    clock.advance(ms);

    expect(registry.advise()).toEqual([]);
  });

  test('for each key is judged by the calls of a key', async () => {
    const { clock, own, registry } = world();
    const call = circuitBreaker({ ...options, key: (host: string) => host, ...own })(async (_host: string) => 1);
    await make(128, (index) => call(`host${index % 4}`));
    clock.advance(60_000);

    expect(registry.advise()).toMatchObject([
      { rule: 'too-little-traffic', calls: 128, reason: expect.stringContaining('about 5.3 come for each key') },
    ]);
  });

  test('that several functions share is told of once', async () => {
    const { clock, own, registry } = world();
    const shared = circuitBreaker({ name: 'quotes', ...options, ...own });
    const calls = [shared(async function first() {}), shared(async function second() {})] as const;
    await calls[1]();
    clock.advance(60_000);

    expect(registry.advise().map(({ site }) => site)).toEqual(['first']);
    expect(calls).toHaveLength(2);
  });
});

describe('a cache', () => {
  test('whose key is a new one each time is warned of', async () => {
    const { own, registry } = world();
    const call = cached({ maxEntries: 100, ...own })(async function find(query: { at: number }) {
      return query.at;
    });
    await make(100, (index) => call({ at: index }));

    expect(registry.advise().map(numbersOf)).toEqual([
      { rule: 'cache-key-always-new', severity: 'warning', lookups: 100, hits: 0, size: 100, evictions: 0 },
    ]);
    expect(String(registry.advise()[0])).toMatch(
      /^find: none of 100 lookups found anything, while the cache holds 100 values: nearly every key is a new one; /,
    );
  });

  test('that is full, and holds nothing that anybody asks for, is warned of', async () => {
    const { own, registry } = world();
    const call = cached({ maxEntries: 10, ...own })(async (at: number) => at);
    await make(300, (index) => call(index === 1 ? 0 : index));

    expect(registry.advise()).toMatchObject([{ rule: 'cache-key-always-new', hits: 1, size: 10, evictions: 289 }]);
  });

  test.each<[string, (index: number) => number, { ttlMs?: number; maxEntries?: number; cacheIf?: () => boolean }]>([
    ['that answers', (index) => index % 50, {}],
    ['whose values expire before they are asked for', (index) => index % 5, { ttlMs: 1 }],
    ['that keeps nothing', (index) => index, { cacheIf: () => false }],
    ['that is being filled', (index) => index, { maxEntries: 201 }],
    ['without a bound that is being filled', (index) => index, { maxEntries: Infinity }],
  ])('%s gives nothing to say', async (_, keyOf, options) => {
    const { clock, own, registry } = world();
    const call = cached({ ...options, ...own })(async (at: number) => at);
    await make(200, (index) => {
      clock.advance(1);
      return call(keyOf(index));
    });

    expect(registry.advise()).toEqual([]);
  });

  test('of instances that come and go gives nothing to say of its keys', async () => {
    const { own, registry } = world();
    class Hosts {
      @cached({ maxEntries: 5, ...own })
      async host(id: number): Promise<number> {
        return id;
      }
    }
    await make(200, (index) => new Hosts().host(index % 3));

    expect(registry.advise()).toEqual([]);
  });

  test('with too few lookups gives nothing to say', async () => {
    const { own, registry } = world();
    const call = cached({ maxEntries: 10, ...own })(async (at: number) => at);
    await make(99, call as (index: number) => unknown);

    expect(registry.advise()).toEqual([]);
  });

  test('that is to be invalidated and is not there is told of, with the one that is meant', () => {
    const { own, registry } = world();
    const kept = [
      invalidates({ cache: 'host', pattern: '*', ...own })(async function rename() {}),
      cached({ name: 'hosts', ...own })(async () => 1),
      invalidates({ cache: 'hosts', pattern: '*', ...own })(async () => 1),
      invalidates({ cache: 'somewhere else', pattern: '*', ...own })(async function move() {}),
    ];

    expect(registry.advise().map((advice) => [advice.site, advice.severity, advice.proposal])).toEqual([
      ['move', 'note', 'give the `cached` that is meant this `name`'],
      ['rename', 'note', "did you mean 'hosts'?"],
    ]);
    expect(kept).toHaveLength(4);
  });
});

describe('a fallback', () => {
  test('that answers while what measures counts no failure is warned of', async () => {
    const { own, registry } = world();
    const call = compose(timed(own), fallback.value(0, own))(async (good: boolean) => (good ? 1 : down()));
    await make(200, (index) => call(index % 10 > 0));

    expect(registry.advise().map(numbersOf)).toEqual([
      { rule: 'fallback-hides-errors', severity: 'warning', answered: 20, calls: 200 },
    ]);
  });

  test('that answers where nothing measures is noted', async () => {
    const { own, registry } = world();
    const call = fallback.value(0, own)(down);
    await make(20, call);

    expect(registry.advise().map(numbersOf)).toEqual([
      { rule: 'fallback-hides-errors', severity: 'note', answered: 20, calls: 0 },
    ]);
  });

  test.each<[string, number, (own: { registry: Registry }) => readonly AnyPolicy[]]>([
    ['that has answered little', 19, (own) => [timed(own), fallback.value(0, own)]],
    ['where failures are measured inside', 50, (own) => [fallback.value(0, own), timed(own)]],
    ['round a breaker', 50, (own) => [timed(own), fallback.value(0, own), circuitBreaker(own)]],
    [
      'that leaves some failures',
      50,
      (own) => [timed(own), fallback.value(0, { when: () => Math.random() < 0.5, ...own })],
    ],
  ])('%s gives nothing to say', async (_, times, stack) => {
    const { own, registry } = world();
    const call = compose(...stack(own))(down);
    await make(times, call);

    expect(registry.advise()).toEqual([]);
  });

  test('that answers seldom gives nothing to say', async () => {
    const { own, registry } = world();
    const call = compose(
      timed({ name: 'prices', ...own }),
      fallback.value(0, own),
    )(async (good: boolean) => (good ? 1 : down()));
    await make(1_000, (index) => call(index % 50 > 0));

    expect(registry.advise()).toEqual([]);
  });

  test('is looked at by the collector that measures its calls', async () => {
    const { clock, own, registry } = world();
    const collector = new MetricsCollector({ registry: new Registry({ clock }) });
    const call = compose(timed({ collector, ...own }), fallback.value(0, own))(down);
    await make(30, call);

    expect(registry.advise()).toMatchObject([{ rule: 'fallback-hides-errors', calls: 30 }]);
  });

  test('that answers for mistakes in the program is warned of, with the last of them', async () => {
    const { own, registry } = world();
    const call = fallback.value(
      0,
      own,
    )(async function price(symbol?: string) {
      return symbol?.length ?? (undefined as unknown as string).length;
    });
    await make(2, () => call());

    expect(registry.advise()).toMatchObject([{ rule: 'fallback-hides-bugs', severity: 'warning', answered: 2 }]);
    expect(String(registry.advise()[0])).toContain('by a mistake in the program, last with TypeError: Cannot read');
  });

  test.each([
    ['recoverable', []],
    ['transient', []],
    ['permanent', ['fallback-hides-bugs']],
    ['critical', ['fallback-hides-bugs']],
  ] as const)('that answers for what its `classify` calls %s is warned of as %j', async (severity, rules) => {
    const { own, registry } = world();
    const call = fallback.value(0, { ...own, classify: () => severity })(async (): Promise<number> => {
      throw new TypeError('the driver says so when it is cut off');
    });
    await make(2, call);

    expect(registry.advise().map(({ rule }) => rule)).toEqual(rules);
  });

  test('whose `classify` throws is judged by the error alone', async () => {
    const { own, registry } = world();
    const unsure = (): never => {
      throw new Error('never seen');
    };
    const call = fallback.value(0, { ...own, classify: unsure })(async (): Promise<number> => {
      throw new TypeError('x is not a function');
    });
    await make(2, call);

    expect(registry.advise()).toMatchObject([{ rule: 'fallback-hides-bugs', answered: 2 }]);
  });

  test.each([
    new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } }),
    new TypeError('Failed to fetch'),
    new TypeError('NetworkError when attempting to fetch resource.'),
    new SyntaxError('Unexpected token < in JSON'),
  ])('that answers for %s gives nothing to say', async (error) => {
    const { own, registry } = world();
    const call = fallback.value(
      0,
      own,
    )(async (): Promise<number> => {
      throw error;
    });
    await make(2, call);

    expect(registry.advise()).toEqual([]);
  });
});

describe('a retry', () => {
  const busy = (retryAfterMs: number) => Object.assign(new Error('busy'), { status: 429, retryAfterMs });

  test('whose dependency asks to be left alone speaks against the rate limit', async () => {
    const { clock, own, registry } = world();
    const errors = [busy(2_000), busy(3_000), busy(1_500)];
    const call = compose(
      retryWithBackoff({ maxAttempts: 4, ...own }),
      rateLimit({ limit: 50, ...own }),
      timeout({ ms: 100, ...own }),
    );
    const guarded = call(async function send() {
      const error = errors.shift();
      if (error !== undefined) throw error;
    });
    const sent = guarded();
    await clock.advance(7_000);
    await sent;

    expect(registry.advise().map(numbersOf)).toEqual([
      {
        rule: 'rate-above-retry-after',
        severity: 'warning',
        limit: 50,
        intervalMs: 1_000,
        retryAfterMs: 3_000,
        times: 3,
      },
    ]);
  });

  test('that was asked to wait longer than it does is noted', async () => {
    const { own, registry } = world();
    const call = compose(
      retryWithBackoff({ maxDelayMs: 5_000, ...own }),
      rateLimit({ limit: 50, ...own }),
      timeout({ ms: 100, ...own }),
    )(async () => {
      throw busy(60_000);
    });
    await make(2, call);

    expect(registry.advise().map(numbersOf)).toEqual([
      { rule: 'retry-after-too-long', severity: 'note', retryAfterMs: 60_000, maxDelayMs: 5_000, times: 2 },
    ]);
  });

  test('that waits for its own limit is as it should be; that runs against an open circuit is noted', async () => {
    const waiting = world();
    const limited = compose(
      retryWithBackoff({ retryIf: (error) => error instanceof RejectedError, ...waiting.own }),
      rateLimit({ limit: 1, ...waiting.own }),
      timeout({ ms: 100, ...waiting.own }),
    )(async () => 1);
    const calls = Array.from({ length: 4 }, () => limited().catch(() => undefined));
    await waiting.clock.advance(3_000);
    await Promise.all(calls);
    const knocking = world();
    const open = compose(
      retryWithBackoff({ retryIf: () => true, maxAttempts: 2, baseDelayMs: 0, ...knocking.own }),
      circuitBreaker({ failureThreshold: 3, recoveryTimeoutMs: 0, successThreshold: 1, ...knocking.own }),
      timeout({ ms: 100, ...knocking.own }),
    )(down);
    knocking.registry.breakers.get('down')?.isolate();
    await make(2, open);

    expect(noted(waiting.registry)).toEqual([]);
    expect(noted(knocking.registry)).toEqual(['note retries-rejections']);
  });

  test.each([
    [20, 0, ['note retries-in-vain']],
    [20, 1, ['note retries-in-vain']],
    [20, 2, []],
    [19, 0, []],
  ])('of which %i were in vain and %i were not: %j', async (vain, good, rules) => {
    const { own, registry } = world();
    let runs = 0;
    const call = compose(
      retryWithBackoff({ maxAttempts: 2, baseDelayMs: 0, ...own }),
      timeout({ ms: 100, ...own }),
    )(async (comesThrough: boolean) => (comesThrough && ++runs % 2 === 0 ? 1 : down()));
    await make(vain, () => call(false));
    await make(good, () => call(true));

    expect(noted(registry)).toEqual(rules);
  });
});

describe('functions that retry inside each other', () => {
  /** A service that calls another one, both with retries; `fail` is what the inner one's error becomes. */
  function services(fail: (error: unknown) => unknown = (error) => error) {
    const { own, registry } = world();
    const inner = compose(
      retryWithBackoff({ baseDelayMs: 0, ...own }),
      timeout({ ms: 2_000, ...own }),
    )(async function price() {
      return down();
    });
    const outer = compose(
      retryWithBackoff({ baseDelayMs: 0, ...own }),
      hedge({ delayMs: 100, budget: { ratio: 1, minPerSecond: 100 }, ...own }),
    )(async function order() {
      try {
        return await inner();
      } catch (error) {
        throw fail(error);
      }
    });
    return { registry, inner, outer };
  }

  test.each<[string, (error: unknown) => unknown]>([
    ['as it was', (error) => error],
    ['wrapped in another one', (cause) => new Error('no order', { cause })],
  ])('multiply, once an error has passed from one to the other %s', async (_, fail) => {
    const { registry, outer } = services(fail);
    const before = noted(registry);
    await make(1, outer);

    expect(before).toEqual(['note hang-is-not-retried']);
    expect(registry.advise().map((advice) => [advice.site, numbersOf(advice)])).toEqual([
      [
        'order',
        {
          rule: 'attempts-multiply',
          severity: 'warning',
          factors: [3, 2, 3],
          through: ['price'],
          attempts: 18,
          attemptMs: 2_000,
          durationMs: 18_300,
        },
      ],
    ]);
    expect(String(registry.advise()[0])).toBe(
      'order: one call may come to 18 attempts of 2 s (3 × 2 × 3, the last of them in price), 18.3 s in all; keep one retry, the inner one',
    );
  });

  test('are two functions where no error has passed', async () => {
    const { registry, inner, outer } = services(() => new Error('another'));
    await make(1, inner);
    await make(1, outer);

    expect(noted(registry)).toEqual(['note hang-is-not-retried']);
  });

  test('may call each other without end', async () => {
    const { own, registry } = world();
    const retry = retryWithBackoff({ maxAttempts: 2, baseDelayMs: 0, ...own });
    const ping = retry(async function ping(left: number): Promise<number> {
      return left === 0 ? down() : pong(left - 1);
    });
    const pong = retry(async function pong(left: number): Promise<number> {
      return left === 0 ? down() : ping(left - 1);
    });
    await make(1, () => ping(2));

    expect(registry.advise().filter(({ rule }) => rule === 'attempts-multiply')).toMatchObject([
      { site: 'ping', attempts: 4 },
      { site: 'pong', attempts: 4 },
    ]);
  });

  test('are seen through an error that cannot be read', async () => {
    const { own, registry } = world();
    const strange = Object.defineProperty(new Error('strange'), 'cause', {
      get() {
        throw new Error('no');
      },
    });
    const call = retryWithBackoff({ baseDelayMs: 0, ...own })(async () => {
      throw strange;
    });
    await make(1, call);

    expect(registry.decisions().map(({ type }) => type)).toEqual(['call:retry', 'call:retry', 'call:exhausted']);
  });
});

test('a registry that keeps no decisions goes by its counts', async () => {
  const registry = new Registry({ maxDecisions: 0 });
  const call = fallback.value(0, { registry })(async (): Promise<number> => {
    throw new TypeError('a mistake');
  });
  await make(30, call);

  expect(noted(registry)).toEqual(['note fallback-hides-errors']);
});
