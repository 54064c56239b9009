import type { Callable } from './any-function.js';
import { holder } from './holder.js';
import { Place } from './place.js';
import type { Spec } from './spec.js';
import { memberOf, wrap } from './wrapper.js';

type DecoratorContext =
  | ClassMethodDecoratorContext
  | ClassGetterDecoratorContext
  | ClassSetterDecoratorContext
  | ClassFieldDecoratorContext
  | ClassAccessorDecoratorContext
  | ClassDecoratorContext;

/**
 * Applies policies to whatever a policy value was called with: a function, or what a decorator is given, TC39 or legacy.
 * This is the one place that tells them apart.
 * @throws {TypeError} for a class, a setter, a parameter, or a member that does not hold a function
 */
export function applyTo(owner: string, specs: readonly Spec[], given: readonly unknown[]): unknown {
  const [target, context, descriptor] = given;
  if (isDecoratorContext(context)) return decorate(owner, specs, target, context);
  if (typeof context === 'string' || typeof context === 'symbol') {
    return decorateLegacy(owner, specs, target as object, context, descriptor);
  }
  if (typeof target !== 'function') throw new TypeError(`${owner} wraps a function, got ${typeof target}`);
  if (isClass(target)) throw new TypeError(`${owner} cannot decorate the class ${target.name}: decorate its methods`);
  return wrap(target as Callable, specs);
}

function decorate(owner: string, specs: readonly Spec[], target: unknown, context: DecoratorContext): unknown {
  switch (context.kind) {
    case 'method':
    case 'getter':
      return wrap(target as Callable, specs, () => placeOf(context.name as PropertyKey, context));
    case 'field':
      return decorateField(owner, specs, context);
    case 'accessor':
      return decorateAccessor(owner, specs, target as ClassAccessorDecoratorTarget<unknown, Callable>, context);
    default:
      throw new TypeError(`${owner} cannot decorate the ${context.kind} ${String(context.name)}: decorate a method`);
  }
}

/** Each instance has a function of its own in the field, and all share the policies. */
function decorateField(owner: string, specs: readonly Spec[], context: ClassFieldDecoratorContext): unknown {
  const wrapHeld = holder(owner, specs, context, placeOf(context.name, context));
  return function (this: unknown, value: unknown): Callable {
    return wrapHeld(this, value);
  };
}

function decorateAccessor(
  owner: string,
  specs: readonly Spec[],
  target: ClassAccessorDecoratorTarget<unknown, Callable>,
  context: ClassAccessorDecoratorContext,
): ClassAccessorDecoratorResult<unknown, Callable> {
  const wrapHeld = holder(owner, specs, context, placeOf(context.name, context));
  return {
    get(this: unknown): Callable {
      return target.get.call(this);
    },
    set(this: unknown, value: Callable): void {
      target.set.call(this, wrapHeld(this, value));
    },
    init(this: unknown, value: Callable): Callable {
      return wrapHeld(this, value);
    },
  };
}

function decorateLegacy(
  owner: string,
  specs: readonly Spec[],
  target: object,
  key: string | symbol,
  descriptor: unknown,
): PropertyDescriptor {
  if (typeof descriptor === 'number') throw new TypeError(`${owner} cannot decorate a parameter of ${String(key)}`);
  if (typeof descriptor !== 'object' || descriptor === null) {
    throw new TypeError(
      `${owner} cannot decorate the property ${String(key)} in legacy mode: decorate a method or a getter`,
    );
  }
  const { value, get, set } = descriptor as PropertyDescriptor;
  const place = () => {
    const made = placeOf(key);
    made.find(target);
    return made;
  };
  if (typeof value === 'function') return { ...descriptor, value: wrap(value as Callable, specs, place) };
  if (get !== undefined) return { ...descriptor, get: wrap(get as Callable, specs, place) };
  const what = set === undefined ? `property ${String(key)}, which holds no function` : `setter ${String(key)}`;
  throw new TypeError(`${owner} cannot decorate the ${what}: decorate a method or a getter`);
}

function placeOf(
  key: PropertyKey,
  context?: { readonly private: boolean; readonly metadata: object | undefined },
): Place {
  const owns = (candidate: unknown) => memberOf(candidate)?.place === place;
  const place: Place = Place.ofMember({ key, isPrivate: context?.private ?? false, metadata: context?.metadata, owns });
  return place;
}

function isDecoratorContext(value: unknown): value is DecoratorContext {
  return typeof value === 'object' && value !== null && 'kind' in value && 'name' in value;
}

/** Whether a function can only be called with `new`. */
export function isClass(fn: Function): boolean {
  // The text alone would take `class() {}`, a method of that name, for one; but a method has no prototype.
  return Object.hasOwn(fn, 'prototype') && /^class\b/.test(Function.prototype.toString.call(fn));
}
