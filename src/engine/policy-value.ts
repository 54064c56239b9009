import type { AnyFunction, Callable } from './any-function.js';
import { applyTo } from './faces.js';
import { Application } from './application.js';
import { Member } from './member.js';
import { Place } from './place.js';
import type { AnyPolicy, Policy } from './policy.js';
import type { Spec } from './spec.js';
import { memberOf, originalOf, wrapperFor } from './wrapper.js';

const SPECS = Symbol.for('holdfast.policy.v1');

/** Makes a policy value of what the engine is to apply for it, outermost first. */
export function policyOf<Kind extends string, Options extends object, Fn extends AnyFunction>(
  kind: Kind,
  options: Readonly<Options>,
  specsOfPolicy: (policy: AnyPolicy) => readonly Spec[],
): Policy<Kind, Options, Fn> {
  const apply = (...given: unknown[]): unknown => applyTo(kind, specs, given);
  let once: Member | undefined;
  const stacked = new WeakMap<Member, Member>();
  const execute = (fn: Callable, ...args: unknown[]): unknown => {
    if (typeof fn !== 'function') throw new TypeError(`${kind}.execute takes a function first, got ${typeof fn}`);
    const inner = memberOf(fn);
    once ??= new Member(
      Place.named(kind),
      specs.map((spec) => new Application(spec)),
    );
    if (inner === undefined) return wrapperFor(fn, once)(...args);
    let member = stacked.get(inner);
    if (member === undefined) {
      member = new Member(once.place, [...once.applications, ...inner.applications]);
      stacked.set(inner, member);
    }
    return wrapperFor(originalOf(fn), member)(...args);
  };
  const policy = Object.assign(apply, { kind, options, execute }) as unknown as Policy<Kind, Options, Fn>;
  const specs = specsOfPolicy(policy as unknown as AnyPolicy);
  Object.defineProperty(policy, SPECS, { value: specs });
  Object.defineProperty(policy, 'name', { value: kind });
  return policy;
}

/** What the engine applies for a policy value, outermost first; undefined for anything else. */
export function specsOf(candidate: unknown): readonly Spec[] | undefined {
  return typeof candidate === 'function' ? (candidate as { [SPECS]?: readonly Spec[] })[SPECS] : undefined;
}

/** Whether a value is a policy, of whichever copy of the package. */
export function isPolicy(candidate: unknown): candidate is AnyPolicy {
  return specsOf(candidate) !== undefined;
}
