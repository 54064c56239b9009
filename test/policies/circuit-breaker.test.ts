import { describe, expect, test } from 'vitest';
import { callContext, circuitBreaker, type CircuitBreakerOptions, compose, retryWithBackoff } from '../../src/index.js';
import { diskFull, failing, failureOf, gate, hanging, http, WALL_MS, world } from './world.js';

/** A breaker that opens at the first failure, round a function that fails. */
function tripped(options: CircuitBreakerOptions = {}) {
  const here = world();
  const breaker = circuitBreaker({ name: 'api', failureThreshold: 1, ...options, ...here.own });
  const { fn, state } = failing(Infinity);
  return { ...here, state, call: breaker(fn) };
}

describe('events', () => {
  test('opening tells of the two states, the numbers, the last error and the time to the next probe', async () => {
    const { call, hear } = tripped();
    const heard = hear('breaker:state');

    await failureOf(call);

    expect(heard).toEqual([
      {
        type: 'breaker:state',
        kind: 'circuitBreaker',
        name: 'api',
        site: 'api',
        at: WALL_MS,
        from: 'closed',
        to: 'open',
        reason: expect.any(String),
        consecutiveFailures: 1,
        failureRate: 1,
        lastError: 'down',
        retryAfterMs: 60_000,
      },
    ]);
  });

  test('a rejection names the breaker, the function and the time to come back, and bears the error', async () => {
    const { call, hear, clock } = tripped();
    const heard = hear('call:rejected');
    await failureOf(call);
    await clock.advance(10_000);

    const error = await failureOf(call);

    expect(error).toMatchObject({
      name: 'CircuitOpenError',
      code: 'ERR_CIRCUIT_OPEN',
      policy: 'circuitBreaker',
      policyName: 'api',
      site: 'fn',
      retryAfterMs: 50_000,
    });
    expect(heard).toEqual([
      {
        type: 'call:rejected',
        kind: 'circuitBreaker',
        name: 'api',
        site: 'fn',
        at: WALL_MS + 10_000,
        code: 'ERR_CIRCUIT_OPEN',
        reason: (error as Error).message,
        retryAfterMs: 50_000,
        error,
      },
    ]);
  });

  test('a critical error is announced once, however many policies it passes', async () => {
    const { own, hear } = world();
    const heard = hear('error:critical');
    const error = diskFull();
    const guards = compose(circuitBreaker({ name: 'outer', ...own }), retryWithBackoff(own), circuitBreaker(own));

    await failureOf(guards(async () => Promise.reject(error)));

    expect(heard).toMatchObject([
      { type: 'error:critical', error, site: expect.any(String), callId: expect.any(String) },
    ]);
  });

  test('acts tell who and why', () => {
    const { registry, hear } = tripped();
    const heard = hear('breaker:act');

    registry.breakers.get('api')?.isolate({ owner: 'ops', reason: 'drill' });

    expect(heard).toMatchObject([
      { kind: 'circuitBreaker', name: 'api', act: 'isolate', owner: 'ops', reason: 'drill' },
    ]);
  });
});

