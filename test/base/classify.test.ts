import { describe, expect, test } from 'vitest';
import { classify } from '../../src/base/classify.js';
import { ChaosError, CircuitOpenError, DeadlineExceededError, TimeoutError } from '../../src/base/errors.js';
import { outcomeOf } from '../../src/base/outcome.js';
import type { Severity } from '../../src/base/severity.js';

const source = { policy: 'p', policyName: 'n' };
const coded = (code: string) => Object.assign(new Error(code), { code });
const status = (given: number) => Object.assign(new Error('http'), { status: given });

describe('each error has a severity', () => {
  test.each<[Severity, string, unknown]>([
    ...['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'].map((code): [Severity, string, unknown] => [
      'transient',
      code,
      coded(code),
    ]),
    ...['ETIMEDOUT', 'ECONNREFUSED', 'EAI_AGAIN', 'ENOTFOUND', 'WHATEVER'].map((code): [Severity, string, unknown] => [
      'recoverable',
      code,
      coded(code),
    ]),
    ...['ENOSPC', 'EMFILE', 'ENFILE', 'EROFS'].map((code): [Severity, string, unknown] => [
      'critical',
      code,
      coded(code),
    ]),
    ...[408, 425, 429, 500, 502, 503, 504, 599].map((each): [Severity, string, unknown] => [
      'recoverable',
      `${each}`,
      status(each),
    ]),
    ...[400, 401, 403, 404, 409, 410, 422, 499].map((each): [Severity, string, unknown] => [
      'permanent',
      `${each}`,
      status(each),
    ]),
    ['recoverable', 'a status that is no failure', status(302)],
    ['permanent', 'statusCode', { statusCode: 404 }],
    ['permanent', 'response.status', { response: { status: 404 } }],
    ['recoverable', 'a status that is a text', { status: '404' }],
    ['permanent', 'TypeError', new TypeError('x')],
    ['permanent', 'RangeError', new RangeError('x')],
    ['permanent', 'ReferenceError', new ReferenceError('x')],
    ['permanent', 'SyntaxError', new SyntaxError('x')],
    ['recoverable', "fetch's TypeError", new TypeError('fetch failed', { cause: coded('ECONNREFUSED') })],
    ['transient', "fetch's TypeError, reset", new TypeError('fetch failed', { cause: coded('UND_ERR_SOCKET') })],
    [
      'transient',
      'several addresses tried',
      new TypeError('fetch failed', { cause: new AggregateError([coded('ECONNRESET'), coded('ETIMEDOUT')]) }),
    ],
    ['critical', 'out of memory', new RangeError('Array buffer allocation failed')],
    ['recoverable', 'Error', new Error('down')],
    ['recoverable', 'TimeoutError', new TimeoutError('t', source)],
    ['recoverable', 'DeadlineExceededError', new DeadlineExceededError('d', source)],
    ['recoverable', 'CircuitOpenError', new CircuitOpenError('o', source)],
    ['recoverable', 'ChaosError', new ChaosError('c', source)],
    ['critical', 'ChaosError as it was told', new ChaosError('c', source, 'critical')],
    ['recoverable', 'a text', 'down'],
    ['recoverable', 'undefined', undefined],
    ['recoverable', 'null', null],
    ['recoverable', 'a number', 404],
    ['recoverable', 'a symbol', Symbol('s')],
    ['recoverable', 'a function', () => 1],
  ])('%s: %s', (severity, _, error) => {
    expect(classify(error)).toBe(severity);
  });
});

describe('it never throws', () => {
  const thrower = () => {
    throw new Error('hostile');
  };
  test.each<[string, unknown]>([
    ['a getter', Object.defineProperty(new Error('x'), 'code', { get: thrower })],
    [
      'a status getter',
      {
        get status() {
          return thrower();
        },
      },
    ],
    ['a message getter', Object.defineProperty(new Error('x'), 'message', { get: thrower })],
    ['a proxy', new Proxy({}, { get: thrower, has: thrower, getPrototypeOf: thrower })],
    ['a revoked proxy', revoked()],
    ['a cycle of causes', cyclic()],
    ['an object without a prototype', Object.create(null)],
  ])('for %s', (_, error) => {
    expect(classify(error)).toBe('recoverable');
  });
});

test.each([
  ['a rejection', new CircuitOpenError('o', source), 'ignored'],
  ['a permanent error', new TypeError('x'), 'ignored'],
  ['a timeout', new TimeoutError('t', source), 'failure'],
  ['a critical error', coded('ENOSPC'), 'failure'],
  ['a text', 'down', 'failure'],
])('%s', (_, error, outcome) => {
  expect(outcomeOf(error, classify)).toBe(outcome);
});

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function cyclic(): Error {
  const error = new Error('x');
  error.cause = error;
  return error;
}
