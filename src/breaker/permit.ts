import type { CircuitOpenError } from '../base/errors.js';

/**
 * Leave to run one call. It bears the generation of the breaker that gave it: after a transition its result is counted
 * and decides nothing. Settle it once, with `succeed`, `fail` or `ignore`.
 */
export type Permit = SharedPermit | TimedPermit;

/** One object for all calls of a generation: while a breaker is closed and times nothing, a call allocates nothing. */
export interface SharedPermit {
  readonly shared: true;
  readonly generation: number;
}

/** A call of its own: a probe, or one whose duration matters. */
export class TimedPermit {
  readonly shared = false;
  readonly generation: number;
  /** ms of the clock. */
  startedAt: number;
  settled = false;
  /** Whether it has been counted as slow while it was still running. */
  overdue = false;
  previous: TimedPermit | undefined = undefined;
  next: TimedPermit | undefined = undefined;

  constructor(generation: number, startedAt: number) {
    this.generation = generation;
    this.startedAt = startedAt;
  }
}

/** Tells a permit from the error that came in its place. */
export function isPermit(answer: Permit | CircuitOpenError): answer is Permit {
  return (answer as Permit).shared !== undefined;
}

/** Of no generation: what it comes to is counted and decides nothing. */
export const UNBOUND = -1;

const first: SharedPermit = { shared: true, generation: 0 };
const unbound: SharedPermit = { shared: true, generation: UNBOUND };

/** The permit that all calls of a generation share; the first one is shared by all breakers that never opened. */
export function sharedPermit(generation: number): SharedPermit {
  if (generation === 0) return first;
  return generation === UNBOUND ? unbound : { shared: true, generation };
}
