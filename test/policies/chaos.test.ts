import { describe, expect, test } from 'vitest';
import {
  callContext,
  chaos,
  ChaosError,
  circuitBreaker,
  compose,
  fallback,
  isResilienceError,
  presets,
  resilient,
  retryWithBackoff,
  type Severity,
  timeout,
} from '../../src/index.js';
import { failing, failureOf, world } from './world.js';

const RETRY = { maxAttempts: 3, baseDelayMs: 100, jitter: 'none' } as const;
const outcomes = async (call: () => Promise<unknown>, times: number): Promise<string[]> => {
  const all: string[] = [];
  for (let index = 0; index < times; index++)
    all.push(
      await call().then(
        () => 'ok',
        (error: Error) => error.name,
      ),
    );
  return all;
};

describe('off', () => {
  test.each([
    ['with no options', undefined],
    ['without `enabled`', { errorRatio: 1 }],
    ['disabled', { errorRatio: 1, result: 'spoilt', enabled: false }],
  ])('it does nothing %s', async (_, options) => {
    const { own } = world();
    const { state, fn } = failing(0);

    expect(await chaos({ ...options, ...own })(fn)('x')).toBe('x');
    expect(state.runs).toBe(1);
  });

  test('a delay that is off takes no time', async () => {
    const { clock, own } = world();
    const call = chaos({ latencyMs: 1_000, ...own })(failing(0).fn);

    expect(await call('x')).toBe('x');
    expect(clock.pendingTimers).toBe(0);
  });

  test('no preset has it', () => {
    for (const preset of Object.values(presets)) expect(preset).not.toHaveProperty('chaos');
  });
});

describe('errors', () => {
  test('a call that fails on purpose does not run its function, and says where it failed', async () => {
    const { own, hear } = world();
    const injected = hear('chaos:injected');
    const { state, fn } = failing(0);
    const error = await failureOf(() => chaos({ enabled: true, errorRatio: 1, ...own })(fn)('x'));

    expect(error).toBeInstanceOf(ChaosError);
    expect(isResilienceError(error)).toBe(true);
    expect(error).toMatchObject({ code: 'ERR_CHAOS', policy: 'chaos', site: 'fn', severity: 'recoverable' });
    expect(state.runs).toBe(0);
    expect(injected).toMatchObject([{ fault: 'error', kind: 'chaos', site: 'fn' }]);
  });

  test('a synchronous function throws', () => {
    const { own } = world();

    expect(() => chaos({ enabled: true, errorRatio: 1, ...own })((n: number) => n)(1)).toThrow(ChaosError);
  });

  test('the same seed fails the same calls, each site on its own', async () => {
    const { own } = world();
    const policy = chaos({ enabled: true, seed: 7, errorRatio: 0.4, ...own });
    const [one, other] = [policy(failing(0).fn), policy(failing(0).fn)];
    const first = await outcomes(one, 40);

    expect(await outcomes(other, 40)).toEqual(first);
    expect(new Set(first)).toEqual(new Set(['ok', 'ChaosError']));
    expect(await outcomes(chaos({ enabled: true, seed: 8, errorRatio: 0.4, ...own })(failing(0).fn), 40)).not.toEqual(
      first,
    );
  });
});

