import { describe, expect, test } from 'vitest';
import { type BreakerTransition, CircuitBreaker, type CircuitBreakerOptions, KeyedBreakers } from '../../src/index.js';
import { ManualClock } from '../../src/edges/testing/index.js';

function rig(options: CircuitBreakerOptions) {
  const clock = new ManualClock();
  const changes: string[] = [];
  const onTransition = ({ from, to }: BreakerTransition) => changes.push(`${from} → ${to}`);
  const breaker = new CircuitBreaker(options, { clock, onTransition });
  const fail = (times: number) => {
    for (let left = times; left > 0; left--) breaker.fail(breaker.acquire(), new Error('down'));
  };
  return { clock, breaker, changes, fail };
}

describe('a breaker that takes other options', () => {
  test('keeps its failures in a row, and judges them by the new threshold', () => {
    const { breaker, fail } = rig({ failureThreshold: 5 });
    fail(3);
    breaker.reconfigure({ failureThreshold: 4 });
    expect(breaker.state).toBe('closed');
    fail(1);

    expect(breaker.state).toBe('open');
    expect(breaker.snapshot()).toMatchObject({ failedCalls: 4, consecutiveFailures: 4 });
  });

  test('with more failures than a lower threshold allows opens at the next one', () => {
    const { breaker, fail } = rig({ failureThreshold: 10 });
    fail(6);
    breaker.reconfigure({ failureThreshold: 2 });
    fail(1);

    expect(breaker.state).toBe('open');
  });

  test('stays open for as long as it was to; the next time it is open for the new time', () => {
    const { clock, breaker, fail } = rig({ failureThreshold: 1, recoveryTimeoutMs: 1_000, successThreshold: 1 });
    fail(1);
    breaker.reconfigure({ failureThreshold: 1, recoveryTimeoutMs: 50, successThreshold: 1 });
    void clock.advance(999);
    expect(breaker.state).toBe('open');
    void clock.advance(1);
    expect(breaker.state).toBe('half-open');
    fail(1);
    void clock.advance(49);
    expect(breaker.state).toBe('open');
    void clock.advance(1);

    expect(breaker.state).toBe('half-open');
  });

  test('a wait that has doubled is cut to the new maximum', () => {
    const { clock, breaker, fail } = rig({ failureThreshold: 1, recoveryTimeoutMs: 100, maxRecoveryTimeoutMs: 10_000 });
    for (const waitMs of [100, 200, 400]) {
      fail(1);
      void clock.advance(waitMs);
    }
    breaker.reconfigure({ failureThreshold: 1, recoveryTimeoutMs: 100, maxRecoveryTimeoutMs: 150 });
    fail(1);
    void clock.advance(149);
    expect(breaker.state).toBe('open');
    void clock.advance(1);

    expect(breaker.state).toBe('half-open');
  });

  test('keeps a window of the same size, and begins another one empty', () => {
    const { breaker, fail } = rig({ window: { type: 'count', size: 10 }, minimumCalls: 4 });
    fail(3);
    breaker.reconfigure({ window: { type: 'count', size: 10 }, minimumCalls: 10 });
    fail(1);
    expect(breaker.snapshot().failureRate).toBe(1);
    expect(breaker.state).toBe('closed');
    breaker.reconfigure({ window: { type: 'count', size: 4 } });
    fail(3);
    expect(breaker.state).toBe('closed');
    fail(1);

    expect(breaker.state).toBe('open');
  });

  test('a call that began before durations mattered decides nothing after', () => {
    const { clock, breaker, fail } = rig({ failureThreshold: 2 });
    fail(1);
    const early = breaker.acquire();
    breaker.reconfigure({ failureThreshold: 2, slowCallMs: 100 });
    breaker.fail(early, new Error('late'));
    expect(breaker.state).toBe('closed');
    const slow = breaker.acquire();
    void clock.advance(100);
    breaker.succeed(slow);

    expect(breaker.snapshot()).toMatchObject({ slowCalls: 1, failedCalls: 2, successfulCalls: 1 });
  });

  test('is as it was when they are wrong', () => {
    const { breaker } = rig({ failureThreshold: 7 });
    expect(() => breaker.reconfigure({ failureThreshold: 0 })).toThrow(RangeError);
    expect(() => breaker.reconfigure({ maxKeys: 3, key: () => 'a' })).toThrow(TypeError);

    expect(breaker.options.failureThreshold).toBe(7);
  });

  describe('while it is half-open', () => {
    function halfOpen(options: CircuitBreakerOptions) {
      const given = { failureThreshold: 1, recoveryTimeoutMs: 100, ...options };
      const made = rig(given);
      made.fail(1);
      void made.clock.advance(100);
      const change = (changed: CircuitBreakerOptions) => made.breaker.reconfigure({ ...given, ...changed });
      return { ...made, change };
    }

    test('lets out as many probes as there may be now', () => {
      const { breaker, change } = halfOpen({ halfOpenMaxCalls: 1 });
      breaker.acquire();
      change({ halfOpenMaxCalls: 2 });
      breaker.acquire();

      expect(() => breaker.acquire()).toThrow('has 2 probes out already');
    });

    test('says how many probes are out, where fewer may be now', () => {
      const { breaker, change } = halfOpen({ halfOpenMaxCalls: 3 });
      for (let probe = 0; probe < 3; probe++) breaker.acquire();
      change({ halfOpenMaxCalls: 1 });

      expect(() => breaker.acquire()).toThrow('has 3 probes out already');
    });

    test('gives up a probe that is out after its new time', () => {
      const { clock, breaker, change } = halfOpen({ halfOpenMaxCalls: 1, probeTimeoutMs: 1_000_000 });
      breaker.acquire();
      change({ halfOpenMaxCalls: 1, probeTimeoutMs: 50 });
      void clock.advance(49);
      expect(() => breaker.acquire()).toThrow('half-open');
      void clock.advance(1);

      expect(() => breaker.acquire()).toThrow('a probe that did not settle within 50 ms');
    });

    test('closes with the next success, where there are as many already as it takes now', () => {
      const { breaker, change } = halfOpen({ successThreshold: 4 });
      for (let probe = 0; probe < 3; probe++) breaker.succeed(breaker.acquire());
      change({ successThreshold: 2 });
      expect(breaker.state).toBe('half-open');
      breaker.succeed(breaker.acquire());

      expect(breaker.state).toBe('closed');
    });
  });

  test('stays isolated', () => {
    const { breaker } = rig({ failureThreshold: 7 });
    breaker.isolate();
    breaker.reconfigure({ failureThreshold: 2 });

    expect(breaker.state).toBe('isolated');
  });
});

describe('a family of breakers that takes other options', () => {
  test('has each of them go by those, and keeps their states', () => {
    const family = new KeyedBreakers({ failureThreshold: 5 }, { clock: new ManualClock() });
    const fail = (key: string) => family.for(key).fail(family.for(key).acquire(), new Error('down'));
    for (const key of ['eu', 'eu', 'us']) fail(key);
    family.reconfigure({ failureThreshold: 3 });
    for (const key of ['eu', 'us']) fail(key);

    expect(family.for('eu').state).toBe('open');
    expect(family.for('us').state).toBe('closed');
    expect(family.for('new').options.failureThreshold).toBe(3);
  });

  test('cannot take other `maxKeys`', () => {
    const family = new KeyedBreakers({ failureThreshold: 5 });
    expect(() => family.reconfigure({ failureThreshold: 2, maxKeys: 7, key: () => '' })).toThrow('maxKeys');

    expect(family.options.failureThreshold).toBe(5);
  });
});
