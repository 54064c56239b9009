import type { DeadLetterFailure } from './dead-letter-entry.js';
import type { Runner } from './runner.js';

/** What a kept call was made on and by; gone with the process. */
export class Origin {
  /** Held weakly: a dead letter keeps no service alive. */
  readonly #owner: WeakRef<object> | undefined;
  readonly #fn: { deref(): object | undefined } | undefined;
  readonly #run: Runner['run'] | undefined;

  constructor({ owner, runner }: Pick<DeadLetterFailure, 'owner' | 'runner'>) {
    this.#owner = owner && new WeakRef(owner);
    // A function that is called on an object lives as long as that; any other may have nobody else who holds it.
    this.#fn = runner && (owner === undefined ? { deref: () => runner.fn } : new WeakRef(runner.fn));
    this.#run = runner?.run;
  }

  /** The object that the call was made on; undefined when there was none, or it has gone. */
  get owner(): object | undefined {
    return this.#owner?.deref();
  }

  /** Whether there was an object, and it is no more. */
  get lostOwner(): boolean {
    return this.#owner !== undefined && this.owner === undefined;
  }

  /** Whether it was told by which function the call was made. */
  get tellsFunction(): boolean {
    return this.#run !== undefined;
  }

  /** Runs the function that the call was made by; undefined when that was not told, or it has gone. */
  get run(): ((self: unknown, args: unknown[]) => unknown) | undefined {
    const fn = this.#fn?.deref();
    const run = this.#run;
    return fn && run && ((self, args) => run(fn, self, args));
  }
}
