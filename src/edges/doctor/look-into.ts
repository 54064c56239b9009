import { isObject } from '../../base/is-object.js';
import { chainOf, membersOn } from '../../engine/members-on.js';
import type { Member } from '../../engine/member.js';
import { memberOf } from '../../engine/wrapper.js';
import { Registry } from '../../registry/registry.js';

/** How far a look goes into objects and arrays that are exported. */
const DEPTH = 3;

/** What is found in modules. */
interface Found {
  /** Those that are exported, and those that policies were given. */
  readonly registries: Set<Registry>;
  readonly members: Set<Member>;
}

/**
 * Looks at all that modules export: functions, the methods of classes and of objects, and what objects hold. No getter is
 * read, and nothing is called.
 */
export function lookInto(modules: readonly object[]): Found {
  const found: Found = { registries: new Set(), members: new Set() };
  const seen = new Set<unknown>();
  for (const module of modules) look(module, DEPTH, found, seen);
  for (const { policies } of found.members) for (const { registry } of policies) found.registries.add(registry);
  return found;
}

function look(value: unknown, depth: number, found: Found, seen: Set<unknown>): void {
  if (!isObject(value) || seen.has(value)) return;
  seen.add(value);
  if (value instanceof Registry) {
    found.registries.add(value);
    return;
  }
  const member = memberOf(value);
  if (member !== undefined) {
    member.prepare(undefined);
    found.members.add(member);
    return;
  }
  for (const owner of ownersOf(value)) for (const one of membersOn(owner)) found.members.add(one);
  if (depth === 0) return;
  for (const held of heldBy(value)) look(held, depth - 1, found, seen);
}

/** The class and its prototype, or the object itself, each with what it inherits from. */
function ownersOf(value: object): object[] {
  const prototype = typeof value === 'function' ? (value.prototype as unknown) : undefined;
  return [...chainOf(value), ...(isObject(prototype) ? chainOf(prototype) : [])];
}

/** What the properties of an object hold; a module's are properties too. */
function heldBy(value: object): unknown[] {
  if (typeof value === 'function') return [];
  return Object.values(Object.getOwnPropertyDescriptors(value)).map((descriptor): unknown => descriptor.value);
}
