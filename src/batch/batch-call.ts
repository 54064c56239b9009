import type { Cancellation } from '../base/cancellation.js';

/** A bulk call under way. */
export interface BulkRun {
  /** One result for each item, in their order; or a promise of them. */
  readonly result: unknown;
  /** Nobody waits for it any more. */
  cancel?(reason: unknown): void;
}

/** Runs the bulk function. */
export type RunBulk<T> = (items: T[]) => BulkRun;

/** What one caller brings. */
export interface BatchRequest<T> {
  readonly items: readonly T[];
  readonly run: RunBulk<T>;
  /** Tells when the caller has given up. */
  readonly cancellation?: Cancellation | undefined;
  /** Who brings them, for `onSent` to tell. */
  readonly caller?: unknown;
}

/** One caller's items on their way: they may go out in several bulk calls, and their results come back in order. */
export class BatchCall<T> {
  readonly run: RunBulk<T>;
  readonly caller: unknown;
  /** When it came, in ms of the clock. */
  readonly addedAt: number;
  /** What the caller waits for. */
  readonly promise: Promise<unknown[]>;
  /** Whether it has been answered. */
  settled = false;
  /** The bulk calls that it is part of. */
  readonly bulks: Set<{ lose(reason: unknown): void }> = new Set();
  readonly #items: readonly T[];
  readonly #results: unknown[];
  #taken = 0;
  #missing: number;
  #resolve: (results: unknown[]) => void = () => {};
  #reject: (error: unknown) => void = () => {};

  constructor({ items, run, caller }: BatchRequest<T>, addedAt: number) {
    // A copy: what the caller does to its list afterwards is its own affair.
    this.#items = [...items];
    this.#results = new Array<unknown>(items.length);
    this.#missing = items.length;
    this.run = run;
    this.caller = caller;
    this.addedAt = addedAt;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** How many of its items have not gone out yet. */
  get waiting(): number {
    return this.#items.length - this.#taken;
  }

  /** Where in its list the next item stands. */
  get taken(): number {
    return this.#taken;
  }

  /** Takes the next items out, up to a number. */
  take(most: number): readonly T[] {
    const from = this.#taken;
    this.#taken = Math.min(this.#items.length, from + most);
    return this.#items.slice(from, this.#taken);
  }

  /** Hands in results of the items from a place on; says which of them is an error, if one is. */
  fill(from: number, results: readonly unknown[]): Error | undefined {
    const failed = results.find((result) => result instanceof Error);
    if (failed !== undefined) return failed as Error;
    for (const [index, result] of results.entries()) this.#results[from + index] = result;
    this.#missing -= results.length;
    if (this.#missing === 0) this.#settle(() => this.#resolve(this.#results));
    return undefined;
  }

  /** Answers the caller with an error. */
  fail(error: unknown): void {
    this.#settle(() => this.#reject(error));
  }

  #settle(answer: () => void): void {
    if (this.settled) return;
    this.settled = true;
    answer();
  }
}
