import type { Callable } from './any-function.js';
import { Call } from './call.js';
import { type CallContext, neutralContext } from './call-context.js';
import { Plan } from './plan.js';

// What runs synchronously at this moment. A light call has no object of its own: its plan stands here, and what it was
// called with stands beside it, until somebody asks for the context.
let running: Call | Plan | undefined;
let lightFn: Callable | undefined;
let lightSelf: unknown;
let lightA: unknown;
let lightB: unknown;
let lightC: unknown;
let lightCount = 0;

/**
 * What the running call may know of itself. Read it before the first `await`: after it, and outside a policy's call, it
 * is neutral – attempt 1, a signal that never aborts, no limit.
 * @example const { signal } = callContext();
 */
export function callContext(): CallContext {
  return callOf(running) ?? neutralContext;
}

/** Marks the start of a call; what it returns is handed to {@link leave}. */
export function begin(call: Call): Call | undefined {
  const outer = callOf(running);
  running = call;
  return outer;
}

/** Marks the start of a light call. */
export function beginLight(
  plan: Plan,
  fn: Callable,
  self: unknown,
  a: unknown,
  b: unknown,
  c: unknown,
  count: number,
): Call | undefined {
  const outer = callOf(running);
  running = plan;
  lightFn = fn;
  lightSelf = self;
  lightA = a;
  lightB = b;
  lightC = c;
  lightCount = count;
  return outer;
}

/** Marks the end of the synchronous part of a call. */
export function leave(outer: Call | undefined): void {
  running = outer;
}

/** Marks the end of the synchronous part of a light call; gives its object, if somebody asked for the context. */
export function leaveLight(outer: Call | undefined): Call | undefined {
  const seen = running;
  running = outer;
  // What a caller passed must not be kept alive from here.
  lightFn = lightSelf = lightA = lightB = lightC = undefined;
  return seen instanceof Call ? seen : undefined;
}

function callOf(current: Call | Plan | undefined): Call | undefined {
  if (!(current instanceof Plan) || lightFn === undefined) return current as Call | undefined;
  const call = new Call(current, lightFn, lightSelf, lightA, lightB, lightC, lightCount, undefined, []);
  running = call;
  return call;
}
