import { describe, expect, test } from 'vitest';
import { throttle } from '../../src/edges/throttle/index.js';
import { commonRules } from '../../src/engine/common-options.js';
import {
  adaptiveLimit,
  batched,
  bulkhead,
  cached,
  chaos,
  circuitBreaker,
  coalesce,
  deadLetter,
  deadline,
  fallback,
  hedge,
  invalidates,
  rateLimit,
  Registry,
  resilient,
  retryWithBackoff,
  shed,
  timed,
  timeout,
} from '../../src/index.js';

/** Values of the wrong type, and values of the right type that make no sense. */
interface Wrong {
  readonly types: readonly unknown[];
  readonly ranges: readonly unknown[];
}

const COMMON: readonly unknown[] = [null, {}, [], true, Symbol('s')];
const notNumber = { types: [...COMMON, '5', 5n, () => 5] };
const NO_NUMBERS = [Number.NaN, -1, -Infinity];

const count: Wrong = { ...notNumber, ranges: [...NO_NUMBERS, 0, 1.5, Infinity] };
const countOrNone: Wrong = { ...notNumber, ranges: [...NO_NUMBERS, 0, 1.5] };
const queueLength: Wrong = { ...notNumber, ranges: [...NO_NUMBERS, 1.5] };
const ms: Wrong = { ...notNumber, ranges: [...NO_NUMBERS, Infinity] };
const msFrom1: Wrong = { ...notNumber, ranges: [...NO_NUMBERS, 0, Infinity] };
const msOrNone: Wrong = { ...notNumber, ranges: NO_NUMBERS };
const msFrom1OrNone: Wrong = { ...notNumber, ranges: [...NO_NUMBERS, 0] };
const factor: Wrong = { ...notNumber, ranges: [...NO_NUMBERS, 0.5, Infinity] };
const share: Wrong = { ...notNumber, ranges: [...NO_NUMBERS, 1.01, 50, Infinity] };
const shareAbove0: Wrong = { ...share, ranges: [...share.ranges, 0] };
const fn: Wrong = { types: [...COMMON, 5, 'text'], ranges: [] };
const name: Wrong = { types: [...COMMON, 5, () => 'text'], ranges: [''] };
const word: Wrong = { types: [...COMMON, 5, () => 'text'], ranges: ['', 'nonsense', 'toString'] };
const part: Wrong = { types: [null, 5, 'text', [], Symbol('s'), () => 1, Number.NaN, -1, Infinity], ranges: [] };
const partNotTrue: Wrong = { ...part, types: [...part.types, true] };
const store: Wrong = { types: [...COMMON, 5, 'text', { get: 1 }], ranges: [] };

const either = (one: Wrong, other: Wrong): Wrong => ({
  types: one.types.filter((value) => other.types.includes(value)),
  ranges: [...one.ranges, ...other.ranges],
});
const textOrFn: Wrong = { types: [...COMMON, 5], ranges: [''] };
const objectNot: Wrong = { types: [null, [], true, Symbol('s'), 5, 'text', () => 1], ranges: [] };

const flagOnly: Wrong = { types: [null, 5, 'true', {}, [], Symbol('s'), () => true], ranges: [] };
const names: Wrong = { types: [null, 5, 'Quotes.*', {}, true, [5]], ranges: [[], ['']] };
const span: Wrong = {
  types: [null, 5, '5', {}, true, [], [1], [1, '2'], [1, 2, 3]],
  ranges: [
    [2, 1],
    [1, 1],
    [-1, 1],
    [Number.NaN, 1],
    [0, Number.NaN],
    [Infinity, Infinity],
  ],
};

interface Row {
  readonly make: (options: object) => unknown;
  /** Every option of the policy; one that has no row here fails the test. */
  readonly options: Readonly<Record<string, Wrong>>;
  /** A misspelt option, and the one that was meant. */
  readonly misspelt: readonly [string, string];
}

const when: Readonly<Record<string, Wrong>> = { when: fn };

