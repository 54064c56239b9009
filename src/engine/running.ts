import type { Callable } from './any-function.js';
import { Call } from './call.js';
import { type CallContext, neutralContext } from './call-context.js';
import { Plan, PlanWithArguments } from './plan.js';

/** What stands for a light call. */
type Mark = Plan | PlanWithArguments;

/** What stands in the cell: a call, or what stands for a light one; of this copy of the package or of another. */
type Running = Call | Mark;

// What runs synchronously at this moment; all copies of the package in a process share it. A light call has no object of
// its own: its plan stands here until somebody asks for the context, and beside it the arguments, if the caller's signal
// may be among them. Each value kept costs 2 % of a bare call.
const cell = sharedCell();
let lentA: unknown;
let lentB: unknown;
let lentC: unknown;

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

/**
 * Marks the start of a light call by what stands for it until somebody asks for its context: its plan, or
 * `plan.withArguments`, whose arguments are then lent by {@link lend}.
 */
export function beginLight(mark: Mark): Call | undefined {
  const outer = cell.running === undefined ? undefined : callOf(cell.running);
  cell.running = mark;
  return outer;
}

/** The arguments of the light call that is beginning; none once it has ended, for nothing must be kept alive from here. */
export function lend(a?: unknown, b?: unknown, c?: unknown): void {
  lentA = a;
  lentB = b;
  lentC = c;
}

/** Marks the end of the synchronous part of a call. */
export function leave(outer: Call | undefined): void {
  cell.running = outer;
}

/** The same for a light call; gives its object, if somebody asked for the context. */
export function leaveLight(mark: Mark, outer: Call | undefined): Call | undefined {
  const seen = cell.running;
  cell.running = outer;
  return seen === mark ? undefined : (seen as Call);
}

function callOf(current: Running): Call {
  if (current instanceof Call) return current;
  let call: Call;
  if (current instanceof Plan)
    call = new Call(current, unknownYet, undefined, undefined, undefined, undefined, 0, undefined, []);
  else if (current instanceof PlanWithArguments)
    call = new Call(current.plan, unknownYet, undefined, lentA, lentB, lentC, 3, undefined, []);
  // Another copy's light call is known to that copy alone.
  else return 'read' in current ? ((current as Mark).read() as Call) : (current as Call);
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
