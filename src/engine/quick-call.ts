import { isPlain } from '../base/thenable.js';
import { letSlimIn, refuse } from './admission.js';
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
  if (refusal !== undefined) return refuse(wrapped, plan, refusal, self, a, b, c, count, slim.call);
  return runSlim(slim);
}

/** Runs the function of a call that has been let in. */
export function runSlim(slim: SlimCall): unknown {
  try {
    slim.hold();
  } catch (error) {
    return broken(slim, error);
  }
  const { wrapped, handlers, self, a, b, c, count } = slim;
  const outer = begin(slim);
  let result: unknown;
  try {
    result = invoke(wrapped.original, self, a, b, c, count);
  } catch (error) {
    leave(outer);
    return broken(slim, error);
  }
  leave(outer);
  // Who has read the context may hold the `Call`, and what is inside of a limit may have been answered.
  if (slim.call !== undefined) return ended(slim, result);
  if (result instanceof Promise) {
    wrapped.promising = true;
    return handlers.deaf && !handlers.plan.answers ? result : slim.follow(result);
  }
  if (wrapped.always || !isPlain(result)) return ended(slim, result);
  return handlers.succeeded === undefined ? result : handlers.succeeded(result, slim);
}

/** What is inside of the quick stages has thrown, or one of them has. */
export function broken(slim: SlimCall, error: unknown): unknown {
  const call = slim.whole();
  try {
    return slim.wrapped.answer(onStack(call, fail(call, slim.innermost, error)));
  } catch (thrown) {
    return slim.wrapped.throw(thrown);
  }
}

function ended(slim: SlimCall, result: unknown): unknown {
  const call = slim.whole();
  try {
    return slim.wrapped.answer(onStack(call, settleFunction(call, result)));
  } catch (error) {
    return slim.wrapped.throw(error);
  }
}
