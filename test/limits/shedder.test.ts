import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ClosedError, ShedError } from '../../src/base/errors.js';
import { seededRandom } from '../../src/base/random.js';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { AcceptWindow } from '../../src/limits/accept-window.js';
import type { ShedOptions } from '../../src/limits/shed-options.js';
import { type ShedContext, Shedder } from '../../src/limits/shedder.js';

function shedderWith(options: ShedOptions = {}, context: ShedContext = {}) {
  const clock = new ManualClock();
  return { clock, shedder: new Shedder({ name: 'quotes-api', ...options }, { clock, random: () => 0.5, ...context }) };
}

function settle(shedder: Shedder, accepted: number, refused: number): void {
  for (let call = 0; call < accepted; call++) shedder.settle('success');
  for (let call = 0; call < refused; call++) shedder.settle('failure');
}

const http = (status: number) => Object.assign(new Error(`HTTP ${status}`), { status });

describe('the probability', () => {
  test.each([
    // accepted, refused, k, (requests − k · accepts) / (requests + 1)
    [0, 0, 2, 0],
    [100, 0, 1, 0],
    [50, 50, 2, 0],
    [49, 51, 2, 2 / 101],
    [25, 75, 2, 50 / 101],
    [25, 75, 3, 25 / 101],
    [90, 10, 1, 10 / 101],
    [0, 100, 2, 100 / 101],
    [0, 1, 2, 1 / 2],
  ])('after %i accepted and %i refused calls, with k = %i, is %f', (accepted, refused, k, expected) => {
    const { shedder } = shedderWith({ k });
    settle(shedder, accepted, refused);

    expect(shedder.probability).toBeCloseTo(expected, 12);
    expect(shedder.snapshot()).toMatchObject({ requests: accepted + refused, accepts: accepted });
  });

  test('calls that it sheds are requests, calls that still run or say nothing are none', () => {
    const { shedder } = shedderWith();
    settle(shedder, 0, 3);
    shedder.tryEnter();
    shedder.settle('ignored');
    expect(shedder.snapshot()).toMatchObject({ requests: 3, accepts: 0 });
    shedder.reject();
    expect(shedder.snapshot()).toMatchObject({ requests: 4, accepts: 0, rejected: 1 });
  });

  test('is that of chance: of many calls, so many are shed', () => {
    const { shedder } = shedderWith({}, { random: seededRandom(5) });
    settle(shedder, 250, 750);
    const passed = Array.from({ length: 10_000 }, () => shedder.tryEnter()).filter(Boolean).length;

    expect(shedder.probability).toBeCloseTo(0.5, 2);
    expect(Math.abs(passed - 5_000)).toBeLessThan(200);
  });

  test.each([
    [0.499, false],
    [0.501, true],
  ])('at a probability of one half the chance of %f lets in: %s', (chance, passes) => {
    const { shedder } = shedderWith({}, { random: () => chance });
    settle(shedder, 0, 1);

    expect(shedder.tryEnter()).toBe(passes);
  });

  test('while all is accepted, neither clock nor chance is asked for it', () => {
    let asked = 0;
    const clock = new ManualClock();
    const now = () => {
      asked++;
      return 0;
    };
    const counting = { now, wallNow: now, setTimeout: clock.setTimeout, clearTimeout: clock.clearTimeout };
    const random = () => {
      asked++;
      return 0;
    };
    const shedder = new Shedder({}, { clock: counting, random });
    shedder.settle('success');
    expect(asked).toBe(1);
    expect(shedder.tryEnter()).toBe(true);
    expect(shedder.probability).toBe(0);
    expect(asked).toBe(1);
  });

  test('never depends on more than the window: after it, all is forgotten', async () => {
    const { shedder, clock } = shedderWith({ windowMs: 1_000 });
    settle(shedder, 0, 10);
    clock.advance(899);
    expect(shedder.probability).toBeCloseTo(10 / 11, 12);
    clock.advance(101);
    expect(shedder.probability).toBe(0);
    expect(shedder.snapshot()).toMatchObject({ requests: 0, accepts: 0 });
  });
});

describe('a rejection', () => {
  test('names the shedder, its site and the numbers that it was taken on, without a stack unless asked for', () => {
    const { shedder } = shedderWith();
    settle(shedder, 30, 90);
    const error = shedder.reject('Quotes.price');
    expect(error).toBeInstanceOf(ShedError);
    expect(error).toMatchObject({ code: 'ERR_SHED', policy: 'shed', policyName: 'quotes-api', site: 'Quotes.price' });
    expect(error.message).toBe("'quotes-api' sheds calls: 30 of 120 were accepted in 120 000 ms");
    expect(error.grounds).toEqual({ requests: 120, accepts: 30, k: 2, windowMs: 120_000, probability: 60 / 121 });
    expect(error.retryAfterMs).toBeUndefined();
    expect(error.stack).not.toMatch(/\n\s+at /);
    expect(shedderWith({}, { captureStack: true }).shedder.reject().stack).toMatch(/\n\s+at /);
  });

  test('is that of a closed one once it is closed, and no request', () => {
    const { shedder } = shedderWith();
    shedder.close();
    shedder.close();
    expect(shedder.tryEnter()).toBe(false);
    expect(shedder.reject()).toBeInstanceOf(ClosedError);
    expect(shedder.snapshot()).toMatchObject({ requests: 0, rejected: 1, totalCalls: 1 });
  });
});

