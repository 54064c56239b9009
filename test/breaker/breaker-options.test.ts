import { describe, expect, test } from 'vitest';
import {
  type CircuitBreakerOptions,
  checkBreakerOptions,
  circuitBreakerRules,
} from '../../src/breaker/breaker-options.js';
import { CircuitBreaker } from '../../src/breaker/circuit-breaker.js';
import { thrownBy } from './bench.js';

const COUNTED = { type: 'count', size: 10 } as const;

describe('defaults', () => {
  test('are those of a breaker that counts failures in a row', () => {
    expect(checkBreakerOptions()).toEqual({
      failureThreshold: 5,
      successThreshold: 2,
      recoveryTimeoutMs: 60_000,
      maxRecoveryTimeoutMs: 60_000,
      recoveryJitterRatio: 0,
      halfOpenMaxCalls: 2,
      probeTimeoutMs: 60_000,
    });
  });

  test.each<[CircuitBreakerOptions, CircuitBreakerOptions]>([
    [{ successThreshold: 4 }, { halfOpenMaxCalls: 4 }],
    [{ successThreshold: 4, halfOpenMaxCalls: 1 }, { halfOpenMaxCalls: 1 }],
    [{ recoveryTimeoutMs: 5_000 }, { maxRecoveryTimeoutMs: 5_000, probeTimeoutMs: 30_000 }],
    [{ recoveryTimeoutMs: 90_000 }, { maxRecoveryTimeoutMs: 90_000, probeTimeoutMs: 90_000 }],
    [{ window: COUNTED }, { window: COUNTED, failureRatio: 0.5, minimumCalls: 10 }],
    [{ window: { type: 'count', size: 500 } }, { minimumCalls: 20 }],
    [{ window: { type: 'time', ms: 60_000 } }, { minimumCalls: 20, failureRatio: 0.5 }],
    [{ window: COUNTED, slowCallMs: 50 }, { slowCallRatio: 1 }],
    [{ key: String }, { maxKeys: 1_000 }],
  ])('of %j hang on what is given', (given, filled) => {
    expect(checkBreakerOptions(given)).toMatchObject(filled);
  });

  test('of a window are without failureThreshold, so that checked options can be given again', () => {
    for (const given of [{}, { window: COUNTED, slowCallMs: 5 }, { window: { type: 'time', ms: 5 } as const }]) {
      const checked = checkBreakerOptions(given);
      expect(checkBreakerOptions(checked)).toEqual(checked);
    }
  });

  test('are frozen, the window too, and apart from what was given', () => {
    const window = { type: 'count', size: 10 } as const;
    const { options } = new CircuitBreaker({ window });

    expect(Object.isFrozen(options)).toBe(true);
    expect(Object.isFrozen(options.window)).toBe(true);
    expect(options.window).not.toBe(window);
  });
});

const wrongNumbers: [unknown, typeof TypeError | typeof RangeError][] = [
  ['5', TypeError],
  [null, TypeError],
  [true, TypeError],
  [{}, TypeError],
  [Number.NaN, RangeError],
  [-1, RangeError],
  [Number.POSITIVE_INFINITY, RangeError],
];
const counts = ['failureThreshold', 'minimumCalls', 'successThreshold', 'halfOpenMaxCalls', 'maxKeys'] as const;
const times = ['slowCallMs', 'recoveryTimeoutMs', 'maxRecoveryTimeoutMs', 'probeTimeoutMs'] as const;
const shares = ['failureRatio', 'slowCallRatio', 'recoveryJitterRatio'] as const;
const functions = ['isFailure', 'isFailureResult', 'key'] as const;

const wrong: [string, unknown, typeof TypeError | typeof RangeError][] = [
  ...[...counts, ...times, ...shares].flatMap((name) =>
    wrongNumbers.map(([value, type]): [string, unknown, typeof TypeError | typeof RangeError] => [name, value, type]),
  ),
  ...counts.flatMap((name): [string, unknown, typeof RangeError][] => [
    [name, 0, RangeError],
    [name, 1.5, RangeError],
  ]),
  ...shares.map((name): [string, unknown, typeof RangeError] => [name, 1.01, RangeError]),
  ['failureRatio', 0, RangeError],
  ['slowCallRatio', 0, RangeError],
  ['slowCallMs', 0, RangeError],
  ['probeTimeoutMs', 0, RangeError],
  ['maxKeys', 1_000_001, RangeError],
  ...functions.map((name): [string, unknown, typeof TypeError] => [name, 'function', TypeError]),
  ['name', 7, TypeError],
  ['name', '', RangeError],
  ['window', 10, TypeError],
  ['window', null, TypeError],
  ['window', [], TypeError],
];

