import type { AnyFunction, AsyncFunction } from './any-function.js';
import type { Refusal, refuses, serves } from './policy.js';

/** What one policy serves: it may wait where that is not known; `unknown` where it takes any function. */
type ServedBy<One> = One extends { readonly [serves]?: infer Fn }
  ? unknown extends Fn
    ? AsyncFunction
    : Fn extends AnyFunction
      ? 0 extends 1 & ReturnType<Fn>
        ? unknown
        : Fn
      : unknown
  : unknown;

/** What all policies of a union can serve: what each of them can. */
export type ServedByAll<Demands> = (Demands extends unknown ? (served: ServedBy<Demands>) => void : never) extends (
  served: infer All,
) => void
  ? All extends AnyFunction
    ? All
    : AnyFunction
  : AnyFunction;

/** All that is wrong, of which nothing may be; `unknown` where nothing is. */
export type Objection<Fault> = [Fault] extends [never] ? unknown : Fault;

/** What one policy objects to in a function on an object; `unknown` where it does not. */
type ObjectionOf<One, This, F extends AnyFunction> = One extends {
  readonly [refuses]?: infer Objection extends Refusal;
}
  ? (Objection & { readonly self: This; readonly fn: F })['reason']
  : unknown;

/** What any policy of a union objects to: `unknown` where none does, or else a type that says what is wrong. */
export type Objections<Demands, This, F extends AnyFunction> = (
  Demands extends unknown
    ? (objection: ObjectionOf<Demands, This, F>) => void
    : never
) extends (objection: infer All) => void
  ? All
  : unknown;

/**
 * A policy that not every function suits, not even if its result does. `Demands` is a union of what is asked for, each with
 * the properties by which the types of policies say so; policies themselves are such.
 */
export interface DemandingPolicy<Kind extends string, Options, Demands> {
  /** Wraps a function: same type, `this`, `name` and `length`. */
  <F extends ServedByAll<Demands>>(fn: F & Objections<Demands, ThisParameterType<F>, F>, context?: undefined): F;
  /** Decorates a method, in legacy mode. */
  <This extends object, F extends ServedByAll<Demands>>(
    target: This,
    key: PropertyKey,
    descriptor: TypedPropertyDescriptor<F> & TypedPropertyDescriptor<F & Objections<Demands, This, F>>,
  ): TypedPropertyDescriptor<F>;
  /** Decorates a getter, in legacy mode. */
  <This extends object, V extends ReturnType<ServedByAll<Demands>>>(
    target: This,
    key: PropertyKey,
    descriptor: TypedPropertyDescriptor<V> & Objections<Demands, This, () => V>,
  ): TypedPropertyDescriptor<V>;
  /** Decorates a getter. */
  <This, V extends ReturnType<ServedByAll<Demands>>>(
    getter: ((this: This) => V) & Objections<Demands, This, () => V>,
    context: ClassGetterDecoratorContext<This, V>,
  ): (this: This) => V;
  /** Decorates an accessor that holds a function. */
  <This, F extends ServedByAll<Demands>>(
    target: ClassAccessorDecoratorTarget<This, F> & Objections<Demands, This, F>,
    context: ClassAccessorDecoratorContext<This, F>,
  ): ClassAccessorDecoratorResult<This, F>;
  /** Decorates a field that holds a function. */
  <This, F extends ServedByAll<Demands>>(
    value: undefined & Objections<Demands, This, F>,
    context: ClassFieldDecoratorContext<This, F>,
  ): (this: This, value: F) => F;
  /** Decorates a method, also a static or private one. */
  <This, F extends ServedByAll<Demands>>(
    method: F & Objections<Demands, This, F>,
    context: ClassMethodDecoratorContext<This, F>,
  ): F;
  /** What it can serve: for the type checker alone. */
  readonly [serves]?: ServedByAll<Demands>;
  /** What else it demands: for the type checker alone. */
  readonly [refuses]?: AnyRefusal<Demands>;
  /** The policy's kind, such as `'circuitBreaker'`. */
  readonly kind: Kind;
  /** The options, frozen, with the defaults filled in. */
  readonly options: Readonly<Options>;
  /** Makes one call under the policy. All calls made so share the policy's state. */
  execute<Args extends unknown[], Result extends ReturnType<ServedByAll<Demands>>>(
    fn: ((...args: Args) => Result) & Objections<Demands, unknown, (...args: Args) => Result>,
    ...args: Args
  ): Result;
}

/** The same for a policy among others, and for an object that is protected. */
interface AnyRefusal<Demands> extends Refusal {
  readonly reason: Objections<Demands, this['self'], this['fn']>;
}
