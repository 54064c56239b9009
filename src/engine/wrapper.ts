import type { Callable } from './any-function.js';
import { Application } from './application.js';
import { enterFirst } from './full-call.js';
import { Member } from './member.js';
import { Place } from './place.js';
import type { Spec } from './spec.js';
import { Wrapped } from './wrapped.js';
import { shapeOf } from './wrapper-shapes.js';

const wrappers = new WeakMap<object, Wrapped>();

/** The member behind a wrapped function. */
export function memberOf(candidate: unknown): Member | undefined {
  return typeof candidate === 'function' ? wrappers.get(candidate)?.member : undefined;
}

/** The function under a wrapper; a function that is not wrapped is its own. */
export function originalOf(fn: Callable): Callable {
  return wrappers.get(fn)?.original ?? fn;
}

/**
 * Puts policies round a function. One that is wrapped already gets a wrapper for all its policies together, not one round
 * the other.
 * @param place Where the function stands, when it is not wrapped yet.
 */
export function wrap(fn: Callable, specs: readonly Spec[], place: () => Place = () => Place.named(fn.name)): Callable {
  const inner = wrappers.get(fn);
  const applications = specs.map((spec) => new Application(spec)).concat(inner?.member.applications ?? []);
  const member = new Member(inner?.member.place ?? place(), applications);
  return wrapperFor(originalOf(fn), member, fn);
}

/** Another function under the policies of a member, as fields need it: one function for each instance. */
export function wrapperFor(original: Callable, member: Member, looks: Callable = original): Callable {
  const wrapped = new Wrapped(original, member, enterFirst);
  const wrapper = shapeOf(wrapped, looks.name, looks.length);
  copyLooks(looks, wrapper);
  wrappers.set(wrapper, wrapped);
  return wrapper;
}

/** Name, length, and what others have hung on the function: own properties, and `reflect-metadata` where it is loaded. */
function copyLooks(from: Callable, to: Callable): void {
  for (const key of Reflect.ownKeys(from)) {
    const descriptor = Object.getOwnPropertyDescriptor(from, key);
    if (descriptor === undefined || key === 'prototype' || key === 'arguments' || key === 'caller') continue;
    if (!isAlike(descriptor, Object.getOwnPropertyDescriptor(to, key))) Object.defineProperty(to, key, descriptor);
  }
  const { getOwnMetadataKeys, getOwnMetadata, defineMetadata } = Reflect as Partial<ReflectMetadata>;
  for (const key of getOwnMetadataKeys?.(from) ?? []) defineMetadata?.(key, getOwnMetadata?.(key, from), to);
}

/** Whether a name or length is as it should be already. */
function isAlike(wanted: PropertyDescriptor, present: PropertyDescriptor | undefined): boolean {
  return (
    present !== undefined &&
    present.value === wanted.value &&
    present.configurable === wanted.configurable &&
    present.enumerable === wanted.enumerable &&
    present.writable === wanted.writable
  );
}

interface ReflectMetadata {
  getOwnMetadataKeys(target: object): unknown[];
  getOwnMetadata(key: unknown, target: object): unknown;
  defineMetadata(key: unknown, value: unknown, target: object): void;
}
