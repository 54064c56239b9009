import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/edges/testing/index.js';
import {
  compose,
  fallback,
  type PresetName,
  policiesOf,
  presets,
  Registry,
  type ResilientOptions,
  resilient,
  retryWithBackoff,
  timed,
  timeout,
} from '../../src/index.js';

function kindsOf(options: ResilientOptions): string[] {
  const registry = new Registry({ clock: new ManualClock() });
  return policiesOf(resilient({ ...options, registry })(async () => 1)).map(({ kind }) => kind);
}

test('the order of the stack is its own, whatever order the parts are written in', () => {
  const written: ResilientOptions = {
    chaos: true,
    batched: true,
    adaptiveLimit: true,
    bulkhead: true,
    timeout: true,
    circuitBreaker: true,
    shed: true,
    rateLimit: { limit: 5 },
    hedge: true,
    retry: true,
    deadline: { ms: 100 },
    coalesce: true,
    cached: true,
    deadLetter: true,
    fallback: () => 2,
    timed: true,
  };

  expect(kindsOf(written)).toEqual([
    'timed',
    'fallback',
    'deadLetter',
    'cached',
    'coalesce',
    'deadline',
    'retry',
    'hedge',
    'rateLimit',
    'shed',
    'circuitBreaker',
    'timeout',
    'bulkhead',
    'adaptiveLimit',
    'batched',
    'chaos',
  ]);
});

test('a part that is false, or not given, is not there', () => {
  expect(kindsOf({ timed: true, retry: false, timeout: false })).toEqual(['timed']);
});

test('a policy stands as it is, with its own options', () => {
  const mine = timeout({ ms: 77 });

  expect(policiesOf(resilient({ timeout: mine, timed: true })(async () => 1))[1]).toBe(mine);
});

describe('a preset', () => {
  test.each<[PresetName, string[]]>([
    ['production', ['retry', 'circuitBreaker', 'timeout']],
    ['high-throughput', ['retry', 'circuitBreaker', 'timeout']],
    ['low-latency', ['retry', 'timeout']],
    ['high-reliability', ['retry', 'circuitBreaker', 'timeout']],
    ['memory-optimized', ['retry', 'circuitBreaker', 'timeout']],
  ])('%s sets retry, breaker and timeout, and nothing else', (preset, kinds) => {
    expect(kindsOf({ preset })).toEqual(kinds);
  });

  test('gives the numbers of its row', () => {
    const [retry, breaker, limit] = policiesOf(
      resilient({ preset: 'production', registry: new Registry() })(async () => 1),
    );

    expect(retry?.options).toMatchObject({ maxAttempts: 4, baseDelayMs: 500 });
    expect(breaker?.options).toMatchObject({ failureThreshold: 5, recoveryTimeoutMs: 60_000 });
    expect(limit?.options).toMatchObject({ ms: 10_000 });
  });

  test('yields to what stands beside it', () => {
    const registry = new Registry();
    const policies = policiesOf(
      resilient({ preset: 'production', timeout: { ms: 5 }, circuitBreaker: false, registry })(async () => 1),
    );

    expect(policies.map(({ kind }) => kind)).toEqual(['retry', 'timeout']);
    expect(policies[1]?.options).toMatchObject({ ms: 5 });
  });

  test('keeps what stands beside it does not say, and a window takes the place of its threshold', () => {
    const registry = new Registry();
    const [retry, breaker] = policiesOf(
      resilient({
        preset: 'production',
        retry: { maxAttempts: 2 },
        circuitBreaker: { window: { type: 'count', size: 50 } },
        registry,
      })(async () => 1),
    );

    expect(retry?.options).toMatchObject({ maxAttempts: 2, baseDelayMs: 500 });
    expect(breaker?.options).toMatchObject({ window: { size: 50 }, recoveryTimeoutMs: 60_000 });
  });

  test('every preset has every column', () => {
    const columns = Object.values(presets).map((preset) => Object.keys(preset).sort().join());

    expect(new Set(columns).size).toBe(1);
  });
});

describe('fallback', () => {
  test('true is the handler that is registered under the name of the site; without one the failure goes on', async () => {
    const registry = new Registry();
    const status = resilient({ fallback: true, registry })(async function status(host: string): Promise<string> {
      throw new Error(`${host} is down`);
    });
    await expect(status('web1')).rejects.toThrow('web1 is down');
    registry.fallbacks.register('status', (host: string) => `${host}: unknown`);

    expect(await status('web1')).toBe('web1: unknown');
  });

  test('a function answers, a policy stands as it is', async () => {
    const registry = new Registry();
    const down = async (): Promise<number> => {
      throw new Error('down');
    };

    expect(await resilient({ fallback: () => 1, registry })(down)()).toBe(1);
    expect(await resilient({ fallback: fallback.value(2, { registry }), registry })(down)()).toBe(2);
  });

  test('the name of a method answers with that method', async () => {
    const registry = new Registry();
    class Quotes {
      @resilient({ fallback: 'last', registry })
      async price(): Promise<number> {
        throw new Error('down');
      }
      last(): number {
        return 7;
      }
    }

    expect(await new Quotes().price()).toBe(7);
  });
});

describe('what it refuses', () => {
  test.each<[string, unknown, string]>([
    ['an unknown part', { circuitBraker: true }, 'did you mean `circuitBreaker`'],
    ['an unknown preset', { preset: 'prod' }, "'production' or"],
    ['a part that is a number', { retry: 3 }, '`retry` takes true, false, options or a policy, got 3'],
    ['true where options must be given', { rateLimit: true }, '`rateLimit` takes false, options or a policy, got true'],
    ['no parts', {}, 'at least one policy'],
    ['options for throttle', { throttle: { maxConcurrent: 1 } }, '`throttle` takes false or a policy'],
    [
      'a policy of another kind',
      { timeout: retryWithBackoff() },
      "resilient: `timeout` takes a policy of its own kind, got one of kind 'retry'",
    ],
    [
      'a policy of another kind that answers',
      { fallback: timed() },
      "resilient: `fallback` takes a policy of its own kind, got one of kind 'timed'",
    ],
    [
      'several policies in the place of one',
      { preset: 'production', retry: compose(retryWithBackoff(), timeout()) },
      "resilient: `retry` takes a policy of its own kind, got one of kind 'compose'",
    ],
    ['a wrong option of a part', { timeout: { ms: -1 } }, 'timeout: `ms` takes'],
  ])('%s', (_, options, message) => {
    expect(() => resilient(options as ResilientOptions)).toThrow(message);
  });
});
