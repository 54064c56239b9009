import { describe, expect, test } from 'vitest';
import * as errors from '../../src/base/errors.js';
import { ClosedError, withoutStack } from '../../src/base/errors.js';
import { networkCodeOf, retryAfterOf, statusOf } from '../../src/base/error-facts.js';

// Looked up by name, which a module's namespace is not for.
const classes = { ...errors };
const source = { policy: 'p', policyName: 'n' };
const rejections = [
  'CircuitOpenError',
  'BulkheadFullError',
  'RateLimitedError',
  'ShedError',
  'QueueTimeoutError',
  'ClosedError',
] as const;
const others = ['TimeoutError', 'DeadlineExceededError', 'ChaosError', 'NameTakenError', 'QueueFullError'] as const;
const codes = [
  'ERR_CIRCUIT_OPEN',
  'ERR_BULKHEAD_FULL',
  'ERR_RATE_LIMITED',
  'ERR_SHED',
  'ERR_QUEUE_TIMEOUT',
  'ERR_CLOSED',
  'ERR_TIMEOUT',
  'ERR_DEADLINE',
  'ERR_CHAOS',
  'ERR_NAME_TAKEN',
  'ERR_QUEUE_FULL',
];

describe.each([...rejections, ...others].map((name, index) => [name, codes[index]] as const))('%s', (name, code) => {
  test('bears code, policy, names and cause', () => {
    const cause = new Error('first');
    const error = new classes[name]('message', { ...source, site: 's', cause });

    expect(error).toMatchObject({ name, code, message: 'message', policy: 'p', policyName: 'n', site: 's', cause });
    expect(new classes[name]('message', source)).toMatchObject({ site: 'n' });
    expect('cause' in new classes[name]('message', source)).toBe(false);
  });

  test('is known by `instanceof` across copies of the package', async () => {
    const copy = (await import(`${new URL('../../src/base/errors.ts', import.meta.url).href}?copy`)) as typeof errors;
    const theirs = new copy[name]('m', source);
    const isRejection = (rejections as readonly string[]).includes(name);

    expect(copy[name]).not.toBe(classes[name]);
    expect(theirs).toBeInstanceOf(classes[name]);
    expect(theirs).toBeInstanceOf(errors.ResilienceError);
    expect(theirs instanceof errors.RejectedError).toBe(isRejection);
    expect(errors.isResilienceError(theirs)).toBe(true);
    for (const other of [...rejections, ...others]) expect(theirs instanceof classes[other]).toBe(other === name);
  });
});

test('a class of a user’s own is told apart from its parent', () => {
  class Mine extends errors.TimeoutError {}
  const mine = new Mine('m', source);

  expect([mine instanceof Mine, mine instanceof errors.TimeoutError]).toEqual([true, true]);
  expect(new errors.TimeoutError('m', source) instanceof Mine).toBe(false);
});

test.each([
  ['null', null],
  ['a text', 'x'],
  ['an error', new Error('x')],
  [
    'a hostile proxy',
    new Proxy(
      {},
      {
        get: () => {
          throw new Error('hostile');
        },
      },
    ),
  ],
])('%s is none of the toolkit’s, and asking does not throw', (_, value) => {
  expect(errors.isResilienceError(value)).toBe(false);
  expect((value as unknown) instanceof errors.RejectedError).toBe(false);
});

describe('withoutStack', () => {
  test('makes an error without frames, and restores the limit, also when making throws', () => {
    const limit = Error.stackTraceLimit;
    const error = errors.withoutStack(() => new errors.ClosedError('closed', source));

    expect(error.stack).not.toContain('\n    at ');
    expect(() =>
      errors.withoutStack(() => {
        throw new Error('x');
      }),
    ).toThrow('x');
    expect(Error.stackTraceLimit).toBe(limit);
    expect(new Error('y').stack).toContain('\n    at ');
  });
});

describe('Retry-After', () => {
  const now = Date.UTC(2026, 0, 1);
  const date = new Date(now + 90_000).toUTCString();

  test.each<[string, unknown, number | undefined]>([
    ['retryAfterMs of the error', { retryAfterMs: 250 }, 250],
    ['which wins over a header', { retryAfterMs: 250, headers: { 'retry-after': '9' } }, 250],
    ['unless it makes no sense', { retryAfterMs: -1, headers: { 'retry-after': '9' } }, 9_000],
    ['seconds', { headers: { 'retry-after': '120' } }, 120_000],
    ['seconds as a number', { headers: { 'retry-after': 3 } }, 3_000],
    ['whatever the case', { headers: { 'Retry-After': '2' } }, 2_000],
    ['of Headers', { headers: new Headers({ 'Retry-After': '2' }) }, 2_000],
    ['of a Map', { headers: new Map([['retry-after', '2']]) }, 2_000],
    ['of the response', { response: { headers: { 'retry-after': '2' } } }, 2_000],
    ['several', { headers: { 'retry-after': ['2', '3'] } }, 2_000],
    ['an HTTP date', { headers: { 'retry-after': date } }, 90_000],
    ['a date that has passed', { headers: { 'retry-after': new Date(now - 1_000).toUTCString() } }, 0],
    ['a negative number', { headers: { 'retry-after': '-5' } }, 0],
    ['an empty text', { headers: { 'retry-after': ' ' } }, undefined],
    ['nonsense', { headers: { 'retry-after': 'soon' } }, undefined],
    ['no header', { headers: {} }, undefined],
    ['no error', undefined, undefined],
    ['a text', 'retry', undefined],
    ['NaN', { retryAfterMs: Number.NaN }, undefined],
  ])('%s', (_, error, ms) => {
    expect(retryAfterOf(error, now)).toBe(ms);
  });
});

test('the status is the first of status, statusCode and response.status that is a number', () => {
  expect(statusOf({ status: 'x', statusCode: 502, response: { status: 404 } })).toBe(502);
  expect(statusOf({ response: null })).toBeUndefined();
});

test('the code of a failed fetch is that of its cause, or of the first of its causes', () => {
  expect(networkCodeOf({ cause: { code: 'A' } })).toBe('A');
  expect(networkCodeOf({ cause: { errors: [{}, { code: 'B' }] } })).toBe('B');
  expect(networkCodeOf({ code: 5 })).toBeUndefined();
});

test('a rejection has a stack of its name and message', () => {
  const error = withoutStack(() => new ClosedError('closed', { policy: 'registry', policyName: 'x' }));

  expect(error.stack).toBe('ClosedError: closed');
  expect(Object.keys(error)).not.toContain('stack');
});

test('frames are put into words when somebody reads them, and not before', () => {
  const { prepareStackTrace } = Error;
  let worded = 0;
  Error.prepareStackTrace = (error) => {
    worded++;
    return `${error.name} in words`;
  };
  try {
    const error = new ClosedError('closed', { policy: 'registry', policyName: 'x' });
    expect(worded).toBe(0);
    expect(error.stack).toBe('ClosedError in words');
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
});
