import type { Cancellation } from '../base/cancellation.js';
import type { Callable } from './any-function.js';
import type { CallContext } from './call-context.js';
import { Cancelling, type SignalFate } from './cancelling.js';
import { Limit } from './limit.js';
import type { Plan } from './plan.js';
import type { Run, StageCall } from './stage.js';

/** Stands in the place of a stage's permit once that stage has answered the call before its function did. */
export const ANSWERED: unique symbol = Symbol('answered');

/** Stands in the place of what a stage holds of a call until it holds it: one that does not is not told how the call ended. */
export const UNHELD: unique symbol = Symbol('unheld');

let lastId = 0;

/**
 * One call on its way through a stack, or one run of what is inside a loop: where it stands, what it holds, and who
 * waits for it. Its first arguments stand in fields, for an array of them costs a quarter of a bare call; so do private
 * fields, for their initializer is a call of its own.
 */
export class Call implements CallContext, StageCall, Run {
  readonly plan: Plan;
  fn: Callable;
  self: unknown;
  a: unknown;
  b: unknown;
  c: unknown;
  /** How many arguments were given; with more than three, all of them stand in `rest`. */
  count: number;
  rest: readonly unknown[] | undefined;
  /** What each stage gave when it let the call in. */
  permits: unknown[];
  /** The call whose loop, just outside `start`, began this run; undefined for a call itself. */
  parent: Call | undefined;
  /** Position of the outermost stage of this run. */
  start: number;
  /** Position in `parent` of the stage that began this run: what stands inside of it there has no say here. */
  begunAt: number;
  /** Which run of its loop this is, from 1. */
  attempt: number;
  /** In a retry, why the attempt before failed; in a fallback, the failure it answers. */
  error: unknown;
  /** Whether it runs for more callers than the one that began it. */
  shared: boolean;
  /** What the run came to, a value or a promise; for the loop that began it. */
  result: unknown;
  /** Settle the promise that was made for this call, where one had to be. */
  resolve: ((value: unknown) => void) | undefined;
  reject: ((error: unknown) => void) | undefined;
  /** As `admittedAt`, once it is known. */
  enteredAt: number | undefined;
  /** What it was answered with while its function was still on the stack. */
  early: Promise<unknown> | undefined;
  /** The last run of what is inside a loop of this one. */
  private latest: Call | undefined;
  private id: string | undefined;
  // Neither of the moments is a number from the start: such a field gets a box of its own for each object.
  private endedAt: number | undefined;
  private cancelled: Cancelling | undefined;
  private controller: AbortController | undefined;
  private released: boolean;

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
    this.parent = undefined;
    this.start = 0;
    this.begunAt = -1;
    this.attempt = 1;
    this.error = undefined;
    this.shared = false;
    this.result = undefined;
    this.resolve = undefined;
    this.reject = undefined;
    this.early = undefined;
    this.latest = undefined;
    this.id = undefined;
    this.endedAt = undefined;
    this.enteredAt = undefined;
    this.cancelled = undefined;
    this.controller = undefined;
    this.released = false;
  }

  /** A run of what is inside the stage before `start`, with the same arguments. */
  inner(start: number, attempt: number, error: unknown, fn: Callable = this.fn): Call {
    const { plan, self, a, b, c, count, rest } = this;
    const run = new Call(plan, fn, self, a, b, c, count, rest, plan.noPermits.slice());
    run.parent = this;
    run.start = start;
    run.begunAt = start - 1;
    run.attempt = attempt;
    run.error = error;
    this.latest = run;
    return run;
  }

  /** Other arguments than those it was made with, before it has begun. */
  take(args: readonly unknown[]): void {
    [this.a, this.b, this.c] = args;
    this.count = args.length;
    this.rest = args.length > 3 ? args : undefined;
  }

  get args(): unknown[] {
    return this.rest === undefined ? [this.a, this.b, this.c].slice(0, this.count) : [...this.rest];
  }

  get callId(): string {
    if (this.parent !== undefined) return this.parent.callId;
    this.id ??= `call-${++lastId}`;
    return this.id;
  }

  get name(): string {
    return this.plan.site;
  }

  get admittedAt(): number {
    this.enteredAt ??= this.plan.registry.clock.now();
    return this.enteredAt;
  }

  /** As `SlimCall.whole`, which makes one of these. */
  whole(): Call {
    return this;
  }

  /** Called when a stage has let the call in after a wait: the stages inside see a new moment. */
  hasWaited(): void {
    this.enteredAt = undefined;
    this.endedAt = undefined;
  }

  get settledAt(): number {
    this.endedAt ??= this.plan.registry.clock.now();
    return this.endedAt;
  }

  /** Called when something has settled: the moment is a new one. */
  settles(): void {
    this.endedAt = undefined;
  }

  get signal(): AbortSignal {
    if (this.controller === undefined) {
      const controller = new AbortController();
      this.controller = controller;
      if (this.released) return controller.signal;
      this.cancelling().onCancel(this.plan.stages.length, (reason, fate) => {
        if (fate === 'abort') controller.abort(reason);
      });
    }
    return this.controller.signal;
  }

  get deadlineAt(): number {
    return this.plan.registry.clock.wallNow() + this.remainingMs();
  }

  remainingMs(): number {
    return this.leftUntil(this.limitAt(this.plan.stages.length, 'function'));
  }

  /** What is left of the time for the stage at a position, by the limits outside of it that stages heed; in ms. */
  remainingAt(position: number): number {
    return this.leftUntil(this.limitAt(position, 'stages'));
  }

  get overdue(): boolean {
    return this.permits.includes(ANSWERED) || (!this.shared && this.parent?.overdue === true);
  }

  /** Who has given up on this run. */
  cancelling(): Cancelling {
    this.cancelled ??= new Cancelling(this);
    return this.cancelled;
  }

  isCallerAbort(error: unknown): boolean {
    return this.cancelling().isCallerAbort(error);
  }

  cancellationAt(position: number): Cancellation {
    const cancelling = this.cancelling();
    return {
      get cancelled() {
        return cancelling.cancelledAt(position);
      },
      get reason() {
        return cancelling.reasonAt(position);
      },
      onCancel: (listener) => cancelling.onCancel(position, listener),
    };
  }

  cancel(reason: unknown, signal: SignalFate = 'abort'): void {
    this.cancelling().withdraw(reason, signal);
    this.abandonInside(this.start - 1);
  }

  /** Nobody waits for what is inside a position: its limits of time no longer keep the process alive. */
  abandonInside(position: number): void {
    for (let inside = position + 1; inside < this.permits.length; inside++) {
      const permit = this.permits[inside];
      if (permit instanceof Limit) permit.alarm?.abandon(permit);
    }
    const { latest } = this;
    if (latest !== undefined && !latest.shared && latest.start > position) latest.abandonInside(latest.start - 1);
  }

  /** The function has settled: its signal is never aborted from now on. */
  release(): void {
    this.released = true;
    this.cancelled?.release(this.plan.stages.length);
  }

  private leftUntil(limitAt: number): number {
    return limitAt === Infinity ? Infinity : Math.max(0, limitAt - this.plan.registry.clock.now());
  }

  private limitAt(position: number, heededBy: 'function' | 'stages'): number {
    let limitAt = this.parent === undefined || this.shared ? Infinity : this.parent.limitAt(this.begunAt, heededBy);
    for (let outer = this.start; outer < position; outer++) {
      const permit = this.permits[outer];
      if (permit instanceof Limit && (heededBy === 'function' || permit.heededBy === 'stages')) {
        limitAt = Math.min(limitAt, permit.at);
      }
    }
    return limitAt;
  }
}
