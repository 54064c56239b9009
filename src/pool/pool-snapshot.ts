/** A pool as it is at a moment: JSON all the way down. */
export interface PoolSnapshot {
  /** Resources that there are, those included that are being made or destroyed. */
  readonly size: number;
  /** Resources that nobody uses. */
  readonly idle: number;
  /** Resources that are out. */
  readonly borrowed: number;
  /** Resources that are being made. */
  readonly creating: number;
  /** Resources that are being checked before they are handed out. */
  readonly checking: number;
  /** Resources that are being destroyed. */
  readonly destroying: number;
  /** Callers in line. */
  readonly waiting: number;
  readonly minSize: number;
  readonly maxSize: number;
  /** `null` for no limit, which JSON cannot say otherwise. */
  readonly maxQueue: number | null;
  /** How often a resource was handed out. */
  readonly acquired: number;
  /** Resources made so far. */
  readonly created: number;
  /** Resources destroyed so far, whatever the reason. */
  readonly destroyed: number;
  /** Of these, those that had lain idle for too long. */
  readonly evicted: number;
  /** Of these, those that failed their check. */
  readonly invalid: number;
  /** Of these, those that were broken in use. */
  readonly broken: number;
  /** How often `create` failed or took too long. */
  readonly createFailures: number;
  /** How often `destroy` failed or took too long. */
  readonly destroyFailures: number;
  /** Callers that waited as long as they may, in vain. */
  readonly timedOut: number;
  /** Callers that were turned away: the line was full, or the pool closed. */
  readonly rejected: number;
  readonly closed: boolean;
}
