import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/edges/testing/index.js';
import {
  circuitBreaker,
  CircuitOpenError,
  rateLimit,
  RateLimitedError,
  RejectedError,
  Registry,
  registry as shared,
  SendBuffer,
} from '../../src/index.js';
import { setUp, Upstream } from './buffer-set-up.js';

const addAll = async (buffer: SendBuffer<number>, from: number, to: number) => {
  const answers: unknown[] = [];
  for (let item = from; item <= to; item++) answers.push(await buffer.add(item).catch((error: unknown) => error));
  return answers;
};

describe('while it is disabled', () => {
  test('an item is sent, and what waits is nothing', async () => {
    const { buffer, upstream } = setUp();

    expect(await buffer.add(1)).toBe('sent');
    expect(upstream.sent).toEqual([1]);
    expect(buffer.size).toBe(0);
    expect(buffer.enabled).toBe(false);
  });

  test('a send that fails throws its error, the same object', async () => {
    const { buffer, upstream } = setUp();
    const down = upstream.down();

    await expect(buffer.add(1)).rejects.toBe(down);
    expect(buffer.size).toBe(0);
  });

  test('a send that throws synchronously rejects', async () => {
    const down = new Error('down');
    const { buffer } = setUp({
      send: () => {
        throw down;
      },
    });

    await expect(buffer.add(1)).rejects.toBe(down);
  });

  test('what was kept before goes on waiting, and can be flushed', async () => {
    const { buffer, upstream } = setUp();
    buffer.enable({ keeps: 'all' });
    await addAll(buffer, 1, 3);
    buffer.disable();

    expect(buffer.size).toBe(3);
    expect(await buffer.flush()).toEqual({ flushed: 3, failed: 0 });
    expect(upstream.sent).toEqual([1, 2, 3]);
  });
});

describe('while it is enabled', () => {
  test('a send that fails keeps its item, and one that comes through does not', async () => {
    const { buffer, upstream } = setUp();
    buffer.enable();
    expect(await buffer.add(1)).toBe('sent');
    upstream.down();
    expect(await buffer.add(2)).toBe('buffered');
    upstream.up();

    expect(buffer.size).toBe(1);
    expect(await buffer.flush()).toEqual({ flushed: 1, failed: 0 });
    expect(upstream.sent).toEqual([1, 2]);
    expect(buffer.size).toBe(0);
  });

  test("with keeps: 'all' nothing is sent but by a flush", async () => {
    const { buffer, upstream } = setUp();
    buffer.enable({ keeps: 'all' });

    expect(await addAll(buffer, 1, 5)).toEqual(Array.from({ length: 5 }, () => 'buffered'));
    expect(upstream.tried).toEqual([]);
    expect(await buffer.flush()).toEqual({ flushed: 5, failed: 0 });
    expect(upstream.sent).toEqual([1, 2, 3, 4, 5]);
  });

  test('past maxSize the oldest goes, and is counted and told', async () => {
    const { buffer, upstream, told } = setUp({ maxSize: 3 });
    upstream.down();
    buffer.enable();
    await addAll(buffer, 1, 5);
    upstream.up();

    expect(buffer.size).toBe(3);
    expect(buffer.snapshot().dropped).toBe(2);
    expect(told('buffer:dropped')).toMatchObject([
      { count: 1, size: 3 },
      { count: 1, size: 3 },
    ]);
    await buffer.flush();
    expect(upstream.sent).toEqual([3, 4, 5]);
  });

  test('1 000 items wait unless told otherwise', async () => {
    const { buffer } = setUp({ flushAbove: Infinity });
    buffer.enable({ keeps: 'all' });
    await addAll(buffer, 1, 1_001);

    expect(buffer.snapshot()).toMatchObject({ size: 1_000, maxSize: 1_000, dropped: 1 });
  });
});

