import { show } from '../base/options.js';
import type { AnyFunction } from '../engine/any-function.js';
import { policyOf, specsOf } from '../engine/policy-value.js';
import type { AnyPolicy, Policy, serves } from '../engine/policy.js';

/** What one policy demands of a function; `unknown` when it takes any, which is to say when the result may be `any`. */
type Demand<One> = One extends { readonly [serves]?: infer Fn extends AnyFunction }
  ? 0 extends 1 & ReturnType<Fn>
    ? unknown
    : Fn
  : unknown;

/** What all of them demand. */
type Demands<Policies extends readonly unknown[]> = Policies extends readonly [infer First, ...infer Others]
  ? Demand<First> & Demands<Others>
  : unknown;

/** What a stack of policies can serve: what each of them can. */
export type ServedByAll<Policies extends readonly unknown[]> =
  Demands<Policies> extends infer All extends AnyFunction ? All : AnyFunction;

/** What a composed policy is made of. */
export interface ComposeOptions {
  /** Outermost first; a composed policy among them stands as the policies it is made of. */
  policies: readonly AnyPolicy[];
}

/**
 * Makes one policy of several, outermost first, in exactly that order: `compose(a, b)(fn)` is `a(b(fn))`.
 * @throws {TypeError} for an argument that is no policy
 * @example const guarded = compose(retryWithBackoff(), timeout({ ms: 500 }));
 */
export function compose<const Policies extends readonly AnyPolicy[]>(
  ...policies: Policies
): Policy<'compose', ComposeOptions, ServedByAll<Policies>> {
  const specs = policies.flatMap((policy, index) => {
    const found = specsOf(policy);
    if (found === undefined) throw new TypeError(`compose takes policies, got ${show(policy)} in place ${index + 1}`);
    return found;
  });
  if (specs.length === 0) throw new TypeError('compose takes at least one policy');
  const options = Object.freeze({ policies: Object.freeze(specs.map((spec) => spec.policy)) });
  return policyOf('compose', options, () => specs);
}
