import { channel } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ManualClock } from '../../src/edges/testing/index.js';
import { fallback, Registry, type RegistryEvent, retryWithBackoff } from '../../src/index.js';
import { EVENT_NAMES } from '../../src/registry/event-names.js';

const WALL_MS = Date.UTC(2026, 0, 1);
const source = { kind: 'test', name: 'n', site: 's' };
const made = () => new Registry({ clock: new ManualClock({ wallMs: WALL_MS }) });
const emit = (registry: Registry, attempt = 1) => registry.emit('retry:budgetEmpty', source, { attempt });

const unhandled: unknown[] = [];
const note = (error: unknown): void => void unhandled.push(error);
beforeEach(() => void process.on('unhandledRejection', note));
afterEach(async () => {
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', note);
  expect(unhandled.splice(0)).toEqual([]);
});

describe('listening', () => {
  describe.each(['on', 'once', 'off'] as const)('`%s`', (method) => {
    const listen = (type: unknown, listener: unknown) => () => made()[method](type as '*', listener as () => void);

    test.each([
      [undefined, 'undefined'],
      ['loud', '"loud"'],
      [{}, 'an object'],
    ])('refuses %s for a listener, naming the event', (listener, shown) => {
      const message = `registry.${method}('call:retry', …) takes a function to call with each event, got ${shown}`;
      expect(listen('call:retry', listener)).toThrow(new TypeError(message));
    });

    test.each([
      ['call:retried', 'there is no event "call:retried"; did you mean \'call:retry\'?'],
      ['retry', 'there is no event "retry"; the name of one of your own has a word of its own before a colon'],
      ['breaker:isolated-by-somebody', 'there is no event "breaker:isolated-by-somebody"; the name of one of your own'],
    ])('refuses %s, which no event is called', (type, message) => {
      expect(listen(type, vi.fn())).toThrow(TypeError);
      expect(listen(type, vi.fn())).toThrow(`registry.${method}: ${message}`);
    });

    test('refuses a name that is no text', () => {
      expect(listen(7, vi.fn())).toThrow(`registry.${method} takes the name of an event or '*', got 7`);
    });

    test("takes the event of somebody's own policy, heard of or not", () => {
      expect(listen('greeter:greeted', vi.fn())).not.toThrow();
    });
  });

  test('the toolkit knows each of its events by name, and no other', () => {
    const declared = readFileSync('src/registry/events.ts', 'utf8').match(/(?<=^ {2}')[a-z]+:[a-z]+(?=': )/gim);

    expect(EVENT_NAMES).toEqual(declared);
  });

  test('`on` hears each event of its type, `*` all, and `off` ends it', () => {
    const registry = made();
    const [one, all] = [vi.fn(), vi.fn()];
    registry.on('retry:budgetEmpty', one).on('*', all);
    emit(registry);
    registry.emit('error:critical', source, { error: 'x' });
    registry.off('retry:budgetEmpty', one);
    emit(registry);

    expect(one.mock.calls).toEqual([[{ type: 'retry:budgetEmpty', ...source, at: WALL_MS, attempt: 1 }]]);
    expect(all).toHaveBeenCalledTimes(3);
  });

  test.each(['retry:budgetEmpty', '*'] as const)('`once` on %s hears the next event only', (type) => {
    const registry = made();
    const listener = vi.fn();
    registry.once(type, listener);
    emit(registry, 1);
    emit(registry, 2);

    expect(listener).toHaveBeenCalledTimes(1);
    expect(registry.topic('retry:budgetEmpty').heard).toBe(false);
  });

  test('`off` takes away what `once` has put there', () => {
    const registry = made();
    const listener = vi.fn();
    registry.once('retry:budgetEmpty', listener);
    registry.off('retry:budgetEmpty', listener);
    emit(registry);

    expect(listener).not.toHaveBeenCalled();
  });

  test('taking away who never listened is no error', () => {
    expect(() => made().off('*', () => {})).not.toThrow();
  });

  test('a listener that listens or leaves meanwhile disturbs nobody', () => {
    const registry = made();
    const [late, last] = [vi.fn(), vi.fn()];
    const leaving = () => {
      registry.off('*', leaving).on('*', late);
    };
    registry.on('*', leaving).on('*', last);
    emit(registry);
    emit(registry);

    expect([late.mock.calls.length, last.mock.calls.length]).toEqual([1, 2]);
  });
});

