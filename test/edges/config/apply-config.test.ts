import { describe, expect, test } from 'vitest';
import { applyConfig, ConfigError, type ConfigObject } from '../../../src/edges/config/index.js';
import { circuitBreaker, Registry, type RegistryEvent, retryWithBackoff } from '../../../src/index.js';
import { ManualClock } from '../../../src/edges/testing/index.js';

/** The last configuration of seed 001, as it stands in its file. */
const asInTheFile = {
  advanced_features: {
    streaming: { default_batch_size: 500, max_concurrent_batches: 10 },
    caching: { max_size: 10_000, default_ttl: 600, cleanup_interval: 300 },
    batch_processing: { max_concurrent: 20, rate_limit: 100 },
    metrics: { retention_hours: 48, cleanup_interval: 3_600 },
    recovery: {
      circuit_breaker: { failure_threshold: 10, recovery_timeout: 30 },
      retry: { max_retries: 5, base_delay: 0.5 },
    },
  },
};

function applied(config: ConfigObject, env: Record<string, string> = {}) {
  const registry = new Registry({ clock: new ManualClock(), random: () => 0.5 });
  const report = applyConfig(config, { registry, env });
  const defaults = (kind: string) => registry.configuration.settings?.defaultsFor(kind);
  const named = (kind: string, name: string) => registry.configuration.settings?.namedFor(kind, name);
  return { registry, report, defaults, named };
}

