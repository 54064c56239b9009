import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BulkheadFullError, ClosedError } from '../../src/base/errors.js';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { AdaptiveLimit, type LimitChange } from '../../src/limits/adaptive-limit.js';
import type { AdaptiveLimitOptions } from '../../src/limits/adaptive-limit-options.js';

function limitWith(options: AdaptiveLimitOptions = {}, captureStack = false) {
  const clock = new ManualClock();
  const changes: LimitChange[] = [];
  const onLimit = (change: LimitChange) => void changes.push(change);
  const limit = new AdaptiveLimit({ name: 'quotes-api', ...options }, { clock, captureStack, onLimit });
  return { clock, limit, changes };
}

const http = (status: number) => Object.assign(new Error(`HTTP ${status}`), { status });

describe('slots', () => {
  test('there are as many as the limit is; the next comes free when one leaves', () => {
    const { limit } = limitWith({ initial: 2 });
    expect([limit.tryEnter(), limit.tryEnter(), limit.tryEnter()]).toEqual([true, true, false]);
    limit.leave('ignored');
    expect([limit.tryEnter(), limit.tryEnter()]).toEqual([true, false]);
  });

  test('a `leave` too many gives no slot, and teaches nothing', () => {
    const { limit } = limitWith({ initial: 1, algorithm: 'aimd' });
    limit.leave('success');
    expect(limit.limit).toBe(1);
    expect([limit.tryEnter(), limit.tryEnter()]).toEqual([true, false]);
  });

  test('under a limit that has shrunk, calls that run go on, and nobody comes in until they are few enough', () => {
    const { limit } = limitWith({ initial: 10, algorithm: 'aimd' });
    for (let call = 0; call < 10; call++) limit.tryEnter();
    limit.leave('failure');
    expect(limit.snapshot()).toMatchObject({ limit: 9, active: 9 });
    limit.leave('failure');
    expect(limit.snapshot()).toMatchObject({ limit: 8, active: 8 });
    expect(limit.tryEnter()).toBe(false);
  });

  test('a rejection names the limit, its site and its numbers, without a stack unless asked for', () => {
    const { limit } = limitWith({ initial: 4, max: 50 });
    const error = limit.reject('Quotes.price');
    expect(error).toBeInstanceOf(BulkheadFullError);
    expect(error).toMatchObject({ policy: 'adaptiveLimit', policyName: 'quotes-api', site: 'Quotes.price' });
    expect(error.message).toBe("'quotes-api' has all 4 slots of its present limit taken");
    expect(error.grounds).toEqual({ limit: 4, min: 1, max: 50 });
    expect(limit.reject().grounds).toBe(error.grounds);
    expect(error.retryAfterMs).toBeUndefined();
    expect(error.stack).not.toMatch(/\n\s+at /);
    expect(limitWith({ initial: 1 }, true).limit.reject().stack).toMatch(/\n\s+at /);
    expect(limitWith({ initial: 1 }).limit.reject().message).toMatch('has the one slot of its present limit taken');
  });

  test('the grounds are those of the moment', () => {
    const { limit, clock } = limitWith({ initial: 4, max: 4 });
    const before = limit.reject().grounds;
    for (let call = 0; call < 10; call++) {
      clock.advance(100);
      limit.tryEnter();
      limit.leave('success', 30);
    }
    expect(limit.reject().grounds).toEqual({ limit: 4, min: 1, max: 4, latencyMs: 30, usualLatencyMs: 30 });
    expect(before).toEqual({ limit: 4, min: 1, max: 4 });
  });

  test('once closed, it lets nobody in; calls that run go on', () => {
    const { limit } = limitWith();
    limit.tryEnter();
    limit.close();
    limit.close();
    expect(limit.tryEnter()).toBe(false);
    expect(limit.reject()).toBeInstanceOf(ClosedError);
    limit.leave('success');
    expect(limit.snapshot()).toMatchObject({ active: 0, rejected: 1, totalCalls: 2 });
  });
});

