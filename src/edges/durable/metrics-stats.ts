/** What a metrics manager has done since it was started. */
export interface MetricsManagerStats {
  /** Records that were taken in. */
  totalRecorded: number;
  /** Records that are on the disk. */
  totalPersisted: number;
  /** Records that wait now, those of the batch that is being written among them. */
  queueSize: number;
  /** Files. */
  batchesWritten: number;
  /** When the last file was written, in ms since 1970; `null` before the first. */
  lastFlushAt: number | null;
  /** Records in a file, on average; 0 before the first. */
  avgBatchSize: number;
  /** Whether it takes records. */
  isRunning: boolean;
}

/** The same, and what went wrong: JSON all the way down. */
export interface MetricsManagerSnapshot extends MetricsManagerStats {
  maxQueueSize: number;
  /** Records that were let go because the queue was full. */
  dropped: number;
  /** Records that were refused: not as they should be, or for want of room. */
  refused: number;
  /** Callers that wait for room. */
  waiting: number;
  /** Writes that have failed. */
  writeFailures: number;
  /** Why the last of them did; `null` once one has come through. */
  lastError: string | null;
  /** Files that were removed for their age. */
  expiredFiles: number;
}

/** What is counted. */
export interface MetricsTotals {
  totalRecorded: number;
  totalPersisted: number;
  batchesWritten: number;
  lastFlushAt: number | null;
  dropped: number;
  refused: number;
  writeFailures: number;
  lastError: string | null;
  expiredFiles: number;
}

/** Of a manager that has just been started. */
export function noTotals(): MetricsTotals {
  return {
    totalRecorded: 0,
    totalPersisted: 0,
    batchesWritten: 0,
    lastFlushAt: null,
    dropped: 0,
    refused: 0,
    writeFailures: 0,
    lastError: null,
    expiredFiles: 0,
  };
}
