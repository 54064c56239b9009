import { throttle } from '../../src/edges/throttle/index.js';
import type { CommonOptions } from '../../src/engine/common-options.js';
import {
  adaptiveLimit,
  batched,
  bulkhead,
  cached,
  chaos,
  circuitBreaker,
  coalesce,
  compose,
  deadLetter,
  deadline,
  fallback,
  hedge,
  invalidates,
  rateLimit,
  resilient,
  retryWithBackoff,
  shed,
  timed,
  timeout,
} from '../../src/index.js';
import type { LoosePolicy } from './loose-policy.js';

/** What an option takes, so that the suite knows what it must refuse. */
export type Takes =
  | 'number'
  | 'number or Infinity'
  | 'number or function'
  | 'number or word'
  | 'share'
  | 'function'
  | 'text'
  | 'text or function'
  | 'word'
  | 'word or function'
  | 'object'
  | 'flag'
  | 'names'
  | 'window'
  | 'part';

/** One policy, as the contract sees it. A new policy is one more row. */
export interface PolicyRow {
  readonly kind: string;
  /** Makes it so that a call that succeeds, and one that fails once, pass through unchanged. */
  readonly make: (options: object) => LoosePolicy;
  /** Whether it takes functions that give their value at once. */
  readonly serves: 'any' | 'async';
  /** Its own options, the common ones apart. */
  readonly options: Readonly<Record<string, Takes>>;
  /** A misspelt option, and the one that was meant; none where a policy takes no options. */
  readonly misspelt?: readonly [wrong: string, meant: string];
  /** Whether it tidies up from time to time until its registry is closed. */
  readonly housekeeping?: true;
  /** Whether its functions take a list first, and give a promise of one result for each item. */
  readonly bulk?: true;
}

const loose = (policy: unknown): LoosePolicy => policy as LoosePolicy;

