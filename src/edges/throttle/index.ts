/**
 * Queued shaping over bottleneck: calls over a limit wait their turn.
 * @module
 */
export { throttle } from './throttle.js';
export type { ThrottleOptions } from './throttle-options.js';
export type { ThrottleSnapshot } from '../../limits/throttle-snapshot.js';
