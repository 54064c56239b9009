import { ClosedError, withoutStack } from '../base/errors.js';
import type { Callable } from './any-function.js';
import { Application } from './application.js';
import { Call } from './call.js';
import { enterLight } from './light-call.js';
import { Member } from './member.js';
import { Place } from './place.js';
import type { Plan } from './plan.js';
import { enter, enterCall } from './run.js';
import type { Spec } from './spec.js';
import { Refused } from './stage.js';

/** What stands behind a wrapped function: the original, and the policies on it. */
interface Wrapped {
  readonly original: Callable;
  readonly member: Member;
}

const wrappers = new WeakMap<object, Wrapped>();
const asyncFunction: unknown = Object.getPrototypeOf(async () => {});

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
  const applications = [...specs.map((spec) => new Application(spec)), ...(inner?.member.applications ?? [])];
  const member = new Member(inner?.member.place ?? place(), applications);
  return wrapperFor(originalOf(fn), member, fn);
}

/** Another function under the policies of a member, as fields need it: one function for each instance. */
export function wrapperFor(original: Callable, member: Member, looks: Callable = original): Callable {
  const always =
    member.specs.some((spec) => spec.waits || spec.async) || Object.getPrototypeOf(original) === asyncFunction;
  let promising = always;
  let prepared: Plan | undefined = member.place.known ? makeReady(member.prepare(undefined), original) : undefined;
  const wrapper = function (this: unknown, a?: unknown, b?: unknown, c?: unknown): unknown {
    prepared ??= makeReady(member.prepare(this), original);
    const plan = prepared;
    const count = arguments.length;
    let result: unknown;
    try {
      if (plan.registry.closed) throw closed(plan);
      if (plan.light && count <= 3) result = enterLight(plan, original, this, a, b, c, count);
      else {
        let rest: unknown[] | undefined;
        if (count > 3) {
          rest = [];
          // One by one: an arguments object that is handed to anyone is allocated for every call, 0.2 of a bare one.
          for (let index = 0; index < count; index++) rest.push(arguments[index]);
        }
        result = enterCall(plan, original, this, a, b, c, count, rest);
      }
    } catch (error) {
      if (promising) return Promise.reject(error);
      throw error;
    }
    if (result instanceof Promise) {
      promising = true;
      return result;
    }
    if (result instanceof Refused) {
      if (promising) return rejected(result.error);
      throw result.error;
    }
    return always ? Promise.resolve(result) : result;
  };
  copyLooks(looks, wrapper);
  wrappers.set(wrapper, { original, member });
  return wrapper;
}

/**
 * A promise that is rejected a microtask late, when its caller has had the time to handle it: one that is rejected before
 * is entered with the runtime as unhandled, at twice the cost.
 */
function rejected(error: unknown): Promise<never> {
  return new Promise((_resolve, reject) => {
    settled.then(() => reject(error));
  });
}

const settled = Promise.resolve();

/** Tells the stages that want to know how to run what is inside them. */
function makeReady(plan: Plan, fn: Callable): Plan {
  plan.stages.forEach(({ ready }, position) => {
    ready?.(fn, (again, self, args) => {
      const [a, b, c] = args;
      const rest = args.length > 3 ? args : undefined;
      const run = new Call(plan, again as Callable, self, a, b, c, args.length, rest, plan.noPermits.slice());
      run.start = position + 1;
      return enter(run, run.start);
    });
  });
  return plan;
}

function closed(plan: Plan): ClosedError {
  const source = { policy: 'registry', policyName: plan.site, site: plan.site };
  return withoutStack(() => new ClosedError(`'${plan.site}' is not called any more: its registry is closed`, source));
}

/** Name, length, and what others have hung on the function: own properties, and `reflect-metadata` where it is loaded. */
function copyLooks(from: Callable, to: Callable): void {
  for (const key of Reflect.ownKeys(from)) {
    const descriptor = Object.getOwnPropertyDescriptor(from, key);
    if (descriptor === undefined || key === 'prototype' || key === 'arguments' || key === 'caller') continue;
    Object.defineProperty(to, key, descriptor);
  }
  const { getOwnMetadataKeys, getOwnMetadata, defineMetadata } = Reflect as Partial<ReflectMetadata>;
  for (const key of getOwnMetadataKeys?.(from) ?? []) defineMetadata?.(key, getOwnMetadata?.(key, from), to);
}

interface ReflectMetadata {
  getOwnMetadataKeys(target: object): unknown[];
  getOwnMetadata(key: unknown, target: object): unknown;
  defineMetadata(key: unknown, value: unknown, target: object): void;
}
