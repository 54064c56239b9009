import { CircuitOpenError, RejectedError } from '../base/errors.js';
import type { Clock } from '../base/clock.js';
import { wait } from '../base/wait.js';
import type { Waiting } from './waiting-items.js';

/** What a flush needs of its buffer. */
export interface FlushWork<T> {
  readonly clock: Clock;
  send: (item: T) => unknown;
  /** An item was sent, and waits no more. */
  sent: (waiting: Waiting<T>) => void;
}

/** How a flush has gone. */
export interface FlushOutcome {
  flushed: number;
  /** The rejection that ended it before it was through. */
  stoppedBy?: RejectedError;
}

/**
 * Sends items one after the other, in their order. One that fails stays in its place; a rejection says that none will be
 * let through now, and ends it – but for a limit that says when it has room again: that is waited for.
 */
export async function flushItems<T>(work: FlushWork<T>, items: readonly Waiting<T>[]): Promise<FlushOutcome> {
  const outcome: FlushOutcome = { flushed: 0 };
  for (const waiting of items) {
    // It went for space, or was cleared, while others were sent.
    if (!waiting.present) continue;
    const rejection = await sendOne(work, waiting);
    if (rejection instanceof RejectedError) return { ...outcome, stoppedBy: rejection };
    if (rejection === 'sent') outcome.flushed++;
  }
  return outcome;
}

async function sendOne<T>(work: FlushWork<T>, waiting: Waiting<T>): Promise<'sent' | 'failed' | RejectedError> {
  for (;;) {
    try {
      await work.send(waiting.item);
      work.sent(waiting);
      return 'sent';
    } catch (error) {
      if (!(error instanceof RejectedError)) return 'failed';
      if (error instanceof CircuitOpenError || error.retryAfterMs === undefined) return error;
      await wait(work.clock, Math.max(1, error.retryAfterMs));
    }
  }
}
