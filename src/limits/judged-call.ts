import { callerSignal, isCallersAbort } from '../base/caller-signal.js';
import { type Outcome, outcomeOf } from '../base/outcome.js';
import type { Classify } from '../base/severity.js';
import { truePromise } from '../base/thenable.js';
import type { Answers } from './answers.js';

/** What a limit that learns from calls runs a function with. */
interface Judge {
  readonly answers: Answers;
  readonly classify: Classify;
  /** Hears once what the call came to, when its work has really settled. */
  readonly settle: (outcome: Outcome) => void;
}

/** Runs a function, tells what it came to, and hands on what it gives or throws. */
export function runJudged<Args extends readonly unknown[], Result>(
  { answers, classify, settle }: Judge,
  fn: (...args: Args) => Result,
  args: Args,
): Result {
  const judge = (error: unknown) =>
    settle(isCallersAbort(error, callerSignal(args)) ? 'ignored' : outcomeOf(error, classify));
  let result: Result;
  try {
    // A real promise: what only behaves like one may settle twice, and must not be heard twice.
    result = answers.note(truePromise(fn(...args)) as Result);
  } catch (error) {
    judge(error);
    throw error;
  }
  if (!(result instanceof Promise)) {
    settle('success');
    return result;
  }
  return result.then(
    (value) => {
      settle('success');
      return value;
    },
    (error: unknown) => {
      judge(error);
      throw error;
    },
  ) as Result;
}
