import { describe, expect, test } from 'vitest';
import { classify } from '../../src/base/classify.js';
import {
  CircuitOpenError,
  ClosedError,
  DeadlineExceededError,
  RateLimitedError,
  TimeoutError,
} from '../../src/base/errors.js';
import type { Severity } from '../../src/base/severity.js';
import { decideRetry, type RetryMeans, type RetrySituation } from '../../src/retry/retry-decision.js';
import { checkRetryOptions, type RetryOptions } from '../../src/retry/retry-options.js';

const WALL = Date.UTC(2026, 0, 1);
const source = { policy: 'test', policyName: 'test' };
const down = new Error('down');
const reset = Object.assign(new Error('reset'), { code: 'ECONNRESET' });

function decide(situation: Partial<RetrySituation>, options: RetryOptions = {}, means: Partial<RetryMeans> = {}) {
  const full = {
    outcome: { error: down },
    attempt: 1,
    elapsedMs: 0,
    remainingMs: Infinity,
    previousMs: undefined,
    cancelled: false,
    ...situation,
  };
  return decideRetry(full, checkRetryOptions({ jitter: 'none', ...options }), {
    classify,
    random: () => 0.5,
    clock: { wallNow: () => WALL },
    ...means,
  });
}

const after = (delayMs: number) => ({ retry: true, delayMs });
const no = (reason: string) => ({ retry: false, reason });
/** With how long the one who failed asked to be left alone. */
const asked = (decision: object, retryAfterMs: number) => ({ ...decision, retryAfterMs });
const ofSeverity = (severity: Severity) => ({ classify: () => severity });
const asking = (retryAfterMs: number) => ({ outcome: { error: Object.assign(new Error('busy'), { retryAfterMs }) } });

describe('by severity', () => {
  test.each<[Severity, number, object]>([
    ['transient', 1, after(0)],
    ['transient', 2, after(2_000)],
    ['recoverable', 1, after(1_000)],
    ['recoverable', 2, after(2_000)],
    ['permanent', 1, no('not-retryable')],
    ['critical', 1, no('not-retryable')],
    ['critical', 2, no('not-retryable')],
  ])('a %s error of attempt %i gives %o', (severity, attempt, decision) => {
    expect(decide({ attempt }, {}, ofSeverity(severity))).toEqual(decision);
  });

  test.each([
    [new TypeError('x is not a function'), no('not-retryable')],
    [Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } }), after(1_000)],
    [Object.assign(new Error('gone'), { status: 404 }), no('not-retryable')],
    [Object.assign(new Error('bad gateway'), { status: 502 }), after(1_000)],
    [reset, after(0)],
    [new TimeoutError('slow', source), after(1_000)],
    ['a string', after(1_000)],
    [undefined, after(1_000)],
  ])('%s', (error, decision) => {
    expect(decide({ outcome: { error } })).toEqual(decision);
  });
});

describe('`retryIf`', () => {
  test('takes the place of severity, both ways', () => {
    expect(decide({}, { retryIf: () => true }, ofSeverity('permanent'))).toEqual(after(1_000));
    expect(decide({}, { retryIf: () => true }, ofSeverity('critical'))).toEqual(after(1_000));
    expect(decide({}, { retryIf: () => false }, ofSeverity('transient'))).toEqual(no('not-retryable'));
    expect(decide({ outcome: { error: reset } }, { retryIf: () => true })).toEqual(after(1_000));
  });

  test('gets the error and the number of the attempt', () => {
    const asked: unknown[] = [];
    decide({ attempt: 2 }, { retryIf: (...args) => asked.push(args) > 0 });
    expect(asked).toEqual([[down, 2]]);
  });

  test('is not asked when its answer would change nothing', () => {
    const retryIf = () => {
      throw new Error('asked');
    };
    expect(decide({ attempt: 3 }, { retryIf })).toEqual(no('attempts-exhausted'));
    expect(decide({ cancelled: true }, { retryIf })).toEqual(no('cancelled'));
    expect(decide({ outcome: { value: 1 } }, { retryIf })).toEqual(after(1_000));
  });
});

describe('the toolkit’s own errors', () => {
  const rejections = [CircuitOpenError, RateLimitedError, ClosedError].map((type) => new type('no', source));

  test.each(rejections)('a $name is not retried', (error) => {
    expect(decide({ outcome: { error } })).toEqual(no('rejection'));
  });

  test.each(rejections)('unless `retryIf` says so', (error) => {
    expect(decide({ outcome: { error } }, { retryIf: () => true })).toEqual(after(1_000));
  });

  test.each(rejections)('a $name ends the retries as a rejection at the last attempt too', (error) => {
    expect(decide({ outcome: { error }, attempt: 3 })).toEqual(no('rejection'));
    expect(decide({ outcome: { error }, attempt: 3 }, { retryIf: () => true })).toEqual(no('attempts-exhausted'));
  });

  test('one that is retried waits as long as it says', () => {
    const error = new RateLimitedError('no', { ...source, retryAfterMs: 4_500 });
    expect(decide({ outcome: { error } }, { retryIf: () => true })).toEqual(asked(after(4_500), 4_500));
  });

  test('a DeadlineExceededError is never retried, whatever `retryIf` says', () => {
    const outcome = { error: new DeadlineExceededError('late', source) };
    expect(decide({ outcome }, { retryIf: () => true })).toEqual(no('deadline'));
  });
});

