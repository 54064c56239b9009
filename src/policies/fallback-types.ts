import type { AnyFunction } from '../engine/any-function.js';
import type { CommonOptions } from '../engine/common-options.js';
import type { Refusal, refuses, serves } from '../engine/policy.js';

/** When `fallback` answers. */
export interface FallbackOptions {
  /** Which failures are answered; the others go on to the caller. @default all but the caller's own abort */
  when?: (error: unknown) => boolean;
}

/** What a function may be answered with: its value, at once or later if the function is asynchronous itself. */
type AnswerFor<Result> = Result extends PromiseLike<infer Value> ? Value | PromiseLike<Value> : Result;

/** `F`, if the alternative takes its arguments and gives what it gives; otherwise a type that says what is wrong. */
type CheckedBy<F extends AnyFunction, Alternative> = Alternative extends (...args: Parameters<F>) => infer Answer
  ? [Answer] extends [AnswerFor<ReturnType<F>>]
    ? unknown
    : { 'the fallback gives another type': Answer; 'where the function gives': ReturnType<F> }
  : { 'the fallback takes other arguments than': Parameters<F> };

/** The same for an alternative that may be the name of a method of the class. */
export type AnsweredBy<This, F extends AnyFunction, Alternative> = Alternative extends PropertyKey
  ? This extends { readonly [Name in Alternative]: infer Method }
    ? CheckedBy<F, Method>
    : { 'the class has no method': Alternative }
  : CheckedBy<F, Alternative>;

/** The same for an object that is protected. */
interface FallbackRefusal<Alternative> extends Refusal {
  readonly reason: AnsweredBy<this['self'], this['fn'], Alternative>;
}

/** A fallback: what it can be put on depends on what it answers with. */
export interface FallbackPolicy<Alternative> {
  <F extends AnyFunction>(fn: F & AnsweredBy<ThisParameterType<F>, F, Alternative>, context?: undefined): F;
  <This extends object, F extends AnyFunction>(
    target: This,
    key: PropertyKey,
    descriptor: TypedPropertyDescriptor<F> & TypedPropertyDescriptor<F & AnsweredBy<This, F, Alternative>>,
  ): TypedPropertyDescriptor<F>;
  <This extends object, V>(
    target: This,
    key: PropertyKey,
    descriptor: TypedPropertyDescriptor<V> & AnsweredBy<This, () => V, Alternative>,
  ): TypedPropertyDescriptor<V>;
  <This, V>(
    getter: ((this: This) => V) & AnsweredBy<This, () => V, Alternative>,
    context: ClassGetterDecoratorContext<This, V>,
  ): (this: This) => V;
  <This, F extends AnyFunction>(
    target: ClassAccessorDecoratorTarget<This, F> & AnsweredBy<This, F, Alternative>,
    context: ClassAccessorDecoratorContext<This, F>,
  ): ClassAccessorDecoratorResult<This, F>;
  <This, F extends AnyFunction>(
    value: undefined & AnsweredBy<This, F, Alternative>,
    context: ClassFieldDecoratorContext<This, F>,
  ): (this: This, value: F) => F;
  <This, F extends AnyFunction>(
    method: F & AnsweredBy<This, F, Alternative>,
    context: ClassMethodDecoratorContext<This, F>,
  ): F;
  readonly [serves]?: AnyFunction;
  readonly [refuses]?: FallbackRefusal<Alternative>;
  readonly kind: 'fallback';
  readonly options: Readonly<FallbackOptions & CommonOptions>;
  /** Makes one call that the fallback answers if it fails. */
  execute<Args extends unknown[], Result>(
    fn: ((...args: Args) => Result) & AnsweredBy<unknown, (...args: Args) => Result, Alternative>,
    ...args: Args
  ): Result;
}
