import { isObject } from '../base/is-object.js';
import { text } from '../base/option-rules.js';
import { checkOptions, type OptionRules, show } from '../base/options.js';
import { findMember } from './find-member.js';
import { specsOf } from './policy-value.js';
import type { Fitting, PoliciesFor } from './protect-types.js';
import { type Found, type Layer, ProtectedMember } from './protected-member.js';
import type { Spec } from './spec.js';

/** How an object is protected. */
export interface ProtectOptions {
  /** Stands before the method in its name, `name.method`: for objects whose class is anonymous, minified, or has several instances. @default the class that declares the method */
  name?: string;
}

/** An object that is protected, until it is restored. */
export interface Protection {
  /** Puts everything back as it was before; a second time does nothing. */
  restore(): void;
  /** The same, at the end of a block: `using protection = protect(…)`. */
  [Symbol.dispose](): void;
}

const protectRules: OptionRules<ProtectOptions> = { name: text() };
const protectedMembers = new WeakMap<object, Map<PropertyKey, ProtectedMember>>();

/**
 * Puts policies on the methods and getters of an object that is not yours to decorate, such as an SDK's client: on an
 * instance for that one alone, on `Client.prototype` for all instances, on `Client` for its statics.
 * @returns what puts everything back; policies of several `protect` are stacked, the latest outermost, and any of them can
 * be taken back first
 * @throws {TypeError} for a member that is not there, holds no function, or cannot be replaced; nothing is changed then
 * @example using protection = protect(s3, { send: retryWithBackoff({ maxAttempts: 3 }) });
 */
export function protect<Target extends object, const Given extends PoliciesFor<NoInfer<Target>>>(
  target: Target,
  policies: Given & Fitting<NoInfer<Target>, Given>,
  options: ProtectOptions = {},
): Protection {
  const { name } = checkOptions('protect', protectRules, options);
  const wanted = demandsOf(target, policies);
  const found = wanted.map(({ key, specs }) => ({ key, specs, found: findMember(target, key, name) }));
  const layers: { member: ProtectedMember; layer: Layer }[] = [];
  const restore = (): void => {
    for (const { member, layer } of layers.splice(0).reverse()) member.remove(layer);
  };
  try {
    for (const { key, specs, found: one } of found) {
      const member = memberFor(target, key, one);
      layers.push({ member, layer: member.add(specs) });
    }
  } catch (error) {
    restore();
    throw error;
  }
  return { restore, [Symbol.dispose]: restore };
}

interface Demand {
  readonly key: PropertyKey;
  readonly specs: readonly Spec[];
}

function demandsOf(target: unknown, policies: unknown): Demand[] {
  if (!isObject(target)) throw new TypeError(`protect takes an object or a class first, got ${show(target)}`);
  if (!isObject(policies)) throw new TypeError(`protect takes a policy for each method, got ${show(policies)}`);
  const demands = Reflect.ownKeys(policies).map((key) => {
    const policy: unknown = Reflect.get(policies, key);
    const specs = specsOf(policy);
    if (specs !== undefined) return { key, specs };
    throw new TypeError(`protect takes a policy for \`${String(key)}\`, got ${show(policy)}`);
  });
  if (demands.length === 0) throw new TypeError('protect takes at least one policy');
  return demands;
}

/** The member as earlier calls have left it; a new one where there is none, or somebody else has replaced it since. */
function memberFor(target: object, key: PropertyKey, found: Found): ProtectedMember {
  const members = protectedMembers.get(target) ?? new Map<PropertyKey, ProtectedMember>();
  protectedMembers.set(target, members);
  const known = members.get(key);
  if (known?.isInPlace) return known;
  if (known?.isBare) {
    known.startFrom(found);
    return known;
  }
  const member = new ProtectedMember(target, key, found);
  members.set(key, member);
  return member;
}
