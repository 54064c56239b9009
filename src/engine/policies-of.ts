import type { AnyPolicy } from './policy.js';
import { memberOf } from './wrapper.js';

/**
 * The policies on a function or a member of a class, outermost first; none where there are none.
 * @example policiesOf(Quotes.prototype, 'price').map((policy) => policy.kind); // ['timed', 'circuitBreaker']
 */
export function policiesOf(target: object, key?: PropertyKey): AnyPolicy[] {
  const member = key === undefined ? memberOf(target) : memberAt(target, key);
  if (member === undefined) return [];
  member.prepare(target);
  return member.specs.map(({ policy }) => policy);
}

function memberAt(target: object, key: PropertyKey): ReturnType<typeof memberOf> {
  for (let owner: object | null = target; owner !== null; owner = Object.getPrototypeOf(owner) as object | null) {
    const descriptor = Object.getOwnPropertyDescriptor(owner, key);
    if (descriptor === undefined) continue;
    return memberOf(descriptor.value) ?? memberOf(descriptor.get) ?? heldBy(target, descriptor);
  }
  return undefined;
}

/** An accessor is no wrapper itself: what it holds is. */
function heldBy(target: object, { get }: PropertyDescriptor): ReturnType<typeof memberOf> {
  try {
    return memberOf(get?.call(target));
  } catch {
    // A getter that cannot be read on this object, such as an accessor on the prototype, holds nothing.
    return undefined;
  }
}
