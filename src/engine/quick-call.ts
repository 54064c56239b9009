import { isPlain } from '../base/thenable.js';
import { letIn, refuse } from './admission.js';
import { Admission } from './doors.js';
import { Flight } from './flight.js';
import { invoke } from './invoke.js';
import type { Plan, SharedHandlers } from './plan.js';
import { fail, onStack, settleFunction } from './run.js';
import { begin, leave } from './running.js';
import type { Wrapped } from './wrapped.js';

/** Runs a call that has something of its own, but no `Call` unless it needs one. */
export function enterQuick(
  wrapped: Wrapped,
  plan: Plan,
  self: unknown,
  a: unknown,
  b: unknown,
  c: unknown,
  count: number,
): unknown {
  const admitted = plan.door === undefined ? (plan.handlers as SharedHandlers) : letIn(plan, plan.door);
  if (admitted instanceof Admission) return refuse(wrapped, plan, admitted, self, a, b, c, count);
  return fly(new Flight(wrapped, admitted, self, a, b, c, count));
}

/** Runs the function of a call that has been let in. */
export function fly(flight: Flight): unknown {
  flight.hold();
  const { wrapped, handlers, self, a, b, c, count } = flight;
  const outer = begin(flight);
  let result: unknown;
  try {
    result = invoke(wrapped.original, self, a, b, c, count);
  } catch (error) {
    leave(outer);
    return broken(flight, error);
  }
  leave(outer);
  // Who has read the context may hold the `Call`, and what is inside of a limit may have been answered.
  if (flight.call !== undefined) return ended(flight, result);
  if (result instanceof Promise) {
    wrapped.promising = true;
    return handlers.deaf && !handlers.plan.answers ? result : flight.follow(result);
  }
  if (wrapped.always || !isPlain(result)) return ended(flight, result);
  return handlers.succeeded === undefined ? result : handlers.succeeded(result, flight);
}

function broken(flight: Flight, error: unknown): unknown {
  const call = flight.whole();
  try {
    return flight.wrapped.answer(onStack(call, fail(call, call.plan.stages.length - 1, error)));
  } catch (thrown) {
    return flight.wrapped.throw(thrown);
  }
}

function ended(flight: Flight, result: unknown): unknown {
  const call = flight.whole();
  try {
    return flight.wrapped.answer(onStack(call, settleFunction(call, result)));
  } catch (error) {
    return flight.wrapped.throw(error);
  }
}
