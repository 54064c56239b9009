/**
 * Any function, as a bound for inference: what is inferred is the caller's own type, so that no `any` reaches a user.
 */
// biome-ignore lint/suspicious/noExplicitAny: only `any` takes functions of every `this` and every argument as a bound
export type AnyFunction = (...args: any[]) => any;

/** A function as the engine calls it, once its types have been checked at the call site. */
export type Callable = (this: unknown, ...args: unknown[]) => unknown;

/** Functions that return a promise: what a policy that waits can serve. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export type AsyncFunction = (...args: any[]) => PromiseLike<unknown>;

/** Functions that take a list and give a promise of one result for each item: what can be batched. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export type BulkFunction = (items: any[], ...rest: any[]) => PromiseLike<readonly unknown[]>;
