import type { Implementation, LoosePolicy } from './loose-policy.js';

/** An implementation under policies, on one face. */
export interface Applied {
  /** Calls it on the first instance, or as a function. */
  call(...args: unknown[]): unknown;
  /** What `this` must be in that call. */
  readonly self: unknown;
  /** A second instance, where the face has instances. */
  readonly other?: { call(...args: unknown[]): unknown; readonly self: unknown };
  /** The function that stands in the member's place; undefined for a call made once. */
  readonly fn: Implementation | undefined;
  /** Where `policiesOf` finds the policies; undefined for what is private, and for a call made once. */
  readonly found?: readonly [target: object, key?: PropertyKey];
}

/** One way to put a policy on something. */
export interface Face {
  readonly face: string;
  /** How many arguments it can pass on. */
  readonly maxArgs: number;
  /** Puts two policies on an implementation; `bare` stands where there is only one. */
  apply(implementation: Implementation, outer: LoosePolicy, inner?: LoosePolicy): Applied;
}

/** An object with a member under policies, and the ways to it. */
export interface Instance {
  call(...args: unknown[]): unknown;
  fn(): Implementation;
}

/** What an instance face is: two instances, and the policies found on the first. */
export function instances(make: () => Instance, found?: PropertyKey): Applied {
  const [first, other] = [make(), make()];
  return {
    call: (...args) => first.call(...args),
    self: first,
    other: { call: (...args) => other.call(...args), self: other },
    fn: first.fn(),
    ...(found === undefined ? {} : { found: [first, found] }),
  };
}

/** What a static face is: the class stands for its only instance. */
export function statics(owner: Instance & object, found?: PropertyKey): Applied {
  return {
    call: (...args) => owner.call(...args),
    self: owner,
    fn: owner.fn(),
    ...(found === undefined ? {} : { found: [owner, found] }),
  };
}

/** The getter of a property. */
export function getterOf(owner: object, name: PropertyKey): Implementation {
  return Object.getOwnPropertyDescriptor(owner, name)?.get as Implementation;
}

/** A function of its own for each holder, with a name and a length to keep. */
export function held(implementation: Implementation): Implementation {
  return function held(this: unknown, a?: unknown, ...rest: unknown[]): unknown {
    return implementation.call(this, ...given(arguments, a, rest));
  };
}

/** The arguments as they were given: a missing one is not an `undefined` one. */
export function given(all: IArguments, a: unknown, rest: readonly unknown[]): unknown[] {
  return all.length === 0 ? [] : [a, ...rest];
}
