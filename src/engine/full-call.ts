import { ClosedError, withoutStack } from '../base/errors.js';
import type { Callable } from './any-function.js';
import { Call } from './call.js';
import { enterFront } from './front-call.js';
import { enterQuick } from './quick-call.js';
import type { Plan } from './plan.js';
import { enter } from './run.js';
import type { Entrance } from './wrapped.js';

/**
 * The first call of a wrapped function, before anything is known of it. A function of its own: where callers find two
 * targets V8 inlines neither, and so has the room to inline what light calls take.
 */
export const enterFirst: Entrance = (wrapped, self, a, b, c, count, rest) => {
  wrapped.enter = enterFull;
  return enterFull(wrapped, self, a, b, c, count, rest);
};

/** Any call but a light one of which all is known: it goes on by what its plan needs. */
const enterFull: Entrance = (wrapped, self, a, b, c, count, rest) => {
  try {
    let plan = wrapped.plan ?? wrapped.prepare(self);
    if (plan.gate.closed && !plan.registry.closed) plan = wrapped.renewed(self);
    if (!plan.gate.closed) {
      if (plan.quick && rest === undefined) return enterQuick(wrapped, plan, self, a, b, c, count);
      if (plan.atOnce !== undefined && count <= 1) return enterFront(wrapped, plan, self, a, count);
    }
    return wrapped.answer(enterCall(plan, wrapped.original, self, a, b, c, count, rest));
  } catch (error) {
    return wrapped.throw(error);
  }
};

/** Begins a call; a function of its own: where there is no room left to inline the constructor, an object costs twice as much. */
function enterCall(
  plan: Plan,
  fn: Callable,
  self: unknown,
  a: unknown,
  b: unknown,
  c: unknown,
  count: number,
  rest: readonly unknown[] | undefined,
): unknown {
  if (plan.gate.closed) throw closed(plan);
  return enter(new Call(plan, fn, self, a, b, c, count, rest, plan.noPermits.slice()), 0);
}

function closed(plan: Plan): ClosedError {
  const source = { policy: 'registry', policyName: plan.site, site: plan.site };
  return withoutStack(() => new ClosedError(`'${plan.site}' is not called any more: its registry is closed`, source));
}
