import type { AnyFunction } from './any-function.js';

/** Where a policy's type says what it can serve; there is no such property at run time. */
export declare const serves: unique symbol;

/** Where a policy's type says what else it demands; as {@link serves}, for the type checker alone. */
export declare const refuses: unique symbol;

/** A function in types: what is wrong with a member, given the object and the function; `unknown` where nothing is. */
export interface Refusal {
  readonly self: unknown;
  readonly fn: AnyFunction;
  readonly reason: unknown;
}

/**
 * One policy, three faces: a wrapper of functions, a TC39 decorator and a legacy decorator. `Fn` is what it can serve.
 */
export interface Policy<Kind extends string, Options, Fn extends AnyFunction = AnyFunction> {
  /** Wraps a function: same type, `this`, `name` and `length`. */
  <F extends Fn>(fn: F, context?: undefined): F;
  /** Decorates a method, in legacy mode. */
  <F extends Fn>(target: object, key: PropertyKey, descriptor: TypedPropertyDescriptor<F>): TypedPropertyDescriptor<F>;
  /** Decorates a getter, in legacy mode. */
  <V extends ReturnType<Fn>>(
    target: object,
    key: PropertyKey,
    descriptor: TypedPropertyDescriptor<V>,
  ): TypedPropertyDescriptor<V>;
  /** Decorates a getter. */
  <This, V extends ReturnType<Fn>>(
    getter: (this: This) => V,
    context: ClassGetterDecoratorContext<This, V>,
  ): (this: This) => V;
  /** Decorates an accessor that holds a function. */
  <This, F extends Fn>(
    target: ClassAccessorDecoratorTarget<This, F>,
    context: ClassAccessorDecoratorContext<This, F>,
  ): ClassAccessorDecoratorResult<This, F>;
  /** Decorates a field that holds a function. */
  <This, F extends Fn>(value: undefined, context: ClassFieldDecoratorContext<This, F>): (this: This, value: F) => F;
  /** Decorates a method, also a static or private one. */
  <This, F extends Fn>(method: F, context: ClassMethodDecoratorContext<This, F>): F;
  /** What it can serve: for the type checker alone. */
  readonly [serves]?: Fn;
  /** The policy's kind, such as `'circuitBreaker'`. */
  readonly kind: Kind;
  /** The options, frozen, with the defaults filled in. */
  readonly options: Readonly<Options>;
  /**
   * Makes one call under the policy. All calls made so share the policy's state.
   * @example await timeout({ ms: 500 }).execute(fetchPrice, 'ACME');
   */
  execute<Args extends unknown[], Result extends ReturnType<Fn>>(fn: (...args: Args) => Result, ...args: Args): Result;
}

/** Any policy, whatever it can serve. */
export interface AnyPolicy {
  readonly [serves]?: unknown;
  readonly [refuses]?: unknown;
  readonly kind: string;
  readonly options: object;
}
