import { describe, expect, test } from 'vitest';
import type { CircuitBreaker } from '../../src/breaker/circuit-breaker.js';
import { bench, DOWN, thrownBy } from './bench.js';

type Act = 'reset' | 'isolate' | 'disable' | 'shadow' | 'release';

describe('an act', () => {
  test.each<[Act, string]>([
    ['reset', 'closed'],
    ['isolate', 'isolated'],
    ['disable', 'disabled'],
    ['shadow', 'shadow'],
    ['release', 'closed'],
  ])('%s makes a closed breaker %s', (act, state) => {
    const { breaker, acts, transitions } = bench({ name: 'api' });

    breaker[act]({ reason: 'drill', owner: 'ops' });

    expect(breaker.state).toBe(state);
    const told = {
      act,
      name: 'api',
      from: 'closed',
      to: state,
      cause: 'act',
      reason: 'drill',
      owner: 'ops',
      at: 1_000,
    };
    expect(acts).toEqual([expect.objectContaining({ ...told, ttlMs: null, effect: 'real' })]);
    expect(transitions).toHaveLength(state === 'closed' ? 0 : 1);
  });

  test.each<[Act, string]>([
    ['reset', 'closed'],
    ['isolate', 'isolated'],
    ['disable', 'disabled'],
    ['shadow', 'shadow'],
    ['release', 'open'],
  ])('%s makes an open breaker %s', (act, state) => {
    const { breaker, fail, acts } = bench();
    fail(5);

    breaker[act]();

    expect(breaker.state).toBe(state);
    expect(acts[0]).toMatchObject({ from: 'open', to: state, reason: act, owner: null, lastError: 'down' });
  });

  test.each<[Act, string]>([
    ['reset', 'closed'],
    ['isolate', 'isolated'],
    ['disable', 'disabled'],
    ['shadow', 'shadow'],
    ['release', 'half-open'],
  ])('%s makes a half-open breaker %s', (act, state) => {
    const { breaker, fail, advance } = bench();
    fail(5);
    advance(60_000);
    breaker.acquire();

    breaker[act]();

    expect(breaker.state).toBe(state);
  });

  test.each(['isolate', 'disable', 'shadow'] as const)(
    'after %s, reset closes the circuit and release leaves it open',
    (act) => {
      const { breaker, fail } = bench();
      fail(5);

      breaker[act]();
      breaker.release();
      expect(breaker.state).toBe('open');
      breaker[act]();
      breaker.reset();

      expect(breaker.state).toBe('closed');
    },
  );

  test.each([
    [{ ttlMs: -1 }, RangeError, /`ttlMs` takes a time in ms from 0, or Infinity, got -1/],
    [{ ttlMs: Number.NaN }, RangeError, /`ttlMs`/],
    [{ ttlMs: '1' }, TypeError, /`ttlMs`/],
    [{ reason: 7 }, TypeError, /`reason` takes a text/],
    [{ onwer: 'ops' }, TypeError, /did you mean `owner`/],
  ])('refuses %j', (options, type, message) => {
    const { breaker } = bench();

    const error = thrownBy(() => breaker.isolate(options as object));

    expect(error).toBeInstanceOf(type);
    expect((error as Error).message).toMatch(message);
    expect(breaker.state).toBe('closed');
  });

  test('leaves what was counted as it was', () => {
    const { breaker, fail, succeed } = bench();
    succeed(2);
    fail(3);

    breaker.reset();

    expect(breaker.snapshot()).toMatchObject({ totalCalls: 5, failedCalls: 3, consecutiveFailures: 0 });
  });
});

