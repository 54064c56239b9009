import { describe, expect, test } from 'vitest';
import type { CircuitBreakerOptions } from '../../src/breaker/breaker-options.js';
import { type Bench, bench, DOWN, thrownBy } from './bench.js';

/** A breaker whose next call is a probe. */
function halfOpen(options: CircuitBreakerOptions = {}): Bench {
  const rig = bench({ failureThreshold: 1, recoveryTimeoutMs: 1_000, ...options });
  rig.fail();
  rig.advance(1_000);
  rig.transitions.length = 0;
  return rig;
}

const told = ({ transitions }: Bench) => transitions.map(({ to, cause }) => [to, cause]);

describe('a half-open circuit', () => {
  test('closes after successThreshold successes', () => {
    const rig = halfOpen({ successThreshold: 3 });

    rig.succeed(2);
    expect(rig.breaker.state).toBe('half-open');
    rig.succeed();

    expect(rig.breaker.state).toBe('closed');
    expect(rig.breaker.snapshot()).toMatchObject({ openedAt: null, nextAttemptAt: null, consecutiveFailures: 0 });
  });

  test('opens again with one failure, whatever succeeded before', () => {
    const rig = halfOpen({ successThreshold: 3 });

    rig.succeed(2);
    rig.fail();

    expect(rig.breaker.state).toBe('open');
    expect(told(rig)).toEqual([
      ['half-open', 'wait-over'],
      ['open', 'probe-failed'],
    ]);
  });

  test('runs at most halfOpenMaxCalls probes at once', () => {
    const { breaker } = halfOpen({ halfOpenMaxCalls: 2, successThreshold: 3 });
    const probe = breaker.acquire();
    breaker.acquire();

    expect(() => breaker.acquire()).toThrow('is half-open and has 2 probes out already');
    expect(thrownBy(() => breaker.acquire())).toMatchObject({ retryAfterMs: undefined });
    breaker.succeed(probe);

    expect(breaker.acquire().shared).toBe(false);
  });

  test('gets the slot of an ignored probe back, as if it had not been', () => {
    const rig = halfOpen({ halfOpenMaxCalls: 1, successThreshold: 1 });

    rig.breaker.ignore(rig.breaker.acquire());
    expect(rig.breaker.state).toBe('half-open');
    rig.succeed();

    expect(rig.breaker.state).toBe('closed');
  });

  test('takes each probe once, however often it is settled', () => {
    const { breaker } = halfOpen({ successThreshold: 2 });
    const probe = breaker.acquire();

    breaker.succeed(probe);
    breaker.succeed(probe);
    breaker.fail(probe, DOWN);
    breaker.ignore(probe);

    expect(breaker.state).toBe('half-open');
    expect(breaker.snapshot()).toMatchObject({ successfulCalls: 1, failedCalls: 1, ignoredCalls: 0 });
  });

  test('does not close by probes of an earlier half-open time', () => {
    const rig = halfOpen({ successThreshold: 2 });
    const old = rig.breaker.acquire();
    rig.fail();
    rig.advance(1_000);
    rig.succeed(1);

    rig.breaker.succeed(old);

    expect(rig.breaker.state).toBe('half-open');
  });
});

describe('a hung probe', () => {
  test.each([
    [29_999, 'half-open'],
    [30_000, 'open'],
  ])('after %i ms leaves the circuit %s to the next call', (ms, state) => {
    const rig = halfOpen({ halfOpenMaxCalls: 1 });
    rig.breaker.acquire();
    rig.advance(ms);

    thrownBy(() => rig.breaker.acquire());

    expect(rig.breaker.state).toBe(state);
  });

  test('cannot wedge the breaker: the wait goes on from when it was noticed', () => {
    const rig = halfOpen({ halfOpenMaxCalls: 1, successThreshold: 1, probeTimeoutMs: 500 });
    const hung = rig.breaker.acquire();
    rig.advance(500);
    expect(() => rig.breaker.acquire()).toThrow(
      'after a probe that did not settle within 500 ms; try again in 1 000 ms',
    );
    rig.advance(1_000);
    rig.breaker.acquire();

    rig.breaker.succeed(hung);
    expect(rig.breaker.state).toBe('half-open');
    expect(rig.breaker.snapshot().successfulCalls).toBe(1);
  });

  test('does not fail before its time because the clock was set back', () => {
    const rig = halfOpen({ halfOpenMaxCalls: 1, probeTimeoutMs: 500 });
    rig.breaker.acquire();

    rig.advance(-1e6);
    thrownBy(() => rig.breaker.acquire());
    rig.advance(499);
    thrownBy(() => rig.breaker.acquire());
    expect(rig.breaker.state).toBe('half-open');
    rig.advance(1);
    thrownBy(() => rig.breaker.acquire());

    expect(rig.breaker.state).toBe('open');
  });

  test('that settles before anyone has noticed counts as what it came to', () => {
    const rig = halfOpen({ halfOpenMaxCalls: 1, successThreshold: 1, probeTimeoutMs: 500 });
    const late = rig.breaker.acquire();
    rig.advance(5_000);

    rig.breaker.succeed(late);

    expect(rig.breaker.state).toBe('closed');
  });

  test('noticed where the wait is 0 ms gives its slot to the call that noticed it', () => {
    const rig = halfOpen({ halfOpenMaxCalls: 1, recoveryTimeoutMs: 0, probeTimeoutMs: 500 });
    rig.breaker.acquire();
    rig.advance(500);

    expect(rig.breaker.acquire().shared).toBe(false);
    expect(told(rig).map(([to]) => to)).toEqual(['half-open', 'open', 'half-open']);
  });
});

describe('a reset while a probe runs', () => {
  test.each(['succeed', 'fail'] as const)('closes the circuit, and the probe decides nothing: %s', (end) => {
    const rig = halfOpen();
    const probe = rig.breaker.acquire();

    rig.breaker.reset();
    if (end === 'succeed') rig.breaker.succeed(probe);
    else rig.breaker.fail(probe, DOWN);

    expect(rig.breaker.state).toBe('closed');
    expect(rig.breaker.snapshot().consecutiveFailures).toBe(0);
  });
});
