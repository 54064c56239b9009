/** A function as the suite puts it under a policy: its `this`, its arguments and its result are watched. */
export type Implementation = (this: unknown, ...args: unknown[]) => unknown;

/** A policy whose types are out of the way: the suite goes where the type checker would not let it. */
export interface LoosePolicy {
  // biome-ignore lint/suspicious/noExplicitAny: it stands on every face, with whatever types that face has
  (...given: any[]): any;
  readonly kind: string;
  readonly options: object;
  execute(fn: Implementation, ...args: unknown[]): unknown;
}

/** A decorator that leaves what it stands on as it is. */
export const bare: LoosePolicy = Object.assign(() => undefined, {
  kind: 'bare',
  options: {},
  execute: (fn: Implementation, ...args: unknown[]) => fn(...args),
});