describe('learning', () => {
  test('by aimd a success raises it, a lost call lowers it, and what is ignored leaves it alone', () => {
    const { limit, changes } = limitWith({ initial: 1, algorithm: 'aimd' });
    for (const outcome of ['success', 'ignored', 'failure', 'failure'] as const) {
      limit.tryEnter();
      limit.leave(outcome);
    }
    expect(changes).toEqual([
      { from: 1, to: 2 },
      { from: 2, to: 1 },
    ]);
    expect(limit.snapshot()).toMatchObject({ limit: 1, dropped: 2, totalCalls: 4 });
  });

  test('by gradient the time that calls take moves it, and each move tells why', () => {
    const { limit, clock, changes } = limitWith({ initial: 100, max: 200 });
    for (let window = 0; window < 2; window++) {
      for (let call = 0; call < 100; call++) limit.tryEnter();
      for (let call = 0; call < 100; call++) {
        clock.advance(2);
        limit.leave('success', 20);
      }
    }
    expect(changes.at(0)).toEqual({ from: 100, to: 102, latencyMs: 20, usualLatencyMs: 20 });
  });

  test('what a listener throws reaches nobody', () => {
    const onLimit = () => {
      throw new Error('listener');
    };
    const limit = new AdaptiveLimit({ initial: 1, algorithm: 'aimd' }, { onLimit });
    limit.tryEnter();
    expect(() => limit.leave('success')).not.toThrow();
    expect(limit.limit).toBe(2);
  });
});

describe('call', () => {
  test('a synchronous function stays synchronous, and its rejection is thrown', () => {
    const { limit } = limitWith({ initial: 1, max: 1 });
    expect(limit.call((a: number, b: number) => a + b, 2, 3)).toBe(5);
    limit.tryEnter();
    expect(() => limit.call(() => 1)).toThrow(BulkheadFullError);
  });

  test('an async function that is turned away gets a rejected promise with its name', async () => {
    const { limit } = limitWith({ initial: 1 });
    limit.tryEnter();
    async function price(): Promise<void> {}
    await expect(limit.call(price)).rejects.toMatchObject({ code: 'ERR_BULKHEAD_FULL', site: 'price' });
  });

  test('holds the slot until the work has settled, and measures how long that took', async () => {
    const { limit, clock } = limitWith({ initial: 10, max: 10 });
    const calls = Array.from({ length: 10 }, () =>
      limit.call(() => new Promise<string>((resolve) => clock.setTimeout(() => resolve('done'), 150))),
    );
    expect(limit.snapshot().active).toBe(10);
    await clock.advance(150);
    expect(await Promise.all(calls)).toEqual(Array(10).fill('done'));
    clock.advance(100);
    await limit.call(async () => 1);
    expect(limit.snapshot()).toMatchObject({ active: 0, totalCalls: 11 });
    expect(limit.snapshot().latencyMs).toBeCloseTo(150 * (10 / 11), 10);
  });

  test.each([
    ['an error of the server', () => Promise.reject(http(503)), 18],
    ['a permanent error', () => Promise.reject(http(404)), 20],
    ['a rejection', () => Promise.reject(limitWith().limit.reject()), 20],
    [
      'an error thrown at once',
      () => {
        throw http(500);
      },
      18,
    ],
    ['a value', () => Promise.resolve(1), 20],
  ])('after %s, of one call in twenty, an aimd limit of 20 is %i', async (_, fn, expected) => {
    const { limit } = limitWith({ algorithm: 'aimd' });
    await Promise.resolve(0)
      .then(() => limit.call(fn as () => Promise<unknown>))
      .catch(() => {});
    expect(limit.snapshot()).toMatchObject({ limit: expected, active: 0 });
  });

  test('the abort of a caller says nothing of the dependency', async () => {
    const { limit } = limitWith({ algorithm: 'aimd' });
    const fail = async (_: AbortSignal): Promise<void> => {
      throw new DOMException('gone', 'AbortError');
    };
    await expect(limit.call(fail, AbortSignal.abort())).rejects.toThrow('gone');
    expect(limit.snapshot()).toMatchObject({ limit: 20, dropped: 0, active: 0 });
    await expect(limit.call(fail, new AbortController().signal)).rejects.toThrow('gone');
    expect(limit.snapshot()).toMatchObject({ limit: 18, dropped: 1 });
  });

  test('a judgement of the user decides', async () => {
    const limit = new AdaptiveLimit({ algorithm: 'aimd' }, { classify: () => 'permanent' });
    await expect(limit.call(async () => Promise.reject(http(503)))).rejects.toThrow('503');
    expect(limit.limit).toBe(20);
  });

  test('a judgement that throws takes no slot away, and ends the call with its error', async () => {
    const classify = () => {
      throw new Error('broken');
    };
    const limit = new AdaptiveLimit({ algorithm: 'aimd' }, { classify });
    const down = http(503);
    await expect(limit.call(async () => Promise.reject(down))).rejects.toMatchObject({
      message: 'broken',
      cause: down,
    });
    expect(limit.snapshot()).toMatchObject({ active: 0, limit: 20 });
  });

  test('a thenable that settles twice gives one slot back', async () => {
    const { limit } = limitWith({ initial: 2 });
    limit.tryEnter();
    // biome-ignore lint/suspicious/noThenProperty: that is what is tested
    const twice = { then: (resolve: (value: string) => void) => [resolve('one'), resolve('two')] };
    expect(await limit.call(() => twice as unknown as Promise<string>)).toBe('one');
    expect(limit.snapshot().active).toBe(1);
  });
});

