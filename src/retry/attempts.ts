import { isObject } from '../base/is-object.js';
import { RejectedError } from '../base/errors.js';

const attemptsByError = new WeakMap<object, number>();

/**
 * How many runs a call took that has failed with this error in the end; 1 for an error that no retry has handed out. Of
 * an error object that several calls have thrown, it tells the latest.
 * @example catch (error) { log(`gave up after ${attemptsOf(error)} attempts`, error); }
 */
export function attemptsOf(error: unknown): number {
  return (isObject(error) ? attemptsByError.get(error) : undefined) ?? 1;
}

/** How often the function was run for a call that failed with this error: the attempt that was rejected did not run it. */
export function runsOf(error: unknown): number {
  return attemptsOf(error) - (error instanceof RejectedError ? 1 : 0);
}

/** Notes how many runs a call took that ends with this error. */
export function noteAttempts(error: unknown, attempts: number): void {
  if (isObject(error)) attemptsByError.set(error, attempts);
}
