import { callerSignal, withSignal } from '../base/caller-signal.js';
import type { Callable } from './any-function.js';
import { ANSWERED, type Call, UNHELD } from './call.js';
import type { SignalFate } from './cancelling.js';
import { invoke } from './invoke.js';
import { begin, leave } from './running.js';
import { type FixedStage, type Inside, Refused, type Run, Waiting } from './stage.js';
import { truePromise } from '../base/thenable.js';

/**
 * Takes a call through its stages from a position inwards, to the function, and outwards again. What it returns or throws
 * is the outcome; it is a promise as soon as anything on the way is one.
 */
export function enter(call: Call, from: number): unknown {
  const { stages } = call.plan;
  for (let position = from; position < stages.length; position++) {
    const stage = stages[position] as FixedStage;
    if (stage.around !== undefined) return enterLoop(call, position, 'ask at once');
    let given: unknown;
    try {
      given = stage.admitCall !== undefined ? stage.admitCall(call, position) : stage.admit?.(call);
    } catch (error) {
      return onStack(call, fail(call, position - 1, error));
    }
    if (given instanceof Waiting) return enterLater(call, given, position);
    if (given instanceof Refused) return onStack(call, fail(call, position - 1, given.error));
    call.permits[position] = given;
  }
  return runFunction(call);
}

/** Takes a call into a loop, which has its answer at hand or runs what is inside it; it may have been asked already. */
export function enterLoop(call: Call, position: number, asked: 'ask at once' | 'was asked'): unknown {
  const { atOnce, around } = call.plan.stages[position] as FixedStage;
  let given: unknown;
  try {
    if (atOnce !== undefined && asked === 'ask at once' && call.count <= 1) {
      given = atOnce(call.self, call.a, call.count, call);
    }
    given ??= truePromise(around?.(call, new Position(call, position)));
  } catch (error) {
    return onStack(call, fail(call, position - 1, error));
  }
  return onStack(call, settle(call, given, position - 1));
}

/** Carries a value outwards, from a position to the start of the run. */
function succeed(call: Call, from: number, result: unknown): unknown {
  const { stages, outwardOnSuccess } = call.plan;
  if (from === stages.length - 1) call.release();
  let value = result;
  for (
    let position = next(outwardOnSuccess, from);
    position >= call.start;
    position = next(outwardOnSuccess, position - 1)
  ) {
    const permit = call.permits[position];
    if (permit === ANSWERED) return ANSWERED;
    const stage = stages[position] as FixedStage;
    try {
      stage.succeeded?.(permit, value, call);
      if (stage.revise === undefined) continue;
      value = truePromise(stage.revise(value, call, new Position(call, position), permit));
    } catch (error) {
      return fail(call, position - 1, error);
    }
    if (value instanceof Promise) return follow(call, value, position - 1);
  }
  return value;
}

/** Carries a failure outwards, until a stage answers it. */
export function fail(call: Call, from: number, thrown: unknown): unknown {
  const { stages, outwardOnFailure } = call.plan;
  if (from === stages.length - 1) call.release();
  let error = thrown;
  for (
    let position = next(outwardOnFailure, from);
    position >= call.start;
    position = next(outwardOnFailure, position - 1)
  ) {
    const permit = call.permits[position];
    if (permit === ANSWERED) return ANSWERED;
    if (permit === UNHELD) continue;
    const stage = stages[position] as FixedStage;
    let answer: unknown;
    try {
      stage.failed?.(permit, error, call);
      if (stage.answer === undefined) continue;
      answer = truePromise(stage.answer(error, call, new Position(call, position), permit));
    } catch (replaced) {
      error = replaced;
      continue;
    }
    return settle(call, answer, position - 1);
  }
  throw error;
}

function next(outward: readonly number[], from: number): number {
  return outward[from + 1] as number;
}

/** Carries what a stage or the function gave to the stages outside of it, now or when it settles. */
export function settle(call: Call, result: unknown, from: number): unknown {
  // No stage of this run stands outside: the very promise of the loop is handed on.
  if (from < call.start && from < call.plan.stages.length - 1) return result;
  return result instanceof Promise ? follow(call, result, from) : succeed(call, from, result);
}

function follow(call: Call, promise: Promise<unknown>, from: number): unknown {
  // Nobody outside wants to hear of it: it goes out as it is, and a cache's hit is the very promise of its first call.
  if (isUnheard(call, from)) return promise;
  // What may interrupt inside of a loop interrupts the loop's run, not the call.
  if (next(call.plan.outwardInterrupting, from) >= call.start && call.resolve === undefined) {
    return followOwn(call, promise, from);
  }
  return promise.then(
    (value) => {
      call.settles();
      return succeed(call, from, value);
    },
    (error: unknown) => {
      call.settles();
      return fail(call, from, error);
    },
  );
}

/** Whether what comes from a position inside, but not from the function, changes nothing on its way to the start of the run. */
function isUnheard({ plan, start }: Call, from: number): boolean {
  const { stages, outwardOnSuccess, outwardOnFailure } = plan;
  return from < stages.length - 1 && next(outwardOnSuccess, from) < start && next(outwardOnFailure, from) < start;
}

