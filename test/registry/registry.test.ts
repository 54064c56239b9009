import { afterEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/edges/testing/index.js';
import {
  bulkhead,
  cached,
  circuitBreaker,
  deadLetter,
  rateLimit,
  Registry,
  type RegistryOptions,
  registry as shared,
  startTimer,
  timed,
  timedContext,
  timeout,
} from '../../src/index.js';

const WALL_MS = Date.UTC(2026, 0, 1);
const made = () => {
  const clock = new ManualClock({ wallMs: WALL_MS });
  return { clock, registry: new Registry({ clock, random: () => 0.5 }) };
};
const down = async (_?: string): Promise<string> => {
  throw new Error('down');
};

/** A registry with something in each collection that policies fill. */
async function filled() {
  const here = made();
  const { registry } = here;
  const policies = [
    circuitBreaker({ name: 'z-breaker', failureThreshold: 1, registry }),
    circuitBreaker({ name: 'a-breaker', key: () => 'k', registry }),
    cached({ name: 'cache', maxEntries: Infinity, registry }),
    deadLetter({ name: 'dead', registry }),
    bulkhead({ name: 'slots', registry }),
    rateLimit({ name: 'rate', limit: 5, registry }),
    rateLimit({ name: 'rates', limit: 5, key: () => 'k', registry }),
    timed({ registry }),
  ];
  for (const policy of policies) await policy(down)('x').catch(() => {});
  await bulkhead({ name: 'queue', maxQueue: Infinity, registry })(async () => 1)();
  return here;
}

describe('snapshot', () => {
  test('is JSON all the way down', async () => {
    const { registry } = await filled();
    const snapshot = registry.snapshot();

    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
  });

  test('bears its version and the time of day', async () => {
    const { registry, clock } = made();
    await clock.advance(1_234);

    expect(registry.snapshot()).toMatchObject({ version: 1, takenAt: WALL_MS + 1_234 });
  });

  test('has sorted names, and every collection', async () => {
    const { registry } = await filled();
    const { version: _, takenAt: __, ...collections } = registry.snapshot();

    expect(Object.keys(collections.breakers)).toEqual(['a-breaker', 'z-breaker']);
    expect(Object.keys(collections)).toEqual([
      'breakers',
      'caches',
      'deadLetters',
      'metrics',
      'limiters',
      'pools',
      'buffers',
      'extensions',
    ]);
  });

  test('is the same twice, when nothing has happened, and a copy each time', async () => {
    const { registry } = await filled();

    expect(registry.snapshot()).toEqual(registry.snapshot());
    expect(registry.snapshot().breakers['z-breaker']).not.toBe(registry.snapshot().breakers['z-breaker']);
  });
});

describe('acts are events that tell who and why', () => {
  test.each(['reset', 'isolate', 'disable', 'shadow', 'release'] as const)('%s', (act) => {
    const { registry } = made();
    circuitBreaker({ name: 'api', registry })(down);
    const heard: unknown[] = [];
    registry.on('breaker:act', (event) => heard.push(event));
    registry.breakers.get('api')?.[act]({ owner: 'ops', reason: 'drill' });

    const source = { kind: 'circuitBreaker', name: 'api', site: 'api', at: WALL_MS };
    expect(heard).toEqual([{ type: 'breaker:act', ...source, act, owner: 'ops', reason: 'drill' }]);
  });

  test('clearing a cache', async () => {
    const { registry } = made();
    await cached({ name: 'c', registry })(async () => 1)();
    const heard: unknown[] = [];
    registry.on('cache:invalidated', (event) => heard.push(event));
    registry.caches.get('c')?.clear({ owner: 'ops', reason: 'drill' });

    expect(heard).toMatchObject([{ kind: 'cached', name: 'c', count: 1, owner: 'ops', reason: 'drill' }]);
  });
});

describe('forget', () => {
  test('frees a name in every collection, says whether anything bore it, and tells', () => {
    const { registry } = made();
    circuitBreaker({ name: 'api', registry })(down);
    bulkhead({ name: 'api', registry })(down);
    const heard: unknown[] = [];
    registry.on('registry:forgotten', ({ name, collection }) => heard.push([name, collection]));

    expect([registry.forget('api'), registry.forget('api')]).toEqual([true, false]);
    expect(heard).toEqual([
      ['api', 'breakers'],
      ['api', 'limiters'],
    ]);
  });

  test('lets a module be loaded again with other options, and the old one go on', async () => {
    const { registry } = made();
    const load = (failureThreshold: number) => circuitBreaker({ name: 'api', failureThreshold, registry })(down);
    const old = load(1);
    registry.forget('api');
    const fresh = load(2);
    await fresh().catch(() => {});
    await old().catch(() => {});

    await expect(old()).rejects.toMatchObject({ code: 'ERR_CIRCUIT_OPEN' });
    expect(registry.breakers.get('api')?.state).toBe('closed');
  });
});

describe('close', () => {
  test('ends every timer, and tells', async () => {
    const { registry, clock } = await filled();
    const told: string[] = [];
    registry.on('registry:closed', ({ name }) => told.push(name));
    expect(clock.pendingTimers).toBeGreaterThan(0);
    await registry.close();

    expect([clock.pendingTimers, told, registry.closed]).toEqual([0, ['registry'], true]);
  });

  test('a second one waits for the first, and tells nothing', async () => {
    const { registry } = made();
    let flushed: () => void = () => {};
    let told = 0;
    registry.on('registry:closed', () => told++);
    const close = () => new Promise<void>((resolve) => (flushed = resolve));
    const make = () => ({ snapshot: () => ({}), close });
    registry.extensions.obtain({ kind: 'x', name: { given: 'x' }, options: {}, make });
    const order: string[] = [];
    const both = [registry.close().then(() => order.push('first')), registry.close().then(() => order.push('second'))];
    await new Promise((resolve) => setImmediate(resolve));
    expect(order).toEqual([]);
    flushed();
    await Promise.all(both);

    expect([order.length, told]).toEqual([2, 1]);
  });

  test('goes through to its end when a part fails, and then rejects with its error', async () => {
    const { registry, clock } = await filled();
    let told = 0;
    registry.on('registry:closed', () => told++);
    const close = () => Promise.reject(new Error('cannot close'));
    const make = () => ({ snapshot: () => ({}), close });
    registry.deadLetters.obtain({ kind: 'x', name: { given: 'a' }, options: {}, make: make as never });

    await expect(registry.close()).rejects.toThrow('cannot close');
    expect([clock.pendingTimers, told]).toEqual([0, 1]);
  });

  test('`await using` closes', async () => {
    const { clock } = made();
    let kept: Registry;
    {
      await using registry = new Registry({ clock });
      kept = registry;
    }

    expect(kept.closed).toBe(true);
  });

  test('calls are rejected from then on, synchronous ones by a throw', async () => {
    const { registry } = made();
    const later = timeout({ registry })(async () => 1);
    const now = timed({ registry })(() => 1);
    await registry.close();

    await expect(later()).rejects.toMatchObject({ code: 'ERR_CLOSED', site: expect.any(String) });
    expect(now).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }));
  });
});

