import type { Cancellation } from '../base/cancellation.js';

/** What a stage may know of a call that has failed. Who needs more takes the call in by `admitCall`, as its permit. */
export interface EndedCall {
  readonly callId: string;
  /** Whether a limit of time has answered it before its work settled. */
  readonly overdue: boolean;
  /**
   * Whether an error is its caller's own wish: the caller's signal was aborted, or the loop that began the run has given
   * it up, and the function said so.
   */
  isCallerAbort(error: unknown): boolean;
}

/** What a stage may know of the call that it lets in. */
export interface StageCall extends EndedCall {
  /** The function under the policies; a place has several where each instance holds its own, and under `execute`. */
  readonly fn: (...args: never[]) => unknown;
  readonly self: unknown;
  readonly args: unknown[];
  /** Which run of its loop this is, from 1. */
  readonly attempt: number;
  /**
   * When it came to the stages that let it in now, in ms of the registry's clock; read once for all of them. A wait for
   * one of them makes it another for those inside: who needs it later keeps it in the permit.
   */
  readonly admittedAt: number;
  /** When what is inside settled, in ms of the registry's clock; read once for all stages. */
  readonly settledAt: number;
  /** Tells when nobody waits any more for what stands at a position. */
  cancellationAt(position: number): Cancellation;
}

/** A call that keeps what its stages hold of it: the outer and the inner one of those that do. */
export interface HoldingCall extends StageCall {
  readonly outerHeld: unknown;
  readonly innerHeld: unknown;
}

/** A run of what is inside a stage. */
export interface Run {
  /** What it came to: a value, or a promise. */
  readonly result: unknown;
  /**
   * Nobody waits for it any more: its signal is aborted, and its waits end.
   * @param signal Whether the function's signal is aborted, or left alone. @default 'abort'
   */
  cancel(reason: unknown, signal?: 'abort' | 'detach'): void;
}

/** What stands inside a stage, for one call: to be run, as often as it takes. It tells too when nobody waits any more. */
export interface Inside extends Cancellation {
  /**
   * Runs what is inside, with the arguments of the call.
   * @param attempt Which run it is, as `callContext().attempt` tells; left out where the stage makes no attempts of its
   * own: then attempt and error stay those of the loop outside.
   * @param error Why the run before failed, as `callContext().error` tells.
   * @throws what the function throws, if it throws at once
   */
  run(attempt?: number, error?: unknown): Run;
  /**
   * Runs what is inside for more callers than this one: neither its leaving nor its limits touch the run.
   * @param args In the place of this call's arguments. @default those of the call
   */
  runShared(args?: readonly unknown[]): Run;
  /** Calls another function in the place of what is inside, with `callContext().error` set. */
  instead(fn: (...args: never[]) => unknown, error: unknown): unknown;
  /** As {@link Cancellation.onCancel}; `signal` is what becomes of the function's signal, for who hands it on to its runs. */
  onCancel(listener: (reason: unknown, signal: 'abort' | 'detach') => void): () => void;
  /** What is left until the deadline of the call, in ms; `Infinity` without one. */
  remainingMs(): number;
}

/** Runs what is inside a stage round a function, on an object, with arguments. */
export type Rerun = (fn: (...args: never[]) => unknown, self: unknown, args: readonly unknown[]) => unknown;

/**
 * What a policy does round a call. Every hook may be left out; those of a stack are walked in order, inwards on the way
 * in and outwards on the way out.
 *
 * - A *guard* admits a call and hears how it ended: `admit` or `admitCall`, or `hold`, `succeeded`, `failed`.
 * - An *answer* may turn a failure into a value, by itself or by running what is inside it again: `answer`, `revise`.
 * - A *loop* runs what is inside it zero, one or many times: `around`.
 */
