/**
 * What outlives the process, in files: items of a buffer, dead letters, metrics.
 * @module
 */
export { FileBufferStore } from './file-buffer-store.js';
export { FileDeadLetterStore } from './file-dead-letter-store.js';
export type { FileStoreOptions, LogDamage } from './log-options.js';