describe('results', () => {
  test('a result stands in the place of the function, the same object', async () => {
    const { own } = world();
    const { state, fn } = failing(0);
    const spoilt = { price: -1 };

    expect(await chaos({ enabled: true, result: spoilt, ...own })(fn)()).toBe(spoilt);
    expect(chaos({ enabled: true, result: spoilt, ...own })((): object => ({}))()).toBe(spoilt);
    expect(state.runs).toBe(0);
  });

  test('it is a promise for a function that has returned one before, be it not `async`', async () => {
    const { clock, own } = world();
    const spoilt = { price: -1 };
    const call = chaos({ enabled: true, result: spoilt, between: [10, 20], ...own })(
      (): Promise<object> => Promise.resolve({}),
    );
    await call();
    await clock.advance(10);

    const answer = call();

    expect(answer).toBeInstanceOf(Promise);
    expect(await answer).toBe(spoilt);
  });

  test('it is a promise with `async: true` from the first call on', async () => {
    const { own } = world();
    const call = chaos({ enabled: true, result: 'spoilt', async: true, ...own })(
      (): Promise<string> => Promise.resolve(''),
    );

    expect(call()).toBeInstanceOf(Promise);
    expect(await call()).toBe('spoilt');
  });

  test('a function that gives its value at once is answered so, whatever others of its member give', async () => {
    const { clock, own } = world();
    const policy = chaos({ enabled: true, result: 0, between: [10, 20], ...own });
    let load: () => unknown = () => Promise.resolve(1);
    class Quotes {
      @policy price = load;
    }
    await new Quotes().price();
    load = () => 1;
    const atOnce = new Quotes();
    expect(atOnce.price()).toBe(1);
    await clock.advance(10);

    expect(atOnce.price()).toBe(0);
  });

  test('of the calls that do not fail the share `resultRatio` is answered', async () => {
    const { own } = world();
    const call = chaos({ enabled: true, seed: 1, result: 'spoilt', resultRatio: 0.5, ...own })(failing(0).fn);
    const given = new Set<string>();
    for (let index = 0; index < 30; index++) given.add(await call('x'));

    expect(given).toEqual(new Set(['x', 'spoilt']));
  });
});

describe('latency', () => {
  const late = { enabled: true, latencyMs: 500 };

  test('a delayed call runs its function after the delay', async () => {
    const { clock, own, hear } = world();
    const injected = hear('chaos:injected');
    const { state, fn } = failing(0);
    const answer = chaos({ ...late, ...own })(fn)('x');

    await clock.advance(499);
    expect(state.runs).toBe(0);
    await clock.advance(1);

    expect(await answer).toBe('x');
    expect(injected).toMatchObject([{ fault: 'latency', latencyMs: 500 }]);
  });

  test('a failure is delayed too', async () => {
    const { clock, own } = world();
    const failure = failureOf(() => chaos({ ...late, errorRatio: 1, ...own })(failing(0).fn)());
    await clock.advance(500);

    expect(await failure).toBeInstanceOf(ChaosError);
    expect(clock.now()).toBe(500);
  });

  test('a caller who aborts ends the wait at once, with its own reason, and leaves no timer', async () => {
    const { clock, own } = world();
    const controller = new AbortController();
    const fn = async (_signal: AbortSignal): Promise<number> => 1;
    const failure = failureOf(() => chaos({ ...late, ...own })(fn)(controller.signal));
    controller.abort('enough');

    expect(await failure).toBe('enough');
    await clock.advance(0);
    expect(clock.now()).toBe(0);
  });

  test('it takes no function that gives its value at once', () => {
    const { own } = world();
    // @ts-expect-error a delayed call is answered with a promise
    chaos({ ...late, ...own })((n: number) => n);
    // @ts-expect-error in `resilient` too
    resilient({ chaos: { latencyMs: 5 }, ...own })((n: number) => n);
    chaos({ enabled: true, ...own })((n: number) => n);
    resilient({ chaos: { enabled: true }, ...own })((n: number) => n);
  });
});

describe('where and when', () => {
  test.each<[string[], boolean]>([
    [['price'], true],
    [['pri*'], true],
    [['order', 'price'], true],
    [['order'], false],
    [['rice'], false],
  ])('with `sites: %j`, `price` fails: %s', async (sites, fails) => {
    const { own } = world();
    const price = chaos({ enabled: true, errorRatio: 1, sites, ...own })(async function price() {
      return 1;
    });

    expect(await outcomes(price, 1)).toEqual([fails ? 'ChaosError' : 'ok']);
  });

  test('methods are meant by class and name', async () => {
    const { own } = world();
    const faulty = chaos({ enabled: true, errorRatio: 1, sites: ['Quotes.p*'], ...own });
    class Quotes {
      @faulty async price(): Promise<number> {
        return 1;
      }
      @faulty async symbol(): Promise<string> {
        return 'ACME';
      }
    }
    const quotes = new Quotes();

    expect(await outcomes(() => quotes.price(), 1)).toEqual(['ChaosError']);
    expect(await quotes.symbol()).toBe('ACME');
  });

  test('a time window begins with the first call of the site', async () => {
    const { clock, own } = world();
    const call = chaos({ enabled: true, errorRatio: 1, between: [1_000, 2_000], ...own })(failing(0).fn);
    await clock.advance(5_000);

    const seen = await outcomes(call, 1);
    for (const waitMs of [999, 1, 999, 1]) {
      await clock.advance(waitMs);
      seen.push(...(await outcomes(call, 1)));
    }
    expect(seen).toEqual(['ok', 'ok', 'ChaosError', 'ChaosError', 'ok']);
  });
});

