import type { Callable } from './any-function.js';
import { Call } from './call.js';
import type { Member } from './member.js';
import type { Plan } from './plan.js';
import { enter } from './run.js';
import { Refused, type Rerun } from './stage.js';

const asyncFunction: unknown = Object.getPrototypeOf(async () => {});

/** Begins a call of a wrapped function; `rest` are all its arguments, where there are more than three. */
export type Entrance = (
  wrapped: Wrapped,
  self: unknown,
  a: unknown,
  b: unknown,
  c: unknown,
  count: number,
  rest: unknown[] | undefined,
) => unknown;

/** What stands behind a wrapped function: the original, the policies on it, and how its callers are answered. */
export class Wrapped {
  readonly original: Callable;
  readonly member: Member;
  /** Whether its callers always get promises: its policies wait, or it is `async`. */
  readonly always: boolean;
  /** Whether a rejection is a rejected promise: once it has returned promises, its callers handle them. */
  promising: boolean;
  /** How calls enter that are not light: the first one, too, and those with more arguments or a closed gate. */
  enter: Entrance;
  /** The plan of its calls, once the first of them has been made. */
  plan: Plan | undefined = undefined;
  /** The same, if its calls need no object of their own. */
  light: Plan | undefined = undefined;

  constructor(original: Callable, member: Member, enter: Entrance) {
    this.original = original;
    this.member = member;
    this.enter = enter;
    const waits = member.specs.some((spec) => spec.waits || spec.async);
    this.always = waits || Object.getPrototypeOf(original) === asyncFunction;
    this.promising = this.always;
    if (member.place.known) this.prepare(undefined);
  }

  /** Makes the plan; `self` tells the name of a method's class. */
  prepare(self: unknown): Plan {
    if (this.plan !== undefined) return this.plan;
    const plan = this.member.prepare(self);
    makeReady(plan, this.original);
    this.plan = plan;
    if (plan.light) this.light = plan;
    return plan;
  }

  /** The plan that has the place of one whose gate is closed. */
  renewed(self: unknown): Plan {
    this.plan = undefined;
    this.light = undefined;
    return this.prepare(self);
  }

  /** What the caller gets of what a call gave. */
  answer(result: unknown): unknown {
    if (result instanceof Promise) {
      this.promising = true;
      return result;
    }
    if (result instanceof Refused) {
      if (this.promising) return rejected(result.error);
      throw result.error;
    }
    return this.always ? Promise.resolve(result) : result;
  }

  /** What the caller gets of what a call threw. */
  throw(error: unknown): Promise<never> {
    if (this.promising) return Promise.reject(error);
    throw error;
  }
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
function makeReady(plan: Plan, fn: Callable): void {
  plan.stages.forEach(({ ready }, position) => ready?.(fn, rerunOf(plan, position)));
}

/** A function of its own, whose closure holds no function alive. */
function rerunOf(plan: Plan, position: number): Rerun {
  return (again, self, args) => {
    const [a, b, c] = args;
    const rest = args.length > 3 ? args : undefined;
    const run = new Call(plan, again as Callable, self, a, b, c, args.length, rest, plan.noPermits.slice());
    run.start = position + 1;
    return enter(run, run.start);
  };
}
