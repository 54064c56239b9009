import { afterEach, beforeEach, describe, expect, expectTypeOf, test, vi } from 'vitest';
import { loadBottleneck } from '../../../src/edges/throttle/bottleneck.js';
import { type ThrottleSnapshot, throttle } from '../../../src/edges/throttle/index.js';
import {
  bulkhead,
  cached,
  callContext,
  circuitBreaker,
  coalesce,
  compose,
  fallback,
  policiesOf,
  Registry,
  resilient,
  retryWithBackoff,
  timed,
  timeout,
} from '../../../src/index.js';
import { gate } from '../../policies/world.js';

// Bottleneck has no clock to inject, so time is moved under all of it.
let registry: Registry;
let own: { registry: Registry };

beforeEach(() => {
  vi.useFakeTimers();
  registry = new Registry();
  own = { registry };
});

afterEach(async () => {
  await registry.close();
  await vi.runAllTimersAsync();
  vi.useRealTimers();
});

const advance = (ms: number) => vi.advanceTimersByTimeAsync(ms);
/** More than bottleneck takes for its own steps. */
const STEPS_MS = 20;
const snapshotOf = (name: string) => registry.limiters.get(name)?.snapshot() as ThrottleSnapshot;
const settled = (promise: Promise<unknown>) => promise.catch((error: unknown) => error);

/** A function that notes when it began. */
function noting(takesMs = 0) {
  const begun: number[] = [];
  const fn = async (value = 'value'): Promise<string> => {
    begun.push(performance.now());
    if (takesMs > 0) await new Promise((resolve) => setTimeout(resolve, takesMs));
    return value;
  };
  const gaps = () => begun.slice(1).map((at, index) => at - (begun[index] ?? 0));
  return { begun, fn, gaps };
}

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

/** How many timers are armed that keep the process alive. */
function heldTimers(): number {
  return armed.filter((timer) => timer.hasRef()).length;
}
let armed: { hasRef(): boolean }[];

