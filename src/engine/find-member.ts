import { nearest } from '../base/nearest.js';
import type { Callable } from './any-function.js';
import { isClass } from './faces.js';
import { Place } from './place.js';
import type { Found } from './protected-member.js';
import { memberOf } from './wrapper.js';

/**
 * Finds a member of an object, its own or inherited, and makes sure that it can be replaced and put back.
 * @param className What stands before the member in its name. @default the class that declares it
 * @throws {TypeError} for a member that is not there, holds no function, or cannot be replaced
 */
export function findMember(target: object, key: PropertyKey, className: string | undefined): Found {
  const owner = declaring(target, key);
  const descriptor = owner && Object.getOwnPropertyDescriptor(owner, key);
  if (owner === undefined || descriptor === undefined) throw new TypeError(missing(target, key));
  const plainName = Place.ofMember({ key, isPrivate: false, metadata: undefined, owns: () => false });
  plainName.find(owner);
  const made = nameOf(owner, key, plainName.name, className);
  const fn = functionOf(descriptor, made);
  const isOwn = owner === target;
  if (isOwn && !isReplaceable(descriptor)) {
    throw new TypeError(
      `protect cannot replace ${made}: it is ${Object.isFrozen(target) ? 'frozen' : 'not configurable'}`,
    );
  }
  if (!isOwn && !Object.isExtensible(target)) {
    throw new TypeError(`protect cannot put anything in the place of ${made}: the object is not extensible`);
  }
  return { descriptor, isOwn, fn, name: nameOfWrapped(target, fn, made, className) };
}

function declaring(target: object, key: PropertyKey): object | undefined {
  for (let owner: object | null = target; owner !== null; owner = Object.getPrototypeOf(owner) as object | null) {
    if (Object.hasOwn(owner, key)) return owner;
  }
  return undefined;
}

function functionOf({ value, get, set }: PropertyDescriptor, name: string): Callable {
  if (get !== undefined) return get as Callable;
  if (set !== undefined) throw new TypeError(`protect cannot protect the setter ${name}: it takes methods and getters`);
  if (typeof value !== 'function') throw new TypeError(`protect cannot protect ${name}, which holds no function`);
  if (isClass(value)) throw new TypeError(`protect cannot protect the class ${name}: protect its prototype or statics`);
  return value as Callable;
}

/** A property that can only be written keeps its other attributes. */
function isReplaceable({ configurable, writable }: PropertyDescriptor): boolean {
  return configurable === true || writable === true;
}

function nameOf(owner: object, key: PropertyKey, named: string, className: string | undefined): string {
  const bare = named.startsWith('Object.') && owner.constructor === Object ? named.slice('Object.'.length) : named;
  if (className === undefined) return bare;
  return typeof key === 'symbol' ? `${className}[${key.description ?? ''}]` : `${className}.${String(key)}`;
}

/** A member that bears policies is named already: all its policies share the name. */
function nameOfWrapped(target: object, fn: Callable, made: string, className: string | undefined): string {
  const place = memberOf(fn)?.place;
  if (place === undefined) return made;
  place.find(target);
  if (className === undefined || place.name === made) return place.name;
  throw new TypeError(`protect cannot name it ${made}: it bears policies already, under the name ${place.name}`);
}

function missing(target: object, key: PropertyKey): string {
  const name = String(key);
  const what = typeof target === 'function' ? `the class ${target.name}` : 'the object';
  if (typeof target === 'function' && key in ((target.prototype as object | undefined) ?? {})) {
    return `protect: ${what} has no static \`${name}\`, its instances have: protect(${target.name}.prototype, …)`;
  }
  const near = nearest(name, namesOf(target));
  return `protect: ${what} has no member \`${name}\`${near === undefined ? '' : `; did you mean \`${near}\`?`}`;
}

function namesOf(target: object): string[] {
  const names: string[] = [];
  for (let owner: object | null = target; owner !== null; owner = Object.getPrototypeOf(owner) as object | null) {
    if (owner !== Object.prototype && owner !== Function.prototype) names.push(...Object.getOwnPropertyNames(owner));
  }
  return names;
}
