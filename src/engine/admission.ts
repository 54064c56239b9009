import { Call } from './call.js';
import { type Admission, admissionOf, type Door } from './doors.js';
import type { Plan, SharedHandlers } from './plan.js';
import { fail } from './run.js';
import { holding } from './shared-handlers.js';
import { Refused } from './stage.js';
import type { Wrapped } from './wrapped.js';

/** Asks the guards; gives the handlers for what they gave, or what they gave with the refusal in it. */
export function letIn(plan: Plan, door: Door): SharedHandlers | Admission {
  const last = plan.handlers as SharedHandlers;
  const answer = ask(door);
  if (answer === last.held) return last;
  const admission = admissionOf(door, answer, last.permits);
  return admission.refusal === undefined ? holding(plan, admission.permits) : admission;
}

function ask(door: Door): unknown {
  try {
    return door.ask();
  } catch (error) {
    return new Refused(error);
  }
}

/** A guard has not let the call in; the others are told. */
export function refuse(
  wrapped: Wrapped,
  plan: Plan,
  { permits, refusal }: Admission,
  self: unknown,
  a: unknown,
  b: unknown,
  c: unknown,
  count: number,
): unknown {
  const { position, error } = refusal as NonNullable<Admission['refusal']>;
  if (plan.outwardOnFailure[position] === -1) return wrapped.answer(new Refused(error));
  const call = new Call(plan, wrapped.original, self, a, b, c, count, undefined, permits.slice());
  // Those outside of it have let the call in: they hold what they hold of each.
  for (const holder of [plan.outerHolder, plan.innerHolder]) {
    if (holder !== -1 && holder < position) call.permits[holder] = plan.stages[holder]?.hold?.(call, holder);
  }
  try {
    return wrapped.answer(fail(call, position - 1, error));
  } catch (thrown) {
    return wrapped.throw(thrown);
  }
}