describe('limits', () => {
  test.each([
    [1, 1, no('attempts-exhausted')],
    [2, 3, after(2_000)],
    [3, 3, no('attempts-exhausted')],
    [1_000_000, Infinity, after(30_000)],
  ])('attempt %i of %d gives %o', (attempt, maxAttempts, decision) => {
    expect(decide({ attempt }, { maxAttempts })).toEqual(decision);
  });

  test.each([
    [4_000, after(1_000)],
    [4_000.1, no('max-elapsed')],
    [9_000, no('max-elapsed')],
  ])('after %d ms of 5 000, a wait of 1 000 gives %o', (elapsedMs, decision) => {
    expect(decide({ elapsedMs }, { maxElapsedMs: 5_000 })).toEqual(decision);
  });

  test('`maxElapsedMs` holds for a retry without a wait too', () => {
    const outcome = { error: reset };
    expect(decide({ outcome, elapsedMs: 5_000 }, { maxElapsedMs: 5_000 })).toEqual(after(0));
    expect(decide({ outcome, elapsedMs: 5_001 }, { maxElapsedMs: 5_000 })).toEqual(no('max-elapsed'));
  });

  test.each([
    [1_001, after(1_000)],
    [1_000, no('deadline')],
    [0, no('deadline')],
  ])('with %i ms left before the deadline, a wait of 1 000 gives %o', (remainingMs, decision) => {
    expect(decide({ remainingMs }, { retryIf: () => true })).toEqual(
      remainingMs === 0 ? no('retry-after-too-long') : decision,
    );
  });

  test('a cancelled call is not retried', () => {
    expect(decide({ cancelled: true })).toEqual(no('cancelled'));
  });
});

describe('Retry-After', () => {
  test.each([
    ['a shorter one waits as long as the backoff', 500, asked(after(1_000), 500)],
    ['a longer one waits as long as it says', 7_000, asked(after(7_000), 7_000)],
    ['as long as `maxDelayMs` is waited for', 30_000, asked(after(30_000), 30_000)],
    ['longer than `maxDelayMs` gives up at once', 30_001, asked(no('retry-after-too-long'), 30_001)],
  ])('%s', (_, retryAfterMs, decision) => {
    expect(decide(asking(retryAfterMs))).toEqual(decision);
  });

  test.each([
    [7_001, asked(after(7_000), 7_000)],
    [7_000, asked(no('retry-after-too-long'), 7_000)],
  ])('of 7 000 ms with %i ms left gives %o', (remainingMs, decision) => {
    expect(decide({ ...asking(7_000), remainingMs })).toEqual(decision);
  });

  test.each([
    ['seconds', { headers: { 'Retry-After': '3' } }],
    ['a date', { response: { headers: new Headers({ 'retry-after': new Date(WALL + 3_000).toUTCString() }) } }],
  ])('in headers, as %s', (_, facts) => {
    expect(decide({ outcome: { error: Object.assign(new Error('busy'), { status: 429 }, facts) } })).toEqual(
      asked(after(3_000), 3_000),
    );
  });

  test('holds for a transient error too', () => {
    expect(decide(asking(300), {}, ofSeverity('transient'))).toEqual(asked(after(300), 300));
  });
});

describe('the budget', () => {
  const timeout = new TimeoutError('slow', source);
  const aborted = Object.assign(new Error('slow'), { name: 'TimeoutError' });
  const system = Object.assign(new Error('slow'), { code: 'ETIMEDOUT' });

  test.each([
    ['failure', down],
    ['failure', 'a string'],
    ['timeout', timeout],
    ['timeout', aborted],
    ['timeout', system],
  ])('pays for a %s (%s)', (cause, error) => {
    const asked: string[] = [];
    const budget = { tryWithdraw: (given: string) => asked.push(given) > 0 };
    expect(decide({ outcome: { error } }, {}, { budget })).toEqual(after(1_000));
    expect(asked).toEqual([cause]);
  });

  test('when it is empty there is no retry', () => {
    expect(decide({}, {}, { budget: { tryWithdraw: () => false } })).toEqual(no('budget-empty'));
  });

  test.each([
    { attempt: 3 },
    { cancelled: true },
    { remainingMs: 1 },
    { elapsedMs: 1e9 },
    { outcome: { error: new TypeError('bug') } },
    asking(1e9),
  ])('is not asked where nothing is retried: %o', (situation) => {
    const budget = {
      tryWithdraw: () => {
        throw new Error('asked');
      },
    };
    expect(decide(situation, { maxElapsedMs: 60_000 }, { budget })).toMatchObject({ retry: false });
  });
});
