import { letIn, refuse } from './admission.js';
import { Admission } from './doors.js';
import { Flight } from './flight.js';
import { complete, follow } from './light-call.js';
import type { Plan, SharedHandlers } from './plan.js';
import { enterLoop, fail } from './run.js';
import type { Wrapped } from './wrapped.js';

/**
 * A call that a stage may answer at once, with nothing but quick stages outside of it: it needs a `Call` only if there is
 * no answer at hand.
 */
export function enterFront(wrapped: Wrapped, plan: Plan, self: unknown, a: unknown, count: number): unknown {
  const admitted = plan.door === undefined ? (plan.handlers as SharedHandlers) : letIn(plan, plan.door);
  if (admitted instanceof Admission) return refuse(wrapped, plan, admitted, self, a, undefined, undefined, count);
  if (plan.outerHolder !== -1) return flyFront(new Flight(wrapped, admitted, self, a, undefined, undefined, count));
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
function flyFront(flight: Flight): unknown {
  flight.hold();
  const { wrapped, handlers, self, a, count } = flight;
  const { plan, succeeded } = handlers;
  let answer: unknown;
  try {
    answer = plan.atOnce?.(self, a, count, flight);
  } catch (error) {
    return wrapped.answer(fail(flight.whole(), plan.quickUntil - 1, error));
  }
  if (answer === undefined) return wrapped.answer(enterLoop(flight.whole(), plan.quickUntil, 'was asked'));
  if (!(answer instanceof Promise)) return wrapped.answer(succeeded === undefined ? answer : succeeded(answer, flight));
  wrapped.promising = true;
  return flight.follow(answer);
}