test('in any order of events there are never more slots taken than the limit was, and each comes back once', () => {
  const step = fc.constantFrom('enter', 'enter', 'enter', 'success', 'failure', 'ignored');
  const algorithm = fc.constantFrom('gradient', 'aimd');
  fc.assert(
    fc.property(algorithm, fc.array(fc.tuple(step, fc.nat(500)), { maxLength: 400 }), (by, steps) => {
      const { limit, clock } = limitWith({ initial: 3, max: 12, algorithm: by as 'gradient' });
      let active = 0;
      let total = 0;
      for (const [what, ms] of steps) {
        clock.advance(ms);
        if (what !== 'enter') {
          limit.leave(what as 'success', ms);
          active = Math.max(0, active - 1);
        } else if (limit.tryEnter()) {
          active++;
          total++;
          expect(active).toBeLessThanOrEqual(limit.limit);
        } else expect(active).toBeGreaterThanOrEqual(limit.limit);
        expect(limit.snapshot()).toMatchObject({ active, totalCalls: total });
      }
    }),
  );
});

test('the snapshot is JSON, before anything is known too', () => {
  const snapshot = limitWith().limit.snapshot();
  expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
  expect(snapshot).toEqual({
    algorithm: 'gradient',
    limit: 20,
    min: 1,
    max: 1_000,
    active: 0,
    rejected: 0,
    dropped: 0,
    totalCalls: 0,
    latencyMs: null,
    usualLatencyMs: null,
  });
});

describe('options', () => {
  test('have their defaults, and are frozen', () => {
    const { options, name } = new AdaptiveLimit();
    expect(options).toEqual({ initial: 20, min: 1, max: 1_000, algorithm: 'gradient' });
    expect(Object.isFrozen(options)).toBe(true);
    expect(name).toBe('adaptiveLimit');
    expect(new AdaptiveLimit(options).options).toEqual(options);
  });

  test.each([
    [{ max: 5 }, { initial: 5, max: 5 }],
    [{ min: 50 }, { initial: 50, min: 50, max: 1_000 }],
    [{ min: 2_000 }, { initial: 2_000, min: 2_000, max: 2_000 }],
  ])('%o moves the defaults that it leaves no room for', (given, expected) => {
    expect(new AdaptiveLimit(given).options).toMatchObject(expected);
  });

  test.each<[object, typeof TypeError, string]>([
    [{ initial: '4' }, TypeError, '`initial` takes a whole number from 1'],
    [{ min: 0 }, RangeError, '`min` takes a whole number from 1'],
    [{ max: Infinity }, RangeError, '`max` takes a whole number from 1'],
    [{ min: 5, max: 4 }, RangeError, '`max` takes at least `min`, which is 5, got 4'],
    [{ initial: 5, max: 4 }, RangeError, '`initial` takes a number from `min` to `max`, 1 to 4, got 5'],
    [{ initial: 5, min: 6 }, RangeError, '`initial` takes a number from `min` to `max`, 6 to 1000, got 5'],
    [{ algorithm: 'vegas' }, RangeError, "`algorithm` takes 'gradient' or 'aimd'"],
    [{ maximum: 5 }, TypeError, 'unknown option `maximum`'],
  ])('%o is refused', (options, type, message) => {
    expect(() => new AdaptiveLimit(options)).toThrow(type);
    expect(() => new AdaptiveLimit(options)).toThrow(`adaptiveLimit: ${message}`);
  });
});
