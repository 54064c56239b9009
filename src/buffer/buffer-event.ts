/** Who acts on a buffer, and why. */
export interface BufferAct {
  reason?: string | undefined;
  owner?: string | undefined;
}

/** What a buffer keeps while it is enabled: what could not be sent, or all. */
export type BufferKeeps = 'failed' | 'all';

/** What a flush was begun by: somebody, the clock, the number of items that wait, the breaker that may let through, or the end. */
export type FlushCause = 'asked' | 'interval' | 'size' | 'circuit' | 'closing';

/** What became of a flush. The two numbers are those of the items that waited as it began, but for what went for space. */
export interface FlushReport {
  flushed: number;
  /** Items that wait still: those that failed, and those that were not tried because a rejection ended the flush. */
  failed: number;
}

/** What happens in a buffer. */
export type BufferEvent =
  | ({ type: 'enabled'; because: 'asked' | 'failures'; keeps: BufferKeeps; failureRatio: number } & BufferAct)
  | ({ type: 'disabled' } & BufferAct)
  | { type: 'added'; size: number; error?: unknown }
  | { type: 'dropped'; count: number; size: number }
  | { type: 'restored'; count: number; size: number }
  | ({ type: 'flushed'; because: FlushCause; size: number; stoppedBy?: unknown } & FlushReport)
  | ({ type: 'cleared'; removed: number } & BufferAct)
  | { type: 'storeFailed'; operation: 'load' | 'append' | 'remove' | 'close'; unsaved: number; error: unknown };