describe('isolated', () => {
  test('rejects everything, with who and why, and no time to wait', () => {
    const { breaker } = bench({ name: 'api' });
    breaker.isolate({ owner: 'ops', reason: 'migration' });

    const error = thrownBy(() => breaker.acquire('site'));

    expect(error).toMatchObject({
      message: "'api' is isolated by ops (migration)",
      site: 'site',
      retryAfterMs: undefined,
    });
    expect(breaker.snapshot()).toMatchObject({ rejectedCalls: 1, nextAttemptAt: null });
  });

  test('with ttlMs says when to come back, and ends by the clock, without a timer', () => {
    const { breaker, clock, advance, transitions } = bench();
    const wall = clock.wallNow();
    breaker.isolate({ ttlMs: 5_000, owner: 'ops' });
    advance(1_000);

    expect(thrownBy(() => breaker.acquire())).toMatchObject({
      retryAfterMs: 4_000,
      message: "'circuitBreaker' is isolated by ops; try again in 4 000 ms",
    });
    expect(breaker.snapshot()).toMatchObject({
      nextAttemptAt: wall + 5_000,
      override: { state: 'isolated', owner: 'ops', reason: null, since: wall, until: wall + 5_000 },
    });
    expect(clock.pendingTimers).toBe(0);
    advance(4_000);
    expect(breaker.state).toBe('closed');
    expect(breaker.snapshot().override).toBeNull();
    expect(transitions).toHaveLength(1);

    breaker.succeed(breaker.acquire());

    expect(transitions[1]).toMatchObject({ from: 'isolated', to: 'closed', cause: 'ttl-over', owner: 'ops' });
  });

  test('with ttlMs ends although the clock was set back', () => {
    const { breaker, advance } = bench();
    breaker.isolate({ ttlMs: 5_000 });

    advance(-1e9);
    thrownBy(() => breaker.acquire());
    advance(5_000);

    expect(breaker.acquire().shared).toBe(true);
  });

  test('lets what is running decide nothing, and gives all probes back on release', () => {
    const { breaker, fail, advance } = bench({ halfOpenMaxCalls: 1, successThreshold: 1 });
    fail(5);
    advance(60_000);
    const probe = breaker.acquire();

    breaker.isolate();
    breaker.fail(probe, DOWN);
    breaker.release();

    expect(breaker.state).toBe('half-open');
    breaker.succeed(breaker.acquire());
    expect(breaker.state).toBe('closed');
  });

  test('does not end because the circuit would have closed', () => {
    const { breaker, fail } = bench({ failureThreshold: 2 });
    const running = breaker.acquire();
    breaker.isolate();

    breaker.fail(running, DOWN);

    expect(breaker.state).toBe('isolated');
    breaker.release();
    fail(1);
    expect(breaker.state).toBe('closed');
  });
});

describe('disabled', () => {
  test('lets everything through and counts it, and decides nothing', () => {
    const { breaker, fail, succeed, transitions } = bench();
    fail(5);
    breaker.disable();

    fail(20);
    succeed(3);

    expect(breaker.state).toBe('disabled');
    expect(breaker.snapshot()).toMatchObject({ failedCalls: 25, successfulCalls: 3, rejectedCalls: 0 });
    expect(transitions.map(({ to }) => to)).toEqual(['open', 'disabled']);
    breaker.release();
    expect(breaker.state).toBe('open');
  });

  test('forgets nothing of the failures before', () => {
    const { breaker, fail, succeed } = bench({ failureThreshold: 3 });
    fail(2);
    breaker.disable();
    succeed(1);
    breaker.release();

    fail(1);

    expect(breaker.state).toBe('open');
  });

  test('measures slow calls', () => {
    const { breaker, advance } = bench({ slowCallMs: 100 });
    breaker.disable();
    const permit = breaker.acquire();
    advance(100);

    breaker.succeed(permit);

    expect(breaker.snapshot().slowCalls).toBe(1);
  });
});

describe('shadow', () => {
  test('lets everything through, judges it, and tells what would have been rejected', () => {
    const { breaker, fail, transitions, wouldReject } = bench({ name: 'api' });
    breaker.shadow();
    fail(5);

    const permit = breaker.acquire('Quotes.price');
    breaker.succeed(permit);

    expect(breaker.state).toBe('shadow');
    expect(transitions.at(-1)).toMatchObject({ from: 'closed', to: 'open', effect: 'shadowed' });
    expect(wouldReject).toEqual([{ name: 'api', key: undefined, site: 'Quotes.price', state: 'open', at: 1_000 }]);
    expect(breaker.snapshot()).toMatchObject({ wouldRejectCalls: 1, rejectedCalls: 0, successfulCalls: 1 });
  });

  test('goes on from what it would have been when it is released', () => {
    const { breaker, fail, advance } = bench();
    breaker.shadow();
    fail(5);
    advance(59_999);
    fail(1);

    breaker.release();

    expect(breaker.state).toBe('open');
    expect(() => breaker.acquire()).toThrow('try again in 1 ms');
  });

  test('lets the calls that a half-open circuit would have taken as probes be the probes', () => {
    const { breaker, fail, succeed, advance } = bench({ recoveryTimeoutMs: 10 });
    breaker.shadow();
    fail(5);
    advance(10);
    succeed(2);

    breaker.release();

    expect(breaker.state).toBe('closed');
  });

  test('ends with its ttlMs', () => {
    const { breaker, fail, advance } = bench();
    breaker.shadow({ ttlMs: 1_000 });
    fail(5);
    advance(1_000);

    const state: CircuitBreaker['state'] = breaker.state;

    expect(state).toBe('open');
    expect(() => breaker.acquire()).toThrow('try again in 59 000 ms');
  });
});
