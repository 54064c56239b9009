import { truePromise } from '../base/thenable.js';
import { letIn, letSlimIn, refuse } from './admission.js';
import { Admission } from './doors.js';
import { complete, follow } from './light-call.js';
import type { Plan, SharedHandlers } from './plan.js';
import { broken } from './quick-call.js';
import { enterLoop, fail, onStack, settle } from './run.js';
import { SlimCall } from './slim-call.js';
import type { Wrapped } from './wrapped.js';

/**
 * A call that a stage may answer at once, with nothing but quick stages outside of it: it needs a `Call` only if there is
 * no answer at hand.
 */
export function enterFront(wrapped: Wrapped, plan: Plan, self: unknown, a: unknown, count: number): unknown {
  const last = plan.handlers as SharedHandlers;
  if (plan.outerHolder !== -1) return enterHeld(wrapped, plan, self, a, count);
  const admitted = plan.door === undefined ? last : letIn(plan, plan.door);
  if (admitted instanceof Admission) {
    return refuse(new SlimCall(wrapped, last, self, a, undefined, undefined, count), admitted);
  }
  let answer: unknown;
  try {
    answer = plan.atOnce?.(self, a, count);
  } catch (error) {
    const call = complete(undefined, wrapped, admitted, self, a, undefined, undefined, count);
    return wrapped.answer(fail(call, plan.quickUntil - 1, error));
  }
  if (answer === undefined) {
    const call = complete(undefined, wrapped, admitted, self, a, undefined, undefined, count);
    return wrapped.answer(enterLoop(call, plan.quickUntil, 'was asked'));
  }
  if (!(answer instanceof Promise)) {
    return wrapped.answer(admitted.succeeded === undefined ? answer : admitted.succeeded(answer));
  }
  wrapped.promising = true;
  if (plan.answers) return follow(answer, wrapped, admitted, self, a, undefined, undefined, count);
  return admitted.deaf ? answer : answer.then(admitted.succeeded, admitted.failed);
}

/** The same where a stage outside holds something of each call. */
function enterHeld(wrapped: Wrapped, plan: Plan, self: unknown, a: unknown, count: number): unknown {
  const slim = new SlimCall(wrapped, plan.handlers as SharedHandlers, self, a, undefined, undefined, count);
  const refusal = letSlimIn(slim);
  if (refusal !== undefined) return refuse(slim, refusal);
  let answer: unknown;
  try {
    slim.hold();
    answer = plan.atOnce?.(self, a, count, slim);
  } catch (error) {
    return broken(wrapped, slim.whole(), error);
  }
  if (answer === undefined) {
    const call = slim.whole();
    return wrapped.answer(onStack(call, enterLoop(call, plan.quickUntil, 'was asked')));
  }
  // Who was asked may hold the `Call`, or a limit outside has answered it already.
  if (slim.call !== undefined) {
    return wrapped.answer(onStack(slim.call, settle(slim.call, truePromise(answer), slim.innermost)));
  }
  const { succeeded } = slim.handlers;
  if (!(answer instanceof Promise)) return wrapped.answer(succeeded === undefined ? answer : succeeded(answer, slim));
  wrapped.promising = true;
  return slim.follow(answer);
}
