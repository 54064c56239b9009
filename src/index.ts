export { type Clock, type TimerHandle, systemClock } from './base/clock.js';
export { classify } from './base/classify.js';
export {
  BulkheadFullError,
  ChaosError,
  CircuitOpenError,
  ClosedError,
  DeadlineExceededError,
  type ErrorCode,
  type ErrorSource,
  isResilienceError,
  NameTakenError,
  QueueFullError,
  QueueTimeoutError,
  RateLimitedError,
  RejectedError,
  ResilienceError,
  ShedError,
  TimeoutError,
} from './base/errors.js';
export type { Random } from './base/random.js';
export type { Classify, Severity } from './base/severity.js';
export { CircuitBreaker } from './breaker/circuit-breaker.js';
export { KeyedBreakers } from './breaker/keyed-breakers.js';
export { Cache } from './cache/cache.js';
export { DeadLetterQueue } from './dead-letter/dead-letter-queue.js';
export { callContext } from './engine/running.js';
export { definePolicy } from './engine/define-policy.js';
export { policiesOf } from './engine/policies-of.js';
export { MetricsCollector } from './metrics/metrics-collector.js';
export { cached } from './policies/cached.js';
export { circuitBreaker } from './policies/circuit-breaker.js';
export { coalesce } from './policies/coalesce.js';
export { compose } from './policies/compose.js';
export { deadLetter } from './policies/dead-letter.js';
export { deadline } from './policies/deadline.js';
export { fallback } from './policies/fallback.js';
export { invalidates } from './policies/invalidates.js';
export { presets } from './policies/presets.js';
export { retryWithBackoff } from './policies/retry.js';
export { timed } from './policies/timed.js';
export { timeout } from './policies/timeout.js';
export { fallbacks, registry } from './registry/default-registry.js';
export { Registry } from './registry/registry.js';
export { attemptsOf } from './retry/attempts.js';
export { RetryBudget } from './retry/retry-budget.js';
export { RetryPolicy } from './retry/retry-policy.js';
