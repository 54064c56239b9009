import type { BreakerNumbers, MachineState, TransitionCause } from './transition.js';

/** Everything that a breaker can be in. */
export type BreakerState = MachineState | OverrideState;

/**
 * What overrides a breaker's own judgement: `isolated` rejects everything, `disabled` lets everything through and
 * measures, `shadow` lets everything through and reports what it would have done.
 */
export type OverrideState = 'isolated' | 'disabled' | 'shadow';

/** What can be done to a breaker by hand. */
export type ActName = 'reset' | 'isolate' | 'disable' | 'shadow' | 'release';

/** Who acts, why, and for how long. */
export interface ActOptions {
  /** Why, for those who read the event or the snapshot. */
  reason?: string;
  /** Who. */
  owner?: string;
  /** In how many ms an override ends by itself; `reset` and `release` leave nothing that could end. @default never */
  ttlMs?: number;
}

/** A change of a breaker's state, and the numbers it was decided on. */
export interface BreakerTransition extends BreakerNumbers {
  /** The breaker's name. */
  readonly name: string;
  /** Which of a family it is; undefined for a breaker of its own. */
  readonly key: string | undefined;
  readonly from: BreakerState;
  readonly to: BreakerState;
  readonly cause: TransitionCause;
  /** In words. */
  readonly reason: string;
  /** When, in ms of the monotonic clock. */
  readonly at: number;
  /** When the next call may be let through, in ms of the monotonic clock; null when that is not a matter of time. */
  readonly nextAttemptAt: number | null;
  /** Message of the last failure. */
  readonly lastError: string | null;
  /** Who acted; null where nobody did. */
  readonly owner: string | null;
  /** `'shadowed'` where the breaker is in `shadow`: the change decides nothing. */
  readonly effect: 'real' | 'shadowed';
}

/** A change before it is told who and where. */
export type StateChange = Pick<BreakerTransition, 'from' | 'to' | 'cause' | 'reason' | 'at'> & {
  readonly numbers: BreakerNumbers;
};

/** Something that was done to a breaker by hand. */
export interface BreakerAct extends BreakerTransition {
  readonly act: ActName;
  readonly ttlMs: number | null;
}

/** A call that a breaker in `shadow` let through although it would have been rejected. */
export interface WouldReject {
  readonly name: string;
  readonly key: string | undefined;
  readonly site: string | undefined;
  readonly state: MachineState;
  readonly at: number;
}
