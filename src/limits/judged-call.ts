import { callerSignal, isCallersAbort } from '../base/caller-signal.js';
import { withCause } from '../base/cause.js';
import type { Outcome } from '../base/outcome.js';
import { truePromise } from '../base/thenable.js';
import type { Answers } from './answers.js';

/** What an error says of the dependency. */
type OutcomeOf = (error: unknown) => Outcome;

/** Hears once what a call came to, when its work has really settled. */
type Settle = (outcome: Outcome) => void;

/** What a limit that learns from calls runs a function with. */
interface Judge {
  readonly answers: Answers;
  /** Asked for errors that are not the caller's own abort. */
  readonly outcomeOf: OutcomeOf;
  readonly settle: Settle;
}

/**
 * Settles a call that has failed.
 * @throws what `outcomeOf` throws, for it may be the user's: the call is settled all the same, and says nothing
 */
export function settleFailed(error: unknown, outcomeOf: OutcomeOf, settle: Settle): void {
  let outcome: Outcome = 'ignored';
  try {
    outcome = outcomeOf(error);
  } catch (thrown) {
    throw withCause(thrown, error);
  } finally {
    settle(outcome);
  }
}

/** Runs a function, tells what it came to, and hands on what it gives or throws. */
export function runJudged<Args extends readonly unknown[], Result>(
  { answers, outcomeOf, settle }: Judge,
  fn: (...args: Args) => Result,
  args: Args,
): Result {
  const failed = (error: unknown): never => {
    if (isCallersAbort(error, callerSignal(args))) settle('ignored');
    else settleFailed(error, outcomeOf, settle);
    throw error;
  };
  let result: Result;
  try {
    // A real promise: what only behaves like one may settle twice, and must not be heard twice.
    result = answers.note(truePromise(fn(...args)) as Result);
  } catch (error) {
    return failed(error);
  }
  if (!(result instanceof Promise)) {
    settle('success');
    return result;
  }
  return result.then((value) => {
    settle('success');
    return value;
  }, failed) as Result;
}
