import type { Given } from '../base/options.js';
import type { ActOptions, BreakerState } from '../breaker/breaker-events.js';
import type { BreakerSnapshot } from '../breaker/breaker-snapshot.js';
import type { CircuitBreaker } from '../breaker/circuit-breaker.js';
import type { KeyedSnapshot } from '../breaker/family-snapshot.js';
import type { AdaptiveLimitSnapshot } from '../limits/adaptive-limit.js';
import type { BulkheadSnapshot } from '../limits/bulkhead.js';
import type { KeyedRateLimitersSnapshot } from '../limits/keyed-rate-limiters.js';
import type { RateLimiterSnapshot } from '../limits/rate-limiter.js';
import type { ShedSnapshot } from '../limits/shedder.js';
import type { StoredRateLimiterSnapshot } from '../limits/stored-rate-limiter.js';
import type { ThrottleSnapshot } from '../limits/throttle-snapshot.js';
import type { PoolSnapshot } from '../pool/pool-snapshot.js';
import type { RetryBudgetSnapshot } from '../retry/retry-budget.js';
import type { CacheAct } from '../cache/cache-events.js';
import type { CacheSnapshot } from '../cache/cache-counters.js';
import type { MicroBatchSnapshot } from '../batch/micro-batch.js';
import type { BufferSnapshot } from '../buffer/buffer-snapshot.js';

/** What stands in `registry.breakers`: a breaker, or a family of them with one for each key. */
export interface BreakerEntry {
  readonly name: string;
  /** What it is in; for a family, the worst that one of its members is in. */
  readonly state: BreakerState;
  /** The breaker of a key; a breaker that is no family is its own, whatever the key. */
  for(key: string): CircuitBreaker;
  reset(options?: Given<ActOptions>): void;
  isolate(options?: Given<ActOptions>): void;
  disable(options?: Given<ActOptions>): void;
  shadow(options?: Given<ActOptions>): void;
  release(options?: Given<ActOptions>): void;
  /** What it has counted; a family's adds each member under `keys`. */
  snapshot(): BreakerSnapshot & Partial<Pick<KeyedSnapshot, 'keys' | 'maxKeys' | 'forgotten'>>;
}

/** What stands in `registry.caches`: a cache, or the caches that instances of a class have for one site. */
export interface CacheEntry {
  readonly name: string;
  /** Removes what a pattern picks; gives how many went. */
  invalidate(pattern: string, act?: CacheAct): number;
  /** Removes what bears a tag; gives how many went. */
  invalidateTag(tag: string, act?: CacheAct): number;
  clear(act?: CacheAct): void;
  snapshot(): CacheSnapshot;
  close(): Promise<void>;
}

/** What stands in `registry.limiters`: bulkheads, adaptive limits, rate limits, throttles, shedders and retry budgets. */
export interface LimiterEntry {
  readonly name?: string | undefined;
  snapshot():
    | AdaptiveLimitSnapshot
    | BulkheadSnapshot
    | RateLimiterSnapshot
    | KeyedRateLimitersSnapshot
    | StoredRateLimiterSnapshot
    | ShedSnapshot
    | ThrottleSnapshot
    | RetryBudgetSnapshot;
  close?(): void;
}

/** What stands in `registry.pools`. */
export interface PoolEntry {
  readonly name: string;
  snapshot(): PoolSnapshot;
  /** Lends nothing any more; resolves when everything is back and destroyed. */
  close(): Promise<void>;
}

/** What stands in `registry.buffers`: items that wait to be sent, or to be part of a bulk call. */
export interface BufferEntry {
  readonly name: string;
  /** Items that are sent as the registry is closed, before its policies reject calls. */
  readonly size?: number;
  /** Sends what waits. */
  flush(): unknown;
  snapshot(): BufferSnapshot | MicroBatchSnapshot;
  close(): Promise<void>;
}
