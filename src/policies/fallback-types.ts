import type { AnyFunction } from '../engine/any-function.js';
import type { CommonOptions } from '../engine/common-options.js';
import type { DemandingPolicy, Objection } from '../engine/demanding-policy.js';
import type { Refusal, refuses } from '../engine/policy.js';

/** When `fallback` answers. */
export interface FallbackOptions {
  /** Which failures are answered; the others go on to the caller. @default all but the caller's own abort */
  when?: (error: unknown) => boolean;
}

/**
 * Anything at all. It says so in many words because an array that is given in the place of an array is taken as one that
 * may be changed: `[]` is then an answer for a function that gives `Price[]`.
 */
export type Constant = Constant[] | { [name: string]: Constant } | {} | null | undefined;

/** What a function may be answered with: its value, at once or later if the function is asynchronous itself. */
type AnswerFor<Result> = Result extends PromiseLike<infer Value> ? Value | PromiseLike<Value> : Result;

/** What is wrong with an alternative that does not take the function's arguments or give what it gives; `never` where it does. */
type Misfit<F extends AnyFunction, Alternative> = Alternative extends (...args: Parameters<F>) => infer Answer
  ? // What says that it is anything is not compared: with the type parameter of a generic class nothing could be.
    0 extends 1 & Answer
    ? never
    : [Answer] extends [AnswerFor<ReturnType<F>>]
      ? never
      : { 'the fallback gives another type': Answer; 'where the function gives': ReturnType<F> }
  : { 'the fallback takes other arguments than': Parameters<F> };

/**
 * What is wrong with an alternative that says on what it must be called; `never` where it does not say, says `void`, or
 * nobody knows what the function is called on.
 */
type Misplaced<This, Alternative> = Alternative extends AnyFunction
  ? void extends ThisParameterType<Alternative>
    ? never
    : unknown extends This
      ? never
      : [This] extends [ThisParameterType<Alternative>]
        ? never
        : { 'the fallback is called on': This; 'and takes as its `this`': ThisParameterType<Alternative> }
  : never;

/** The same for an alternative that may be the name of a method of the class. */
type Fault<This, F extends AnyFunction, Alternative> = Alternative extends PropertyKey
  ? This extends { readonly [Name in Alternative]: infer Method }
    ? Misfit<F, Method>
    : { 'the class has no public method': Alternative }
  : Misfit<F, Alternative> | Misplaced<This, Alternative>;

/** `unknown`, if each alternative that there may be suits the function; otherwise a type that says what is wrong. */
export type AnsweredBy<This, F extends AnyFunction, Alternative> = Objection<Fault<This, F, Alternative>>;

/** What is wrong with a function that cannot be answered so. */
interface FallbackRefusal<Alternative> extends Refusal {
  readonly reason: AnsweredBy<this['self'], this['fn'], Alternative>;
}

/** What a fallback demands of a function. */
export interface Answering<Alternative> {
  readonly [refuses]?: FallbackRefusal<Alternative>;
}

/** A fallback: what it can be put on depends on what it answers with. */
export interface FallbackPolicy<Alternative>
  extends DemandingPolicy<'fallback', FallbackOptions & CommonOptions, Answering<Alternative>> {}