describe('the default registry', () => {
  const names: string[] = [];
  afterEach(() => {
    for (const name of names.splice(0)) shared.forget(name);
  });

  test('is one for all copies of the package in the process', async () => {
    const copy = (await import(`${new URL('../../src/registry/default-registry.ts', import.meta.url).href}?copy`)) as {
      registry: Registry;
    };

    expect(copy.registry).toBe(shared);
  });

  test('is where a policy lives that was given none', () => {
    names.push('test-default-registry');
    circuitBreaker({ name: 'test-default-registry' })(down);

    expect(shared.breakers.has('test-default-registry')).toBe(true);
  });
});

describe('options', () => {
  test.each<[string, unknown]>([
    ['clock', {}],
    ['clock', { now: () => 0 }],
    ['clock', null],
    ['random', 5],
    ['captureStack', 'yes'],
  ])('`%s` refuses %o', (option, value) => {
    expect(() => new Registry({ [option]: value } as RegistryOptions)).toThrow(TypeError);
    expect(() => new Registry({ [option]: value } as RegistryOptions)).toThrow(`Registry: \`${option}\` takes `);
  });

  test('an unknown one is a TypeError that suggests the nearest', () => {
    expect(() => new Registry({ clok: new ManualClock() } as RegistryOptions)).toThrow('did you mean `clock`?');
  });

  test.each([
    [false, false],
    [true, true],
  ])('with captureStack %s a rejection has frames: %s', (captureStack, has) => {
    const registry = new Registry({ captureStack });
    const call = circuitBreaker({ name: 'api', registry })(() => 1);
    registry.breakers.get('api')?.isolate({});
    let error: Error | undefined;
    try {
      call();
    } catch (thrown) {
      error = thrown as Error;
    }

    expect(error?.stack?.includes('\n    at ')).toBe(has);
  });
});

describe('timers', () => {
  test('`startTimer` records when its block is left', async () => {
    const { registry, clock } = made();
    {
      using _timer = startTimer('report', { registry });
      clock.advance(5);
    }

    expect(registry.calls.snapshot()).toMatchObject({ report: { totalCalls: 1, maxMs: 5, errors: 0 } });
  });

  test('`timedContext` hands on what the function gives or throws, the same object, and counts failures', async () => {
    const { registry } = made();
    const [value, error] = [{}, new Error('down')];
    const fails = (): never => {
      throw error;
    };

    expect(timedContext('now', () => value, { registry })).toBe(value);
    expect(() => timedContext('now', fails, { registry })).toThrow(error);
    expect(await timedContext('later', async () => value, { registry })).toBe(value);
    await expect(timedContext('later', () => Promise.reject(error), { registry })).rejects.toBe(error);
    expect(registry.calls.snapshot()).toMatchObject({
      now: { totalCalls: 2, errors: 1 },
      later: { totalCalls: 2, errors: 1 },
    });
  });
});

test('fallbacks are found by name, and a handler must be a function', () => {
  const { registry } = made();
  const handler = () => 1;
  registry.fallbacks.register('b', handler);
  registry.fallbacks.register('a', () => 2);

  expect(registry.fallbacks.get('b')).toBe(handler);
  expect(registry.fallbacks.names()).toEqual(['a', 'b']);
  expect([registry.fallbacks.unregister('b'), registry.fallbacks.unregister('b')]).toEqual([true, false]);
  expect(() => registry.fallbacks.register('c', 5 as never)).toThrow(TypeError);
});