const table: Readonly<Record<string, Row>> = {
  circuitBreaker: {
    make: (options) => circuitBreaker(options),
    options: {
      name,
      failureThreshold: count,
      window: objectNot,
      failureRatio: shareAbove0,
      minimumCalls: count,
      slowCallMs: msFrom1,
      slowCallRatio: shareAbove0,
      successThreshold: count,
      recoveryTimeoutMs: ms,
      maxRecoveryTimeoutMs: ms,
      recoveryJitterRatio: share,
      halfOpenMaxCalls: count,
      probeTimeoutMs: msFrom1,
      isFailure: fn,
      isFailureResult: fn,
      key: fn,
      maxKeys: { ...count, ranges: [...count.ranges, 1_000_001] },
    },
    misspelt: ['failureTreshold', 'failureThreshold'],
  },
  retryWithBackoff: {
    make: (options) => retryWithBackoff(options),
    options: {
      maxAttempts: countOrNone,
      baseDelayMs: ms,
      factor,
      maxDelayMs: ms,
      backoff: textOrFn,
      jitter: word,
      maxElapsedMs: msOrNone,
      retryIf: fn,
      retryIfResult: fn,
      budget: objectNot,
      onRetry: fn,
    },
    misspelt: ['maxAttempt', 'maxAttempts'],
  },
  hedge: {
    make: (options) => hedge(options),
    options: {
      delayMs: {
        types: [...COMMON, 5n, () => 5],
        ranges: [...ms.ranges, '', 'p', 'p0', 'p100', 'p1e1', '95', 'median'],
      },
      maxHedges: count,
      budget: objectNot,
    },
    misspelt: ['maxHedge', 'maxHedges'],
  },
  timeout: {
    make: (options) => timeout(options),
    options: { ms: either(msFrom1OrNone, { types: fn.types.concat('5', 5n), ranges: [] }), grace: word },
    misspelt: ['mss', 'ms'],
  },
  fallback: { make: (options) => fallback(() => 1, options), options: when, misspelt: ['whn', 'when'] },
  'fallback.value': { make: (options) => fallback.value(1, options), options: when, misspelt: ['whn', 'when'] },
  'fallback.catch': { make: (options) => fallback.catch(() => 1, options), options: when, misspelt: ['whn', 'when'] },
  cached: {
    make: (options) => cached(options),
    options: {
      name,
      ttlMs: msOrNone,
      maxEntries: countOrNone,
      cleanupIntervalMs: msFrom1OrNone,
      staleWhileRevalidateMs: msOrNone,
      staleIfErrorMs: msOrNone,
      refreshAheadRatio: shareAbove0,
      cacheIf: fn,
      store,
      key: fn,
      keyPrefix: name,
      scope: word,
    },
    misspelt: ['ttl', 'ttlMs'],
  },
  invalidates: {
    make: (options) => invalidates({ cache: 'hosts', pattern: '*', ...options }),
    options: { cache: name, pattern: textOrFn },
    misspelt: ['patern', 'pattern'],
  },
  coalesce: { make: (options) => coalesce(options), options: { key: fn, scope: word }, misspelt: ['scop', 'scope'] },
  timed: {
    make: (options) => timed(options),
    options: { name, slowMs: ms, collector: { ...store, types: [...store.types, new Map()] } },
    misspelt: ['slowMS', 'slowMs'],
  },
  bulkhead: {
    make: (options) => bulkhead(options as { maxQueue?: 0 }),
    options: { name, maxConcurrent: count, maxQueue: queueLength, queueTimeoutMs: msFrom1OrNone },
    misspelt: ['maxConcurent', 'maxConcurrent'],
  },
  adaptiveLimit: {
    make: (options) => adaptiveLimit(options),
    options: { name, initial: count, min: count, max: count, algorithm: word },
    misspelt: ['algoritm', 'algorithm'],
  },
  shed: {
    make: (options) => shed(options),
    options: { name, k: { ...factor, ranges: [...factor.ranges, 0.99] }, windowMs: msFrom1 },
    misspelt: ['windowMS', 'windowMs'],
  },
  rateLimit: {
    make: (options) => rateLimit({ limit: 5, ...options }),
    options: {
      name,
      limit: count,
      intervalMs: msFrom1,
      algorithm: word,
      burst: count,
      key: fn,
      maxKeys: { ...count, ranges: [...count.ranges, 1_000_001] },
      store,
    },
    misspelt: ['intervall', 'intervalMs'],
  },
  throttle: {
    make: (options) => throttle({ minTimeMs: 5, ...options }),
    options: {
      name,
      maxConcurrent: count,
      minTimeMs: ms,
      maxQueue: queueLength,
      reservoir: { ...queueLength, ranges: [...queueLength.ranges, Infinity] },
      reservoirRefreshMs: msFrom1,
      reservoirRefreshAmount: count,
    },
    misspelt: ['minTime', 'minTimeMs'],
  },
  batched: {
    make: (options) => batched(options),
    options: { maxSize: count, maxWaitMs: ms, maxConcurrent: countOrNone, maxQueue: countOrNone, key: fn },
    misspelt: ['maxSizes', 'maxSize'],
  },
  chaos: {
    make: (options) => chaos(options as { latencyMs?: 0 }),
    options: {
      enabled: flagOnly,
      seed: { ...count, ranges: [...NO_NUMBERS, 1.5, Infinity] },
      errorRatio: share,
      severity: word,
      latencyMs: ms,
      latencyRatio: share,
      result: { types: [], ranges: [] },
      resultRatio: share,
      sites: names,
      between: span,
    },
    misspelt: ['errorRatios', 'errorRatio'],
  },
  deadline: {
    make: (options) => deadline({ ms: 5, ...options }),
    options: { ms: msFrom1OrNone },
    misspelt: ['mss', 'ms'],
  },
  deadLetter: {
    make: (options) => deadLetter(options),
    options: {
      name,
      maxEntries: countOrNone,
      maxAgeMs: msFrom1OrNone,
      maxRedrives: countOrNone,
      store,
      serialize: fn,
      redact: fn,
      when: fn,
    },
    misspelt: ['maxEntry', 'maxEntries'],
  },
  resilient: {
    make: (options) => resilient({ timed: true, ...options }),
    options: {
      preset: word,
      timed: part,
      fallback: { types: [null, 5, {}, [], Symbol('s')], ranges: [] },
      deadLetter: part,
      cached: part,
      coalesce: part,
      deadline: partNotTrue,
      retry: part,
      hedge: part,
      rateLimit: partNotTrue,
      throttle: { ...partNotTrue, types: [...partNotTrue.types, {}] },
      shed: part,
      circuitBreaker: part,
      timeout: part,
      bulkhead: part,
      adaptiveLimit: part,
      batched: part,
      chaos: part,
    },
    misspelt: ['circuitBraker', 'circuitBreaker'],
  },
};

