import type { ErrorFacts } from '../base/error-facts.js';

/** What a breaker has counted besides successes: made when there is something to count, since most breakers see no more. */
export class Ledger {
  failedCalls = 0;
  ignoredCalls = 0;
  rejectedCalls = 0;
  /** Slow calls that were found slow as they ended. */
  slowCalls = 0;
  /** Calls that passed in `shadow` and would have been rejected. */
  wouldRejectCalls = 0;
  lastError: ErrorFacts | null = null;
}
