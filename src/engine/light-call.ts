import { answeredBy, refuse } from './admission.js';
import { Call } from './call.js';
import { Admission, type Door } from './doors.js';
import { SlimCall } from './slim-call.js';
import { invoke } from './invoke.js';
import type { Plan, SharedHandlers } from './plan.js';
import { broken, ended, runSlim } from './quick-call.js';
import { fail } from './run.js';
import { begin, leaveLight } from './running.js';
import { Refused } from './stage.js';
import type { Wrapped } from './wrapped.js';

/** How far a light call has come: it was asked for, it was let in, its function has thrown or returned. */
type Progress = 'asked' | 'let in' | 'thrown' | 'returned';

/**
 * Runs a call that has no object of its own, unless it fails or asks for its context. It shares its handlers with all
 * calls that hold the same permits: two made for each call would cost 0.35 of a bare one.
 *
 * This is the path of calls without objects among their arguments, where all is well: with the wrapper it has to stay so
 * short that both are inlined where the function is called, or it costs 0.5 more. So all else is left to {@link goOn}.
 */
export function enterLight(
  wrapped: Wrapped,
  plan: Plan,
  self: unknown,
  a: unknown,
  b: unknown,
  c: unknown,
  count: number,
): unknown {
  const handlers = plan.handlers as SharedHandlers;
  let progress: Progress = 'asked';
  let permit: unknown;
  let outer: ReturnType<typeof begin>;
  let result: unknown;
  try {
    if (plan.door !== undefined) permit = plan.door.ask();
    progress = 'let in';
    // Where no argument is an object there is no caller's signal, nor anything else to keep for guards.
    if (permit === handlers.held && typeof a !== 'object' && typeof b !== 'object' && typeof c !== 'object') {
      progress = 'thrown';
      outer = begin(plan);
      result = invoke(wrapped.original, self, a, b, c, count);
      progress = 'returned';
    }
  } catch (error) {
    result = error;
  }
  if (progress === 'returned') {
    // From here on, its own object, if somebody has asked for the context.
    outer = leaveLight(plan, outer);
    if (outer === undefined && result instanceof Promise) {
      wrapped.promising = true;
      if (plan.answers) return follow(result, wrapped, handlers, self, a, b, c, count);
      return handlers.deaf ? result : result.then(handlers.succeeded, handlers.failed);
    }
    // As `isPlain` says; spelled out, for the code of another room takes more of what V8 inlines.
    if (outer === undefined && !wrapped.always && typeof result !== 'object' && typeof result !== 'function') {
      return handlers.succeeded === undefined ? result : handlers.succeeded(result);
    }
  }
  return goOn(wrapped, handlers, progress, permit, outer, result, self, a, b, c, count);
}

/** Takes a call on from where {@link enterLight} has left it. `begun` is what ran outside of it, or its own object. */
function goOn(
  wrapped: Wrapped,
  last: SharedHandlers,
  progress: Progress,
  permit: unknown,
  begun: ReturnType<typeof begin>,
  result: unknown,
  self: unknown,
  a: unknown,
  b: unknown,
  c: unknown,
  count: number,
): unknown {
  const { plan } = last;
  switch (progress) {
    case 'returned':
      return ended(wrapped, complete(begun as Call | undefined, wrapped, last, self, a, b, c, count), result);
    case 'thrown':
      return broken(wrapped, complete(leaveLight(plan, begun), wrapped, last, self, a, b, c, count), result);
    default: {
      const answer = progress === 'asked' ? new Refused(result) : permit;
      const admitted = answeredBy(plan, plan.door as Door, answer);
      if (admitted instanceof Admission) return refuse(new SlimCall(wrapped, last, self, a, b, c, count), admitted);
      return runSlim(new SlimCall(wrapped, admitted, self, a, b, c, count));
    }
  }
}

/** Functions of their own: each thing that a closure holds is allocated for every call. */
export function follow(
  result: Promise<unknown>,
  wrapped: Wrapped,
  handlers: SharedHandlers,
  self: unknown,
  a: unknown,
  b: unknown,
  c: unknown,
  count: number,
): Promise<unknown> {
  return count === 1
    ? followOne(result, wrapped, handlers, self, a)
    : new SlimCall(wrapped, handlers, self, a, b, c, count).follow(result);
}

function followOne(
  result: Promise<unknown>,
  wrapped: Wrapped,
  handlers: SharedHandlers,
  self: unknown,
  a: unknown,
): Promise<unknown> {
  return result.then(handlers.succeeded, (error: unknown) => {
    const call = complete(undefined, wrapped, handlers, self, a, undefined, undefined, 1);
    return fail(call, handlers.plan.quickUntil - 1, error);
  });
}

/** Gives the object that the context was read from what it did without until now; or makes one, where nobody asked. */
export function complete(
  seen: Call | undefined,
  { original }: Wrapped,
  { plan, permits }: SharedHandlers,
  self: unknown,
  a: unknown,
  b: unknown,
  c: unknown,
  count: number,
): Call {
  if (seen === undefined) return new Call(plan, original, self, a, b, c, count, undefined, permits.slice());
  seen.fn = original;
  seen.self = self;
  seen.a = a;
  seen.b = b;
  seen.c = c;
  seen.count = count;
  seen.permits = permits.slice();
  return seen;
}
