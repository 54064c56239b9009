import type { Callable } from './any-function.js';
import { Call } from './call.js';
import { type CallContext, neutralContext } from './call-context.js';
import { Plan } from './plan.js';

/** What stands in the cell: a call, or the plan of a light one; of this copy of the package or of another. */
type Running = Call | Plan;

// What runs synchronously at this moment; all copies of the package in a process share it. A light call has no object of
// its own: its plan stands here until somebody asks for the context, and beside it the arguments, if the caller's signal
// may be among them. Each value kept costs 2 % of a bare call.
const cell = sharedCell();
let lightA: unknown;
let lightB: unknown;
let lightC: unknown;

/**
 * What the running call may know of itself. Read it before the first `await`: after it, and outside a policy's call, it
 * is neutral – attempt 1, a signal that never aborts, no limit.
 * @example const { signal } = callContext();
 */
export function callContext(): CallContext {
  return cell.running === undefined ? neutralContext : callOf(cell.running);
}

/** Marks the start of a call; what it returns is handed to {@link leave}. */
export function begin(call: Call): Call | undefined {
  const outer = cell.running === undefined ? undefined : callOf(cell.running);
  cell.running = call;
  return outer;
}

/** Marks the start of a light call that has no object among its arguments. */
export function beginPlain(plan: Plan): Call | undefined {
  const outer = cell.running === undefined ? undefined : callOf(cell.running);
  cell.running = plan;
  lightA = lightB = lightC = undefined;
  return outer;
}

/** Marks the start of a light call. */
export function beginLight(plan: Plan, a: unknown, b: unknown, c: unknown): Call | undefined {
  const outer = beginPlain(plan);
  lightA = a;
  lightB = b;
  lightC = c;
  return outer;
}

/** Marks the end of the synchronous part of a call. */
export function leave(outer: Call | undefined): void {
  cell.running = outer;
}

/** The same for a call that began with {@link beginPlain}; gives its object, if somebody asked for the context. */
export function leavePlain(plan: Plan, outer: Call | undefined): Call | undefined {
  const seen = cell.running;
  cell.running = outer;
  return seen === plan ? undefined : (seen as Call);
}

/** The same for a call that began with {@link beginLight}. */
export function leaveLight(plan: Plan, outer: Call | undefined): Call | undefined {
  // What a caller passed must not be kept alive from here.
  lightA = lightB = lightC = undefined;
  return leavePlain(plan, outer);
}

function callOf(current: Running): Call {
  if (current instanceof Call) return current;
  // Another copy's light call is known to that copy alone.
  if (!(current instanceof Plan)) return 'read' in current ? ((current as Plan).read() as Call) : (current as Call);
  const call = new Call(current, unknownYet, undefined, lightA, lightB, lightC, 3, undefined, []);
  cell.running = call;
  return call;
}

function sharedCell(): { running: Running | undefined } {
  const key = Symbol.for('holdfast.running.v1');
  const home = globalThis as { [key]?: { running: Running | undefined } };
  home[key] ??= { running: undefined };
  return home[key];
}

/** Stands for the function of a light call until its synchronous part has ended. */
const unknownYet: Callable = () => undefined;