describe('by itself', () => {
  test('it is enabled when more than a tenth of more than 10 sends have failed; the item that tips it is kept', async () => {
    const { buffer, upstream, told } = setUp();
    const down = new Error('down');
    upstream.answer = (item) => (item <= 2 ? down : undefined);
    await addAll(buffer, 1, 10);
    expect(buffer.enabled).toBe(false);
    expect(buffer.snapshot().failureRatio).toBe(0);

    await buffer.add(11);
    expect(buffer.enabled).toBe(false); // no failure, so nothing to keep
    upstream.answer = () => down;
    expect(await buffer.add(12)).toBe('buffered');
    expect(buffer.enabled).toBe(true);
    expect(told('buffer:enabled')).toMatchObject([{ because: 'failures', keeps: 'failed', failureRatio: 3 / 12 }]);
  });

  test.each([
    [10, 'throws'], // 10 sends are not more than 10
    [11, 'keeps'],
  ])('the failure of send %i of which all fail %s', async (sends, what) => {
    const { buffer, upstream } = setUp();
    const down = upstream.down();
    const answers = await addAll(buffer, 1, sends);

    expect(answers.at(-1)).toBe(what === 'keeps' ? 'buffered' : down);
  });

  test('exactly a tenth is not above a tenth', async () => {
    const { buffer, upstream } = setUp();
    upstream.answer = (item) => (item % 10 === 0 ? new Error('down') : undefined);
    await addAll(buffer, 1, 100);

    expect(buffer.snapshot().failureRatio).toBe(0.1);
    expect(buffer.enabled).toBe(false);
  });

  test('only the last 100 sends count, so that a long good time does not hide an outage', async () => {
    const { buffer, upstream } = setUp();
    await addAll(buffer, 1, 5_000);
    upstream.down();
    const answers = await addAll(buffer, 1, 11);

    expect(answers.slice(0, 10).every((answer) => answer instanceof Error)).toBe(true);
    expect(answers[10]).toBe('buffered');
  });

  test('it is never enabled with a ratio of 1', async () => {
    const { buffer, upstream } = setUp({ autoEnableFailureRatio: 1 });
    upstream.down();
    await addAll(buffer, 1, 200);

    expect(buffer.enabled).toBe(false);
  });

  test('after disable() the failures are counted anew', async () => {
    const { buffer, upstream } = setUp();
    upstream.down();
    await addAll(buffer, 1, 11);
    expect(buffer.enabled).toBe(true);
    buffer.disable();
    const answers = await addAll(buffer, 1, 11);

    expect(answers.filter((answer) => answer instanceof Error)).toHaveLength(10);
    expect(answers.at(-1)).toBe('buffered');
  });
});

