import type { ShownDecision } from './last-decisions.js';
import type { Measured } from './tally.js';
import type { UpstreamReport } from './upstream-report.js';

/** A breaker as it stands. */
export interface BreakerMoment {
  readonly name: string;
  readonly state: string;
  /** Why; undefined while it has never changed. */
  readonly reason: string | undefined;
  /** In how many ms the next probe may go; undefined unless it is open. */
  readonly probeInMs: number | undefined;
}

/** What the toolkit did for the protected side. */
export interface Protection {
  readonly retries: number;
  readonly rejected: number;
  readonly cacheHits: number;
  readonly timeouts: number;
  /** Failed calls that were kept. */
  readonly deadLettered: number;
}

/** Everything there is to show at one moment. */
export interface Moment {
  readonly seed: number;
  readonly seconds: number;
  /** When the load began, in ms since 1970. */
  readonly startedAt: number;
  readonly elapsedMs: number;
  readonly upstream: UpstreamReport;
  readonly bare: Measured;
  readonly protected: Measured;
  readonly protection: Protection;
  readonly breakers: readonly BreakerMoment[];
  readonly decisions: readonly ShownDecision[];
}
