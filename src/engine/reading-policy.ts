import type { AnyFunction } from './any-function.js';
import type { DemandingPolicy, Objection } from './demanding-policy.js';
import type { Refusal, refuses, serves } from './policy.js';

/** A callback in a policy's options that gets the arguments of the call, or its value. */
export type Reader = (...args: never[]) => unknown;

/**
 * What is wrong with callbacks that do not take the function's arguments; `never` where they do, or where options of a
 * wider type do not tell what they take.
 */
type MisreadBy<F extends AnyFunction, Callback> = Callback extends Reader
  ? Parameters<Callback> extends never[]
    ? never
    : Callback extends (...args: Parameters<F>) => unknown
      ? never
      : { 'the callback in the options takes other arguments than': Parameters<F> }
  : never;

/** The same for callbacks that take the function's value first. */
type MisjudgedBy<F extends AnyFunction, Callback> = Callback extends Reader
  ? TakesAnything<Parameters<Callback>> extends true
    ? never
    : Callback extends (value: Awaited<ReturnType<F>>, ...rest: never[]) => unknown
      ? never
      : { 'the callback in the options takes another value than': Awaited<ReturnType<F>> }
  : never;

/** Told apart without looking at the function, so that a policy without such callbacks is one like any other. */
type TakesAnything<Taken extends unknown[]> = Taken extends never[] ? true : unknown extends Taken[0] ? true : false;

/** What a policy whose options read calls demands of a function. */
export interface Reading {
  /** What it can serve. */
  serves: AnyFunction;
  /** The callback that gets the arguments; anything else where there is none. */
  by?: unknown;
  /** The callback that gets the value; anything else where there is none. */
  judge?: unknown;
}

/** What is wrong with a function that its policy's callbacks cannot read. */
interface ReadingRefusal<Demand extends Reading> extends Refusal {
  readonly reason: Objection<MisreadBy<this['fn'], Demand['by']> | MisjudgedBy<this['fn'], Demand['judge']>>;
}

/** How a policy's type bears such a demand. */
export interface ReadingDemand<Demand extends Reading> {
  readonly [serves]?: Demand['serves'];
  readonly [refuses]?: ReadingRefusal<Demand>;
}

/** A policy with callbacks that read calls: what it can be put on depends on what the callbacks take. */
export interface ReadingPolicy<Kind extends string, Options, Demand extends Reading>
  extends DemandingPolicy<Kind, Options, ReadingDemand<Demand>> {}
