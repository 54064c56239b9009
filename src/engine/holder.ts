import type { Callable } from './any-function.js';
import { Application } from './application.js';
import { Member } from './member.js';
import type { Place } from './place.js';
import type { Spec } from './spec.js';
import { memberOf, originalOf, wrapperFor } from './wrapper.js';

type HolderContext = ClassFieldDecoratorContext | ClassAccessorDecoratorContext;

/** The part of a member's policies that stands on the field or accessor itself, outside of those on what it holds. */
interface Held {
  readonly context: HolderContext;
  readonly own: number;
}

const held = new WeakMap<Member, Held>();

/**
 * Makes what wraps the functions that a field or accessor holds: each instance has a function of its own there, and all
 * share the policies.
 */
export function holder(
  owner: string,
  specs: readonly Spec[],
  context: HolderContext,
  place: Place,
): (self: unknown, value: unknown) => Callable {
  const applications = specs.map((spec) => new Application(spec));
  const members = new WeakMap<object, Member>();
  return (self, value) => {
    if (typeof value !== 'function') {
      const what = `${context.kind} ${String(context.name)}`;
      throw new TypeError(`${owner}: the ${what} does not hold a function, but ${typeof value}`);
    }
    const inner = memberOf(value);
    // A member that is set to what it holds, or to what another instance holds, has its policies already.
    if (inner?.applications.includes(applications[0] as Application)) return value as Callable;
    let member = members.get(inner ?? place);
    if (member === undefined) {
      member = stacked(applications, inner, context, place);
      members.set(inner ?? place, member);
    }
    place.find(self);
    return wrapperFor(originalOf(value as Callable), member, value as Callable);
  };
}

/**
 * Decorators of one field are asked outermost first: what comes to an inner one has been wrapped by those outside of it,
 * and its policies belong inside theirs, but outside of what the function had before.
 */
function stacked(
  applications: readonly Application[],
  inner: Member | undefined,
  context: HolderContext,
  place: Place,
): Member {
  if (inner === undefined) return hold(new Member(place, applications), context, applications.length);
  const outer = held.get(inner);
  const outside = outer !== undefined && sameMember(outer.context, context) ? outer.own : 0;
  const all = [...inner.applications.slice(0, outside), ...applications, ...inner.applications.slice(outside)];
  return hold(new Member(inner.place, all), context, outside + applications.length);
}

function hold(member: Member, context: HolderContext, own: number): Member {
  held.set(member, { context, own });
  return member;
}

/** Each decorator gets a context of its own; the metadata is that of the class. */
function sameMember(left: HolderContext, right: HolderContext): boolean {
  return (
    left.name === right.name &&
    left.static === right.static &&
    left.private === right.private &&
    left.metadata === right.metadata
  );
}
