import { show } from '../base/options.js';
import type { DemandingPolicy } from '../engine/demanding-policy.js';
import { policyOf, specsOf } from '../engine/policy-value.js';
import type { AnyPolicy } from '../engine/policy.js';

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
): DemandingPolicy<'compose', ComposeOptions, Policies[number]> {
  const specs = policies.flatMap((policy, index) => {
    const found = specsOf(policy);
    if (found === undefined) throw new TypeError(`compose takes policies, got ${show(policy)} in place ${index + 1}`);
    return found;
  });
  if (specs.length === 0) throw new TypeError('compose takes at least one policy');
  const options = Object.freeze({ policies: Object.freeze(specs.map((spec) => spec.policy)) });
  const composed = policyOf('compose', options, () => specs);
  return composed as unknown as DemandingPolicy<'compose', ComposeOptions, Policies[number]>;
}
