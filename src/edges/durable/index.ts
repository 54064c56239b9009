/**
 * What outlives the process, in files: items of a buffer, dead letters, metrics.
 * @module
 */
export type { EraseOptions, ErasureReport } from './erasure.js';
export { FileBufferStore } from './file-buffer-store.js';
export { FileDeadLetterStore } from './file-dead-letter-store.js';
export type { FileStoreOptions, LogDamage } from './log-options.js';
export { MetricsManager, type StopOptions } from './metrics-manager.js';
export type { CheckedMetricsManagerOptions, MetricsManagerOptions } from './metrics-manager-options.js';
export type { MetricsManagerSnapshot, MetricsManagerStats } from './metrics-stats.js';
export type { Operation } from './operation.js';