function faultsOf(config: ConfigObject, env: Record<string, string> = {}): string[] {
  try {
    applied(config, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map(({ message }) => message);
    throw error;
  }
  return [];
}

describe('the sections', () => {
  test('are taken as the files have them that are there already, seconds and hours turned into ms', () => {
    const { defaults } = applied(asInTheFile);

    expect(defaults('streamPages')).toEqual({ batchSize: 500, concurrency: 10 });
    expect(defaults('cache')).toEqual({ maxEntries: 10_000, ttlMs: 600_000, cleanupIntervalMs: 300_000 });
    expect(defaults('cached')).toEqual(defaults('cache'));
    expect(defaults('batchProcessor')).toEqual({ maxConcurrent: 20, rateLimit: 100 });
    expect(defaults('metricsCollector')).toEqual({ retentionMs: 172_800_000, cleanupIntervalMs: 3_600_000 });
    expect(defaults('circuitBreaker')).toEqual({ failureThreshold: 10, recoveryTimeoutMs: 30_000 });
    expect(defaults('retry')).toEqual({ maxAttempts: 6, baseDelayMs: 500 });
  });

  test('mean the same in camelCase, at the top, and in the options’ own names', () => {
    const { registry } = applied({
      streaming: { defaultBatchSize: 500, concurrency: 10 },
      caching: { maxEntries: 10_000, ttlMs: 600_000, cleanupInterval: 300 },
      batchProcessing: { maxConcurrent: 20, rateLimit: 100 },
      metrics: { retentionHours: 48, cleanup_interval_ms: 3_600_000 },
      recovery: {
        circuitBreaker: { failureThreshold: 10, recoveryTimeout: 30 },
        retry: { maxAttempts: 6, baseDelayMs: 500 },
      },
    });
    const report = applyConfig(asInTheFile, { registry, env: {} });

    expect(report).toMatchObject({ changed: [], refused: [] });
    expect(report.unchanged).toContain('recovery.retry.maxAttempts');
  });

  test.each([
    [{ jitter: true }, { jitter: 'full' }],
    [{ jitter: false }, { jitter: 'none' }],
    [{ jitter: 'equal' }, { jitter: 'equal' }],
    [{ strategy: 'EXPONENTIAL_BACKOFF' }, { backoff: 'exponential' }],
    [{ max_delay: 1.1 }, { maxDelayMs: 1_100 }],
    [{ max_retries: 0 }, { maxAttempts: 1 }],
    [{ max_retries: 'Infinity' }, { maxAttempts: Infinity }],
  ])('a retry that says %o means %o', (said, meant) => {
    expect(applied({ recovery: { retry: said } }).defaults('retry')).toEqual(meant);
  });

  test('stand on top of a preset, which sets all of them', () => {
    const { defaults } = applied({ preset: 'memory-optimized', streaming: { default_batch_size: 25 } });

    expect(defaults('streamPages')).toEqual({ batchSize: 25, concurrency: 1, memoryLimitMb: 100 });
    expect(defaults('batchProcessor')).toEqual({ maxConcurrent: 5, rateLimit: 50 });
    expect(defaults('cache')).toMatchObject({ cleanupIntervalMs: 60_000 });
    expect(defaults('timeout')).toEqual({ ms: 30_000 });
    expect(defaults('sendBuffer')).toEqual({ maxSize: 1_000, enabled: false });
  });

  test('a preset without a breaker leaves those alone that code asks for', () => {
    const { registry, defaults } = applied({ preset: 'low-latency' });
    circuitBreaker({ name: 'quotes', registry })(async () => 'fine');

    expect(defaults('circuitBreaker')).toBeUndefined();
    expect(registry.breakers.get('quotes')).toMatchObject({ options: { failureThreshold: 5 } });
  });

  test('a window in a section puts the preset’s threshold aside', () => {
    const window = { type: 'count', size: 10 };
    const { defaults } = applied({ preset: 'production', recovery: { circuitBreaker: { window } } });

    expect(defaults('circuitBreaker')).toEqual({ window, recoveryTimeoutMs: 60_000 });
  });
});

describe('what is wrong', () => {
  test('is told all at once, each with the nearest name that is known', () => {
    expect(
      faultsOf({
        preset: 'prodution' as 'production',
        advanced_features: {
          cachng: {},
          caching: { max_sise: 5, default_ttl: 'long', ttl_ms: -1 },
          recovery: { retry: { max_retries: -1, base_delay: -2 }, circuitBraker: {} },
        },
        policies: { quotes: { retri: {}, circuitBreaker: { failureTreshold: 3 }, timeout: { ms: 0 } } },
      }),
    ).toEqual([
      'preset takes production, high-throughput, low-latency, high-reliability, memory-optimized, got "prodution"; did you mean \'production\'?',
      'advanced_features: unknown name `cachng`; did you mean `caching`?',
      'advanced_features.caching: unknown name `max_sise`; did you mean `max_size`?',
      'advanced_features.caching: `default_ttl` takes a number of seconds, got "long"',
      'advanced_features.caching: `default_ttl` and `ttl_ms` say the same; give one of them',
      'advanced_features.recovery.retry: `max_retries` takes how often it is tried again, a whole number from 0, got -1: it sets `maxAttempts`, which takes a whole number from 1, or Infinity',
      'advanced_features.recovery.retry: `base_delay` takes a number of seconds, got -2: it sets `baseDelayMs`, which takes a time in ms from 0',
      'advanced_features.recovery: unknown name `circuitBraker`; did you mean `circuitBreaker`?',
      'policies.quotes: unknown name `retri`; did you mean `retry`?',
      'policies.quotes.circuitBreaker: unknown name `failureTreshold`; did you mean `failureThreshold`?',
      'policies.quotes.timeout: `ms` takes a time in ms from 1, or Infinity, got 0',
    ]);
  });

  test.each([
    [{ caching: 5 }, 'caching takes options, got 5'],
    [{ caching: { ttlMs: null } }, 'caching: `ttlMs` has no value; it takes a time in ms from 0, or Infinity'],
    [{ policies: { quotes: { retry: true } } }, 'policies.quotes.retry takes options, or false, got true'],
    [{ policies: { jobs: { batchProcessor: false } } }, 'policies.jobs.batchProcessor takes options, got false'],
    [{ policies: [] }, 'policies takes names of policies, got an array'],
    [{ caching: { default_ttl: 1, defaultTtl: 1 } }, 'caching.defaultTtl is there twice'],
    [{ caching: {}, advanced_features: { caching: {} } }, 'advanced_features.caching is there twice'],
    [
      { recovery: { circuit_breaker: { failure_ratio: 0.5 } } },
      'recovery.circuitBreaker: `failureRatio` means nothing without `window`',
    ],
  ])('%o: %s', (config, message) => {
    expect(faultsOf(config as ConfigObject)).toEqual([message]);
  });

  const window = { type: 'count', size: 10 };
  test.each([
    ['circuitBreaker', { window, minimum_calls: 50 }, "at most the window's `size` (10), got 50"],
    ['circuitBreaker', { window: { type: 'count' } }, '`size`'],
    ['circuitBreaker', { window, failureThreshold: 3 }, '`failureThreshold`'],
    ['circuitBreaker', { failureThreshold: 3, failureRatio: 0.5 }, '`failureRatio` means nothing without `window`'],
    ['circuitBreaker', { recovery_timeout: 60, maxRecoveryTimeoutMs: 1_000 }, 'at least `recoveryTimeoutMs`'],
    ['retry', { budget: { ratio: 0.1, capacity: 5 } }, 'exclude each other'],
    ['hedge', { budget: { ratio: 2 } }, '`ratio`'],
    ['batched', { maxSize: 20, maxQueue: 10 }, 'at least `maxSize`, which is 20, got 10'],
    ['rateLimit', { limit: 5, algorithm: 'sliding-window', burst: 9 }, '`burst` is for a token bucket'],
    ['adaptiveLimit', { min: 9, max: 3 }, 'at least `min`, which is 9, got 3'],
    ['adaptiveLimit', { initial: 9, max: 3 }, '`initial` takes'],
    ['adaptiveLimit', { initial: 3, min: 9 }, '`initial` takes'],
    ['adaptiveLimit', { initial: 3, min: 9, max: 20 }, '`initial` takes'],
  ])('is what a name says of its %s where it contradicts itself: %o', (kind, said, message) => {
    const complaint = [expect.stringContaining(message)];

    expect(faultsOf({ policies: { x: { [kind]: said } } })).toEqual(complaint);
    expect(faultsOf({}, { HOLDFAST_POLICIES__X: JSON.stringify({ [kind]: said }) })).toEqual(complaint);
  });

  test.each([
    ['circuitBreaker', { minimumCalls: 50 }],
    ['circuitBreaker', { slowCallRatio: 0.5, window }],
    ['circuitBreaker', { maxRecoveryTimeoutMs: 1_000 }],
    ['rateLimit', { limit: 2_000_000, algorithm: 'sliding-window', burst: 2_000_000 }],
    ['rateLimit', { algorithm: 'sliding-window', burst: 9 }],
    ['adaptiveLimit', { initial: 5_000, min: 10 }],
    ['batched', { maxQueue: 10 }],
    ['chaos', { latencyRatio: 0.5 }],
  ])('is not what a name says of its %s where the code may say the rest: %o', (kind, said) => {
    expect(faultsOf({ policies: { x: { [kind]: said } } })).toEqual([]);
  });

  test('is found between what the source and a variable say of one name', () => {
    const env = { HOLDFAST_POLICIES__X__CIRCUIT_BREAKER__MINIMUM_CALLS: '50' };
    const calls = (minimumCalls: number) => ({ policies: { x: { circuitBreaker: { window, minimumCalls } } } });

    expect(faultsOf({ policies: { x: { circuitBreaker: { window } } } }, env)).toHaveLength(1);
    expect(faultsOf(calls(99), { ...env, HOLDFAST_POLICIES__X__CIRCUIT_BREAKER__MINIMUM_CALLS: '5' })).toEqual([]);
    expect(faultsOf({ policies: { x: { circuitBreaker: false } } }, env)).toEqual([]);
  });

  test('is an object that is within itself, or nested too deeply', () => {
    const cyclic: Record<string, unknown> = { retry: {} };
    cyclic['retry'] = { again: cyclic };
    let deep: Record<string, unknown> = {};
    for (let depth = 0; depth < 20_000; depth++) deep = { a: deep };
    const shared = { ms: 5 };

    expect(faultsOf({ recovery: cyclic })).toEqual(['recovery.retry.again is within itself']);
    expect(faultsOf({ recovery: deep })).toEqual([
      expect.stringMatching(/^recovery(\.a){49}: this is nested too deeply$/),
    ]);
    expect(faultsOf({ policies: { a: { timeout: shared }, b: { timeout: shared } } })).toEqual([]);
  });

  test('names the variable that says it', () => {
    const env = { HOLDFAST_RECOVERY__RETRY__MAX_RETRIES: 'many', HOLDFAST_CACHNG__DEFAULT_TTL: '5' };

    expect(() => applied({}, env)).toThrow(
      [
        '  HOLDFAST_CACHNG__DEFAULT_TTL: unknown name `cachng`; did you mean `caching`?',
        '  HOLDFAST_RECOVERY__RETRY__MAX_RETRIES: recovery.retry: `max_retries` takes how often it is tried again, a whole number from 0, got "many"',
      ].join('\n'),
    );
  });

  test('changes nothing, and is told by an event', () => {
    const { registry, defaults } = applied({ caching: { ttlMs: 5 } });
    const told: RegistryEvent<'config:failed'>[] = [];
    registry.on('config:failed', (event) => told.push(event));
    expect(() => applyConfig({ caching: { ttlMs: -5 } }, { registry, env: {} })).toThrow(ConfigError);

    expect(defaults('cache')).toEqual({ ttlMs: 5 });
    expect(told).toMatchObject([{ kind: 'config', name: 'config', error: expect.any(ConfigError) }]);
  });
});

describe('the environment', () => {
  test('goes before the file, whichever name either takes', () => {
    const { defaults } = applied(asInTheFile, {
      HOLDFAST_RECOVERY__RETRY__MAX_ATTEMPTS: '2',
      HOLDFAST_BATCH_PROCESSING__RATE_LIMIT: 'Infinity',
      HOLDFAST_PRESET: 'production',
    });

    expect(defaults('retry')).toEqual({ maxAttempts: 2, baseDelayMs: 500 });
    expect(defaults('batchProcessor')).toEqual({ maxConcurrent: 20, rateLimit: Infinity });
    expect(defaults('timeout')).toEqual({ ms: 10_000 });
  });

  test('names a policy in capitals, with _ for all that a variable cannot spell', () => {
    const { named } = applied(
      { policies: { 'Quotes.price': { timeout: { ms: 500, grace: 'detach' } } } },
      {
        HOLDFAST_POLICIES__QUOTES_PRICE__TIMEOUT__MS: '50',
        HOLDFAST_POLICIES__QUOTES_API__CIRCUIT_BREAKER: 'false',
        HOLDFAST_POLICIES__WINDOWED__CIRCUIT_BREAKER__WINDOW: '{"type":"count","size":10}',
      },
    );

    expect(named('timeout', 'Quotes.price')).toEqual({ ms: 50, grace: 'detach' });
    expect(named('circuitBreaker', 'quotes-api')).toBe(false);
    expect(named('circuitBreaker', 'windowed')).toEqual({ window: { type: 'count', size: 10 } });
  });

  test.each([
    ['.5', 500],
    ['+5', 5_000],
    ['5.', 5_000],
    [' 5e-1 ', 500],
    ['-0.5', undefined],
    ['1e400', undefined],
    ['5s', undefined],
    ['05', undefined],
    ['Infinity', Infinity],
  ])('takes %s as a number of seconds where it is one: %s ms', (text, ms) => {
    const env = { HOLDFAST_CACHING__DEFAULT_TTL: text };
    if (ms === undefined) expect(faultsOf({}, env)).toEqual([expect.stringContaining('takes a number of seconds')]);
    else expect(applied({}, env).defaults('cache')).toEqual({ ttlMs: ms });
  });

  test.each(['false', 'False', 'FALSE', ' false '])('takes %s as a boolean', (text) => {
    expect(applied({}, { HOLDFAST_POLICIES__A__TIMEOUT: text }).named('timeout', 'a')).toBe(false);
    const jitter = { HOLDFAST_RECOVERY__RETRY__JITTER: text };
    expect(applied({}, jitter).defaults('retry')).toEqual({ jitter: 'none' });
  });

  test.each(['true', 'True', 'TRUE'])('takes %s as a boolean', (text) => {
    expect(applied({}, { HOLDFAST_RECOVERY__RETRY__JITTER: text }).defaults('retry')).toEqual({ jitter: 'full' });
  });

  test('says nothing by a variable that is empty', () => {
    const env = { HOLDFAST_PRESET: '', HOLDFAST_CACHING__MAX_SIZE: ' ', HOLDFAST_POLICIES__A__TIMEOUT: '' };

    expect(applied({}, env).report).toEqual({ changed: [], unchanged: [], refused: [], unused: [] });
  });

  test('takes JSON for a section, a policy or a name, beside variables for single options', () => {
    const { defaults, named } = applied(
      {},
      {
        HOLDFAST_RECOVERY__RETRY: '{"max_retries":3}',
        HOLDFAST_RECOVERY__RETRY__BASE_DELAY: '2',
        HOLDFAST_POLICIES__QUOTES_API: '{"timeout":{"ms":5}}',
        HOLDFAST_POLICIES__QUOTES_API__RETRY: '{"max_retries":1}',
      },
    );

    expect(defaults('retry')).toEqual({ maxAttempts: 4, baseDelayMs: 2_000 });
    expect(named('timeout', 'quotes-api')).toEqual({ ms: 5 });
    expect(named('retry', 'quotes-api')).toEqual({ maxAttempts: 2 });
  });

  test('tells of JSON that is none, or says something twice', () => {
    expect(faultsOf({}, { HOLDFAST_RECOVERY__RETRY: '{"max_retries":3' })).toEqual([
      expect.stringContaining('recovery.retry takes options'),
    ]);
    const twice = { HOLDFAST_RECOVERY__RETRY: '{"max_retries":3}', HOLDFAST_RECOVERY__RETRY__MAX_RETRIES: '2' };
    expect(faultsOf({}, twice)).toEqual(['recovery.retry.max_retries is there twice']);
  });

  test('means the same name in small letters', () => {
    const { named } = applied({}, { HOLDFAST_POLICIES__quotes_api__TIMEOUT__MS: '5' });

    expect(named('timeout', 'quotes-api')).toEqual({ ms: 5 });
  });

  test('has variables of somebody else, which are left alone', () => {
    expect(faultsOf({}, { HOLDFAST_REQUIRE_SERVICES: '1', HOME: '/' })).toEqual([]);
  });
});

describe('what comes of it', () => {
  test('is what has changed, what has not, and what no policy has asked for', () => {
    const { registry } = applied({ caching: { ttlMs: 5, maxEntries: 7 } });
    retryWithBackoff({ registry })(async function price(): Promise<void> {});
    const config = {
      caching: { ttlMs: 6, maxEntries: 7 },
      policies: { price: { retry: { maxAttempts: 2 } }, prise: { retry: {} } },
    };

    expect(applyConfig(config, { registry, env: {} })).toEqual({
      changed: [
        { path: 'caching.ttlMs', from: 5, to: 6 },
        { path: 'policies.price.retry.maxAttempts', from: undefined, to: 2 },
      ],
      unchanged: ['caching.maxEntries'],
      refused: [],
      unused: ['policies.prise.retry'],
    });
  });

  test('names the setting that a running part could not take, and says why', async () => {
    const { registry } = applied({});
    const call = circuitBreaker({ name: 'quotes', key: () => 'eu', registry })(async () => 'fine');
    await call();
    const report = applyConfig(
      { policies: { quotes: { circuitBreaker: { maxKeys: 5, failureThreshold: 3 } } } },
      { registry, env: {} },
    );

    expect(report.refused).toEqual(
      ['failureThreshold', 'maxKeys'].map((option) => ({
        path: `policies.quotes.circuitBreaker.${option}`,
        reason: "circuitBreaker 'quotes': `maxKeys` cannot change while it runs: room for as many keys was set aside",
      })),
    );
    expect(report.changed).toEqual([]);
  });

  test('tells once of what several that share a name could not take', async () => {
    const { registry } = applied({});
    for (let sharer = 0; sharer < 2; sharer++) {
      await circuitBreaker({ name: 'x', recoveryTimeoutMs: 5, maxRecoveryTimeoutMs: 5, registry })(
        async () => 'fine',
      )();
    }
    const { refused } = applyConfig(
      { policies: { x: { circuitBreaker: { recoveryTimeoutMs: 9 } } } },
      { registry, env: {} },
    );

    expect(refused).toEqual([
      {
        path: 'policies.x.circuitBreaker',
        reason: expect.stringContaining('`maxRecoveryTimeoutMs`'),
      },
    ]);
  });

  test('is an event too', () => {
    const registry = new Registry();
    const told: RegistryEvent<'config:applied'>[] = [];
    registry.on('config:applied', (event) => told.push(event));
    applyConfig({ caching: { ttlMs: 5 } }, { registry, env: {} });

    expect(told).toMatchObject([{ changed: [{ path: 'caching.ttlMs', from: undefined, to: 5 }], refused: [] }]);
  });
});

test('options that are wrong are refused', () => {
  expect(() => applyConfig({}, { env: 5 as never })).toThrow(
    'applyConfig: `env` takes variables by their names, got 5',
  );
});
