import type { CheckedBreakerOptions } from '../../breaker/breaker-options.js';
import type { CacheOptions } from '../../cache/cache-options.js';
import type { ChaosOptions } from '../../chaos/chaos-options.js';
import type { CheckedMicroBatchOptions } from '../../batch/micro-batch-options.js';
import type { CheckedBulkheadOptions } from '../../limits/bulkhead-options.js';
import type { CheckedRateLimitOptions } from '../../limits/rate-limit-options.js';
import type { CheckedHedgeOptions } from '../../retry/hedge-options.js';
import type { CheckedRetryOptions } from '../../retry/retry-options.js';
import type { StackedPolicy } from '../members.js';

/** The options of the policies that the rules know, defaults filled in. */
export interface OptionsOf {
  timed: { name?: string; slowMs?: number; collector?: object };
  fallback: { when?: unknown };
  deadLetter: object;
  cached: Required<Pick<CacheOptions, 'ttlMs' | 'maxEntries'>> & Pick<CacheOptions, 'cacheIf' | 'store'>;
  coalesce: object;
  deadline: { ms: number };
  retry: CheckedRetryOptions;
  hedge: CheckedHedgeOptions;
  rateLimit: CheckedRateLimitOptions;
  throttle: object;
  shed: object;
  circuitBreaker: CheckedBreakerOptions;
  timeout: { ms: number | ((...args: never[]) => number) };
  bulkhead: CheckedBulkheadOptions;
  adaptiveLimit: object;
  batched: CheckedMicroBatchOptions;
  chaos: ChaosOptions;
  invalidates: { cache: string };
}

/** A kind of policy that the rules know. */
export type KnownKind = keyof OptionsOf;

/** A policy in its place. */
export interface Layer<Kind extends KnownKind = KnownKind> {
  readonly kind: Kind;
  readonly options: OptionsOf[Kind];
  /** From 0, the outermost. */
  readonly position: number;
  readonly policy: StackedPolicy;
}
