import { isObject } from '../base/is-object.js';
import { RejectedError } from '../base/errors.js';

/** What a call took: its attempts, and how many of them ran the function. */
interface Tries {
  readonly attempts: number;
  readonly runs: number;
}

const triesByError = new WeakMap<object, Tries>();

/**
 * How many attempts a call took that has failed with this error in the end, those that were rejected too; 1 for an error
 * that no retry has handed out. Of an error object that several calls have thrown, it tells the latest.
 * @example catch (error) { log(`gave up after ${attemptsOf(error)} attempts`, error); }
 */
export function attemptsOf(error: unknown): number {
  return triesOf(error)?.attempts ?? 1;
}

/** How often the function was run for a call that failed with this error: an attempt that was rejected did not run it. */
export function runsOf(error: unknown): number {
  return triesOf(error)?.runs ?? ranBy(error);
}

/** How often an attempt has run the function that came to this error: not at all where it was rejected. */
export function ranBy(error: unknown): 0 | 1 {
  return error instanceof RejectedError ? 0 : 1;
}

/** Notes what a call took that ends with this error. */
export function noteAttempts(error: unknown, attempts: number, runs: number): void {
  if (isObject(error)) triesByError.set(error, { attempts, runs });
}

function triesOf(error: unknown): Tries | undefined {
  return isObject(error) ? triesByError.get(error) : undefined;
}
