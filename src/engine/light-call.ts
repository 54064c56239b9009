import type { Callable } from './any-function.js';
import { Call } from './call.js';
import type { Plan, SharedHandlers } from './plan.js';
import { fail, invoke, settle } from './run.js';
import { beginLight, beginPlain, leaveLight, leavePlain } from './running.js';
import { handlersFor } from './shared-handlers.js';
import { type FixedStage, Refused } from './stage.js';
import { truePromise } from '../base/thenable.js';

/**
 * Runs a call that has no object of its own, unless it fails or asks for its context. It shares its handlers with all
 * calls that hold the same permits: two made for each call would cost 0.35 of a bare one. What is rare stands in
 * functions of its own, so that this one is small enough to be inlined in the wrapper: 0.25.
 */
export function enterLight(
  plan: Plan,
  fn: Callable,
  self: unknown,
  a: unknown,
  b: unknown,
  c: unknown,
  count: number,
): unknown {
  const handlers = admit(plan);
  if (handlers.refusal !== undefined) {
    const { position, error } = handlers.refusal;
    if (plan.outwardOnFailure[position] === -1) return new Refused(error);
    return fail(new Call(plan, fn, self, a, b, c, count, undefined, handlers.permits.slice()), position - 1, error);
  }
  // Where no argument is an object there is no caller's signal, nor anything else to keep for guards.
  const plain = typeof a !== 'object' && typeof b !== 'object' && typeof c !== 'object';
  const outer = plain ? beginPlain(plan) : beginLight(plan, a, b, c);
  let result: unknown;
  try {
    result = truePromise(invoke(fn, self, a, b, c, count));
  } catch (error) {
    const call = complete(leaveLight(plan, outer), plan, fn, self, a, b, c, count, handlers.permits);
    return fail(call, plan.stages.length - 1, error);
  }
  const seen = plain ? leavePlain(plan, outer) : leaveLight(plan, outer);
  if (seen !== undefined) {
    complete(seen, plan, fn, self, a, b, c, count, handlers.permits);
    return settle(seen, result, plan.stages.length - 1);
  }
  if (!(result instanceof Promise)) return handlers.succeeded === undefined ? result : handlers.succeeded(result);
  if (plan.answers || (!plain && plan.hearsFailures)) {
    return follow(result, handlers, plan, fn, self, a, b, c, count);
  }
  return handlers.deaf ? result : result.then(handlers.succeeded, handlers.failed);
}

/** Asks the guards to let a call in. */
function admit(plan: Plan): SharedHandlers {
  const { stages, admitting } = plan;
  let handlers = (plan.handlers ??= handlersFor(plan, plan.noPermits));
  let next = 0;
  try {
    for (; next < admitting.length; next++) {
      const position = admitting[next] as number;
      const permit = (stages[position] as FixedStage).admit?.();
      if (permit !== handlers.permits[position]) {
        if (permit instanceof Refused) return { ...handlers, refusal: { error: permit.error, position } };
        handlers = handlersFor(plan, handlers.permits.with(position, permit));
        plan.handlers = handlers;
      }
    }
  } catch (error) {
    return { ...handlers, refusal: { error, position: admitting[next] as number } };
  }
  return handlers;
}

/** A function of its own, for what its closure holds would otherwise be allocated for every light call. */
function follow(
  result: Promise<unknown>,
  { succeeded, permits }: SharedHandlers,
  plan: Plan,
  fn: Callable,
  self: unknown,
  a: unknown,
  b: unknown,
  c: unknown,
  count: number,
): unknown {
  return result.then(succeeded, (error: unknown) => {
    const failed = new Call(plan, fn, self, a, b, c, count, undefined, permits.slice());
    return fail(failed, plan.stages.length - 1, error);
  });
}

/** Gives the object that the context was read from what it did without until now; or makes one, where nobody asked. */
function complete(
  seen: Call | undefined,
  plan: Plan,
  fn: Callable,
  self: unknown,
  a: unknown,
  b: unknown,
  c: unknown,
  count: number,
  permits: readonly unknown[],
): Call {
  if (seen === undefined) return new Call(plan, fn, self, a, b, c, count, undefined, permits.slice());
  seen.fn = fn;
  seen.self = self;
  seen.a = a;
  seen.b = b;
  seen.c = c;
  seen.count = count;
  seen.permits = permits.slice();
  return seen;
}
