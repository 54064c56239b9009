import { type Call, UNHELD } from './call.js';
import { Admission, admissionOf, type Door } from './doors.js';
import type { Plan, SharedHandlers } from './plan.js';
import { fail, onStack } from './run.js';
import { holding } from './shared-handlers.js';
import type { SlimCall } from './slim-call.js';
import { type EndedCall, Refused } from './stage.js';

/** Asks the guards; gives the handlers for what they gave, or what they gave with the refusal in it. */
export function letIn(plan: Plan, door: Door, call?: EndedCall): SharedHandlers | Admission {
  let answer: unknown;
  try {
    answer = door.ask(call);
  } catch (error) {
    answer = new Refused(error);
  }
  return answeredBy(plan, door, answer);
}

/** The same for what the guards have answered already. */
export function answeredBy(plan: Plan, door: Door, answer: unknown): SharedHandlers | Admission {
  const last = plan.handlers as SharedHandlers;
  if (answer === last.held) return last;
  const admission = admissionOf(door, answer, last.permits);
  return admission.refusal === undefined ? holding(plan, admission.permits) : admission;
}

/** The same for a call that has something of its own; gives the refusal, if there is one. */
export function letSlimIn(slim: SlimCall): Admission | undefined {
  const { plan } = slim.handlers;
  if (plan.door === undefined) return undefined;
  const admitted = letIn(plan, plan.door, slim);
  if (admitted instanceof Admission) return admitted;
  slim.admitted(admitted);
  return undefined;
}

/** A guard has not let the call in; the others are told. */
export function refuse(slim: SlimCall, { permits, refusal }: Admission): unknown {
  const { wrapped, handlers } = slim;
  const { plan } = handlers;
  const { position, error } = refusal as NonNullable<Admission['refusal']>;
  if (plan.outwardOnFailure[position] === -1) return wrapped.answer(new Refused(error));
  const call = slim.whole();
  call.permits = permits.slice();
  try {
    const failure = plan.outerHolder === -1 ? error : holdOutside(call, position, error);
    return wrapped.answer(onStack(call, fail(call, position - 1, failure)));
  } catch (thrown) {
    return wrapped.throw(thrown);
  }
}

/** Those outside of a guard that rejects have let the call in: they hold what they hold of each. Gives how it has failed. */
function holdOutside(call: Call, position: number, error: unknown): unknown {
  const { outerHolder, innerHolder, stages } = call.plan;
  const holders = [outerHolder, innerHolder].filter((holder) => holder !== -1 && holder < position);
  for (const holder of holders) call.permits[holder] = UNHELD;
  try {
    for (const holder of holders) call.permits[holder] = stages[holder]?.hold?.(call, holder);
  } catch (thrown) {
    return thrown;
  }
  return error;
}
