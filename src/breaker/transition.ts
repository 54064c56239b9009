/** What a breaker is in as long as nobody overrides it. */
export type MachineState = 'closed' | 'open' | 'half-open';

/** What made a breaker change its state. */
export type TransitionCause =
  | 'failures-in-a-row'
  | 'failure-ratio'
  | 'slow-calls'
  | 'wait-over'
  | 'probe-failed'
  | 'probe-slow'
  | 'probe-expired'
  | 'recovered'
  | 'act'
  | 'ttl-over';

/** The numbers that a decision is taken on. */
export interface BreakerNumbers {
  readonly consecutiveFailures: number;
  /** Calls in the window; 0 without one. */
  readonly calls: number;
  /** Share of failed calls: of those in the window; a change of state tells it of all calls where there is none. */
  readonly failureRate: number;
  /** Share of slow calls in the window, those still running included; 0 without one. */
  readonly slowCallRate: number;
}

/** A change of state, and why. */
export interface MachineTransition {
  readonly from: MachineState;
  readonly to: MachineState;
  readonly cause: TransitionCause;
  /** In words, to follow "after": `5 failures in a row`. */
  readonly reason: string;
  /** When, in ms of the monotonic clock. */
  readonly at: number;
  readonly numbers: BreakerNumbers;
}
