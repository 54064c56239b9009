import { describe, expect, test } from 'vitest';
import { CircuitOpenError } from '../../src/base/errors.js';
import { bench, DOWN, thrownBy } from './bench.js';

describe('call', () => {
  test('hands arguments on and the result back, at once for a synchronous function', () => {
    const { breaker } = bench();

    expect(breaker.call((a: number, b: number) => a + b, 1, 2)).toBe(3);
    expect(breaker.snapshot().successfulCalls).toBe(1);
  });

  test('hands the value of a promise back', async () => {
    const { breaker } = bench();

    const result = breaker.call(async (text: string) => text.length, 'four');

    expect(breaker.snapshot().successfulCalls).toBe(0);
    await expect(result).resolves.toBe(4);
    expect(breaker.snapshot().successfulCalls).toBe(1);
  });

  test('rethrows the function its own error, the same object', async () => {
    const { breaker } = bench();
    const fails = () => {
      throw DOWN;
    };

    expect(thrownBy(() => breaker.call(fails))).toBe(DOWN);
    await expect(breaker.call(async () => fails())).rejects.toBe(DOWN);
    expect(breaker.snapshot().failedCalls).toBe(2);
  });

  test('throws when the circuit is open and the function is synchronous', () => {
    const { breaker, fail } = bench();
    fail(5);

    const error = thrownBy(() => breaker.call(function fetchQuote() {}));

    expect(error).toBeInstanceOf(CircuitOpenError);
    expect(error).toMatchObject({ site: 'fetchQuote', policyName: 'circuitBreaker' });
  });

  test('gives a rejected promise when the circuit is open and the function is async', async () => {
    const { breaker, fail } = bench();
    fail(5);

    await expect(breaker.call(async () => {})).rejects.toBeInstanceOf(CircuitOpenError);
  });

  test('gives a rejected promise where all functions so far gave promises', async () => {
    const { breaker, fail } = bench();
    await breaker.call(() => Promise.resolve());
    fail(5);

    await expect(breaker.call(() => Promise.resolve())).rejects.toBeInstanceOf(CircuitOpenError);
  });

  test('throws where one function has given a value', async () => {
    const { breaker, fail } = bench();
    await breaker.call(() => Promise.resolve());
    breaker.call(() => null);
    await breaker.call(() => Promise.resolve());
    fail(5);

    expect(() => breaker.call(() => Promise.resolve())).toThrow(CircuitOpenError);
  });

  test('does not run the function while the circuit is open', () => {
    const { breaker, fail } = bench();
    fail(5);
    let runs = 0;

    thrownBy(() => breaker.call(() => runs++));

    expect(runs).toBe(0);
    expect(breaker.snapshot().rejectedCalls).toBe(1);
  });

  test.each([
    ['among the arguments', (signal: AbortSignal) => [signal]],
    ['as signal of an argument', (signal: AbortSignal) => [1, { signal }]],
  ])('ignores the abort of its caller: a signal %s', async (_, argsOf) => {
    const { breaker } = bench();
    const controller = new AbortController();
    const aborted = (..._args: unknown[]) => Promise.reject(controller.signal.reason);
    controller.abort();

    await expect(breaker.call(aborted, ...argsOf(controller.signal))).rejects.toThrow();

    expect(breaker.snapshot()).toMatchObject({ ignoredCalls: 1, failedCalls: 0 });
  });

  test('counts an error that has nothing to do with the abort', async () => {
    const { breaker } = bench();
    const fails = (_signal: AbortSignal) => Promise.reject(DOWN);

    await expect(breaker.call(fails, AbortSignal.abort())).rejects.toBe(DOWN);
    await expect(breaker.call(fails, new AbortController().signal)).rejects.toBe(DOWN);

    expect(breaker.snapshot().failedCalls).toBe(2);
  });

  test('awaits a thenable that is no promise', async () => {
    const { breaker } = bench();
    const thenable: PromiseLike<number> = { then: (ok) => Promise.resolve(7).then(ok) };

    await expect(breaker.call(() => thenable)).resolves.toBe(7);
  });
});
