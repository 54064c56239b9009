import type { AnyFunction } from './any-function.js';
import type { AnyPolicy, Refusal, refuses, serves } from './policy.js';

/** The names of what can be protected on an object; on a class these are its statics. */
type NameOf<Target> = Exclude<keyof Target, 'prototype'>;

/** A policy for each member that is to be protected. */
export type PoliciesFor<Target> = { readonly [Name in NameOf<Target>]?: AnyPolicy };

/** A member as a function; one that holds no function is a getter. */
type FunctionOf<Member> = NonNullable<Member> extends AnyFunction ? NonNullable<Member> : () => Member;

/** Nothing to object to, unless the policy waits and the member does not. */
type ServedBy<Member, One> = One extends { readonly [serves]?: infer Fn extends AnyFunction }
  ? FunctionOf<Member> extends Fn
    ? unknown
    : { 'the policy serves only what gives a promise, not': Member }
  : unknown;

/** Nothing to object to, unless the policy's own options do not fit the member. */
type AllowedBy<Target, Member, One> = One extends { readonly [refuses]?: infer Objection extends Refusal }
  ? (Objection & { readonly self: Target; readonly fn: FunctionOf<Member> })['reason']
  : unknown;

/** What the members demand of their policies: `unknown` for each that fits, and what is wrong for the others. */
export type Fitting<Target, Given> = {
  readonly [Name in keyof Given]: Name extends keyof Target
    ? ServedBy<Target[Name], Given[Name]> & AllowedBy<Target, Target[Name], Given[Name]>
    : never;
};
