import type { Callable } from './any-function.js';
import { Call } from './call.js';
import { type CallContext, neutralContext } from './call-context.js';
import { Plan } from './plan.js';

/**
 * What stands in the cell: a call, or what stands for one that has no `Call` – its slim, or its plan if it has nothing
 * of its own. It may be of this copy of the package or of another.
 */
type Running = Call | Plan | { read(): CallContext };

// What runs synchronously at this moment; all copies of the package in a process share it.
const cell = sharedCell();

/**
 * What the running call may know of itself. Read it before the first `await`: after it, and outside a policy's call, it
 * is neutral – attempt 1, a signal that never aborts, no limit.
 * @example const { signal } = callContext();
 */
export function callContext(): CallContext {
  return cell.running === undefined ? neutralContext : callOf(cell.running);
}

/** Marks the start of a call; what it returns, what runs outside of it, is handed to {@link leave}. */
export function begin(running: Running): Running | undefined {
  const outer = cell.running;
  cell.running = running;
  return outer;
}

/** Marks the end of the synchronous part of a call. */
export function leave(outer: Running | undefined): void {
  cell.running = outer;
}

/** The same for a call that its plan stands for; gives its object, if somebody asked for the context. */
export function leaveLight(plan: Plan, outer: Running | undefined): Call | undefined {
  const seen = cell.running;
  cell.running = outer;
  return seen === plan ? undefined : (seen as Call);
}

function callOf(current: Running): Call {
  if (current instanceof Call) return current;
  if (current instanceof Plan) {
    const call = new Call(current, unknownYet, undefined, undefined, undefined, undefined, 0, undefined, []);
    cell.running = call;
    return call;
  }
  // A slim; or another copy's call, what stands for which is known to that copy alone.
  return 'read' in current ? (current.read() as Call) : current;
}

function sharedCell(): { running: Running | undefined } {
  const key = Symbol.for('holdfast.running.v1');
  const home = globalThis as { [key]?: { running: Running | undefined } };
  home[key] ??= { running: undefined };
  return home[key];
}

/** Stands for the function of a light call until its synchronous part has ended. */
const unknownYet: Callable = () => undefined;