beforeEach(() => {
  armed = [];
  const [arm, clear] = [globalThis.setTimeout, globalThis.clearTimeout];
  const drop = (timer: unknown) => {
    armed = armed.filter((other) => other !== timer);
  };
  vi.stubGlobal('setTimeout', (callback: () => void, ms: number) => {
    const timer = arm(() => {
      drop(timer);
      callback();
    }, ms);
    armed.push(timer as unknown as { hasRef(): boolean });
    return timer;
  });
  vi.stubGlobal('clearTimeout', (timer: Parameters<typeof clear>[0]) => {
    drop(timer);
    clear(timer);
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('a throttle', () => {
  test('lets so many calls run at once, and the others wait their turn, in their order', async () => {
    const { work, started, finish } = gate();
    const call = throttle({ name: 'slots', maxConcurrent: 2, ...own })(work);
    const calls = ['a', 'b', 'c', 'd'].map((name) => call(name));

    await advance(1_000);
    expect(started).toEqual([['a'], ['b']]);
    expect(snapshotOf('slots')).toMatchObject({ running: 2, queued: 2 });
    finish(1);
    await advance(STEPS_MS);
    expect(started).toEqual([['a'], ['b'], ['c']]);
    finish(0);
    await advance(STEPS_MS);
    finish(2);
    finish(3);

    expect(await Promise.all(calls)).toEqual(['done', 'done', 'done', 'done']);
    expect(started.at(-1)).toEqual(['d']);
    expect(snapshotOf('slots')).toMatchObject({ running: 0, queued: 0, totalCalls: 4, rejected: 0 });
  });

  test('begins no two calls closer together than `minTimeMs`, and hardly later', async () => {
    const { fn, gaps } = noting();
    const call = throttle({ minTimeMs: 200, ...own })(fn);
    const calls = times(6, () => call());
    await advance(2_000);
    await Promise.all(calls);

    for (const gap of gaps()) {
      expect(gap).toBeGreaterThanOrEqual(200);
      expect(gap).toBeLessThan(205);
    }
    expect(gaps()).toHaveLength(5);
  });

  test.each([
    ['forward', 3_600_000],
    ['back', -3_600_000],
  ])('keeps its pace when the time of day is set %s', async (_, byMs) => {
    const { fn, begun, gaps } = noting();
    const call = throttle({ minTimeMs: 200, reservoir: 9, reservoirRefreshMs: 60_000, ...own })(fn);
    const calls = times(3, () => call());
    await advance(100);
    vi.setSystemTime(Date.now() + byMs);
    await advance(500);
    await Promise.all(calls);

    expect(begun).toHaveLength(3);
    for (const gap of gaps()) expect(gap).toBeGreaterThanOrEqual(200);
  });

  test('begins as many calls as the reservoir holds, and the next when it is filled', async () => {
    const { fn, begun } = noting();
    const call = throttle({
      name: 'quota',
      reservoir: 3,
      reservoirRefreshMs: 1_000,
      reservoirRefreshAmount: 2,
      ...own,
    })(fn);
    const from = performance.now();
    const calls = times(6, () => call());

    await advance(900);
    expect(begun).toHaveLength(3);
    expect(snapshotOf('quota')).toMatchObject({ reservoir: 0, queued: 3 });
    await advance(1_000);
    expect(begun).toHaveLength(5);
    await advance(1_000);
    await Promise.all(calls);

    expect(begun.map((at) => Math.floor((at - from) / 1_000))).toEqual([0, 0, 0, 1, 1, 2]);
    expect(snapshotOf('quota')).toMatchObject({ reservoir: 1, queued: 0 });
  });

  test('fills a reservoir of short periods when they are over, and not at some beat of its own', async () => {
    const { fn, begun } = noting();
    const call = throttle({ reservoir: 1, reservoirRefreshMs: 40, ...own })(fn);
    const calls = times(5, () => call());
    await advance(40 * 4 + STEPS_MS);

    expect(begun).toHaveLength(5);
    await Promise.all(calls);
  });

  test('fills the reservoir to what it held at first, unless it is told otherwise', () => {
    expect(throttle({ reservoir: 3, reservoirRefreshMs: 1_000, ...own }).options).toMatchObject({
      reservoirRefreshAmount: 3,
    });
  });

  test('keeps all of its limits at once', async () => {
    const { fn, begun, gaps } = noting(500);
    const call = throttle({ maxConcurrent: 2, minTimeMs: 50, reservoir: 3, reservoirRefreshMs: 2_000, ...own })(fn);
    const calls = times(4, () => call());
    await advance(3_000);
    await Promise.all(calls);

    const [second = 0, third = 0, fourth = 0] = gaps();
    expect(second).toBeGreaterThanOrEqual(50);
    expect(second + third).toBeGreaterThanOrEqual(500);
    expect(second + third).toBeLessThan(550);
    expect(fourth).toBeGreaterThan(1_000);
    expect(begun).toHaveLength(4);
  });

  test('gives its turn back when the function throws at once', async () => {
    const call = throttle({ name: 'slots', maxConcurrent: 1, ...own })((): Promise<string> => {
      throw new Error('down');
    });
    const outcomes = [settled(call()), settled(call())];
    await advance(100);

    expect((await Promise.all(outcomes)).map((error) => (error as Error).message)).toEqual(['down', 'down']);
    expect(snapshotOf('slots')).toMatchObject({ running: 0 });
  });

  test('shares its turns among all who give its name, and stands in the registry', async () => {
    const [first, second] = [gate(), gate()];
    const options = { name: 'api', maxConcurrent: 1, ...own };
    const calls = [throttle(options)(first.work)('a'), throttle(options)(second.work)('b')];
    await advance(100);

    expect([first.started.length, second.started.length]).toEqual([1, 0]);
    expect(registry.limiters.names()).toEqual(['api']);
    expect(snapshotOf('api')).toEqual({
      running: 1,
      queued: 1,
      reservoir: null,
      maxConcurrent: 1,
      minTimeMs: 0,
      maxQueue: null,
      rejected: 0,
      totalCalls: 2,
    });
    first.finish(0);
    await advance(100);
    second.finish(0);
    await Promise.all(calls);
  });

  test('refuses a name that another limiter has', async () => {
    const call = throttle({ name: 'api', maxConcurrent: 1, ...own })(async () => 1);
    const first = call();
    await advance(STEPS_MS);
    await first;

    await expect(
      (async () => throttle({ name: 'api', maxConcurrent: 2, ...own })(async () => 1)())(),
    ).rejects.toMatchObject({ code: 'ERR_NAME_TAKEN' });
  });
});

describe('a throttle with a full queue', () => {
  test('rejects the next call at once, and says so in an event', async () => {
    const { work, started, finish } = gate();
    const rejected: string[] = [];
    registry.on('call:rejected', ({ code, name, site }) => rejected.push(`${code} ${name} ${site}`));
    const call = throttle({ name: 'slots', maxConcurrent: 1, maxQueue: 1, ...own })(work);
    const calls = [call('a'), call('b')];

    await expect(call('c')).rejects.toMatchObject({
      code: 'ERR_RATE_LIMITED',
      policy: 'throttle',
      policyName: 'slots',
      site: 'work',
      message: "'slots' is at its limit and has 1 call in line",
      retryAfterMs: undefined,
    });
    expect(rejected).toEqual(['ERR_RATE_LIMITED slots work']);
    expect(snapshotOf('slots')).toMatchObject({ rejected: 1, totalCalls: 3 });
    await advance(STEPS_MS);
    finish(0);
    await advance(STEPS_MS);
    finish(1);
    await Promise.all(calls);
    expect(started).toEqual([['a'], ['b']]);
  });

  test('lets calls through that need not wait, although it lets nobody wait', async () => {
    const { work, started, finish } = gate();
    const call = throttle({ maxConcurrent: 2, maxQueue: 0, ...own })(work);
    const calls = [call('a'), call('b')];

    await expect(call('c')).rejects.toMatchObject({ message: "'work' is at its limit and lets nobody wait" });
    await advance(STEPS_MS);
    await expect(call('d')).rejects.toMatchObject({ code: 'ERR_RATE_LIMITED' });
    finish(0);
    await advance(0);
    calls.push(call('e'));
    await advance(STEPS_MS);
    finish(1);
    finish(2);

    expect(await Promise.all(calls)).toEqual(['done', 'done', 'done']);
    expect(started).toEqual([['a'], ['b'], ['e']]);
  });

  test('says when a place comes free, where time decides that', async () => {
    const spaced = throttle({ name: 'spaced', minTimeMs: 1_000, maxQueue: 0, ...own })(noting().fn);
    const drawn = throttle({ name: 'drawn', reservoir: 1, reservoirRefreshMs: 60_000, maxQueue: 0, ...own })(
      noting().fn,
    );
    const first = [spaced(), drawn()];
    await advance(500);
    await Promise.all(first);

    const [tooClose, tooMany] = (await Promise.all([settled(spaced()), settled(drawn())])) as {
      retryAfterMs: number;
      message: string;
    }[];
    expect(tooClose?.retryAfterMs).toBeGreaterThan(500);
    expect(tooClose?.retryAfterMs).toBeLessThan(520);
    expect(tooMany?.retryAfterMs).toBe(59_500);
    expect(tooMany?.message).toBe("'drawn' is at its limit and lets nobody wait; try again in 59 500 ms");
    await advance(Math.ceil(tooClose?.retryAfterMs ?? 0));
    const again = spaced();
    await advance(STEPS_MS);
    expect(await again).toBe('value');
  });

  test('is explained by its limits', async () => {
    const call = throttle({ name: 'slots', maxConcurrent: 1, maxQueue: 0, ...own })(gate().work);
    void settled(call('a'));
    const error = await settled(call('b'));

    expect(registry.explain(error as Error)).toMatchObject({
      decisions: [
        {
          type: 'call:rejected',
          text: "rejected: 'slots' is at its limit and lets nobody wait",
          grounds: { maxConcurrent: 1, minTimeMs: 0, maxQueue: 0 },
        },
      ],
    });
  });
});

describe('a waiter that is aborted', () => {
  test('leaves at once: the function is not run for it, and its place is free', async () => {
    const { work, started, finish } = gate();
    const call = throttle({ name: 'slots', maxConcurrent: 1, maxQueue: 1, ...own })(work);
    const controller = new AbortController();
    const first = call('a');
    await advance(STEPS_MS);
    const outcome = settled(call('b', controller.signal));
    controller.abort('enough');

    expect(await outcome).toBe('enough');
    expect(snapshotOf('slots')).toMatchObject({ queued: 0, rejected: 0, totalCalls: 2 });
    const third = call('c');
    finish(0);
    await advance(STEPS_MS);
    finish(1);
    expect(await Promise.all([first, third])).toEqual(['done', 'done']);
    expect(started).toEqual([['a'], ['c']]);
  });

  test('is not let in line when it has given up before', async () => {
    const { work, started } = gate();
    const call = throttle({ name: 'slots', maxConcurrent: 1, ...own })(work);

    expect(await settled(call('a', AbortSignal.abort('never mind')))).toBe('never mind');
    await advance(100);
    expect(started).toEqual([]);
  });

  test('draws nothing from the reservoir, whenever it leaves', async () => {
    const { fn, begun } = noting();
    const call = throttle({ name: 'quota', reservoir: 2, reservoirRefreshMs: 60_000, ...own })(
      (_signal?: AbortSignal) => fn(),
    );
    for (let leavesAfterMs = 0; leavesAfterMs < 8; leavesAfterMs++) {
      const controller = new AbortController();
      const outcome = settled(call(controller.signal));
      if (leavesAfterMs > 0) await advance(leavesAfterMs - 1);
      if (begun.length > 0) break;
      controller.abort('enough');
      expect(await outcome).toBe('enough');
      await advance(STEPS_MS);
      expect(snapshotOf('quota')).toMatchObject({ reservoir: 2 });
    }
    const calls = times(2 - begun.length, () => call());
    await advance(100);
    await Promise.all(calls);

    expect(begun).toHaveLength(2);
  });

  test('gives its turn to the next in line', async () => {
    const { fn, begun } = noting();
    const call = throttle({ minTimeMs: 1_000, ...own })((_signal?: AbortSignal) => fn());
    const controller = new AbortController();
    const calls = [call(), settled(call(controller.signal)), call()];
    await advance(900);
    controller.abort();
    await advance(200);
    await Promise.all(calls);

    expect(begun).toHaveLength(2);
  });

  test.each([
    ['for the reservoir', { reservoir: 1, reservoirRefreshMs: 3_600_000 }],
    ['for the time between two', { minTimeMs: 3_600_000 }],
    ['for a call that runs', { maxConcurrent: 1 }],
  ])('leaves no timer that holds the process, when it waited %s', async (_, options) => {
    const { work, finish } = gate();
    const call = throttle({ ...options, ...own })(work);
    const first = call('a');
    await advance(STEPS_MS);
    const controller = new AbortController();
    const outcome = settled(call('b', controller.signal));
    await advance(STEPS_MS);
    const holding = 'maxConcurrent' in options ? 0 : 1;
    expect(heldTimers()).toBe(holding);
    controller.abort('enough');
    await outcome;

    expect(heldTimers()).toBe(0);
    finish(0);
    await advance(STEPS_MS);
    await first;
  });
});

describe('once the registry is closed', () => {
  test('all who wait are rejected, those who run go on, and no timer is left', async () => {
    const { work, finish } = gate();
    const rejected: string[] = [];
    registry.on('call:rejected', ({ code }) => rejected.push(code));
    const options = { maxConcurrent: 1, reservoir: 9, reservoirRefreshMs: 60_000, minTimeMs: 5_000 };
    const call = throttle({ name: 'slots', ...options, ...own })(work);
    const first = call('a');
    await advance(STEPS_MS);
    const waiting = [settled(call('b')), settled(call('c'))];
    await registry.close();

    expect(await Promise.all(waiting)).toMatchObject([{ code: 'ERR_CLOSED' }, { code: 'ERR_CLOSED' }]);
    expect(rejected).toEqual(['ERR_CLOSED', 'ERR_CLOSED']);
    expect(await settled(call('d'))).toMatchObject({ code: 'ERR_CLOSED' });
    finish(0);
    expect(await first).toBe('done');
    await advance(STEPS_MS);
    expect(vi.getTimerCount()).toBe(0);
    expect(snapshotOf('slots')).toMatchObject({ running: 0, queued: 0, rejected: 2 });
  });

  test('a call that bottleneck is about to begin is rejected too', async () => {
    const { work, started } = gate();
    const call = throttle({ maxConcurrent: 1, minTimeMs: 50, ...own })(work);
    const outcome = settled(call('a'));
    await registry.close();
    await advance(100);

    expect(await outcome).toMatchObject({ code: 'ERR_CLOSED' });
    expect(started).toEqual([]);
  });
});

describe('with others', () => {
  test('timeout over throttle: the slot stays taken until the work has settled', async () => {
    const { work, started, finish } = gate();
    const limit = throttle({ name: 'slots', maxConcurrent: 1, ...own });
    const call = compose(timeout({ ms: 100, ...own }), limit)(work);
    const outcome = settled(call('a'));
    await advance(100);
    expect(await outcome).toMatchObject({ code: 'ERR_TIMEOUT' });
    const second = settled(call('b'));
    await advance(50);

    expect(snapshotOf('slots')).toMatchObject({ running: 1, queued: 1 });
    finish(0);
    await advance(STEPS_MS);
    expect(started).toEqual([['a'], ['b']]);
    finish(1);
    expect(await second).toBe('done');
  });

  test('timeout over throttle ends the wait; throttle over timeout limits the work alone', async () => {
    const limit = { maxConcurrent: 1, ...own };
    const outer = compose(timeout({ ms: 50, ...own }), throttle({ name: 'inner', ...limit }))(gate().work);
    const inner = compose(throttle({ name: 'outer', ...limit }), timeout({ ms: 50, ...own }))(gate().work);
    const outcomes = [outer('a'), outer('b'), inner('a'), inner('b')].map(settled);
    await advance(55);
    expect(snapshotOf('inner')).toMatchObject({ running: 1, queued: 0 });
    expect(snapshotOf('outer')).toMatchObject({ queued: 0 });
    await advance(100);

    expect((await Promise.all(outcomes)).map((error) => (error as { code: string }).code)).toEqual(
      Array(4).fill('ERR_TIMEOUT'),
    );
  });

  test('retry over throttle takes a turn for each attempt; throttle over retry one for all', async () => {
    const retry = retryWithBackoff({ maxAttempts: 3, baseDelayMs: 1, jitter: 'none', ...own });
    const fails = () => Promise.reject(new Error('down'));
    const quota = { reservoir: 9, ...own };
    const calls = [
      settled(compose(retry, throttle({ name: 'each', ...quota }))(fails)()),
      settled(compose(throttle({ name: 'whole', ...quota }), retry)(fails)()),
    ];
    await advance(500);
    await Promise.all(calls);

    expect([snapshotOf('each').reservoir, snapshotOf('whole').reservoir]).toEqual([6, 8]);
  });

  test('a breaker and a retry outside take a full queue for no failure', async () => {
    const { work, started } = gate();
    const limit = throttle({ maxConcurrent: 1, maxQueue: 0, ...own });
    const breaker = circuitBreaker({ name: 'api', failureThreshold: 1, ...own });
    const call = compose(breaker, retryWithBackoff(own), limit)(work);
    void settled(call('a'));
    await advance(STEPS_MS);

    expect(await settled(call('b'))).toMatchObject({ code: 'ERR_RATE_LIMITED' });
    expect(registry.breakers.get('api')?.snapshot()).toMatchObject({ state: 'closed', failedCalls: 0 });
    expect(started).toHaveLength(1);
  });

  test('fallback over throttle answers a rejection', async () => {
    const limit = throttle({ maxConcurrent: 1, maxQueue: 0, ...own });
    const call = compose(fallback.value('spare', own), limit)(gate().work);
    void settled(call('a'));

    expect(await call('b')).toBe('spare');
  });

  test('cached and coalesce over throttle: what they answer takes no turn', async () => {
    const { fn, begun } = noting();
    const limit = { reservoir: 9, ...own };
    const kept = compose(cached(own), throttle({ name: 'kept', ...limit }))(fn);
    const joined = compose(coalesce(own), throttle({ name: 'joined', ...limit }))(fn);
    const calls = [kept('a'), kept('a'), joined('b'), joined('b')];
    await advance(100);

    expect(await Promise.all(calls)).toEqual(['a', 'a', 'b', 'b']);
    expect(await kept('a')).toBe('a');
    expect(begun).toHaveLength(2);
    expect([snapshotOf('kept').totalCalls, snapshotOf('joined').totalCalls]).toEqual([1, 1]);
  });

  test('throttle over bulkhead: a call that is rejected inside gives its turn back', async () => {
    const { work } = gate();
    const call = compose(
      throttle({ name: 'pace', maxConcurrent: 2, ...own }),
      bulkhead({ maxConcurrent: 1, ...own }),
    )(work);
    void settled(call('a'));
    const second = settled(call('b'));
    await advance(100);

    expect(await second).toMatchObject({ code: 'ERR_BULKHEAD_FULL' });
    expect(snapshotOf('pace')).toMatchObject({ running: 1 });
  });

  test('timed over throttle counts the wait; what is inside sees its signal and its attempt', async () => {
    const seen: unknown[] = [];
    const call = compose(
      timed({ name: 'whole', ...own }),
      throttle({ minTimeMs: 300, ...own }),
    )(async () => {
      const { attempt, signal } = callContext();
      seen.push([attempt, signal.aborted]);
    });
    const calls = [call(), call()];
    await advance(1_000);
    await Promise.all(calls);

    expect(seen).toEqual([
      [1, false],
      [1, false],
    ]);
    expect(registry.calls.stats().timings['whole']?.maxMs).toBeGreaterThan(280);
  });

  test('resilient takes it as a policy, between rateLimit and the breaker, and nothing else', async () => {
    const { fn } = noting();
    const call = resilient({
      circuitBreaker: true,
      throttle: throttle({ maxConcurrent: 1, ...own }),
      timed: true,
      ...own,
    })(fn);
    const answer = call();
    await advance(STEPS_MS);

    expect(await answer).toBe('value');
    expect(policiesOf(call).map(({ kind }) => kind)).toEqual(['timed', 'throttle', 'circuitBreaker']);
    // @ts-expect-error options alone would have to load bottleneck in the core
    expect(() => resilient({ throttle: { maxConcurrent: 1 } })).toThrow('`throttle` takes false or a policy');
    // @ts-expect-error as above
    expect(() => resilient({ throttle: true })).toThrow(TypeError);
  });
});

describe('on each face', () => {
  test('as a decorator of methods, statics and private methods, and as `execute`', async () => {
    const limit = () => throttle({ reservoir: 1_000, ...own });
    class Geocoder {
      @limit()
      async find(place: string) {
        return `${place} found`;
      }

      @limit()
      static async version() {
        return 1;
      }

      @limit()
      async #hidden() {
        return 'hidden';
      }

      show() {
        return this.#hidden();
      }
    }
    const geocoder = new Geocoder();
    const calls = [
      geocoder.find('Bath'),
      Geocoder.version(),
      geocoder.show(),
      limit().execute(async (n: number) => n, 5),
    ];
    await advance(100);

    expect(await Promise.all(calls)).toEqual(['Bath found', 1, 'hidden', 5]);
    expect(registry.limiters.names()).toContain('Geocoder.find');
  });

  test('takes functions that return promises, and no others', () => {
    const find = async (place: string) => place.length;

    expectTypeOf(throttle({ maxConcurrent: 1, ...own })(find)).toEqualTypeOf<typeof find>();
    // @ts-expect-error it waits, so it takes only functions that return a promise
    throttle({ maxConcurrent: 1, ...own })((n: number) => n);
    // @ts-expect-error the same in a stack
    resilient({ throttle: throttle({ maxConcurrent: 1, ...own }), ...own })((n: number) => n);
  });
});

describe('options', () => {
  test.each([
    [{}, 'throttle takes at least one limit: `maxConcurrent`, `minTimeMs` or `reservoir`'],
    [{ maxQueue: 5 }, 'throttle takes at least one limit'],
    [{ minTimeMs: 0 }, 'throttle takes at least one limit'],
    [
      { maxConcurrent: 1, reservoirRefreshMs: 1_000 },
      'throttle: `reservoirRefreshMs` means nothing without `reservoir`',
    ],
    [
      { reservoir: 1, reservoirRefreshAmount: 1 },
      'throttle: `reservoirRefreshAmount` means nothing without `reservoirRefreshMs`',
    ],
  ])('%o are refused', (options, message) => {
    expect(() => throttle(options)).toThrow(TypeError);
    expect(() => throttle(options)).toThrow(message);
  });

  test.each([
    ['minTime', 'minTimeMs'],
    ['highWater', 'maxQueue'],
    ['reservoirRefreshInterval', 'reservoirRefreshMs'],
  ])("by bottleneck's name are answered with the one that is meant: %s", (typed, meant) => {
    expect(() => throttle({ maxConcurrent: 1, [typed]: 5 })).toThrow(`did you mean \`${meant}\`?`);
  });

  test('have their defaults filled in', () => {
    expect(throttle({ maxConcurrent: 2, registry }).options).toEqual({
      maxConcurrent: 2,
      minTimeMs: 0,
      maxQueue: Infinity,
      registry,
    });
  });
});

describe('where bottleneck is not installed', () => {
  test.each(['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'])('%s is told with the command that installs it', (code) => {
    const missing = Object.assign(new Error("Cannot find module 'bottleneck'"), { code });
    const load = () =>
      loadBottleneck(() => {
        throw missing;
      });

    expect(load).toThrow('holdfast/throttle stands on bottleneck, which is not installed: npm install bottleneck');
    expect(load).toThrow(expect.objectContaining({ cause: missing }));
  });

  test('another error of its loading is left as it is', () => {
    const broken = new SyntaxError('broken');

    expect(() =>
      loadBottleneck(() => {
        throw broken;
      }),
    ).toThrow(broken);
  });
});
