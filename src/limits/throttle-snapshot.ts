/** A throttle of `holdfast/throttle` as it is at a moment: JSON all the way down. */
export interface ThrottleSnapshot {
  /** Calls that run now. */
  readonly running: number;
  /** Calls that wait their turn. */
  readonly queued: number;
  /** Calls that may begin until the reservoir is filled again; `null` without a reservoir. */
  readonly reservoir: number | null;
  /** `null` for no limit, which JSON cannot say otherwise. */
  readonly maxConcurrent: number | null;
  readonly minTimeMs: number;
  /** `null` for no limit. */
  readonly maxQueue: number | null;
  /** Calls that were turned away. */
  readonly rejected: number;
  /** All calls, also those that gave up while they waited. */
  readonly totalCalls: number;
}
