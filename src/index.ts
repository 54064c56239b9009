export type { Cancellation } from './base/cancellation.js';
export { classify } from './base/classify.js';
export type { ErrorFacts } from './base/error-facts.js';
export type { CircuitGrounds, LimitGrounds, RejectionGrounds } from './base/rejection-grounds.js';
export { type Clock, systemClock, type TimerHandle } from './base/clock.js';
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
export {
  amount,
  anything,
  callback,
  count,
  durationMs,
  either,
  flag,
  having,
  oneOf,
  ratio,
  text,
} from './base/option-rules.js';
export type { Given, OptionRule, OptionRules } from './base/options.js';
export type { Outcome } from './base/outcome.js';
export type { Random } from './base/random.js';
export type { Classify, Severity } from './base/severity.js';
export type { BatchRequest, BulkRun, RunBulk } from './batch/batch-call.js';
export type {
  BatchItem,
  BatchItemContext,
  BatchOperation,
  BatchOutcome,
  BatchProgress,
  BatchResult,
  BatchStatus,
  FailedItem,
  SkipCause,
  SkippedItem,
  SucceededItem,
} from './batch/batch-item.js';
export type { BatchCause } from './batch/batch-lane.js';
export type { BatchStream } from './batch/batch-stream.js';
export type { BatchItems } from './batch/item-source.js';
export {
  type BatchLot,
  MicroBatch,
  type MicroBatchContext,
  type MicroBatchSnapshot,
  type SentBatch,
} from './batch/micro-batch.js';
export type { CheckedMicroBatchOptions, MicroBatchOptions } from './batch/micro-batch-options.js';
export type {
  Checkpoint,
  FetchPage,
  Page,
  PageAnswer,
  PageBatch,
  PageFailure,
  PageRequest,
} from './batch/page-source.js';
export type { PageStream } from './batch/page-stream.js';
export type {
  BatchStreamOptions,
  ProcessOptions,
  ResumableBatch,
  ValidateItem,
} from './batch/process-options.js';
export type { CheckedStreamOptions, FailureChoice, FailureJudge, PageStreamOptions } from './batch/stream-options.js';
export type {
  ActName,
  ActOptions,
  BreakerAct,
  BreakerState,
  BreakerTransition,
  OverrideState,
  WouldReject,
} from './breaker/breaker-events.js';
export type { BreakerWindow, CheckedBreakerOptions, CircuitBreakerOptions } from './breaker/breaker-options.js';
export type { BreakerContext } from './breaker/breaker-settings.js';
export type { BreakerSnapshot, OverrideSnapshot } from './breaker/breaker-snapshot.js';
export { CircuitBreaker } from './breaker/circuit-breaker.js';
export type { KeyedSnapshot } from './breaker/family-snapshot.js';
export { KeyedBreakers } from './breaker/keyed-breakers.js';
export type { Permit, SharedPermit, TimedPermit } from './breaker/permit.js';
export type { Site as CallSite } from './breaker/rejections.js';
export type { MachineState, TransitionCause } from './breaker/transition.js';
export type { BufferAct, BufferEvent, BufferKeeps, FlushCause, FlushReport } from './buffer/buffer-event.js';
export type { BufferSnapshot, BufferTotals } from './buffer/buffer-snapshot.js';
export type { BufferStore, StoredItem } from './buffer/buffer-store.js';
export type { EnableOptions, SendBufferContext, SendBufferOptions } from './buffer/send-buffer-options.js';
export type { CacheContext, KeyText } from './cache/cache-context.js';
export type { CacheSnapshot, CacheStats } from './cache/cache-counters.js';
export type { CacheAct, CacheEvent, CacheListener, StoreOperation } from './cache/cache-events.js';
export type { CacheOptions, CacheSettings } from './cache/cache-options.js';
export type { CacheStore, StoredValue } from './cache/cache-store.js';
export type { GetOrLoadOptions, SetOptions } from './cache/entry-options.js';
export type { LoadContext } from './cache/load-context.js';
export type { LoadingCache } from './cache/loading-cache.js';
export type { Load } from './cache/single-flight.js';
export type { WeightOptions } from './cache/weight.js';
export type { ChaosOptions } from './chaos/chaos-options.js';
export type { BindOptions, SiteRun } from './dead-letter/bindings.js';
export type { DeadLetterEntry, DeadLetterFailure, DeadLetterFault } from './dead-letter/dead-letter-entry.js';
export type { Act as DeadLetterAct, DeadLetterEvent } from './dead-letter/dead-letter-event.js';
export type { DeadLetterContext, DeadLetterOptions } from './dead-letter/dead-letter-options.js';
export { DeadLetterQueue } from './dead-letter/dead-letter-queue.js';
export type { Awaitable, DeadLetterStore } from './dead-letter/dead-letter-store.js';
export type { DeadLetterSnapshot, ListOptions } from './dead-letter/queue-view.js';
export type { RedriveOptions, RedriveOutcome, RedriveReport, RedriveResult } from './dead-letter/redrive.js';
export type { Runner } from './dead-letter/runner.js';
export type { AnyFunction, AsyncFunction, BulkFunction } from './engine/any-function.js';
export type { CallContext } from './engine/call-context.js';
export type { CommonOptions } from './engine/common-options.js';
export type { DemandingPolicy, ServedByAll } from './engine/demanding-policy.js';
export { definePolicy, type PolicyDefinition } from './engine/define-policy.js';
export { policiesOf } from './engine/policies-of.js';
export type { AnyPolicy, Policy } from './engine/policy.js';
export { protect, type Protection, type ProtectOptions } from './engine/protect.js';
export type { ReadingPolicy } from './engine/reading-policy.js';
export { callContext } from './engine/running.js';
export type { Site } from './engine/site.js';
export {
  type EndedCall,
  type Inside,
  Refused,
  type Rerun,
  type Run,
  type Stage,
  type StageCall,
  Waiting,
} from './engine/stage.js';
export type {
  CheckDefaults,
  HealthCheck,
  HealthCheckContext,
  HealthCheckOptions,
  HealthFinding,
} from './health/check-options.js';
export type { HealthProbe, HealthStatus } from './health/health-status.js';
export type {
  AdaptiveLimitAlgorithm,
  AdaptiveLimitOptions,
  CheckedAdaptiveLimitOptions,
} from './limits/adaptive-limit-options.js';
export {
  AdaptiveLimit,
  type AdaptiveLimitContext,
  type AdaptiveLimitSnapshot,
  type LimitChange,
} from './limits/adaptive-limit.js';
export type { BulkheadOptions } from './limits/bulkhead-options.js';
export { Bulkhead, type BulkheadSnapshot } from './limits/bulkhead.js';
export { KeyedRateLimiters, type KeyedRateLimitersSnapshot } from './limits/keyed-rate-limiters.js';
export type { LimitContext } from './limits/limit-context.js';
export type {
  RateLimitAlgorithm,
  RateLimitOptions,
  RateLimitRules,
  RateLimitStore,
} from './limits/rate-limit-options.js';
export { RateLimiter, type RateLimiterSnapshot } from './limits/rate-limiter.js';
export type { CheckedShedOptions, ShedOptions } from './limits/shed-options.js';
export { type ShedContext, Shedder, type ShedSnapshot } from './limits/shedder.js';
export {
  type StoredLimitContext,
  StoredRateLimiter,
  type StoredRateLimiterSnapshot,
} from './limits/stored-rate-limiter.js';
export type { ThrottleSnapshot } from './limits/throttle-snapshot.js';
export type { CountKind, Counts } from './metrics/counts.js';
export type { Collector } from './metrics/collector.js';
export type { CollectorExport } from './metrics/collector-export.js';
export type { CollectorContext, CollectorOptions, TagOptions, TimingOptions } from './metrics/collector-options.js';
export type { CollectorStats, MetricStats } from './metrics/collector-stats.js';
export type { TimingExport, TimingStats } from './metrics/family.js';
export type { Bounds, FoldedEvent } from './metrics/folds.js';
export type { Histogram, HistogramBucket, HistogramExport } from './metrics/histogram.js';
export type { SecondCount } from './metrics/rate-window.js';
export type { Series, SeriesExport, SeriesStats } from './metrics/series.js';
export type { SliceExport } from './metrics/slice.js';
export type { Tags } from './metrics/tags.js';
export type { Timer } from './metrics/timer.js';
export type { NamedValuesExport, ValueExport } from './metrics/values.js';
export {
  type BatchOperationOptions,
  type BatchOperationsMembers,
  BatchOperationsMixin,
  type BatchOperationsStatics,
} from './mixins/batch-operations-mixin.js';
export {
  type CachingMembers,
  CachingMixin,
  type CachingOptions,
  type CachingStatics,
} from './mixins/caching-mixin.js';
export { type MetricsMembers, MetricsMixin, type MetricsStatics } from './mixins/metrics-mixin.js';
export { type Constructor, type MembersOf, type Mixin, mixin, type StaticsOf } from './mixins/mixin.js';
export {
  type RecoverOptions,
  type RecoveryMembers,
  RecoveryMixin,
  type RecoveryStatics,
} from './mixins/recovery-mixin.js';
export type { RecoveryOptions, RecoveryPolicies } from './mixins/recovery-options.js';
export { StreamingMixin, type StreamingMembers, type StreamingStatics } from './mixins/streaming-mixin.js';
export { adaptiveLimit } from './policies/adaptive-limit.js';
export { type Batched, batched, type BatchedOptions } from './policies/batched.js';
export type { SingleFunction } from './policies/batched-types.js';
export { bulkhead, type QueueingBulkheadOptions } from './policies/bulkhead.js';
export { cached, type CachedOptions } from './policies/cached.js';
export { chaos, type DelayingChaosOptions } from './policies/chaos.js';
export { circuitBreaker } from './policies/circuit-breaker.js';
export { coalesce, type CoalesceOptions } from './policies/coalesce.js';
export { compose, type ComposeOptions } from './policies/compose.js';
export { deadLetter } from './policies/dead-letter.js';
export { deadline, type DeadlineOptions } from './policies/deadline.js';
export type { AnsweredBy, FallbackOptions, FallbackPolicy } from './policies/fallback-types.js';
export { fallback, type Fallback } from './policies/fallback.js';
export { hedge } from './policies/hedge.js';
export { invalidates, type InvalidatesOptions } from './policies/invalidates.js';
export { type Preset, type PresetName, presets } from './policies/presets.js';
export { rateLimit, type StoredRateLimitOptions } from './policies/rate-limit.js';
export { resilient, type ResilientOptions } from './policies/resilient.js';
export type { PolicyOf } from './policies/resilient-types.js';
export { retryWithBackoff } from './policies/retry.js';
export { shed } from './policies/shed.js';
export { timed, type TimedOptions } from './policies/timed.js';
export { timeout, type TimeoutOptions } from './policies/timeout.js';
export type { Advice, AdviceBase, AdviceNumbers, AdviceRule, AdviceSeverity } from './registry/advice/advice.js';
export type { Lease } from './pool/lease.js';
export type { DestroyCause } from './pool/pool-event.js';
export type { AcquireOptions, CheckedPoolOptions, HookContext, PoolOptions } from './pool/pool-options.js';
export type { PoolSnapshot } from './pool/pool-snapshot.js';
export {
  BatchProcessor,
  type BatchProcessorOptions,
  type CheckedBatchProcessorOptions,
} from './registry/batch-processor.js';
export { Cache, type NamedCacheOptions } from './registry/cache.js';
export type { Collection, Entry as RegistryEntry, EntryRequest } from './registry/collection.js';
export { fallbacks, registry } from './registry/default-registry.js';
export type { Decision, DecisionExtras, DecisionFilter, DecisionType, RecordedDetails } from './registry/decisions.js';
export type { BreakerEntry, BufferEntry, CacheEntry, LimiterEntry, PoolEntry } from './registry/entries.js';
export type {
  ActDetails,
  EventBase,
  EventDetails,
  EventListener,
  EventType,
  RegistryEvent,
} from './registry/events.js';
export type { Explanation } from './registry/explanation.js';
export type { FallbackHandler, FallbackHandlers } from './registry/fallback-handlers.js';
export type { EnrolledMember, StackedPolicy } from './registry/members.js';
export type { HealthOptions } from './registry/health/health-options.js';
export type { HealthEntry, HealthReport } from './registry/health/health-report.js';
export { Health, health, type HealthSnapshot } from './registry/health/health.js';
export type {
  BreakerHealth,
  BufferHealth,
  DeadLetterHealth,
  HealthByName,
  HealthEffect,
  PartHealth,
  PoolHealth,
} from './registry/health/part-rules.js';
export { MetricsCollector, type MetricsCollectorOptions } from './registry/metrics-collector.js';
export { Registry, type RegistryOptions, type RegistrySnapshot } from './registry/registry.js';
export { ResourcePool, type ResourcePoolOptions } from './registry/resource-pool.js';
export type { PlaceOptions, ServiceOptions } from './registry/service-place.js';
export { SendBuffer, type SendBufferHome } from './registry/send-buffer.js';
export { streamPages, type StreamPagesOptions } from './registry/stream-pages.js';
export { startTimer, timedContext, type TimerOptions } from './registry/timers.js';
export type { Topic } from './registry/topic.js';
export { attemptsOf } from './retry/attempts.js';
export type { Backoff, Jitter } from './retry/backoff.js';
export type { RetryCause } from './retry/budget-account.js';
export type { RetryBudgetOptions, ShareBudgetOptions, TokenBudgetOptions } from './retry/budget-options.js';
export type { HedgeBudgetOptions, HedgeOptions } from './retry/hedge-options.js';
export type { ExhaustedEvent, RecoverContext, Retried, RetryObserver } from './retry/recover-context.js';
export { RetryBudget, type RetryBudgetContext, type RetryBudgetSnapshot } from './retry/retry-budget.js';
export type { NoRetryReason } from './retry/retry-decision.js';
export type { CheckedRetryOptions, RetryEvent, RetryOptions } from './retry/retry-options.js';
export { type RetryContext, RetryPolicy } from './retry/retry-policy.js';