describe('what counts', () => {
  test.each<[string, string, unknown]>([
    ['an error that nothing is known of', 'failedCalls', new Error('down')],
    ['HTTP 503', 'failedCalls', http(503)],
    ['a critical error', 'failedCalls', diskFull()],
    ['HTTP 404', 'ignoredCalls', http(404)],
    ['a programming error', 'ignoredCalls', new TypeError('x is not a function')],
  ])('%s counts in %s', async (_, counter, error) => {
    const { own, registry } = world();

    await failureOf(circuitBreaker({ name: 'api', ...own })(async () => Promise.reject(error)));

    expect(registry.breakers.get('api')?.snapshot()).toMatchObject({ totalCalls: 1, [counter]: 1 });
  });

  test("a caller's abort is ignored", async () => {
    const { own, registry } = world();
    const controller = new AbortController();
    const call = circuitBreaker({ name: 'api', failureThreshold: 1, ...own })(hanging().fn);

    const outcome = failureOf(() => call(controller.signal));
    controller.abort('enough');

    expect(await outcome).toBe('enough');
    expect(registry.breakers.get('api')?.snapshot()).toMatchObject({
      state: 'closed',
      ignoredCalls: 1,
      failedCalls: 0,
    });
  });

  test('`classify` decides severity: what it calls permanent is ignored', async () => {
    const { call, registry } = (() => {
      const here = world();
      const breaker = circuitBreaker({ name: 'api', classify: () => 'permanent', ...here.own });
      return { ...here, call: breaker(failing(9).fn) };
    })();

    await failureOf(call);

    expect(registry.breakers.get('api')?.snapshot()).toMatchObject({ ignoredCalls: 1 });
  });

  test('`isFailure` takes the place of the rule by severity', async () => {
    const { own, registry } = world();
    const breaker = circuitBreaker({ name: 'api', isFailure: (error) => error instanceof TypeError, ...own });

    await failureOf(breaker(async () => Promise.reject(new TypeError())));
    await failureOf(breaker(async () => Promise.reject(new Error('down'))));

    expect(registry.breakers.get('api')?.snapshot()).toMatchObject({ failedCalls: 1, ignoredCalls: 1 });
  });

  test('`isFailureResult` counts a value as a failure, and the caller gets the value', async () => {
    const { own, registry } = world();
    const breaker = circuitBreaker({ name: 'api', failureThreshold: 1, isFailureResult: (v) => v === 'bad', ...own });

    expect(await breaker(async () => 'bad')()).toBe('bad');
    expect(registry.breakers.get('api')?.state).toBe('open');
  });

  test('an `isFailure` that throws ends the call with its error, the first one as its cause', async () => {
    const first = new Error('down');
    const thrown = new Error('bad predicate');
    const { own } = world();
    const breaker = circuitBreaker({
      isFailure: () => {
        throw thrown;
      },
      ...own,
    });

    expect(await failureOf(breaker(async () => Promise.reject(first)))).toBe(thrown);
    expect(thrown.cause).toBe(first);
  });

  test('slow calls are counted, successes too, and open a window by their share', async () => {
    const { clock, own, registry } = world();
    const slow = gate();
    const window = { type: 'count', size: 2 } as const;
    const call = circuitBreaker({ name: 'api', window, slowCallMs: 100, ...own })(slow.work);
    const calls = [call(), call()];
    await clock.advance(100);
    slow.finish(0);
    slow.finish(1);
    await Promise.all(calls);

    expect(registry.breakers.get('api')?.snapshot()).toMatchObject({ state: 'open', slowCalls: 2, successfulCalls: 2 });
  });
});

describe('recovery', () => {
  test('the first call at `nextAttemptAt` is a probe, and `successThreshold` of them close the circuit', async () => {
    const { clock, own, registry } = world();
    const { fn, state } = failing(1);
    const call = circuitBreaker({ name: 'api', failureThreshold: 1, recoveryTimeoutMs: 1_000, ...own })(fn);
    await failureOf(call);
    await clock.advance(999);
    await failureOf(call);
    expect(state.runs).toBe(1);
    await clock.advance(1);
    expect(registry.breakers.get('api')?.state).toBe('half-open');

    await call();
    expect(registry.breakers.get('api')?.state).toBe('half-open');
    await call();
    expect(registry.breakers.get('api')?.state).toBe('closed');
  });

  test('a result that began before the circuit opened neither closes nor reopens it', async () => {
    const { clock, own, registry } = world();
    const late = gate();
    const call = circuitBreaker({ name: 'api', failureThreshold: 1, recoveryTimeoutMs: 1_000, ...own })(late.work);
    const [slow, down] = [call(), failureOf(call)];
    late.fail(1, new Error('down'));
    await down;
    await clock.advance(1_000);
    const probe = call();
    late.finish(0);
    await slow;

    expect(registry.breakers.get('api')?.state).toBe('half-open');
    late.finish(2);
    await probe;
  });

  test('a hung probe gives its place back after `probeTimeoutMs`, and counts as a failure', async () => {
    const { clock, own, registry } = world();
    const { work, fail } = gate();
    const options = { failureThreshold: 1, successThreshold: 1, recoveryTimeoutMs: 1_000, probeTimeoutMs: 500 };
    const call = circuitBreaker({ name: 'api', ...options, ...own })(work);
    const down = failureOf(call);
    fail(0, new Error('down'));
    await down;
    await clock.advance(1_000);
    void call();
    await clock.advance(500);
    await failureOf(call);

    expect(registry.breakers.get('api')?.snapshot()).toMatchObject({ state: 'open', rejectedCalls: 1 });
  });
});

