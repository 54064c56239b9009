import type { HookContext } from './pool-options.js';

/** A signal that is made when it is read: most hooks never look at it. */
export class LazySignal implements HookContext {
  #controller: AbortController | undefined = undefined;
  #aborted: { readonly reason: unknown } | undefined = undefined;

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#aborted !== undefined) this.#controller.abort(this.#aborted.reason);
    return this.#controller.signal;
  }

  /** Aborts it, read or not. */
  abort(reason: unknown): void {
    this.#aborted ??= { reason };
    this.#controller?.abort(reason);
  }
}