/** Each policy there is, made so that it changes nothing. */
export const everyPolicy: readonly PolicyRow[] = [
  {
    kind: 'timeout',
    make: (options) => loose(timeout({ ms: 1_000, ...options })),
    serves: 'async',
    options: { ms: 'number or function', grace: 'word' },
    misspelt: ['graces', 'grace'],
  },
  {
    kind: 'deadline',
    make: (options) => loose(deadline({ ms: 1_000, ...options })),
    serves: 'async',
    options: { ms: 'number or Infinity' },
    misspelt: ['mss', 'ms'],
  },
  {
    kind: 'fallback',
    make: (options) => loose(fallback(() => 'unused', { when: () => false, ...options })),
    serves: 'any',
    options: { when: 'function' },
    misspelt: ['wen', 'when'],
  },
  {
    kind: 'fallback.value',
    make: (options) => loose(fallback.value('unused', { when: () => false, ...options })),
    serves: 'any',
    options: { when: 'function' },
    misspelt: ['wen', 'when'],
  },
  {
    kind: 'fallback.catch',
    make: (options) => loose(fallback.catch(() => 'unused', { when: () => false, ...options })),
    serves: 'any',
    options: { when: 'function' },
    misspelt: ['wen', 'when'],
  },
  {
    kind: 'circuitBreaker',
    make: (options) => loose(circuitBreaker(options)),
    serves: 'any',
    options: {
      name: 'text',
      failureThreshold: 'number',
      window: 'object',
      failureRatio: 'share',
      minimumCalls: 'number',
      slowCallMs: 'number',
      slowCallRatio: 'share',
      successThreshold: 'number',
      recoveryTimeoutMs: 'number',
      maxRecoveryTimeoutMs: 'number',
      recoveryJitterRatio: 'share',
      halfOpenMaxCalls: 'number',
      probeTimeoutMs: 'number',
      isFailure: 'function',
      isFailureResult: 'function',
      key: 'function',
      maxKeys: 'number',
    },
    misspelt: ['failureTreshold', 'failureThreshold'],
  },
  {
    kind: 'retry',
    make: (options) => loose(retryWithBackoff({ retryIf: () => false, ...options })),
    serves: 'async',
    options: {
      maxAttempts: 'number or Infinity',
      baseDelayMs: 'number',
      factor: 'number',
      maxDelayMs: 'number',
      backoff: 'word or function',
      jitter: 'word',
      maxElapsedMs: 'number or Infinity',
      retryIf: 'function',
      retryIfResult: 'function',
      budget: 'object',
      onRetry: 'function',
    },
    misspelt: ['maxAttempt', 'maxAttempts'],
  },
  {
    kind: 'hedge',
    // A call that fails is begun again at once, unless there is no budget for it.
    make: (options) => loose(hedge({ budget: { ratio: 0, minPerSecond: 0 }, ...options })),
    serves: 'async',
    options: { delayMs: 'number or word', maxHedges: 'number', budget: 'object' },
    misspelt: ['maxHedge', 'maxHedges'],
  },
  {
    kind: 'cached',
    make: (options) => loose(cached(options)),
    serves: 'any',
    options: {
      name: 'text',
      ttlMs: 'number or Infinity',
      maxEntries: 'number or Infinity',
      key: 'function',
      keyPrefix: 'text',
      scope: 'word',
      staleWhileRevalidateMs: 'number or Infinity',
      staleIfErrorMs: 'number or Infinity',
      refreshAheadRatio: 'share',
      cacheIf: 'function',
      store: 'object',
    },
    misspelt: ['ttl', 'ttlMs'],
    housekeeping: true,
  },
  {
    kind: 'invalidates',
    make: (options) => loose(invalidates({ cache: 'hosts', pattern: 'hosts:*', ...options })),
    serves: 'any',
    options: { cache: 'text', pattern: 'text or function' },
    misspelt: ['patern', 'pattern'],
  },
  {
    kind: 'coalesce',
    make: (options) => loose(coalesce(options)),
    serves: 'any',
    options: { key: 'function', scope: 'word' },
    misspelt: ['scop', 'scope'],
  },
  {
    kind: 'timed',
    make: (options) => loose(timed(options)),
    serves: 'any',
    options: { name: 'text', slowMs: 'number', collector: 'object' },
    misspelt: ['slowMS', 'slowMs'],
    housekeeping: true,
  },
  {
    kind: 'deadLetter',
    make: (options) => loose(deadLetter(options)),
    serves: 'any',
    options: {
      name: 'text',
      maxEntries: 'number or Infinity',
      maxAgeMs: 'number or Infinity',
      maxRedrives: 'number or Infinity',
      store: 'object',
      serialize: 'function',
      redact: 'function',
      when: 'function',
    },
    misspelt: ['maxEntrys', 'maxEntries'],
  },
  {
    kind: 'bulkhead',
    make: (options) => loose(bulkhead(options)),
    serves: 'any',
    options: {
      name: 'text',
      maxConcurrent: 'number',
      maxQueue: 'number or Infinity',
      queueTimeoutMs: 'number or Infinity',
    },
    misspelt: ['maxConcurent', 'maxConcurrent'],
  },
  {
    kind: 'bulkhead.queueing',
    make: (options) => loose(bulkhead({ maxConcurrent: 1, maxQueue: 5, ...options })),
    serves: 'async',
    options: {},
    misspelt: ['maxQueued', 'maxQueue'],
  },
  {
    kind: 'adaptiveLimit',
    make: (options) => loose(adaptiveLimit(options)),
    serves: 'any',
    options: { name: 'text', initial: 'number', min: 'number', max: 'number', algorithm: 'word' },
    misspelt: ['algoritm', 'algorithm'],
  },
  {
    kind: 'adaptiveLimit.aimd',
    make: (options) => loose(adaptiveLimit({ algorithm: 'aimd', ...options })),
    serves: 'any',
    options: {},
    misspelt: ['algoritm', 'algorithm'],
  },
  {
    kind: 'shed',
    make: (options) => loose(shed(options)),
    serves: 'any',
    options: { name: 'text', k: 'number', windowMs: 'number' },
    misspelt: ['windowMS', 'windowMs'],
  },
  {
    kind: 'rateLimit',
    make: (options) => loose(rateLimit({ limit: 1_000, ...options })),
    serves: 'any',
    options: {
      name: 'text',
      limit: 'number',
      intervalMs: 'number',
      algorithm: 'word',
      burst: 'number',
      key: 'function',
      maxKeys: 'number',
      store: 'object',
    },
    misspelt: ['limits', 'limit'],
  },
  {
    kind: 'throttle',
    make: (options) => loose(throttle({ maxConcurrent: 5, ...options })),
    serves: 'async',
    options: {
      name: 'text',
      maxConcurrent: 'number',
      minTimeMs: 'number',
      maxQueue: 'number or Infinity',
      reservoir: 'number',
      reservoirRefreshMs: 'number',
      reservoirRefreshAmount: 'number',
    },
    misspelt: ['maxConcurent', 'maxConcurrent'],
  },
  {
    kind: 'batched',
    make: (options) => loose(batched({ maxSize: 1, ...options })),
    serves: 'async',
    options: {
      maxSize: 'number',
      maxWaitMs: 'number',
      maxConcurrent: 'number or Infinity',
      maxQueue: 'number or Infinity',
      key: 'function',
    },
    misspelt: ['maxSizes', 'maxSize'],
    bulk: true,
  },
  {
    kind: 'chaos',
    make: (options) => loose(chaos({ enabled: true, ...options })),
    serves: 'any',
    options: {
      enabled: 'flag',
      seed: 'number',
      errorRatio: 'share',
      severity: 'word',
      latencyMs: 'number',
      latencyRatio: 'share',
      resultRatio: 'share',
      sites: 'names',
      between: 'window',
    },
    misspelt: ['errorRatios', 'errorRatio'],
  },
  {
    kind: 'chaos.delaying',
    make: (options) => loose(chaos({ enabled: true, latencyMs: 5, latencyRatio: 0, ...options })),
    serves: 'async',
    options: {},
    misspelt: ['latency', 'latencyMs'],
  },
  {
    kind: 'resilient',
    make: (options) =>
      loose(
        resilient({ timed: true, circuitBreaker: true, retry: { retryIf: () => false }, timeout: true, ...options }),
      ),
    serves: 'async',
    options: {
      timed: 'part',
      deadLetter: 'part',
      cached: 'part',
      retry: 'part',
      shed: 'part',
      timeout: 'part',
      bulkhead: 'part',
      adaptiveLimit: 'part',
    },
    misspelt: ['circuitBraker', 'circuitBreaker'],
    housekeeping: true,
  },
  {
    kind: 'compose',
    make: (options) =>
      loose(compose(fallback.value('unused', { when: () => false, ...options }), timeout(options as CommonOptions))),
    serves: 'async',
    options: {},
  },
];
