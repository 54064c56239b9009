import {
  AdaptiveLimit,
  type AdaptiveLimitSnapshot,
  Bulkhead,
  type BulkheadSnapshot,
  KeyedRateLimiters,
  type KeyedRateLimitersSnapshot,
  MicroBatch,
  type MicroBatchSnapshot,
  RateLimiter,
  type RateLimiterSnapshot,
  registry,
  RetryBudget,
  type RetryBudgetSnapshot,
  SendBuffer,
  type BufferSnapshot,
  Shedder,
  type ShedSnapshot,
  StoredRateLimiter,
  type StoredRateLimiterSnapshot,
} from '../../src/index.js';
import type { ThrottleSnapshot } from '../../src/edges/throttle/index.js';

// What stands in a collection of several kinds is told apart by its class, and its snapshot needs no cast.
const limiter = registry.limiters.get('x');
if (limiter instanceof Bulkhead) limiter.snapshot() satisfies BulkheadSnapshot;
if (limiter instanceof AdaptiveLimit) limiter.snapshot() satisfies AdaptiveLimitSnapshot;
if (limiter instanceof RateLimiter) limiter.snapshot() satisfies RateLimiterSnapshot;
if (limiter instanceof KeyedRateLimiters) limiter.snapshot() satisfies KeyedRateLimitersSnapshot;
if (limiter instanceof StoredRateLimiter) limiter.snapshot() satisfies StoredRateLimiterSnapshot;
if (limiter instanceof Shedder) limiter.snapshot() satisfies ShedSnapshot;
if (limiter instanceof RetryBudget) limiter.snapshot() satisfies RetryBudgetSnapshot;
const buffer = registry.buffers.get('x');
if (buffer instanceof SendBuffer) buffer.snapshot() satisfies BufferSnapshot;
if (buffer instanceof MicroBatch) buffer.snapshot() satisfies MicroBatchSnapshot;

// A snapshot is told apart by what it has.
const snapshot = registry.snapshot().limiters['x'];
if (snapshot !== undefined && 'reservoir' in snapshot) snapshot satisfies ThrottleSnapshot;
if (snapshot !== undefined && 'probability' in snapshot) snapshot satisfies ShedSnapshot;
// @ts-expect-error it may be that of any limiter
limiter?.snapshot() satisfies BulkheadSnapshot | undefined;

const [member] = registry.members();
const { site, policies, retired }: { site: string; policies: readonly object[]; retired: boolean } = member ?? {
  site: '',
  policies: [],
  retired: false,
};
const [policy] = member?.policies ?? [];
policy satisfies { kind: string; options: object; registry: object; part: string } | undefined;
void [site, policies, retired];