describe('with others', () => {
  test.each<[Severity, number]>([
    ['recoverable', 3],
    ['transient', 3],
    ['permanent', 1],
    ['critical', 1],
  ])('retry over chaos: a %s fault takes %i attempts', async (severity, attempts) => {
    const { clock, own, hear } = world();
    const injected = hear('chaos:injected');
    const policy = compose(
      retryWithBackoff({ ...RETRY, ...own }),
      chaos({ enabled: true, errorRatio: 1, severity, ...own }),
    );
    const failure = failureOf(policy(failing(0).fn));
    await clock.advance(300);

    expect(await failure).toBeInstanceOf(ChaosError);
    expect(injected).toHaveLength(attempts);
  });

  test('retry over chaos leaves the function its attempt and the error before; chaos over retry strikes once', async () => {
    const { clock, own } = world();
    const seen: [number, unknown][] = [];
    const fn = async () => {
      const { attempt, error } = callContext();
      seen.push([attempt, error instanceof Error ? error.message : error]);
      if (attempt < 2) throw new Error('down');
    };
    const on = { enabled: true, errorRatio: 0, ...own };
    const outer = compose(retryWithBackoff({ ...RETRY, ...own }), chaos(on))(fn)();
    await clock.advance(100);
    await outer;
    expect(seen).toEqual([
      [1, undefined],
      [2, 'down'],
    ]);

    const inner = compose(chaos({ ...on, errorRatio: 1 }), retryWithBackoff({ ...RETRY, ...own }))(fn);
    expect(await failureOf(inner)).toBeInstanceOf(ChaosError);
    expect(seen).toHaveLength(2);
  });

  test('timeout over chaos limits the delay, and ends its wait; chaos over timeout delays what is limited', async () => {
    const { clock, own, registry } = world();
    const late = { enabled: true, latencyMs: 1_000, ...own };
    const outer = failureOf(compose(timeout({ ms: 50, ...own }), chaos(late))(failing(0).fn));
    await clock.advance(50);
    expect(await outer).toMatchObject({ code: 'ERR_TIMEOUT' });
    await registry.close();
    expect(clock.pendingTimers).toBe(0);

    const { clock: later, own: others } = world();
    const inner = compose(chaos({ ...late, ...others }), timeout({ ms: 50, ...others }))(failing(0).fn)('x');
    await later.advance(1_000);
    expect(await inner).toBe('x');
  });

  test('breaker over chaos counts its faults, but for permanent ones; chaos over breaker leaves it alone', async () => {
    const { own, registry } = world();
    const on = { enabled: true, errorRatio: 1, ...own };
    const breaker = (name: string) => circuitBreaker({ name, failureThreshold: 2, ...own });
    await outcomes(compose(breaker('counted'), chaos(on))(failing(0).fn), 3);
    await outcomes(compose(breaker('ignored'), chaos({ ...on, severity: 'permanent' }))(failing(0).fn), 3);
    await outcomes(compose(chaos(on), breaker('untouched'))(failing(0).fn), 3);

    expect(registry.breakers.get('counted')?.state).toBe('open');
    expect(registry.breakers.get('ignored')?.snapshot()).toMatchObject({ state: 'closed', ignoredCalls: 3 });
    expect(registry.breakers.get('untouched')?.snapshot()).toMatchObject({ totalCalls: 0 });
  });

  test('fallback over chaos answers its faults', async () => {
    const { own } = world();
    const call = compose(fallback.value('spare', own), chaos({ enabled: true, errorRatio: 1, ...own }))(failing(0).fn);

    expect(await call()).toBe('spare');
  });

  test('in `resilient` it stands innermost, and `true` makes no fault', async () => {
    const { own } = world();

    expect(await resilient({ chaos: true, retry: true, ...own })(failing(0).fn)('x')).toBe('x');
    expect(
      await failureOf(resilient({ chaos: { enabled: true, errorRatio: 1 }, ...own })(failing(0).fn)),
    ).toBeInstanceOf(ChaosError);
  });
});
