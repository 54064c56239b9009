import type { Cancellation } from '../base/cancellation.js';

/** Who wants to come in. */
export interface BulkheadCaller {
  /** Tells when the caller has given up; it leaves the queue at once. */
  cancellation?: Cancellation | undefined;
  /** The function that is to be called, as it stands in errors. */
  site?: string | undefined;
}
