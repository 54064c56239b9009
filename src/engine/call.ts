import { Deadline } from '../base/deadline.js';
import type { Callable } from './any-function.js';
import type { CallContext } from './call-context.js';
import { findSignal } from './caller-signal.js';
import type { Plan } from './plan.js';
import type { Run, StageCall } from './stage.js';

/** Stands in the place of a stage's permit once that stage has answered the call before its function did. */
export const ANSWERED: unique symbol = Symbol('answered');

interface Listener {
  readonly position: number;
  readonly notify: (reason: unknown) => void;
}

let lastId = 0;

/**
 * One call on its way through a stack, or one run of what is inside a loop: where it stands, what it holds, and who
 * waits for it. Its three first arguments stand in fields, for an array of them would cost a quarter of a bare call.
 */
export class Call implements CallContext, StageCall, Run {
  /** What each stage gave when it let the call in. */
  permits: unknown[];
  /** What the run came to, a value or a promise; for the loop that started it. */
  result: unknown = undefined;
  /** Answer the caller, where a promise had to be made for that. */
  resolve: ((value: unknown) => void) | undefined = undefined;
  reject: ((error: unknown) => void) | undefined = undefined;
  /** Whether it runs for more callers than the one that started it, so that one's leaving is nothing to it. */
  shared = false;
  /** In a retry, why the attempt before failed; in a fallback, the failure it answers. */
  error: unknown = undefined;

  #id: string | undefined = undefined;
  #startedAt = Number.NaN;
  #settledAt = Number.NaN;
  // The outermost stage that has given up on what is inside it, and why.
  #cut = Infinity;
  #reason: unknown = undefined;
  #listeners: Listener[] | undefined = undefined;
  #unhook: (() => void) | undefined = undefined;
  #controller: AbortController | undefined = undefined;

  readonly plan: Plan;
  readonly fn: Callable;
  readonly self: unknown;
  readonly a: unknown;
  readonly b: unknown;
  readonly c: unknown;
  /** How many arguments were given; with more than three, all of them stand in `rest`. */
  readonly count: number;
  readonly rest: readonly unknown[] | undefined;
  /** The call that started this run, from the loop just outside `start`; undefined for a call itself. */
  readonly parent: Call | undefined;
  /** Position of the outermost stage of this run. */
  readonly start: number;
  /** Which run of its loop this is, from 1. */
  readonly attempt: number;

  constructor(
    plan: Plan,
    fn: Callable,
    self: unknown,
    a: unknown,
    b: unknown,
    c: unknown,
    count: number,
    rest: readonly unknown[] | undefined,
    permits: unknown[],
    parent?: Call,
    start = 0,
    attempt = 1,
  ) {
    this.plan = plan;
    this.fn = fn;
    this.self = self;
    this.a = a;
    this.b = b;
    this.c = c;
    this.count = count;
    this.rest = rest;
    this.permits = permits;
    this.parent = parent;
    this.start = start;
    this.attempt = attempt;
  }

  /** A run of what is inside the stage before `start`, with the same arguments. */
  inner(start: number, attempt: number, error: unknown, fn: Callable = this.fn): Call {
    const { plan, self, a, b, c, count, rest } = this;
    const run = new Call(plan, fn, self, a, b, c, count, rest, [], this, start, attempt);
    run.error = error;
    return run;
  }

  get args(): unknown[] {
    return this.rest === undefined ? [this.a, this.b, this.c].slice(0, this.count) : [...this.rest];
  }

  get callId(): string {
    if (this.parent !== undefined) return this.parent.callId;
    this.#id ??= `call-${++lastId}`;
    return this.#id;
  }

  get name(): string {
    return this.plan.site;
  }