const common: Readonly<Record<string, Wrong>> = {
  registry: { types: [null, 5, 'text', {}, [], true, () => 1, new Map()], ranges: [] },
  classify: fn,
  async: { types: [null, 5, 'true', {}, [], () => 1], ranges: [] },
};

describe.each(Object.entries(table))('%s', (kind, { make, options, misspelt }) => {
  test('has a row for each of its options, and no other', () => {
    // A name that is near to nothing is answered with all names that there are.
    const known = messageOf(() => make({ ['?'.repeat(60)]: 1 }))
      .replace(/^.*; it takes /, '')
      .split(', ');

    expect(known.filter((option) => !Object.hasOwn(common, option)).sort()).toEqual(Object.keys(options).sort());
  });

  test('suggests the nearest name for one that is unknown', () => {
    const [typed, meant] = misspelt;

    expect(() => make({ [typed]: 1 })).toThrow(TypeError);
    expect(messageOf(() => make({ [typed]: 1 }))).toMatch(
      new RegExp(`unknown option \`${typed}\`; did you mean \`${meant}\`\\?$`),
    );
  });

  const rows = Object.entries({ ...options, ...common });
  test.each(casesOf(rows, 'types'))('`%s` refuses %o with a TypeError that says what it takes', (option, value) => {
    expect(() => make({ [option]: value })).toThrow(TypeError);
    expect(messageOf(() => make({ [option]: value }))).toContain(`\`${option}\` takes `);
  });

  const ranges = casesOf(rows, 'ranges');
  if (ranges.length > 0) {
    test.each(ranges)('`%s` refuses %o with a RangeError that says what it takes', (option, value) => {
      expect(() => make({ [option]: value })).toThrow(RangeError);
      expect(messageOf(() => make({ [option]: value }))).toContain(`\`${option}\` takes `);
    });
  }

  test.each([[null], [5], ['text'], [[]], [true]])('refuses %o in the place of options', (given) => {
    if (['invalidates', 'rateLimit', 'throttle', 'deadline', 'resilient'].includes(kind)) return;
    expect(() => make(given as never)).toThrow(TypeError);
  });
});

