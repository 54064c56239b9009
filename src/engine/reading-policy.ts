import type { AnyFunction } from './any-function.js';
import type { Refusal, refuses, serves } from './policy.js';

/** A callback in a policy's options that gets the arguments of the call. */
export type Reader = (...args: never[]) => unknown;

/** Nothing to object to, unless there is a callback that does not take the function's arguments. */
type ReadBy<F extends AnyFunction, Callback> = Callback extends Reader
  ? Callback extends (...args: Parameters<F>) => unknown
    ? unknown
    : { 'the callback in the options takes other arguments than': Parameters<F> }
  : unknown;

/** What a policy whose options read the arguments of calls demands of a function. */
export interface Reading {
  /** What it can serve. */
  serves: AnyFunction;
  /** The callback that gets the arguments; anything else where there is none. */
  by: unknown;
}

/** The same for an object that is protected. */
interface ReadingRefusal<Callback> extends Refusal {
  readonly reason: ReadBy<this['fn'], Callback>;
}

/** A policy with a callback that reads the arguments of calls: what it can be put on depends on what the callback takes. */
export interface ReadingPolicy<Kind extends string, Options, Demand extends Reading> {
  <F extends Demand['serves']>(fn: F & ReadBy<F, Demand['by']>, context?: undefined): F;
  <F extends Demand['serves']>(fn: F & ReadBy<F, Demand['by']>, index: number, all: readonly F[]): F;
  <F extends Demand['serves']>(
    target: object,
    key: PropertyKey,
    descriptor: TypedPropertyDescriptor<F> & TypedPropertyDescriptor<F & ReadBy<F, Demand['by']>>,
  ): TypedPropertyDescriptor<F>;
  <V extends ReturnType<Demand['serves']>>(
    target: object,
    key: PropertyKey,
    descriptor: TypedPropertyDescriptor<V> & ReadBy<() => V, Demand['by']>,
  ): TypedPropertyDescriptor<V>;
  <This, V extends ReturnType<Demand['serves']>>(
    getter: ((this: This) => V) & ReadBy<() => V, Demand['by']>,
    context: ClassGetterDecoratorContext<This, V>,
  ): (this: This) => V;
  <This, F extends Demand['serves']>(
    target: ClassAccessorDecoratorTarget<This, F> & ReadBy<F, Demand['by']>,
    context: ClassAccessorDecoratorContext<This, F>,
  ): ClassAccessorDecoratorResult<This, F>;
  <This, F extends Demand['serves']>(
    value: undefined & ReadBy<F, Demand['by']>,
    context: ClassFieldDecoratorContext<This, F>,
  ): (this: This, value: F) => F;
  <This, F extends Demand['serves']>(
    method: F & ReadBy<F, Demand['by']>,
    context: ClassMethodDecoratorContext<This, F>,
  ): F;
  readonly [serves]?: Demand['serves'];
  readonly [refuses]?: ReadingRefusal<Demand['by']>;
  readonly kind: Kind;
  readonly options: Readonly<Options>;
  /** Makes one call under the policy. All calls made so share the policy's state. */
  execute<Args extends unknown[], Result extends ReturnType<Demand['serves']>>(
    fn: ((...args: Args) => Result) & ReadBy<(...args: Args) => Result, Demand['by']>,
    ...args: Args
  ): Result;
}
