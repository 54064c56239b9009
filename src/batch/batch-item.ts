/** What an operation is told beside its item. */
export interface BatchItemContext {
  /** The place of the item in the batch, from 0. */
  readonly index: number;
  /** Which run of this item it is, from 1, later rounds included. */
  readonly attempt: number;
  /** Aborted when the batch is cancelled, or left: hand it on. */
  readonly signal: AbortSignal;
  readonly batchId: string;
}

/** What is done with each item. */
export type BatchOperation<In, Out> = (item: In, context: BatchItemContext) => Out | PromiseLike<Out>;

/** Why an item was not run: it is not valid, another one is not and the batch was refused, or the batch was cancelled. */
export type SkipCause = 'invalid' | 'refused' | 'cancelled';

/** An item that was good. */
export interface SucceededItem<Out> {
  /** The place of the item in the batch, from 0. */
  readonly index: number;
  readonly status: 'success';
  readonly value: Out;
  /** How often it was run. */
  readonly attempts: number;
}

/** An item that failed in the end. */
export interface FailedItem {
  readonly index: number;
  readonly status: 'failed';
  /** What its last run has thrown, as it was. */
  readonly error: unknown;
  readonly attempts: number;
}

/** An item that was never run. */
export interface SkippedItem {
  readonly index: number;
  readonly status: 'skipped';
  /** What is wrong with it, or the reason of the cancellation; undefined for a valid item of a refused batch. */
  readonly error: unknown;
  readonly because: SkipCause;
  readonly attempts: 0;
}

/** What has come of one item. */
export type BatchItem<Out> = SucceededItem<Out> | FailedItem | SkippedItem;

/** What a stream of a batch gives: an item, and what has come of it. */
export interface BatchOutcome<In, Out> {
  readonly item: In;
  readonly result: BatchItem<Out>;
}

/**
 * Whether a batch runs, came to its end, was cancelled, or was refused for an invalid item.
 */
export type BatchStatus = 'running' | 'completed' | 'cancelled' | 'refused';

/** What a batch came to. */
export interface BatchResult<Out> {
  readonly batchId: string;
  readonly status: Exclude<BatchStatus, 'running'>;
  readonly progress: BatchProgress;
  /** What has come of each item, in the order of the batch; fewer where `keep` says so. */
  readonly items: readonly BatchItem<Out>[];
}

/** How far a batch is: JSON all the way down. */
export interface BatchProgress {
  /** Items of the batch; `null` as long as its source has not ended and nobody knows. */
  readonly total: number | null;
  /** Items that are done with: those below together. */
  readonly completed: number;
  readonly success: number;
  readonly failed: number;
  /** Items that were never run. */
  readonly skipped: number;
  /** How long it has taken, or took, in ms. */
  readonly durationMs: number;
  /** Items that were run and are done with, by the second; 0 while no time has passed. */
  readonly itemsPerSecond: number;
  /** How long the rest takes at this rate, in ms; `null` where the rest or the rate is not known. */
  readonly etaMs: number | null;
}
