import { isThenable } from '../base/thenable.js';

/** Remembers how the functions that are called through a limit answer, so that a rejection comes the same way. */
export class Answers {
  #seen: 'nothing yet' | 'promises' | 'values' = 'nothing yet';

  /** Hands a result on; a value once among promises is remembered for good. */
  note<Result>(result: Result): Result {
    if (!isThenable(result)) this.#seen = 'values';
    else if (this.#seen === 'nothing yet') this.#seen = 'promises';
    return result;
  }

  /**
   * Answers the call of a function that is not run: by a rejected promise if it is async, or all before it gave promises.
   * @throws the error, otherwise
   */
  refuse<Result>(fn: unknown, error: Error): Result {
    if (this.#seen === 'promises' || Object.prototype.toString.call(fn) === '[object AsyncFunction]') {
      return Promise.reject(error) as Result;
    }
    throw error;
  }
}
