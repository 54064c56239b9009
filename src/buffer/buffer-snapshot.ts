import type { BufferKeeps } from './buffer-event.js';

/** What a buffer has counted. */
export interface BufferTotals {
  /** Items that `add` has sent. */
  sent: number;
  /** Sends of `add` that have failed. */
  failed: number;
  /** Items that were kept. */
  buffered: number;
  /** Kept items that were sent by a flush. */
  flushed: number;
  /** Items that went because there were too many. */
  dropped: number;
  /** When the last flush ended, in ms since 1970; `null` before the first. */
  lastFlushAt: number | null;
}

/** A buffer at a moment: JSON all the way down. */
export interface BufferSnapshot extends Readonly<BufferTotals> {
  /** Items that wait now. */
  readonly size: number;
  /** `null` for no limit, which JSON cannot say otherwise. */
  readonly maxSize: number | null;
  /** What is kept; `'nothing'` while it is disabled. */
  readonly keeps: BufferKeeps | 'nothing';
  /** Whether a flush is under way. */
  readonly flushing: boolean;
  /** The share of the last 100 sends of `add` that have failed; 0 until more than 10 were made. */
  readonly failureRatio: number;
  /** Changes that the store has not confirmed. */
  readonly unsaved: number;
}

/** A buffer that has just been made. */
export function noTotals(): BufferTotals {
  return { sent: 0, failed: 0, buffered: 0, flushed: 0, dropped: 0, lastFlushAt: null };
}