  /** When the run began, in ms of the clock: read once, and shared by all stages. */
  get startedAt(): number {
    if (Number.isNaN(this.#startedAt)) this.#startedAt = this.plan.registry.clock.now();
    return this.#startedAt;
  }

  /** When what is inside settled, in ms of the clock: read once for all stages that hear of it in one go. */
  get settledAt(): number {
    if (Number.isNaN(this.#settledAt)) this.#settledAt = this.plan.registry.clock.now();
    return this.#settledAt;
  }

  /** Called when something has settled: the moment is a new one. */
  settles(): void {
    this.#settledAt = Number.NaN;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const controller = new AbortController();
      this.#controller = controller;
      this.onCancel(this.plan.stages.length, (reason) => controller.abort(reason));
    }
    return this.#controller.signal;
  }

  get deadlineAt(): number {
    return this.plan.registry.clock.wallNow() + this.remainingMs();
  }

  remainingMs(): number {
    const limitAt = this.limitAt(this.plan.stages.length);
    return limitAt === Infinity ? Infinity : Math.max(0, limitAt - this.plan.registry.clock.now());
  }

  /** When the time is up for what stands at a position, by the limits outside of it; in ms of the clock. */
  limitAt(position: number): number {
    let limitAt = this.parent === undefined || this.shared ? Infinity : this.parent.limitAt(this.start - 1);
    for (let outer = this.start; outer < position; outer++) {
      const permit = this.permits[outer];
      if (permit instanceof Deadline) limitAt = Math.min(limitAt, permit.at);
    }
    return limitAt;
  }

  /** Whether nobody waits any more for what stands at a position. */
  cancelledAt(position: number): boolean {
    if (this.#cut < position) return true;
    if (this.shared) return false;
    return this.parent === undefined ? (this.#callerSignal?.aborted ?? false) : this.parent.cancelledAt(this.start - 1);
  }

  /** Why nobody waits any more for what stands at a position. */
  reasonAt(position: number): unknown {
    if (this.#cut < position) return this.#reason;
    return this.parent === undefined ? this.#callerSignal?.reason : this.parent.reasonAt(this.start - 1);
  }

  /** Whether an error is the caller's own wish: its signal was aborted, and the function said so. */
  isCallerAbort(error: unknown): boolean {
    if (this.shared) return false;
    if (this.parent !== undefined) return this.parent.isCallerAbort(error);
    const signal = this.#callerSignal;
    return signal?.aborted === true && (error === signal.reason || (error as Error | null)?.name === 'AbortError');
  }

  /** Notes that nobody waits for what is inside a position, and tells no one: loops find out by themselves. */
  cutInside(position: number, reason: unknown): void {
    if (position >= this.#cut) return;
    this.#cut = position;
    this.#reason = reason;
  }

  /** Gives up on everything inside a position: waits end, and the function's signal is aborted. */
  cancelInside(position: number, reason: unknown): void {
    this.cutInside(position, reason);
    const listeners = this.#listeners?.filter((listener) => listener.position > position) ?? [];
    for (const listener of listeners) {
      this.#forget(listener);
      listener.notify(reason);
    }
  }

  /** Gives up on this run. */
  cancel(reason: unknown): void {
    this.cancelInside(this.start - 1, reason);
  }

  /** Calls `notify` once when nobody waits any more for what stands at a position. */
  onCancel(position: number, notify: (reason: unknown) => void): () => void {
    if (this.cancelledAt(position)) {
      notify(this.reasonAt(position));
      return () => {};
    }
    const listener = { position, notify };
    this.#listeners ??= [];
    this.#listeners.push(listener);
    this.#unhook ??= this.#hook();
    return () => this.#forget(listener);
  }

  /** The function has settled: its signal is never aborted from now on. */
  release(): void {
    if (this.#listeners === undefined) return;
    const position = this.plan.stages.length;
    for (const listener of this.#listeners.filter((each) => each.position === position)) this.#forget(listener);
  }

  #callerSignalFound: AbortSignal | undefined | null = null;

  get #callerSignal(): AbortSignal | undefined {
    if (this.#callerSignalFound === null) this.#callerSignalFound = findSignal(this.args);
    return this.#callerSignalFound;
  }

  /** Hears of a cancellation that comes from outside this run. */
  #hook(): () => void {
    const cancelled = (reason: unknown) => this.cancelInside(this.start - 1, reason);
    if (this.shared) return () => {};
    if (this.parent !== undefined) return this.parent.onCancel(this.start - 1, cancelled);
    const signal = this.#callerSignal;
    if (signal === undefined) return () => {};
    const aborted = () => cancelled(signal.reason);
    signal.addEventListener('abort', aborted, { once: true });
    return () => signal.removeEventListener('abort', aborted);
  }

  #forget(listener: Listener): void {
    this.#listeners = this.#listeners?.filter((each) => each !== listener);
    if (this.#listeners?.length !== 0) return;
    this.#listeners = undefined;
    this.#unhook?.();
    this.#unhook = undefined;
  }
}