test('the common options are these', () => {
  expect(Object.keys(commonRules).sort()).toEqual(Object.keys(common).sort());
});

describe('options that must be given', () => {
  test.each<[string, () => unknown]>([
    ['limit', () => rateLimit({} as { limit: number })],
    ['ms', () => deadline({} as { ms: number })],
    ['cache', () => invalidates({ pattern: '*' } as { cache: string; pattern: string })],
    ['pattern', () => invalidates({ cache: 'c' } as { cache: string; pattern: string })],
  ])('`%s`', (option, make) => {
    expect(make).toThrow(TypeError);
    expect(messageOf(make)).toContain(`\`${option}\` must be given; it takes `);
  });
});

describe('options that exclude or need each other', () => {
  test.each<[string, () => unknown, string]>([
    [
      'failureThreshold with window',
      () => circuitBreaker({ failureThreshold: 1, window: { type: 'time', ms: 5 } }),
      'exclude',
    ],
    ['failureRatio without window', () => circuitBreaker({ failureRatio: 0.5 }), 'means nothing without `window`'],
    [
      'more minimumCalls than the window holds',
      () => circuitBreaker({ window: { type: 'count', size: 5 }, minimumCalls: 6 }),
      'size',
    ],
    [
      'a shorter maxRecoveryTimeoutMs',
      () => circuitBreaker({ recoveryTimeoutMs: 9, maxRecoveryTimeoutMs: 8 }),
      'at least',
    ],
    ['a budget of both forms', () => retryWithBackoff({ budget: { ratio: 1, capacity: 5 } as object }), 'exclude'],
    ['a budget of hedges with tokens', () => hedge({ budget: { capacity: 5 } as object }), 'unknown option `capacity`'],
    ['burst of a sliding window', () => rateLimit({ limit: 1, burst: 2, algorithm: 'sliding-window' }), '`burst`'],
    ['maxQueue below maxSize', () => batched({ maxSize: 5, maxQueue: 4 }), 'at least `maxSize`'],
    ['latencyRatio without latencyMs', () => chaos({ latencyRatio: 0.5 }), 'means nothing without `latencyMs`'],
    ['resultRatio without result', () => chaos({ resultRatio: 0.5 }), 'means nothing without `result`'],
    ['a max below min', () => adaptiveLimit({ min: 9, max: 8 }), 'at least `min`'],
    ['an initial beyond max', () => adaptiveLimit({ initial: 9, max: 8 }), 'from `min` to `max`'],
    ['maxKeys without key', () => rateLimit({ limit: 1, maxKeys: 2 }), 'means nothing without `key`'],
  ])('%s', (_, make, message) => {
    expect(messageOf(make)).toContain(message);
  });
});

test('an option given as undefined counts as not given, whichever it is', () => {
  const registry = new Registry();
  for (const { make, options } of Object.values(table)) {
    const given = Object.fromEntries(Object.keys({ ...options, ...common }).map((option) => [option, undefined]));
    delete given['limit'];
    delete given['ms'];
    delete given['cache'];
    delete given['pattern'];
    delete given['timed'];
    delete given['minTimeMs'];
    expect(() => make({ ...given, registry })).not.toThrow();
  }
});

function casesOf(rows: readonly [string, Wrong][], sort: keyof Wrong): [string, unknown][] {
  return rows.flatMap(([option, wrong]) => wrong[sort].map((value): [string, unknown] => [option, value]));
}

function messageOf(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
}