describe('names', () => {
  test('a name with equal options is shared', async () => {
    const { own, registry } = world();
    const make = () => circuitBreaker({ name: 'api', failureThreshold: 2, ...own });
    await failureOf(make()(failing(1).fn));
    await failureOf(make()(failing(1).fn));

    expect(registry.breakers.names()).toEqual(['api']);
    expect(registry.breakers.get('api')?.state).toBe('open');
  });

  test('a name with other options is taken, until it is forgotten', () => {
    const { own, registry } = world();
    circuitBreaker({ name: 'api', ...own })(failing(0).fn);
    const other = circuitBreaker({ name: 'api', failureThreshold: 9, ...own });

    expect(() => other(failing(0).fn)).toThrow(expect.objectContaining({ code: 'ERR_NAME_TAKEN', policyName: 'api' }));
    expect(registry.forget('api')).toBe(true);
    expect(() => other(failing(0).fn)).not.toThrow();
  });

  test('options are compared with the defaults filled in', () => {
    const { own } = world();
    circuitBreaker({ name: 'api', ...own })(failing(0).fn);

    expect(() => circuitBreaker({ name: 'api', failureThreshold: 5, ...own })(failing(0).fn)).not.toThrow();
  });

  test('without a name it is the name of the function, and two of one name are told apart', () => {
    const { own, registry } = world();
    for (let times = 0; times < 3; times++) circuitBreaker(own)(failing(0).fn);

    expect(registry.breakers.names()).toEqual(['fn', 'fn#circuitBreaker', 'fn#circuitBreaker2']);
  });

  test('two instances of a class share the breaker of a method, which is there from the first call', async () => {
    const { own, registry } = world();
    class Quotes {
      @circuitBreaker(own)
      async price(): Promise<number> {
        return 1;
      }
    }
    expect(registry.breakers.names()).toEqual([]);
    await new Quotes().price();
    await new Quotes().price();

    expect(registry.breakers.get('Quotes.price')?.snapshot()).toMatchObject({ totalCalls: 2 });
  });
});

describe('with a key', () => {
  test('the `key` gets the `this` and the arguments of the call', async () => {
    const { own, registry } = world();
    class Quotes {
      tenant = 'acme';
      @circuitBreaker({
        name: 'tenants',
        key(this: unknown, symbol) {
          return `${(this as Quotes).tenant}/${String(symbol)}`;
        },
        ...own,
      })
      async price(_symbol: string): Promise<number> {
        return 1;
      }
    }
    await new Quotes().price('x');

    expect(registry.breakers.get('tenants')?.snapshot()).toMatchObject({ keys: { 'acme/x': { totalCalls: 1 } } });
  });

  test('each key has a breaker, and the snapshot nests them', async () => {
    const { own, registry, hear } = world();
    const rejected = hear('call:rejected');
    const call = circuitBreaker({ name: 'hosts', failureThreshold: 1, key: (host) => String(host), ...own })(
      async (host: string): Promise<string> => {
        if (host === 'bad') throw new Error('down');
        return host;
      },
    );
    await failureOf(() => call('bad'));
    await failureOf(() => call('bad'));

    expect(await call('good')).toBe('good');
    expect(registry.breakers.get('hosts')?.for('bad').state).toBe('open');
    expect(registry.breakers.get('hosts')?.for('good').state).toBe('closed');
    expect(registry.breakers.get('hosts')?.snapshot()).toMatchObject({
      keys: { bad: { state: 'open', rejectedCalls: 1 }, good: { state: 'closed', successfulCalls: 1 } },
    });
    expect(rejected).toMatchObject([{ name: 'hosts', site: expect.any(String), callId: expect.any(String) }]);
  });
});

test('a synchronous function stays synchronous, its rejection too', () => {
  const { own } = world();
  const call = circuitBreaker({ failureThreshold: 1, ...own })((fails: boolean) => {
    if (fails) throw new Error('down');
    return 1;
  });

  expect(call(false)).toBe(1);
  expect(() => call(true)).toThrow('down');
  expect(() => call(false)).toThrow(expect.objectContaining({ code: 'ERR_CIRCUIT_OPEN' }));
});

test('`async: true` never answers by a synchronous throw', async () => {
  const { own, registry } = world();
  const call = circuitBreaker({ name: 'api', async: true, ...own })((): Promise<number> => Promise.resolve(1));
  registry.breakers.get('api')?.isolate({});

  const outcome = call();

  await expect(outcome).rejects.toMatchObject({ code: 'ERR_CIRCUIT_OPEN' });
});

test('the context names the function, and no time limits it', () => {
  const { own } = world();
  const context = circuitBreaker(own)(function price() {
    const { name, attempt, error, callId, deadlineAt, remainingMs } = callContext();
    return { name, attempt, error, hasId: callId !== '', deadlineAt, left: callContext().remainingMs(), remainingMs };
  })();

  expect(context).toMatchObject({ name: 'price', attempt: 1, error: undefined, hasId: true, deadlineAt: Infinity });
  expect(context.left).toBe(Infinity);
});

test('a `classify` that throws takes no probe away, with a listener for critical errors too', async () => {
  const { clock, own, hear } = world();
  hear('error:critical');
  let isBroken = false;
  const classify = () => {
    if (isBroken) throw new Error('broken');
    return 'recoverable' as const;
  };
  const options = { failureThreshold: 1, recoveryTimeoutMs: 10, halfOpenMaxCalls: 1, successThreshold: 1 };
  const call = circuitBreaker({ ...options, classify, ...own })(async (works: boolean) => {
    if (!works) throw new Error('down');
    return 'up';
  });
  await failureOf(() => call(false));
  await clock.advance(20);
  isBroken = true;
  expect(await failureOf(() => call(false))).toMatchObject({ message: 'broken' });

  expect(await call(true)).toBe('up');
});
