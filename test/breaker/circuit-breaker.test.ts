import { describe, expect, test } from 'vitest';
import { BulkheadFullError, CircuitOpenError, RejectedError } from '../../src/base/errors.js';
import { CircuitBreaker } from '../../src/breaker/circuit-breaker.js';
import { bench, DOWN, thrownBy } from './bench.js';

describe('a closed circuit', () => {
  test('opens at the failure that makes failureThreshold in a row', () => {
    const { breaker, fail } = bench({ failureThreshold: 3 });

    fail(2);
    expect(breaker.state).toBe('closed');
    fail();
    expect(breaker.state).toBe('open');
  });

  test('begins to count anew after a success', () => {
    const { breaker, fail, succeed } = bench({ failureThreshold: 3 });

    fail(2);
    succeed();
    fail(2);

    expect(breaker.state).toBe('closed');
  });

  test('is not moved by ignored outcomes, neither way', () => {
    const { breaker, fail } = bench({ failureThreshold: 3 });

    fail(2);
    breaker.ignore(breaker.acquire());
    fail();

    expect(breaker.state).toBe('open');
  });

  test('gives all calls of a generation the same permit, and reads no clock', () => {
    let reads = 0;
    const clock = { now: () => ++reads, wallNow: () => 0, setTimeout: () => 0, clearTimeout: () => {} };
    const breaker = new CircuitBreaker({}, { clock });

    const permit = breaker.acquire();
    breaker.succeed(permit, 'value');
    const next = breaker.acquire();

    expect(permit.shared).toBe(true);
    expect(next).toBe(permit);
    expect(reads).toBe(0);
  });

  test('reads no clock for a success after a failure either', () => {
    let reads = 0;
    const clock = { now: () => ++reads, wallNow: () => 0, setTimeout: () => 0, clearTimeout: () => {} };
    const breaker = new CircuitBreaker({}, { clock });
    breaker.fail(breaker.acquire(), DOWN);
    const before = reads;

    breaker.succeed(breaker.acquire());
    breaker.succeed(breaker.acquire());

    expect(reads).toBe(before);
  });

  test('gives another permit in the generation after a reset', () => {
    const { breaker } = bench();
    const before = breaker.acquire();

    breaker.reset();

    expect(breaker.acquire()).not.toBe(before);
    expect(breaker.acquire()).toBe(breaker.acquire());
  });
});

describe('an open circuit', () => {
  test('rejects with the policy, the name, the site and the time to wait', () => {
    const { breaker, fail, advance } = bench({ name: 'quotes-api', recoveryTimeoutMs: 30_000 });
    fail(5);
    advance(200);

    const error = thrownBy(() => breaker.acquire('Quotes.price'));

    expect(error).toBeInstanceOf(CircuitOpenError);
    expect(error).toBeInstanceOf(RejectedError);
    expect(error).toMatchObject({
      code: 'ERR_CIRCUIT_OPEN',
      policy: 'circuitBreaker',
      policyName: 'quotes-api',
      site: 'Quotes.price',
      retryAfterMs: 29_800,
      message: "'quotes-api' is open after 5 failures in a row; try again in 29 800 ms",
    });
  });

  test.each([
    [undefined, 1],
    [true, 2],
  ])('with captureStack %s its error has the lines of a stack, at least %i', (captureStack, lines) => {
    const { breaker, fail } = bench({}, { captureStack });
    fail(5);

    const { stack = '' } = thrownBy(() => breaker.acquire()) as Error;

    expect(stack.split('\n').length >= 2).toBe(lines === 2);
  });

  test('reads the clock once to reject', () => {
    let reads = 0;
    const clock = { now: () => (++reads, 5), wallNow: () => 0, setTimeout: () => 0, clearTimeout: () => {} };
    const breaker = new CircuitBreaker({ failureThreshold: 1 }, { clock });
    breaker.fail(breaker.acquire(), DOWN);
    const before = reads;

    thrownBy(() => breaker.acquire());

    expect(reads - before).toBe(1);
  });

  test.each([
    [59_999, 'open'],
    [60_000, 'half-open'],
  ])('%i ms after opening it is %s to those who look, and nothing has been told', (ms, state) => {
    const { breaker, fail, advance, transitions } = bench();
    fail(5);
    advance(ms);

    expect(breaker.state).toBe(state);
    expect(breaker.snapshot().state).toBe(state);
    expect(transitions).toHaveLength(1);
  });

  test('becomes half-open with the first call at or after nextAttemptAt', () => {
    const { breaker, fail, advance, transitions } = bench();
    fail(5);
    advance(60_000);

    breaker.acquire();

    expect(transitions.map(({ from, to, cause }) => [from, to, cause])).toEqual([
      ['closed', 'open', 'failures-in-a-row'],
      ['open', 'half-open', 'wait-over'],
    ]);
  });

  test('arms no timer', () => {
    const { breaker, clock, fail } = bench();
    fail(5);
    thrownBy(() => breaker.acquire());

    expect(clock.pendingTimers).toBe(0);
  });
});