export interface Stage<Permit = never> {
  /**
   * Lets the call in, or throws to reject it. What it returns comes back when the call has ended. This is the cheap form:
   * as long as it returns the same permit, calls share their handlers; then `succeeded` must not throw. A stage that
   * rejects in numbers returns {@link Refused}.
   * @param call Where there is an object for the call all the same: for what is told of it.
   */
  admit?(this: void, call?: EndedCall): Permit | Refused;
  /**
   * What it keeps of each call that it lets in: that is the permit then, and `admit` does no more than let in or reject.
   * It must not throw, nor must `succeeded`. Dearer than `admit` alone, cheaper than `admitCall`.
   */
  hold?(this: void, call: StageCall, position: number): Permit;
  /** Like `admit`, with the call at hand, at the price of an object per call. Return {@link Waiting} to let it wait. */
  admitCall?(this: void, call: StageCall, position: number): Permit | Waiting<Permit>;
  /**
   * What is inside gave a value. What this throws becomes the outcome of the call.
   * @param call Where there is an object for the call: for a stack with a stage that needs one.
   */
  succeeded?(this: void, permit: Permit, value: unknown, call?: StageCall): void;
  /** What is inside failed, or was rejected. What this throws takes the error's place. */
  failed?(this: void, permit: Permit, error: unknown, call: EndedCall): void;
  /** Turns a failure into a value (or a promise of one), or throws. Nobody may wait for it any more, see `inside.cancelled`. */
  answer?(this: void, error: unknown, call: StageCall, inside: Inside, permit: Permit): unknown;
  /** Takes a value, and gives it back or another one. */
  revise?(this: void, value: unknown, call: StageCall, inside: Inside, permit: Permit): unknown;
  /**
   * An answer that needs nothing of what is inside; undefined if there is none, then `around` is asked. Only calls with no
   * argument, or one, are.
   * @param call Where there is an object for the call: the outermost stage is asked before there is one.
   */
  atOnce?(this: void, self: unknown, argument: unknown, count: number, call?: StageCall): unknown;
  /** Runs what is inside, or does not; what it returns is the outcome. */
  around?(this: void, call: StageCall, inside: Inside): unknown;
  /**
   * Gets, before the first call of each function that it stands on, a way to run what is inside without a call of its own:
   * for work that is done again later.
   */
  ready?(this: void, fn: (...args: never[]) => unknown, rerun: Rerun): void;
  /** Whether it may answer a call before what is inside has settled, by `interrupt`; its permit is then a `Limit`. */
  interrupts?: true;
}

/** What `admit` may return to reject a call: the same as to throw the error, at a fraction of the cost. */
export class Refused {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

/** What `admitCall` returns for a call that has to wait to be let in. */
export class Waiting<Permit = unknown> {
  /** Resolves to the permit, or rejects when the call is not let in after all. */
  readonly permit: Promise<Permit>;

  constructor(permit: Promise<Permit>) {
    this.permit = permit;
  }
}

/** A stage with every hook in its place: one shape for all, so that the engine's property reads stay fast. */
export class FixedStage {
  readonly admit: Stage<unknown>['admit'];
  readonly hold: Stage<unknown>['hold'];
  /** Lets a call in that has an object of its own, and holds what there is to hold; undefined if `admit` is all there is. */
  readonly admitCall: Stage<unknown>['admitCall'];
  readonly succeeded: Stage<unknown>['succeeded'];
  readonly failed: Stage<unknown>['failed'];
  readonly answer: Stage<unknown>['answer'];
  readonly revise: Stage<unknown>['revise'];
  readonly atOnce: Stage<unknown>['atOnce'];
  readonly around: Stage<unknown>['around'];
  readonly ready: Stage<unknown>['ready'];
  readonly interrupts: boolean;

  constructor(stage: Stage<unknown>) {
    if (stage.hold !== undefined && stage.admitCall !== undefined) {
      throw new TypeError('a stage has `hold` or `admitCall`, not both: what `admitCall` returns is held already');
    }
    this.admit = hook(stage, 'admit');
    this.hold = hook(stage, 'hold');
    this.admitCall = hook(stage, 'admitCall') ?? (this.hold && holding(this.hold, this.admit));
    this.succeeded = hook(stage, 'succeeded');
    this.failed = hook(stage, 'failed');
    this.answer = hook(stage, 'answer');
    this.revise = hook(stage, 'revise');
    this.atOnce = hook(stage, 'atOnce');
    this.around = hook(stage, 'around');
    this.ready = hook(stage, 'ready');
    this.interrupts = stage.interrupts ?? false;
  }

  /** Whether it can do without anything of its own for each call. */
  get light(): boolean {
    return this.quick && this.hold === undefined;
  }

  /** Whether it can do without a `Call` for each call. Without `admit` or `hold`, what `succeeded` throws is an outcome. */
  get quick(): boolean {
    if (this.revise !== undefined || this.around !== undefined) return false;
    if (this.hold !== undefined) return true;
    const mayThrow = this.succeeded !== undefined && this.admit === undefined;
    return !mayThrow && this.admitCall === undefined && !this.interrupts;
  }
}

/** Lets a call in, and then holds what there is to hold of it. */
function holding(
  hold: NonNullable<Stage<unknown>['hold']>,
  admit: Stage<unknown>['admit'],
): NonNullable<Stage<unknown>['admitCall']> {
  if (admit === undefined) return hold;
  return (call, position) => {
    const refused = admit(call);
    return refused instanceof Refused ? refused : hold(call, position);
  };
}

/** A hook as a function of its own. Only an instance of a class can need itself; to bind the others would cost each call. */
function hook<Name extends Exclude<keyof Stage, 'interrupts'>>(
  stage: Stage<unknown>,
  name: Name,
): Stage<unknown>[Name] {
  const own = stage[name];
  return own === undefined || Object.hasOwn(stage, name) ? own : (own.bind(stage as never) as Stage<unknown>[Name]);
}