describe('a wrong option', () => {
  test.each(wrong)('%s: %s is refused by name', (name, value, type) => {
    const error = thrownBy(() => new CircuitBreaker({ [name]: value })) as Error;

    expect(error).toBeInstanceOf(type);
    expect(error.message).toContain(`\`${name}\``);
  });

  test('has a case here, whichever it is', () => {
    const tried = new Set(wrong.map(([name]) => name));

    expect(Object.keys(circuitBreakerRules).filter((name) => !tried.has(name))).toEqual([]);
  });

  test.each([
    ['failureTreshold', 'failureThreshold'],
    ['timeout', 'window'],
    ['recoveryTimeout', 'recoveryTimeoutMs'],
    ['isfailure', 'isFailure'],
  ])('%s is answered with the nearest known one', (name, nearest) => {
    const error = thrownBy(() => new CircuitBreaker({ [name]: 1 })) as Error;

    expect(error).toBeInstanceOf(TypeError);
    if (name !== 'timeout') expect(error.message).toContain(`did you mean \`${nearest}\`?`);
  });

  test.each([[null], [5], ['name'], [[]]])('that is no object of options at all is refused: %j', (options) => {
    expect(() => new CircuitBreaker(options as never)).toThrow('takes its options as one object');
  });
});

describe('a wrong window', () => {
  test.each([
    [{}, TypeError, '`type` must be given'],
    [{ type: 'calls', size: 3 }, RangeError, "`type` takes 'count' or 'time'"],
    [{ type: 'count' }, TypeError, '`size` must be given'],
    [{ type: 'count', size: 0 }, RangeError, '`size` takes a whole number from 1'],
    [{ type: 'count', size: 2.5 }, RangeError, '`size`'],
    [{ type: 'count', size: Number.POSITIVE_INFINITY }, RangeError, '`size`'],
    [{ type: 'count', size: 1_000_001 }, RangeError, 'to 1 000 000'],
    [{ type: 'count', size: '10' }, TypeError, '`size`'],
    [{ type: 'count', size: 10, ms: 5 }, TypeError, 'unknown option `ms`'],
    [{ type: 'time' }, TypeError, '`ms` must be given'],
    [{ type: 'time', ms: Number.NaN }, RangeError, '`ms`'],
    [{ type: 'time', ms: 0 }, RangeError, '`ms`'],
    [{ type: 'time', ms: Number.POSITIVE_INFINITY }, RangeError, '`ms`'],
    [{ type: 'time', size: 10 }, TypeError, 'unknown option `size`'],
  ])('%j is refused', (window, type, message) => {
    const error = thrownBy(() => new CircuitBreaker({ window: window as never })) as Error;

    expect(error).toBeInstanceOf(type);
    expect(error.message).toContain('circuitBreaker.window');
    expect(error.message).toContain(message);
  });
});

describe('options that do not go together', () => {
  test.each<[CircuitBreakerOptions, typeof TypeError | typeof RangeError, string]>([
    [{ failureThreshold: 5, window: COUNTED }, TypeError, '`failureThreshold` and `window` exclude each other'],
    [
      { minimumCalls: 11, window: COUNTED },
      RangeError,
      "`minimumCalls` takes at most the window's `size` (10), got 11",
    ],
    [{ failureRatio: 0.5 }, TypeError, '`failureRatio` means nothing without `window`'],
    [{ minimumCalls: 5 }, TypeError, '`minimumCalls` means nothing without `window`'],
    [{ slowCallMs: 5, slowCallRatio: 1 }, TypeError, '`slowCallRatio` means nothing without `window`'],
    [{ slowCallRatio: 1, window: COUNTED }, TypeError, '`slowCallRatio` means nothing without `slowCallMs`'],
    [{ recoveryTimeoutMs: 10, maxRecoveryTimeoutMs: 9 }, RangeError, '`maxRecoveryTimeoutMs` takes at least'],
    [{ key: String }, TypeError, '`key` and `maxKeys` are for a family of breakers'],
  ])('%j are refused', (options, type, message) => {
    const error = thrownBy(() => new CircuitBreaker(options)) as Error;

    expect(error).toBeInstanceOf(type);
    expect(error.message).toContain(message);
  });

  test('as many minimumCalls as a time window may ever hold are fine', () => {
    expect(checkBreakerOptions({ minimumCalls: 1e6, window: { type: 'time', ms: 10 } }).minimumCalls).toBe(1e6);
  });
});