describe('the wait', () => {
  test('doubles with each reopening up to maxRecoveryTimeoutMs, and begins anew after closing', () => {
    const { breaker, fail, succeed, advance, transitions } = bench({
      failureThreshold: 1,
      recoveryTimeoutMs: 100,
      maxRecoveryTimeoutMs: 350,
    });
    const waits: number[] = [];
    for (let round = 0; round < 5; round++) {
      fail();
      const opened = transitions.at(-1);
      waits.push((opened?.nextAttemptAt ?? 0) - (opened?.at ?? 0));
      advance(waits.at(-1) ?? 0);
    }
    succeed(2);
    expect(breaker.state).toBe('closed');
    fail();

    expect(waits).toEqual([100, 200, 350, 350, 350]);
    expect(breaker.acquire.bind(breaker)).toThrow('try again in 100 ms');
  });

  test.each([
    [0, 750],
    [0.5, 1_000],
    [0.999_999_999, 1_250],
  ])('is spread by recoveryJitterRatio either way: chance %d gives %i ms', (chance, waitMs) => {
    const { fail, transitions } = bench(
      { failureThreshold: 1, recoveryTimeoutMs: 1_000, recoveryJitterRatio: 0.25 },
      { random: () => chance },
    );

    fail();

    expect(transitions[0]?.nextAttemptAt).toBeCloseTo(1_000 + waitMs, 3);
  });

  test('of 0 ms lets the next call through as a probe', () => {
    const { breaker, fail } = bench({ failureThreshold: 1, recoveryTimeoutMs: 0, maxRecoveryTimeoutMs: 10 });

    fail();

    expect(breaker.state).toBe('half-open');
    expect(breaker.acquire().shared).toBe(false);
  });

  test.each([
    ['back', -1e9],
    ['far ahead', 1e15],
  ])('ends in its own time at most after the clock has jumped %s', (_, jump) => {
    const { breaker, fail, advance } = bench({ recoveryTimeoutMs: 1_000 });
    fail(5);

    advance(jump);
    expect(breaker.tryAcquire()).toMatchObject(jump < 0 ? { retryAfterMs: 1_000 } : { shared: false });
    advance(1_000);

    expect(breaker.state).toBe('half-open');
  });
});

describe('a result that comes late', () => {
  test.each(['succeed', 'fail'] as const)('is counted and decides nothing: %s', (end) => {
    const { breaker, fail, succeed, advance } = bench({ failureThreshold: 2, recoveryTimeoutMs: 100 });
    const slow = breaker.acquire();
    fail(2);
    advance(100);
    succeed(1);
    const before = breaker.snapshot();

    if (end === 'succeed') breaker.succeed(slow);
    else breaker.fail(slow, DOWN);

    expect(breaker.state).toBe('half-open');
    expect(breaker.snapshot().totalCalls).toBe(before.totalCalls + 1);
    expect(breaker.snapshot().consecutiveFailures).toBe(before.consecutiveFailures);
    succeed(1);
    expect(breaker.state).toBe('closed');
  });

  test('from before an opening that is over does not count towards the next', () => {
    const { breaker, fail, succeed, advance } = bench({ failureThreshold: 2, recoveryTimeoutMs: 100 });
    const slow = breaker.acquire();
    fail(2);
    advance(100);
    succeed(2);
    fail(1);

    breaker.fail(slow, DOWN);

    expect(breaker.state).toBe('closed');
  });
});