describe('a flush', () => {
  test('leaves what fails in its place, and counts it', async () => {
    const { buffer, upstream } = setUp();
    buffer.enable({ keeps: 'all' });
    await addAll(buffer, 1, 5);
    upstream.answer = (item) => (item % 2 === 0 ? new Error('even') : undefined);

    expect(await buffer.flush()).toEqual({ flushed: 3, failed: 2 });
    await addAll(buffer, 6, 6);
    upstream.up();
    expect(await buffer.flush()).toEqual({ flushed: 3, failed: 0 });
    expect(upstream.sent).toEqual([1, 3, 5, 2, 4, 6]);
  });

  test('of nothing does nothing', async () => {
    const { buffer } = setUp();

    expect(await buffer.flush()).toEqual({ flushed: 0, failed: 0 });
  });

  test('runs once at a time: a second one is the first', async () => {
    const { buffer, upstream } = setUp();
    buffer.enable({ keeps: 'all' });
    await addAll(buffer, 1, 3);
    let release = () => {};
    upstream.answer = () => new Promise<void>((resolve) => (release = resolve));
    const both = [buffer.flush(), buffer.flush()];
    await new Promise((resolve) => setImmediate(resolve));
    expect(upstream.tried).toEqual([1]);
    expect(buffer.snapshot().flushing).toBe(true);
    upstream.up();
    release();

    expect(await Promise.all(both)).toEqual([
      { flushed: 3, failed: 0 },
      { flushed: 3, failed: 0 },
    ]);
    expect(upstream.sent).toEqual([1, 2, 3]);
  });

  test('does not take in what comes while it runs', async () => {
    const { buffer, upstream } = setUp();
    buffer.enable({ keeps: 'all' });
    await buffer.add(1);
    upstream.answer = (item) => (item < 50 ? void buffer.add(item + 1) : undefined);

    expect(await buffer.flush()).toEqual({ flushed: 1, failed: 0 });
    expect(buffer.size).toBe(1);
  });

  test('passes by what goes for space, or is cleared, while it runs', async () => {
    const { buffer, upstream } = setUp({ maxSize: 2 });
    buffer.enable({ keeps: 'all' });
    await addAll(buffer, 1, 2);
    upstream.answer = (item) => void (item === 1 && buffer.clear());

    expect(await buffer.flush()).toEqual({ flushed: 1, failed: 0 });
    expect(upstream.tried).toEqual([1]);
  });

  test('ends when the circuit opens, comes again when it may close, and sends nothing in between', async () => {
    const clock = new ManualClock();
    const registry = new Registry({ clock, random: () => 0.5 });
    const upstream = new Upstream();
    const down = upstream.down();
    const send = circuitBreaker({
      name: 'upstream',
      failureThreshold: 3,
      recoveryTimeoutMs: 20_000,
      successThreshold: 1,
      registry,
    })(upstream.send);
    const buffer = new SendBuffer<number>({ name: 'readings', send, registry });
    buffer.enable({ keeps: 'all' });
    for (let item = 1; item <= 10; item++) await buffer.add(item);

    expect(await buffer.flush()).toEqual({ flushed: 0, failed: 10 });
    expect(upstream.tried).toEqual([1, 2, 3]);
    expect(registry.breakers.get('upstream')?.state).toBe('open');
    expect(down).toBeInstanceOf(Error);

    upstream.up();
    await clock.advance(19_999);
    expect(upstream.tried).toHaveLength(3);
    await clock.advance(1);
    expect(upstream.sent).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(buffer.size).toBe(0);
  });

  test('waits for a limit that says when it has room, and keeps the order', async () => {
    const clock = new ManualClock();
    const registry = new Registry({ clock });
    const upstream = new Upstream();
    const send = rateLimit({ name: 'slow', limit: 2, intervalMs: 1_000, registry })(upstream.send);
    const buffer = new SendBuffer<number>({ name: 'readings', send, registry });
    buffer.enable({ keeps: 'all' });
    for (let item = 1; item <= 6; item++) await buffer.add(item);
    const flush = buffer.flush();
    await clock.advance(1_000);
    expect(upstream.sent).toEqual([1, 2, 3, 4]);
    await clock.advance(1_000);

    expect(await flush).toEqual({ flushed: 6, failed: 0 });
    expect(upstream.sent).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('ends at a rejection of which nobody knows how long it lasts', async () => {
    const { buffer, upstream, told } = setUp();
    buffer.enable({ keeps: 'all' });
    await addAll(buffer, 1, 3);
    const rejection = new RejectedError('ERR_SHED', 'shed', { policy: 'shed', policyName: 'x' });
    upstream.answer = (item) => (item === 2 ? rejection : undefined);

    expect(await buffer.flush()).toEqual({ flushed: 1, failed: 2 });
    expect(upstream.tried).toEqual([1, 2]);
    expect(told('buffer:flushed')).toMatchObject([{ flushed: 1, failed: 2, stoppedBy: rejection, because: 'asked' }]);
  });
});

describe('without being asked', () => {
  test('what waits is flushed after 60 s, and no timer is left when nothing waits', async () => {
    const { buffer, upstream, clock, told } = setUp();
    expect(clock.pendingTimers).toBe(0);
    upstream.down();
    buffer.enable();
    await buffer.add(1);
    upstream.up();
    expect(clock.pendingTimers).toBe(1);

    await clock.advance(59_999);
    expect(upstream.sent).toEqual([]);
    await clock.advance(1);
    expect(upstream.sent).toEqual([1]);
    expect(told('buffer:flushed')).toMatchObject([{ because: 'interval', flushed: 1 }]);
    expect(clock.pendingTimers).toBe(0);
  });

  test('what could not be sent is tried again every 60 s', async () => {
    const { buffer, upstream, clock } = setUp();
    upstream.down();
    buffer.enable();
    await buffer.add(1);
    await clock.advance(180_000);

    expect(upstream.tried).toEqual([1, 1, 1, 1]);
  });

  test('more than 100 items that wait are flushed at once', async () => {
    const { buffer, upstream, clock, told } = setUp();
    buffer.enable({ keeps: 'all' });
    await addAll(buffer, 1, 100);
    await clock.advance(1);
    expect(upstream.sent).toEqual([]);
    await buffer.add(101);
    await clock.advance(1);

    expect(upstream.sent).toHaveLength(101);
    expect(told('buffer:flushed')).toMatchObject([{ because: 'size', flushed: 101 }]);
  });

  test('their number begins no second flush at once while nothing comes through: 1 s, 2 s, 4 s lie between', async () => {
    const { buffer, upstream, clock, told } = setUp({ flushAbove: 0, flushIntervalMs: Infinity });
    upstream.down();
    buffer.enable({ keeps: 'all' });
    const moments: number[] = [];
    let seen = 0;
    for (let at = 0; at < 8_000; at += 500) {
      await buffer.add(at);
      await clock.advance(500);
      const flushes = told('buffer:flushed').length;
      if (flushes > seen) moments.push(at);
      seen = flushes;
    }

    expect(moments).toEqual([0, 1_000, 3_000, 7_000]);
  });

  test('nothing happens with both at Infinity', async () => {
    const { buffer, upstream, clock } = setUp({ flushAbove: Infinity, flushIntervalMs: Infinity });
    buffer.enable({ keeps: 'all' });
    await addAll(buffer, 1, 500);
    await clock.advance(10_000_000);

    expect(upstream.tried).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('its end', () => {
  test('sends what waits, ends its timer, and takes nothing more', async () => {
    const { buffer, upstream, clock, told } = setUp();
    buffer.enable({ keeps: 'all' });
    await addAll(buffer, 1, 3);
    await buffer.close();
    await buffer.close();

    expect(upstream.sent).toEqual([1, 2, 3]);
    expect(told('buffer:flushed')).toMatchObject([{ because: 'closing' }]);
    expect(clock.pendingTimers).toBe(0);
    await expect(buffer.add(4)).rejects.toMatchObject({ code: 'ERR_CLOSED', policyName: 'readings' });
  });

  test('comes with its block', async () => {
    const { upstream, registry } = setUp();
    {
      await using buffer = new SendBuffer<number>({ name: 'short', send: upstream.send, registry });
      buffer.enable({ keeps: 'all' });
      await buffer.add(1);
    }

    expect(upstream.sent).toEqual([1]);
  });

  test('also sends what came while a flush was under way', async () => {
    const { buffer, upstream } = setUp();
    buffer.enable({ keeps: 'all' });
    await buffer.add(1);
    let release = () => {};
    upstream.answer = (item) => (item === 1 ? new Promise<void>((resolve) => (release = resolve)) : undefined);
    void buffer.flush();
    await new Promise((resolve) => setImmediate(resolve));
    await buffer.add(2);
    const closed = buffer.close();
    release();
    await closed;

    expect(upstream.sent).toEqual([1, 2]);
  });

  test('waits for items that are on their way, and sends what becomes of them', async () => {
    const { buffer, upstream } = setUp();
    buffer.enable();
    let fail = (_: Error) => {};
    upstream.answer = () => new Promise((_, reject) => (fail = reject));
    const added = buffer.add(1);
    const closed = buffer.close();
    await new Promise((resolve) => setImmediate(resolve));
    upstream.up();
    fail(new Error('down'));
    await closed;

    expect(await added).toBe('buffered');
    expect(upstream.sent).toEqual([1]);
  });

  test('comes with the registry, whose policies still let through what it sends', async () => {
    const clock = new ManualClock();
    const registry = new Registry({ clock });
    const upstream = new Upstream();
    const send = circuitBreaker({ name: 'upstream', registry })(upstream.send);
    const buffer = new SendBuffer<number>({ name: 'readings', send, registry });
    buffer.enable({ keeps: 'all' });
    await buffer.add(1);
    await registry.close();

    expect(upstream.sent).toEqual([1]);
    expect(buffer.closed).toBe(true);
    await expect(send(2)).rejects.toMatchObject({ code: 'ERR_CLOSED' });
  });
});

describe('in the registry', () => {
  test('it stands under its name, with a snapshot that is JSON', async () => {
    const { buffer, upstream, registry } = setUp({ maxSize: Infinity });
    upstream.down();
    buffer.enable();
    await buffer.add(1);

    expect(registry.buffers.get('readings')).toBe(buffer);
    const { readings } = registry.snapshot().buffers;
    expect(readings).toEqual({
      size: 1,
      maxSize: null,
      keeps: 'failed',
      flushing: false,
      failureRatio: 0,
      sent: 0,
      failed: 1,
      buffered: 1,
      flushed: 0,
      dropped: 0,
      lastFlushAt: null,
      unsaved: 0,
    });
    expect(JSON.parse(JSON.stringify(readings))).toEqual(readings);
  });

  test('its acts are events, with who and why', async () => {
    const { buffer, events } = setUp();
    const who = { reason: 'maintenance', owner: 'ops' };
    buffer.enable({ keeps: 'all', ...who });
    await buffer.add(1);
    expect(buffer.clear(who)).toBe(1);
    buffer.disable(who);

    expect(events).toMatchObject([
      { type: 'buffer:enabled', kind: 'sendBuffer', name: 'readings', because: 'asked', keeps: 'all', ...who },
      { type: 'buffer:added', size: 1 },
      { type: 'buffer:cleared', removed: 1, ...who },
      { type: 'buffer:disabled', ...who },
    ]);
  });

  test('another of its name is refused until it is closed', async () => {
    const { buffer, registry, upstream } = setUp();
    const again = () => new SendBuffer({ name: 'readings', send: upstream.send, registry });
    expect(again).toThrow(expect.objectContaining({ code: 'ERR_NAME_TAKEN' }));
    await buffer.close();

    expect(registry.buffers.get('readings')).toBe(buffer);
    const next = again();
    expect(registry.buffers.get('readings')).toBe(next);
  });

  test('with a name alone it stands in the shared one, without a name in none', async () => {
    const before = shared.buffers.names();
    const nameless = new SendBuffer({ send: () => {} });
    expect(shared.buffers.names()).toEqual(before);
    expect(nameless.name).toBe('buffer');

    const named = new SendBuffer({ name: 'shared-buffer', send: () => {} });
    expect(shared.buffers.get('shared-buffer')).toBe(named);
    shared.forget('shared-buffer');
    await Promise.all([nameless.close(), named.close()]);
  });

  test('a listener that throws harms nobody', async () => {
    const { buffer, registry, upstream } = setUp();
    registry.on('buffer:added', () => {
      throw new Error('listener');
    });
    upstream.down();
    buffer.enable();

    expect(await buffer.add(1)).toBe('buffered');
  });
});

describe('its options', () => {
  const send = () => {};

  test.each([
    [undefined, TypeError, /takes its options as one object|must be given/],
    [{}, TypeError, /`send` must be given/],
    [{ send: 5 }, TypeError, /`send` takes a function, got 5/],
    [{ send, maxSize: 0 }, RangeError, /`maxSize` takes a whole number from 1, or Infinity, got 0/],
    [{ send, maxSize: '5' }, TypeError, /`maxSize`/],
    [{ send, flushIntervalMs: 0 }, RangeError, /`flushIntervalMs`/],
    [{ send, flushAbove: -1 }, RangeError, /`flushAbove`/],
    [{ send, autoEnableFailureRatio: 1.5 }, RangeError, /`autoEnableFailureRatio` takes a share from 0 to 1, got 1.5/],
    [{ send, store: {} }, TypeError, /`store` takes a store with load, append and remove/],
    [{ send, name: '' }, RangeError, /`name`/],
    [{ send, maxsize: 5 }, TypeError, /did you mean `maxSize`/],
    [{ send, registry: new Registry() }, TypeError, /`name` must be given with `registry`/],
    [{ send, name: 'x', registry: {} }, TypeError, /`registry` takes a Registry/],
  ])('%o are refused', (options, type, message) => {
    const make = () => new SendBuffer(options as never);

    expect(make).toThrow(type);
    expect(make).toThrow(message);
  });

  test('of its acts are checked too', () => {
    const { buffer } = setUp();

    expect(() => buffer.enable({ keeps: 'some' as never })).toThrow(/`keeps` takes 'failed' or 'all', got "some"/);
    expect(() => buffer.disable({ why: 'x' } as never)).toThrow(/unknown option `why`/);
    expect(() => buffer.clear({ owner: 5 } as never)).toThrow(/`owner` takes a text/);
  });

  test('are frozen, with the defaults filled in', () => {
    const { buffer } = setUp();

    expect(buffer.options).toMatchObject({
      maxSize: 1_000,
      flushIntervalMs: 60_000,
      flushAbove: 100,
      autoEnableFailureRatio: 0.1,
    });
    expect(Object.isFrozen(buffer.options)).toBe(true);
  });
});

test('a rejection by a limit, or by an open circuit, counts as a failed send', async () => {
  const { buffer, upstream } = setUp();
  const source = { policy: 'x', policyName: 'x', retryAfterMs: 5 };
  upstream.answer = (item) =>
    item % 2 === 0 ? new CircuitOpenError('open', source) : new RateLimitedError('full', source);
  await addAll(buffer, 1, 11);

  expect(buffer.enabled).toBe(true);
  expect(upstream.tried).toHaveLength(11);
});

describe('a closed buffer', () => {
  const changed = {
    defaultsFor: () => ({ flushIntervalMs: 1_000, maxSize: 1, enabled: true }),
    namedFor: () => undefined,
  };

  test('sends nothing more, whatever changes in its configuration', async () => {
    const { clock, registry, buffer, upstream } = setUp();
    buffer.enable();
    upstream.down();
    for (const item of [1, 2]) await buffer.add(item);
    await buffer.close();
    buffer.disable();
    upstream.up();
    expect(registry.configuration.apply(changed)).toEqual([]);
    buffer.reconfigure({ send: upstream.send, flushIntervalMs: 1_000, maxSize: 1, enabled: true });
    await clock.advance(600_000);

    expect(upstream.sent).toEqual([]);
    expect(buffer).toMatchObject({ size: 2, enabled: false });
  });
});
