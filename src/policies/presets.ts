/** The settings of one preset. Only `timeout`, `retry` and `circuitBreaker` reach `resilient`; the rest is for services. */
export interface Preset {
  timeout: { ms: number };
  retry: { maxAttempts: number; baseDelayMs: number };
  /** `false`: no breaker at all. */
  circuitBreaker: { failureThreshold: number; recoveryTimeoutMs: number } | false;
  /** `enabled`: sends are buffered from the start, not only once they fail. */
  buffer: { maxSize: number; enabled: boolean };
  cache: { maxEntries: number; ttlMs: number; cleanupIntervalMs: number };
  /** `rateLimit` is a number per second. */
  batch: { maxConcurrent: number; rateLimit: number };
  /** `concurrency`: pages fetched at once; `memoryLimitMb`: shrinks the pages when more memory is in use. */
  streaming: { batchSize: number; concurrency: number; memoryLimitMb?: number };
  metrics: { retentionMs: number };
}

/** The names that `resilient({ preset })` and configuration files take. */
export type PresetName = 'production' | 'high-throughput' | 'low-latency' | 'high-reliability' | 'memory-optimized';

const HOUR_MS = 3_600_000;

/** Settings that belong together, by the purpose that they serve. */
export const presets: Readonly<Record<PresetName, Preset>> = {
  production: {
    timeout: { ms: 10_000 },
    retry: { maxAttempts: 4, baseDelayMs: 500 },
    circuitBreaker: { failureThreshold: 5, recoveryTimeoutMs: 60_000 },
    buffer: { maxSize: 5_000, enabled: false },
    cache: { maxEntries: 1_000, ttlMs: 300_000, cleanupIntervalMs: 300_000 },
    batch: { maxConcurrent: 10, rateLimit: 50 },
    streaming: { batchSize: 100, concurrency: 1 },
    metrics: { retentionMs: 24 * HOUR_MS },
  },
  'high-throughput': {
    timeout: { ms: 5_000 },
    retry: { maxAttempts: 2, baseDelayMs: 100 },
    circuitBreaker: { failureThreshold: 10, recoveryTimeoutMs: 30_000 },
    buffer: { maxSize: 10_000, enabled: false },
    cache: { maxEntries: 10_000, ttlMs: 600_000, cleanupIntervalMs: 300_000 },
    batch: { maxConcurrent: 20, rateLimit: 100 },
    streaming: { batchSize: 500, concurrency: 10 },
    metrics: { retentionMs: 48 * HOUR_MS },
  },
  'low-latency': {
    timeout: { ms: 1_000 },
    retry: { maxAttempts: 1, baseDelayMs: 1_000 },
    circuitBreaker: false,
    buffer: { maxSize: 1_000, enabled: false },
    cache: { maxEntries: 1_000, ttlMs: 300_000, cleanupIntervalMs: 300_000 },
    batch: { maxConcurrent: 10, rateLimit: 50 },
    streaming: { batchSize: 100, concurrency: 1 },
    metrics: { retentionMs: 24 * HOUR_MS },
  },
  'high-reliability': {
    timeout: { ms: 30_000 },
    retry: { maxAttempts: 6, baseDelayMs: 2_000 },
    circuitBreaker: { failureThreshold: 5, recoveryTimeoutMs: 60_000 },
    buffer: { maxSize: 10_000, enabled: true },
    cache: { maxEntries: 1_000, ttlMs: 300_000, cleanupIntervalMs: 300_000 },
    batch: { maxConcurrent: 10, rateLimit: 50 },
    streaming: { batchSize: 100, concurrency: 1 },
    metrics: { retentionMs: 48 * HOUR_MS },
  },
  'memory-optimized': {
    timeout: { ms: 30_000 },
    retry: { maxAttempts: 4, baseDelayMs: 1_000 },
    circuitBreaker: { failureThreshold: 5, recoveryTimeoutMs: 60_000 },
    buffer: { maxSize: 1_000, enabled: false },
    cache: { maxEntries: 1_000, ttlMs: 300_000, cleanupIntervalMs: 60_000 },
    batch: { maxConcurrent: 5, rateLimit: 50 },
    streaming: { batchSize: 50, concurrency: 1, memoryLimitMb: 100 },
    metrics: { retentionMs: 24 * HOUR_MS },
  },
};