describe('the name', () => {
  test.each([
    [{}, {}, 'circuitBreaker'],
    [{ name: 'option' }, {}, 'option'],
    [{ name: 'option' }, { name: 'registry' }, 'registry'],
  ])('of %j in %j is %s', (options, context, name) => {
    expect(new CircuitBreaker(options, context).name).toBe(name);
  });
});

describe('what counts as a failure', () => {
  test.each([
    ['a plain error', DOWN, 1],
    ['no error at all', undefined, 1],
    ['a permanent error', Object.assign(new Error('gone'), { status: 404 }), 0],
    ['a programming error', new TypeError('x is not a function'), 0],
    ['a rejection by the toolkit', new BulkheadFullError('full', { policy: 'bulkhead', policyName: 'b' }), 0],
  ])('%s', (_, error, failures) => {
    const { breaker } = bench();

    breaker.fail(breaker.acquire(), error);

    expect(breaker.snapshot()).toMatchObject({ failedCalls: failures, ignoredCalls: 1 - failures });
  });

  test('is decided by isFailure where it is given, except for the rejections of the toolkit', () => {
    const isFailure = (error: unknown) => error instanceof TypeError || error instanceof RejectedError;
    const { breaker } = bench({ isFailure });

    breaker.fail(breaker.acquire(), new TypeError('no'));
    breaker.fail(breaker.acquire(), DOWN);
    breaker.fail(breaker.acquire(), new BulkheadFullError('full', { policy: 'bulkhead', policyName: 'b' }));

    expect(breaker.snapshot()).toMatchObject({ failedCalls: 1, ignoredCalls: 2 });
  });

  test('is decided by classify otherwise', () => {
    const { breaker } = bench({}, { classify: () => 'permanent' });

    breaker.fail(breaker.acquire(), DOWN);

    expect(breaker.snapshot().ignoredCalls).toBe(1);
  });

  test('may be a result, which the caller gets all the same', () => {
    const { breaker } = bench({ failureThreshold: 1, isFailureResult: (status: number) => status >= 500 });

    expect(breaker.call(() => 200)).toBe(200);
    expect(breaker.state).toBe('closed');
    expect(breaker.call(() => 503)).toBe(503);

    expect(breaker.state).toBe('open');
    expect(breaker.snapshot()).toMatchObject({ successfulCalls: 1, failedCalls: 1, lastError: null });
  });
});

describe('a predicate that throws', () => {
  const broken = () => {
    throw new Error('predicate');
  };

  test('ends the call with its error, the first one as cause, and gives the probe back', () => {
    let isFailure: () => boolean = () => true;
    const { breaker, fail, advance } = bench({
      failureThreshold: 1,
      halfOpenMaxCalls: 1,
      isFailure: () => isFailure(),
    });
    fail();
    advance(60_000);
    const probe = breaker.acquire();
    isFailure = broken;

    const error = thrownBy(() => breaker.fail(probe, DOWN)) as Error;

    expect(error.message).toBe('predicate');
    expect(error.cause).toBe(DOWN);
    expect(breaker.snapshot().ignoredCalls).toBe(1);
    expect(breaker.acquire().shared).toBe(false);
  });

  test('about a result ends the call with its error', () => {
    const { breaker } = bench({ isFailureResult: broken });

    expect(() => breaker.call(() => 1)).toThrow('predicate');

    expect(breaker.snapshot()).toMatchObject({ ignoredCalls: 1, successfulCalls: 0 });
  });

  test('keeps the cause it has', () => {
    const own = new Error('own cause');
    const isFailure = () => {
      throw new Error('predicate', { cause: own });
    };
    const { breaker } = bench({ isFailure });

    expect((thrownBy(() => breaker.fail(breaker.acquire(), DOWN)) as Error).cause).toBe(own);
  });
});