describe('call', () => {
  test.each([
    ['a value', async () => 1, { requests: 1, accepts: 1 }],
    ['a permanent error: it is an answer', async () => Promise.reject(http(404)), { requests: 1, accepts: 1 }],
    ['an overload', async () => Promise.reject(http(503)), { requests: 1, accepts: 0 }],
    ['a rejection: nobody was asked', async () => Promise.reject(shedderWith().shedder.reject()), { requests: 0 }],
  ])('%s', async (_, fn, expected) => {
    const { shedder } = shedderWith();
    await shedder.call(fn as () => Promise<unknown>).catch(() => {});
    expect(shedder.snapshot()).toMatchObject({ ...expected, totalCalls: 1 });
  });

  test('the abort of a caller says nothing', async () => {
    const { shedder } = shedderWith();
    const fail = async (signal: AbortSignal): Promise<void> => {
      throw signal.reason;
    };
    await expect(shedder.call(fail, AbortSignal.abort('gone'))).rejects.toBe('gone');
    expect(shedder.snapshot()).toMatchObject({ requests: 0, totalCalls: 1 });
  });

  test('a synchronous function stays synchronous, and its rejection is thrown', () => {
    const { shedder } = shedderWith({}, { random: () => 0 });
    expect(shedder.call((a: number, b: number) => a + b, 2, 3)).toBe(5);
    settle(shedder, 0, 9);
    expect(() => shedder.call(() => 1)).toThrow(ShedError);
  });

  test('an async function that is shed gets a rejected promise with its name', async () => {
    const { shedder } = shedderWith({}, { random: () => 0 });
    settle(shedder, 0, 9);
    async function price(): Promise<void> {}
    await expect(shedder.call(price)).rejects.toMatchObject({ code: 'ERR_SHED', site: 'price' });
  });

  test('a judgement of the user decides', async () => {
    const { shedder } = shedderWith({}, { classify: () => 'permanent' });
    await expect(shedder.call(async () => Promise.reject(http(503)))).rejects.toThrow('503');
    expect(shedder.snapshot()).toMatchObject({ requests: 1, accepts: 1 });
  });
});

test('the window counts what a list of all requests would, within a tenth', () => {
  const step = fc.record({ passedMs: fc.oneof(fc.nat(40), fc.nat(3_000)), accepted: fc.constantFrom(0, 1) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), fc.nat(5_000), (steps, startMs) => {
      const window = new AcceptWindow(1_000);
      const all: { tenth: number; accepted: number }[] = [];
      let nowMs = startMs;
      for (const { passedMs, accepted } of steps) {
        nowMs += passedMs;
        window.record(accepted as 0 | 1, nowMs);
        const tenth = Math.floor(nowMs / 100);
        all.push({ tenth, accepted });
        const young = all.filter((request) => request.tenth > tenth - 10);
        expect(window.requests).toBe(young.length);
        expect(window.accepts).toBe(young.filter((request) => request.accepted === 1).length);
      }
    }),
  );
});

test('a rest of years costs no more than one of a window', () => {
  const window = new AcceptWindow(1);
  window.record(1, 0);
  window.expire(1e12);
  expect(window.requests).toBe(0);
});

test('a clock that is set back, or begins below zero, loses no request', () => {
  const window = new AcceptWindow(1_000);
  window.record(1, 5_000);
  window.record(0, 1_000);
  expect([window.requests, window.accepts]).toEqual([2, 1]);
  window.expire(5_999);
  expect(window.requests).toBe(2);
  window.expire(6_000);
  expect(window.requests).toBe(0);

  const early = new AcceptWindow(1_000);
  early.record(1, -5_000);
  expect(early.requests).toBe(1);
});

test('the snapshot is JSON', () => {
  const snapshot = shedderWith().shedder.snapshot();
  expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
  expect(snapshot).toEqual({
    k: 2,
    windowMs: 120_000,
    requests: 0,
    accepts: 0,
    probability: 0,
    rejected: 0,
    totalCalls: 0,
  });
});

describe('options', () => {
  test('have the defaults of the design, and are frozen', () => {
    const { options, name } = new Shedder();
    expect(options).toEqual({ k: 2, windowMs: 120_000 });
    expect(Object.isFrozen(options)).toBe(true);
    expect(name).toBe('shed');
  });

  test.each<[object, typeof TypeError, string]>([
    [{ k: '2' }, TypeError, '`k` takes a number from 1'],
    [{ k: 0.9 }, RangeError, '`k` takes a number from 1'],
    [{ k: Infinity }, RangeError, '`k` takes a number from 1'],
    [{ windowMs: 0 }, RangeError, '`windowMs` takes a time in ms from 1'],
    [{ windowMs: Infinity }, RangeError, '`windowMs` takes a time in ms from 1'],
    [{ window: 5 }, TypeError, 'unknown option `window`; did you mean `windowMs`?'],
  ])('%o is refused', (options, type, message) => {
    expect(() => new Shedder(options)).toThrow(type);
    expect(() => new Shedder(options)).toThrow(`shed: ${message}`);
  });
});
