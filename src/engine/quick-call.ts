import { isPlain } from '../base/thenable.js';
import { letSlimIn, refuse } from './admission.js';
import type { Call } from './call.js';
import { invoke } from './invoke.js';
import type { Plan, SharedHandlers } from './plan.js';
import { fail, onStack, settleFunction } from './run.js';
import { begin, leave } from './running.js';
import { SlimCall } from './slim-call.js';
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
  const slim = new SlimCall(wrapped, plan.handlers as SharedHandlers, self, a, b, c, count);
  const refusal = letSlimIn(slim);
  return refusal === undefined ? runSlim(slim) : refuse(slim, refusal);
}

/** Runs the function of a call that has been let in. */
export function runSlim(slim: SlimCall): unknown {
  const { wrapped, handlers, self, a, b, c, count } = slim;
  try {
    slim.hold();
  } catch (error) {
    return broken(wrapped, slim.whole(), error);
  }
  const outer = begin(slim);
  let result: unknown;
  try {
    result = invoke(wrapped.original, self, a, b, c, count);
  } catch (error) {
    leave(outer);
    return broken(wrapped, slim.whole(), error);
  }
  leave(outer);
  // Who has read the context may hold the `Call`, and what is inside of a limit may have been answered.
  if (slim.call !== undefined) return ended(wrapped, slim.call, result);
  if (result instanceof Promise) {
    wrapped.promising = true;
    return handlers.deaf && !handlers.plan.answers ? result : slim.follow(result);
  }
  if (wrapped.always || !isPlain(result)) return ended(wrapped, slim.whole(), result);
  return handlers.succeeded === undefined ? result : handlers.succeeded(result, slim);
}

/** What is inside of the quick stages has thrown, or one of them has. */
export function broken(wrapped: Wrapped, call: Call, error: unknown): unknown {
  try {
    return wrapped.answer(onStack(call, fail(call, call.plan.quickUntil - 1, error)));
  } catch (thrown) {
    return wrapped.throw(thrown);
  }
}

/** The function has given what may be no promise, or its call has been asked for. */
export function ended(wrapped: Wrapped, call: Call, result: unknown): unknown {
  try {
    return wrapped.answer(onStack(call, settleFunction(call, result)));
  } catch (error) {
    return wrapped.throw(error);
  }
}