/**
 * A call that may be interrupted has a promise of its own, which the first to come settles: the work, or the
 * interruption.
 */
function followOwn(call: Call, promise: Promise<unknown>, from: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    call.resolve = resolve;
    call.reject = reject;
    promise.then(
      (value) => arrive(call, from, value),
      (error: unknown) => arriveFailed(call, from, error),
    );
  });
}

/** Carries a value that comes late outwards from a position, and settles the call's own promise. */
export function arrive(call: Call, from: number, value: unknown): void {
  call.settles();
  try {
    deliver(call, succeed(call, from, value));
  } catch (error) {
    call.reject?.(error);
  }
}

/** The same for a failure. */
export function arriveFailed(call: Call, from: number, error: unknown): void {
  call.settles();
  try {
    deliver(call, fail(call, from, error));
  } catch (thrown) {
    call.reject?.(thrown);
  }
}

/** Settles the call's own promise. It must not be locked to a promise that is pending: an interruption may come first. */
export function deliver(call: Call, result: unknown): void {
  if (result instanceof Promise) result.then((value) => deliver(call, value), call.reject);
  // What comes late, from inside of what has answered the call, is nobody's answer.
  else if (result !== ANSWERED) call.resolve?.(result);
}

/** A call that has to wait for a stage goes on from there; what comes of it is settled already for the stages outside. */
function enterLater(call: Call, { permit }: Waiting, position: number): unknown {
  const admitted = (held: unknown): unknown => {
    call.permits[position] = held;
    call.hasWaited();
    // Nobody waits any more: what was given goes back, and the function is not run.
    if (!call.cancelling().cancelledAt(position)) return enter(call, position + 1);
    return fail(call, position, call.cancelling().reasonAt(position));
  };
  const refused = (error: unknown): unknown => {
    call.settles();
    return fail(call, position - 1, error);
  };
  const { outwardInterrupting, stages } = call.plan;
  if (next(outwardInterrupting, stages.length - 1) < call.start) return permit.then(admitted, refused);
  return new Promise((resolve, reject) => {
    call.resolve = resolve;
    call.reject = reject;
    permit.then(admitted, refused).then((result) => {
      // As in `deliver`: late work is nobody's answer.
      if (result !== ANSWERED) resolve(result);
    }, reject);
  });
}

function runFunction(call: Call): unknown {
  const outer = begin(call);
  let result: unknown;
  try {
    result =
      call.rest === undefined
        ? invoke(call.fn, call.self, call.a, call.b, call.c, call.count)
        : call.fn.apply(call.self, call.rest as unknown[]);
  } catch (error) {
    leave(outer);
    return onStack(call, fail(call, call.plan.stages.length - 1, error));
  }
  leave(outer);
  return onStack(call, settleFunction(call, result));
}

/** A clock that is moved by the function itself may have answered its call already. */
export function onStack(call: Call, result: unknown): unknown {
  return call.early ?? result;
}

/** Carries what the function gave to the stages outside of it. */
export function settleFunction(call: Call, given: unknown): unknown {
  const innermost = call.plan.stages.length - 1;
  let result = given;
  try {
    if (!(given instanceof Promise)) result = truePromise(given);
  } catch (error) {
    return fail(call, innermost, error);
  }
  return settle(call, result, innermost);
}

/** A stage's place in one call. */
class Position implements Inside {
  readonly #call: Call;
  readonly #position: number;

  constructor(call: Call, position: number) {
    this.#call = call;
    this.#position = position;
  }

  run(attempt?: number, error?: unknown): Run {
    const call = this.#call;
    const run =
      attempt === undefined
        ? call.inner(this.#position + 1, call.attempt, call.error)
        : call.inner(this.#position + 1, attempt, error);
    run.result = enter(run, run.start);
    return run;
  }

  runShared(args?: readonly unknown[]): Run {
    const run = this.#call.inner(this.#position + 1, 1, undefined);
    run.shared = true;
    const given = args ?? this.#call.args;
    const signal = callerSignal(given);
    // The signal of one caller must not end what others wait for: the run gets its own.
    if (signal !== undefined) run.take(given.map((argument) => withSignal(argument, signal, run.signal)));
    else if (args !== undefined) run.take(args);
    run.result = enter(run, run.start);
    return run;
  }

  instead(fn: (...args: never[]) => unknown, error: unknown): unknown {
    const innermost = this.#call.plan.stages.length;
    const run = this.#call.inner(innermost, this.#call.attempt, error, fn as Callable);
    run.begunAt = this.#position;
    return enter(run, innermost);
  }

  get callId(): string {
    return this.#call.callId;
  }

  /** The stages outside settle with the work; a caller who must not wait for it is answered by them. */
  get holds(): true {
    return true;
  }

  get cancelled(): boolean {
    return this.#call.cancelling().cancelledAt(this.#position);
  }

  get reason(): unknown {
    return this.#call.cancelling().reasonAt(this.#position);
  }

  onCancel(listener: (reason: unknown, signal: SignalFate) => void): () => void {
    return this.#call.cancelling().onCancel(this.#position, listener);
  }

  remainingMs(): number {
    return this.#call.remainingAt(this.#position);
  }
}
