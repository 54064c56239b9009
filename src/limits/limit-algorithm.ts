/** Finds how many calls a dependency can bear at once, from how calls end; time is an argument. */
export interface LimitAlgorithm {
  /** Calls that may run at once: a whole number. */
  readonly limit: number;
  /** How long calls take at present, and in the long run, in ms; undefined where that is not known. */
  readonly latencyMs: number | undefined;
  readonly usualLatencyMs: number | undefined;
  /**
   * A call has succeeded.
   * @param inFlight Calls that ran as it ended, itself among them.
   * @param tookMs How long it took, where that was measured.
   */
  succeeded(inFlight: number, nowMs: number, tookMs?: number): void;
  /** A call was lost: it failed, or was given up for its time. */
  dropped(inFlight: number, nowMs: number, tookMs?: number): void;
}

/** The bounds of a limit, whole numbers all. */
export interface LimitBounds {
  readonly initial: number;
  readonly min: number;
  readonly max: number;
}
