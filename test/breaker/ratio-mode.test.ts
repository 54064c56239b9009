import { describe, expect, test } from 'vitest';
import { bench, DOWN, thrownBy } from './bench.js';

describe('a window', () => {
  test.each([
    [1, 9, 'closed'],
    [2, 8, 'closed'],
    [3, 7, 'open'],
    [4, 6, 'open'],
  ])('with failureRatio 0.3 and %i failures among %i successes leaves it %s', (failures, successes, state) => {
    const { breaker, fail, succeed } = bench({
      window: { type: 'count', size: 10 },
      failureRatio: 0.3,
      minimumCalls: 10,
    });

    succeed(successes);
    fail(failures);

    expect(breaker.state).toBe(state);
  });

  test('is not looked at before minimumCalls; the call that makes them up may be a success', () => {
    const { breaker, fail, succeed, transitions } = bench({ window: { type: 'count', size: 100 }, minimumCalls: 5 });

    fail(4);
    expect(breaker.state).toBe('closed');
    succeed(1);

    expect(breaker.state).toBe('open');
    expect(transitions[0]).toMatchObject({ at: 1_000, calls: 5, failureRate: 0.8, cause: 'failure-ratio' });
  });

  test('of size 10 needs 10 calls unless told otherwise, a larger one 20', () => {
    expect(bench({ window: { type: 'count', size: 10 } }).breaker.options.minimumCalls).toBe(10);
    expect(bench({ window: { type: 'count', size: 50 } }).breaker.options.minimumCalls).toBe(20);
    expect(bench({ window: { type: 'time', ms: 10 } }).breaker.options.minimumCalls).toBe(20);
  });

  test('counts the successes that came before the first failure', () => {
    const { breaker, fail, succeed } = bench({ window: { type: 'count', size: 10 }, failureRatio: 0.5 });

    succeed(1_000);
    fail(4);
    expect(breaker.state).toBe('closed');
    expect(breaker.snapshot().failureRate).toBe(0.4);
    fail(1);

    expect(breaker.state).toBe('open');
  });

  test('keeps the rate at which it opened until it closes, and then begins anew', () => {
    const { breaker, fail, succeed, advance } = bench({ window: { type: 'count', size: 4 } });
    fail(4);
    expect(breaker.snapshot().failureRate).toBe(1);
    advance(60_000);
    succeed(2);
    expect(breaker.snapshot().failureRate).toBe(0);

    fail(3);

    expect(breaker.state).toBe('closed');
  });

  test('ignores ignored outcomes', () => {
    const { breaker, fail } = bench({ window: { type: 'count', size: 4 } });

    fail(3);
    breaker.ignore(breaker.acquire());

    expect(breaker.state).toBe('closed');
    expect(breaker.snapshot().failureRate).toBe(1);
  });

  test('of time forgets what is older', () => {
    const { breaker, fail, advance } = bench({ window: { type: 'time', ms: 1_000 }, minimumCalls: 4 });

    fail(3);
    advance(1_000);
    expect(breaker.snapshot().failureRate).toBe(0);
    fail(3);
    expect(breaker.state).toBe('closed');
    fail(1);

    expect(breaker.state).toBe('open');
  });
});

describe('slow calls', () => {
  const options = { window: { type: 'count', size: 4 }, slowCallMs: 100, slowCallRatio: 0.5 } as const;

  test.each([
    [99, 'closed', 0],
    [100, 'open', 4],
  ])('of %i ms leave it %s', (ms, state, slowCalls) => {
    const { breaker, advance } = bench({ ...options, slowCallRatio: 1 });
    for (let call = 0; call < 4; call++) {
      const permit = breaker.acquire();
      advance(ms);
      breaker.succeed(permit);
    }

    expect(breaker.state).toBe(state);
    expect(breaker.snapshot()).toMatchObject({ slowCalls, successfulCalls: 4 });
  });

  test('count before they end: running ones open the circuit for the next call', () => {
    const { breaker, succeed, advance, transitions } = bench(options);
    succeed(2);
    const running = [breaker.acquire(), breaker.acquire()];
    advance(100);

    expect(() => breaker.acquire()).toThrow('is open after 2 slow calls in 4 calls');
    expect(transitions[0]).toMatchObject({ cause: 'slow-calls', slowCallRate: 0.5 });
    expect(breaker.snapshot().slowCalls).toBe(2);

    for (const permit of running) breaker.succeed(permit);
    expect(breaker.snapshot()).toMatchObject({ slowCalls: 2, successfulCalls: 4, state: 'open' });
  });

  test('that run do not count any more once they have ended', () => {
    const { breaker, succeed, advance } = bench(options);
    const running = breaker.acquire();
    advance(100);
    succeed(2);
    breaker.ignore(running);

    succeed(2);

    expect(breaker.state).toBe('closed');
    expect(breaker.snapshot().slowCalls).toBe(1);
  });

  test('are noticed by a call that ends, too', () => {
    const { breaker, succeed, advance } = bench(options);
    succeed(2);
    breaker.acquire();
    const other = breaker.acquire();
    advance(100);

    breaker.fail(other, DOWN);

    expect(breaker.state).toBe('open');
  });

  test('that run are not joined by calls that are too old', () => {
    const window = { type: 'time', ms: 1_000 } as const;
    const { breaker, advance } = bench({ window, slowCallMs: 100, minimumCalls: 2 });
    const old = breaker.acquire();
    advance(100);
    breaker.succeed(old);
    breaker.acquire();
    advance(5_000);

    breaker.acquire();

    expect(breaker.state).toBe('closed');
  });

  test('that fail are both', () => {
    const { breaker, advance } = bench({ ...options, failureRatio: 1 });
    const permit = breaker.acquire();
    advance(100);
    breaker.fail(permit, DOWN);

    expect(breaker.snapshot()).toMatchObject({ failedCalls: 1, slowCalls: 1, failureRate: 1 });
  });

  test('leave any order of ends to themselves', () => {
    const { breaker, advance } = bench({ ...options, window: { type: 'count', size: 100 } });
    const [first, second, third] = [breaker.acquire(), breaker.acquire(), breaker.acquire()];

    for (const permit of [second, third, first]) breaker.succeed(permit);
    const next = breaker.acquire();
    advance(100);
    breaker.acquire();
    breaker.succeed(next);

    expect(breaker.snapshot()).toMatchObject({ slowCalls: 1, successfulCalls: 4 });
  });

  test('open it again as probes, at the latest when slowCallMs is over', () => {
    const { breaker, fail, advance, transitions } = bench({ ...options, recoveryTimeoutMs: 1_000 });
    fail(4);
    advance(1_000);
    const slow = breaker.acquire();
    advance(100);
    breaker.succeed(slow);
    expect(transitions.at(-1)).toMatchObject({ to: 'open', cause: 'probe-slow' });
    advance(1_000);
    breaker.acquire();
    advance(100);

    thrownBy(() => breaker.acquire());

    expect(transitions.at(-1)).toMatchObject({ to: 'open', cause: 'probe-expired' });
  });

  test('without a window are counted and decide nothing', () => {
    const { breaker, succeed, fail, advance } = bench({ slowCallMs: 100, recoveryTimeoutMs: 10 });
    const permits = Array.from({ length: 30 }, () => breaker.acquire());
    advance(100);
    for (const permit of permits) breaker.succeed(permit);
    expect(breaker.state).toBe('closed');
    expect(breaker.snapshot().slowCalls).toBe(30);
    fail(5);
    advance(10);
    const probe = breaker.acquire();
    advance(100);
    breaker.succeed(probe);
    succeed(1);

    expect(breaker.state).toBe('closed');
  });
});
