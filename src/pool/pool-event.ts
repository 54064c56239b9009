import type { BulkheadFullError, RejectedError } from '../base/errors.js';

/** Why a resource was destroyed: it lay idle for too long, failed its check, broke, came too late, or the pool is closed. */
export type DestroyCause = 'idle' | 'invalid' | 'broken' | 'late' | 'closed';

/** What happens in a pool. */
export type PoolEvent =
  | { readonly type: 'createFailed'; readonly error: unknown }
  | { readonly type: 'destroyed'; readonly because: DestroyCause; readonly error?: unknown }
  | { readonly type: 'destroyFailed'; readonly error: unknown }
  | { readonly type: 'rejected'; readonly error: RejectedError | BulkheadFullError };
