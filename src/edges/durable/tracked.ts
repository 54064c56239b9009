import { factsOf } from '../../base/error-facts.js';
import { isThenable } from '../../base/thenable.js';
import type { Operation } from './operation.js';

/** How a tracked function has ended. */
export type TrackedOutcome = Pick<Operation, 'success' | 'errorMessage'>;

/** Runs a function and tells how it has ended, now or later; what it gives or throws comes back as it is. */
export function tracked<Result>(fn: () => Result, ended: (outcome: TrackedOutcome) => void): Result {
  const failed = (error: unknown) => ended({ success: false, errorMessage: factsOf(error).message });
  let result: Result;
  try {
    result = fn();
  } catch (error) {
    failed(error);
    throw error;
  }
  if (!isThenable(result)) {
    ended({});
    return result;
  }
  // A thenable that is no promise may begin anew with each `then`: it gets one only.
  const promise = result instanceof Promise ? result : Promise.resolve(result);
  promise.then(() => ended({}), failed);
  return promise as Result;
}
