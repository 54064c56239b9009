import { isThenable } from '../base/thenable.js';
import type { BatchCall, BulkRun, RunBulk } from './batch-call.js';

/** A stretch of one caller's items, in a bulk call. */
interface Part<T> {
  readonly call: BatchCall<T>;
  /** Where the stretch begins in the caller's own list. */
  readonly from: number;
  readonly count: number;
}

/** One bulk call: whose items are in it, and how its results go back to them. */
export class Bulk<T> {
  readonly items: T[] = [];
  readonly #parts: Part<T>[] = [];
  #run: BulkRun | undefined = undefined;
  #waiting = 0;

  /** Whose items are in it. */
  get calls(): number {
    return this.#parts.length;
  }

  /** Takes as many items of a caller as there is room for. */
  load(call: BatchCall<T>, room: number): void {
    const from = call.taken;
    const items = call.take(room);
    for (const item of items) this.items.push(item);
    this.#parts.push({ call, from, count: items.length });
    call.bulks.add(this);
    this.#waiting++;
  }

  /**
   * Runs the bulk function.
   * @param fail Answers a caller with an error.
   * @param done Called once it has settled and all are answered.
   */
  send(run: RunBulk<T>, name: string, fail: (call: BatchCall<T>, error: unknown) => void, done: () => void): void {
    const failAll = (error: unknown): void => {
      for (const { call } of this.#parts) fail(call, error);
    };
    const settle = (deliver: () => void): void => {
      for (const { call } of this.#parts) call.bulks.delete(this);
      deliver();
      done();
    };
    const succeeded = (results: unknown): void => settle(() => this.#deliver(results, name, fail, failAll));
    const failed = (error: unknown): void => settle(() => failAll(error));
    try {
      // A copy: the function may do to its list what it likes, and is still held to its length.
      this.#run = run([...this.items]);
    } catch (error) {
      failed(error);
      return;
    }
    const { result } = this.#run;
    if (isThenable(result)) result.then(succeeded, failed);
    else succeeded(result);
  }

  /** One caller has gone before it has settled; with the last of them the run is cancelled. */
  lose(reason: unknown): void {
    this.#waiting--;
    if (this.#waiting === 0) this.#run?.cancel?.(reason);
  }

  #deliver(
    results: unknown,
    name: string,
    fail: (call: BatchCall<T>, error: unknown) => void,
    failAll: (error: unknown) => void,
  ): void {
    if (!Array.isArray(results) || results.length !== this.items.length) {
      failAll(wrongResults(name, this.items.length, results));
      return;
    }
    let from = 0;
    for (const part of this.#parts) {
      const own = results.slice(from, (from += part.count));
      const error = part.call.fill(part.from, own);
      if (error !== undefined) fail(part.call, error);
    }
  }
}

function wrongResults(name: string, items: number, results: unknown): TypeError {
  const given = Array.isArray(results) ? `${results.length} results` : 'no array of results';
  return new TypeError(`batched: '${name}' got ${items} items and gave ${given}; it must give one for each, in order`);
}