describe('a listener that fails', () => {
  const bad = new Error('bad listener');
  const kinds: [string, () => unknown][] = [
    [
      'throws',
      () => {
        throw bad;
      },
    ],
    ['rejects', () => Promise.reject(bad)],
  ];

  test.each(kinds)('and %s never reaches the caller, nor the other listeners, and is told', async (_, listener) => {
    const registry = made();
    const [other, failed] = [vi.fn(), vi.fn()];
    registry
      .on('retry:budgetEmpty', listener as () => void)
      .on('retry:budgetEmpty', other)
      .on('listener:failed', failed);

    expect(() => emit(registry)).not.toThrow();
    await Promise.resolve();
    await Promise.resolve();
    expect(other).toHaveBeenCalledTimes(1);
    expect(failed.mock.calls).toMatchObject([[{ ...source, error: bad, event: 'retry:budgetEmpty' }]]);
  });

  test.each(kinds)('and %s, put there by `once`, is told too', async (_, listener) => {
    const registry = made();
    const failed = vi.fn();
    registry.on('listener:failed', failed).once('retry:budgetEmpty', listener as () => void);
    emit(registry);
    await Promise.resolve();
    await Promise.resolve();

    expect(failed.mock.calls).toMatchObject([[{ error: bad, event: 'retry:budgetEmpty' }]]);
  });

  test.each(kinds)('and %s on `listener:failed` itself does not call itself for ever', async (_, listener) => {
    const registry = made();
    const failing = vi.fn(listener);
    registry.on('*', failing as () => void);
    emit(registry);
    await new Promise((resolve) => setImmediate(resolve));

    expect(failing).toHaveBeenCalledTimes(2);
  });

  test('in the middle of a call leaves the call as it was', async () => {
    const registry = made();
    registry.on('*', () => {
      throw bad;
    });
    const call = fallback.value('spare', { registry })(
      retryWithBackoff({ maxAttempts: 1, registry })(async () => {
        throw new Error('down');
      }) as () => Promise<string>,
    );

    expect(await call()).toBe('spare');
  });
});

describe('without a listener', () => {
  test('no event is built: not even the time of day is read', () => {
    const clock = new ManualClock();
    const wallNow = vi.spyOn(clock, 'wallNow');
    const registry = new Registry({ clock });
    emit(registry);
    expect(wallNow).not.toHaveBeenCalled();
    registry.on('error:critical', () => {});
    emit(registry);
    expect(wallNow).not.toHaveBeenCalled();
    registry.on('retry:budgetEmpty', () => {});
    emit(registry);

    expect(wallNow).toHaveBeenCalledTimes(1);
  });

  test('a topic that existed before its first listener hears of it, and of its leaving', () => {
    const registry = made();
    const topic = registry.topic('cache:hit');
    const listener = () => {};
    const heard = [topic.heard];
    for (const type of ['cache:hit', '*'] as const) {
      registry.on(type, listener);
      heard.push(topic.heard);
      registry.off(type, listener);
      heard.push(topic.heard);
    }

    expect(heard).toEqual([false, true, false, true, false]);
  });
});

describe('node:diagnostics_channel', () => {
  test('delivers the event to subscribers, with and without listeners', () => {
    const registry = made();
    const seen: unknown[] = [];
    const subscriber = (message: unknown) => void seen.push(message);
    const diagnostics = channel('holdfast:retry:budgetEmpty');
    diagnostics.subscribe(subscriber);
    try {
      emit(registry, 1);
      registry.on('*', () => {});
      emit(registry, 2);
    } finally {
      diagnostics.unsubscribe(subscriber);
    }
    emit(registry, 3);

    expect(seen).toMatchObject([
      { type: 'retry:budgetEmpty', ...source, attempt: 1, at: WALL_MS },
      { attempt: 2 },
    ] satisfies Partial<RegistryEvent<'retry:budgetEmpty'>>[]);
  });
});

test('after close nobody is called', async () => {
  const registry = made();
  const listener = vi.fn();
  registry.on('retry:budgetEmpty', listener);
  await registry.close();
  emit(registry);

  expect(listener).not.toHaveBeenCalled();
});
