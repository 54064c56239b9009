import type { Load } from './single-flight.js';

/** What a load is told. */
export class LoadContext {
  #controller: AbortController | undefined = undefined;

  /** Aborted when nobody waits for the load any more. It is made when it is read: a fresh signal costs more than a hit. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  /** Runs a load so that others may share it and cancel it. */
  static start<V>(load: (context: LoadContext) => V | PromiseLike<V>): Load<V> {
    const context = new LoadContext();
    return {
      result: new Promise<V>((resolve) => resolve(load(context))),
      cancel: (reason) => (context.#controller ??= new AbortController()).abort(reason),
    };
  }
}
