import type { Member } from './member.js';
import { memberOf } from './wrapper.js';

/** An object and what it inherits from, but for what every object or function inherits. */
export function* chainOf(start: object): Generator<object> {
  for (let owner: object | null = start; owner !== null; owner = Object.getPrototypeOf(owner) as object | null) {
    if (owner !== Object.prototype && owner !== Function.prototype) yield owner;
  }
}

/** The methods and getters of an object's own that bear policies, made ready and named, as by a first call. */
export function membersOn(owner: object): Member[] {
  return Reflect.ownKeys(owner).flatMap((key) => {
    const descriptor = Object.getOwnPropertyDescriptor(owner, key);
    // A getter that bears no policies is not read: on a prototype it may do anything.
    const member = memberOf(descriptor?.value) ?? memberOf(descriptor?.get);
    if (member === undefined) return [];
    member.prepare(owner);
    return [member];
  });
}
