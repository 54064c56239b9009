import { admissionOf, type Door } from './doors.js';
import { complete, follow, refuse } from './light-call.js';
import type { Plan, SharedHandlers } from './plan.js';
import { enterLoop, fail } from './run.js';
import { holding } from './shared-handlers.js';
import { Refused } from './stage.js';
import type { Wrapped } from './wrapped.js';

/**
 * A call that a stage may answer at once, with nothing but light stages outside of it: it needs an object of its own only
 * if there is no answer at hand.
 */
export function enterFront(wrapped: Wrapped, plan: Plan, self: unknown, a: unknown, count: number): unknown {
  let handlers = plan.handlers as SharedHandlers;
  if (plan.door !== undefined) {
    const permit = ask(plan.door);
    if (permit !== handlers.held) {
      const admission = admissionOf(plan.door, permit, handlers.permits);
      if (admission.refusal !== undefined) {
        return refuse(wrapped, plan, admission, self, a, undefined, undefined, count);
      }
      handlers = holding(plan, admission.permits);
    }
  }
  let answer: unknown;
  try {
    answer = plan.atOnce?.(self, a, count);
  } catch (error) {
    const call = complete(undefined, wrapped, handlers, self, a, undefined, undefined, count);
    return wrapped.answer(fail(call, plan.lightUntil - 1, error));
  }
  if (answer === undefined) {
    const call = complete(undefined, wrapped, handlers, self, a, undefined, undefined, count);
    return wrapped.answer(enterLoop(call, plan.lightUntil, 'was asked'));
  }
  if (!(answer instanceof Promise)) {
    return wrapped.answer(handlers.succeeded === undefined ? answer : handlers.succeeded(answer));
  }
  wrapped.promising = true;
  if (plan.answers) return follow(answer, wrapped, handlers, self, a, undefined, undefined, count);
  return handlers.deaf ? answer : answer.then(handlers.succeeded, handlers.failed);
}

function ask(door: Door): unknown {
  try {
    return door.ask();
  } catch (error) {
    return new Refused(error);
  }
}
