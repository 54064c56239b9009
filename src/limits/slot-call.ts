import { callerSignal } from '../base/caller-signal.js';
import { cancellationOf } from '../base/cancellation.js';
import { isThenable } from '../base/thenable.js';
import type { Answers } from './answers.js';
import type { BulkheadCaller } from './bulkhead-caller.js';

/** What gives out slots. */
interface Slots {
  enter(caller: BulkheadCaller): Promise<void>;
  leave(): void;
}

/** Runs a function in a slot that has been taken, and gives the slot back once its work has settled. */
export function runInSlot<Args extends readonly unknown[], Result>(
  slots: Slots,
  answers: Answers,
  fn: (...args: Args) => Result,
  args: Args,
): Result {
  let result: Result;
  try {
    result = answers.note(fn(...args));
  } catch (error) {
    slots.leave();
    throw error;
  }
  if (!isThenable(result)) {
    slots.leave();
    return result;
  }
  // Through a real promise: a thenable that settles twice must not give two slots back.
  return Promise.resolve(result).then(
    (value) => {
      slots.leave();
      return value;
    },
    (error) => {
      slots.leave();
      throw error;
    },
  ) as Result;
}

/** Waits for a slot, then runs a function in it. */
export async function runWhenFree<Args extends readonly unknown[], Result>(
  slots: Slots,
  answers: Answers,
  fn: (...args: Args) => Result,
  args: Args,
): Promise<unknown> {
  const signal = callerSignal(args);
  await slots.enter({ site: fn.name || undefined, cancellation: signal && cancellationOf(signal) });
  if (!signal?.aborted) return runInSlot(slots, answers, fn, args);
  // Given up between the slot and this turn.
  slots.leave();
  throw signal.reason;
}
