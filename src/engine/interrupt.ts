import { ANSWERED, type Call } from './call.js';
import type { SignalFate } from './cancelling.js';
import type { SlimCall } from './slim-call.js';
import { deliver, fail } from './run.js';
import type { StageCall } from './stage.js';

/**
 * Answers a call before what is inside a stage has settled: with a failure, as it stands to the stages outside. What is
 * inside runs no further attempt, and settles its own stages when it is done.
 * @param signal Whether the function's signal is aborted, or left alone.
 */
export function interrupt(call: StageCall, position: number, error: unknown, signal: SignalFate): void {
  const answered = (call as Call | SlimCall).whole();
  answered.permits[position] = ANSWERED;
  if (answered.resolve === undefined) {
    answered.early = new Promise((resolve, reject) => {
      answered.resolve = resolve;
      answered.reject = reject;
    });
  }
  answered.settles();
  answered.cancelling().cancelInside(position, error, signal);
  answered.abandonInside(position);
  try {
    deliver(answered, fail(answered, position - 1, error));
  } catch (thrown) {
    answered.reject?.(thrown);
  }
}