describe('a listener', () => {
  test('that throws reaches neither the caller nor the state', () => {
    const onTransition = () => {
      throw new Error('listener');
    };
    const { breaker, fail } = bench({ failureThreshold: 1 }, { onTransition, onAct: onTransition });

    fail();
    expect(breaker.state).toBe('open');
    breaker.reset();

    expect(breaker.state).toBe('closed');
  });

  test('sees the breaker as it is after the change', () => {
    const seen: unknown[] = [];
    const { breaker, fail, succeed, advance } = bench(
      { failureThreshold: 1, recoveryTimeoutMs: 10 },
      { onTransition: () => seen.push([breaker.snapshot().state, breaker.snapshot().totalCalls]) },
    );
    fail();
    advance(10);
    succeed(2);

    expect(seen).toEqual([
      ['open', 1],
      ['half-open', 1],
      ['closed', 3],
    ]);
  });

  test('may act on the breaker: the call that woke it goes by the act', () => {
    const { breaker, fail, advance } = bench(
      { failureThreshold: 1, recoveryTimeoutMs: 10 },
      { onTransition: ({ to }) => to === 'half-open' && breaker.isolate({ reason: 'not yet' }) },
    );
    fail();
    advance(10);

    expect(() => breaker.acquire()).toThrow('isolated');
  });

  test('hears the numbers that a change was decided on', () => {
    const { fail, transitions } = bench({ name: 'api', window: { type: 'count', size: 4 }, minimumCalls: 2 });

    fail(2);

    expect(transitions).toEqual([
      {
        name: 'api',
        key: undefined,
        from: 'closed',
        to: 'open',
        cause: 'failure-ratio',
        reason: '2 failures in 2 calls',
        at: 1_000,
        nextAttemptAt: 61_000,
        consecutiveFailures: 2,
        calls: 2,
        failureRate: 1,
        slowCallRate: 0,
        lastError: 'down',
        owner: null,
        effect: 'real',
      },
    ]);
  });
});

describe('a snapshot', () => {
  test.each([
    ['without a window', { failureThreshold: 2 }, 0.4],
    ['with a window', { window: { type: 'count', size: 4 }, minimumCalls: 4 }, 0.5],
  ] as const)('has the failure rate that the change of state was told with, %s', (_, options, failureRate) => {
    const { breaker, fail, succeed, transitions } = bench(options);
    succeed(3);

    fail(2);

    expect(transitions.at(-1)).toMatchObject({ to: 'open', failureRate });
    expect(breaker.snapshot().failureRate).toBe(failureRate);
  });

  test('is JSON and shows times of day', () => {
    const { breaker, clock, fail, succeed, advance } = bench({ failureThreshold: 2 });
    const wall = clock.wallNow();
    succeed(3);
    breaker.ignore(breaker.acquire());
    fail(2);
    advance(500);
    thrownBy(() => breaker.acquire());

    const snapshot = breaker.snapshot();

    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
    expect(snapshot).toEqual({
      state: 'open',
      totalCalls: 7,
      successfulCalls: 3,
      failedCalls: 2,
      ignoredCalls: 1,
      rejectedCalls: 1,
      slowCalls: 0,
      wouldRejectCalls: 0,
      failureRate: 0.4,
      consecutiveFailures: 2,
      openedAt: wall,
      nextAttemptAt: wall + 60_000,
      lastError: { name: 'Error', message: 'down', code: 'ECONNREFUSED' },
      override: null,
    });
  });

  test('of a breaker that has seen successes only has the same fields', () => {
    const { breaker, succeed, fail } = bench();
    succeed(2);
    const untroubled = breaker.snapshot();
    fail();

    expect(untroubled).toMatchObject({ state: 'closed', totalCalls: 2, successfulCalls: 2, failureRate: 0 });
    expect(Object.keys(untroubled)).toEqual(Object.keys(breaker.snapshot()));
  });

  test.each([
    ['text', { name: 'string', message: 'text' }],
    [undefined, { name: 'undefined', message: 'undefined' }],
    [{ message: 7 }, { name: 'Error', message: '7' }],
    [new Error('m'.repeat(2_000)), { name: 'Error', message: `${'m'.repeat(1_000)}…` }],
    [
      new Proxy(
        {},
        {
          get: () => {
            throw new Error('hands off');
          },
        },
      ),
      { name: 'Error', message: 'the error cannot be read' },
    ],
  ])('describes whatever was thrown: %#', (thrown, facts) => {
    const { breaker } = bench({}, { classify: () => 'recoverable' });

    breaker.fail(breaker.acquire(), thrown);

    expect(breaker.snapshot().lastError).toEqual(facts);
  });
});
