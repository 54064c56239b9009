import type { Cancellation } from '../base/cancellation.js';
import { Call } from './call.js';
import type { CallContext } from './call-context.js';
import type { SharedHandlers } from './plan.js';
import { arrive, arriveFailed, fail } from './run.js';
import type { FixedStage, HoldingCall, StageCall } from './stage.js';
import type { Wrapped } from './wrapped.js';

/**
 * A call that has something of its own – objects among its arguments, a moment, a limit of time – but no `Call` until
 * somebody needs one: it fails, its time is up, or its context is read. A third of a `Call`'s size.
 */
export class Flight implements HoldingCall {
  readonly wrapped: Wrapped;
  readonly handlers: SharedHandlers;
  readonly self: unknown;
  readonly a: unknown;
  readonly b: unknown;
  readonly c: unknown;
  readonly count: number;
  /** What the outer and the inner one of the stages that hold something hold of this call. */
  outerHeld: unknown;
  innerHeld: unknown;
  /** Its `Call`, once there is one. */
  call: Call | undefined;
  /** Settle the promise that was made for this call, where a limit of time may answer it. */
  resolve: ((value: unknown) => void) | undefined;
  reject: ((error: unknown) => void) | undefined;
  private enteredAt: number | undefined;
  private endedAt: number | undefined;

  constructor(
    wrapped: Wrapped,
    handlers: SharedHandlers,
    self: unknown,
    a: unknown,
    b: unknown,
    c: unknown,
    count: number,
  ) {
    this.wrapped = wrapped;
    this.handlers = handlers;
    this.self = self;
    this.a = a;
    this.b = b;
    this.c = c;
    this.count = count;
    this.outerHeld = undefined;
    this.innerHeld = undefined;
    this.call = undefined;
    this.resolve = undefined;
    this.reject = undefined;
    this.enteredAt = undefined;
    this.endedAt = undefined;
  }

  /** Lets the stages that hold something of each call take it. */
  hold(): void {
    const { outerHolder, innerHolder, stages } = this.handlers.plan;
    if (outerHolder === -1) return;
    this.outerHeld = (stages[outerHolder] as FixedStage).hold?.(this, outerHolder);
    if (innerHolder !== -1) this.innerHeld = (stages[innerHolder] as FixedStage).hold?.(this, innerHolder);
  }

  /** Carries what comes of a promise to the stages, and to the caller. */
  follow(promise: Promise<unknown>): Promise<unknown> {
    const { plan, succeeded } = this.handlers;
    if (plan.interruptible) return this.followOwn(promise);
    const failed = (error: unknown) => this.failLate(error);
    return promise.then(plan.outerHolder === -1 ? succeeded : (value) => succeeded?.(value, this), failed);
  }

  /** As in a `Call`: the first to come settles the call's own promise, the work or the limit of time. */
  private followOwn(promise: Promise<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
      promise.then(
        (value) => {
          if (this.call !== undefined) return arrive(this.call, this.innermost, value);
          this.handlers.succeeded?.(value, this);
          resolve(value);
        },
        (error: unknown) => arriveFailed(this.whole(), this.innermost, error),
      );
    });
  }

  private failLate(error: unknown): unknown {
    return fail(this.whole(), this.innermost, error);
  }

  /** Its `Call`, made now if there was none. */
  whole(): Call {
    if (this.call !== undefined) return this.call;
    const { plan, permits } = this.handlers;
    const held = permits.slice();
    if (plan.outerHolder !== -1) held[plan.outerHolder] = this.outerHeld;
    if (plan.innerHolder !== -1) held[plan.innerHolder] = this.innerHeld;
    const { self, a, b, c, count } = this;
    const call = new Call(plan, this.wrapped.original, self, a, b, c, count, undefined, held);
    call.resolve = this.resolve;
    call.reject = this.reject;
    call.enteredAt = this.enteredAt;
    this.call = call;
    return call;
  }

  /** What it is for who asks for its context. */
  read(): CallContext {
    return this.whole();
  }

  /** Position of the innermost stage that this call has come to. */
  private get innermost(): number {
    return this.handlers.plan.quickUntil - 1;
  }

  get admittedAt(): number {
    this.enteredAt ??= this.handlers.plan.registry.clock.now();
    return this.enteredAt;
  }

  get settledAt(): number {
    this.endedAt ??= this.handlers.plan.registry.clock.now();
    return this.endedAt;
  }

  get fn(): StageCall['fn'] {
    return this.wrapped.original;
  }

  get args(): unknown[] {
    return [this.a, this.b, this.c].slice(0, this.count);
  }

  get attempt(): number {
    return 1;
  }

  get overdue(): boolean {
    return this.call?.overdue === true;
  }

  get callId(): string {
    return this.whole().callId;
  }

  isCallerAbort(error: unknown): boolean {
    return this.whole().isCallerAbort(error);
  }

  cancellationAt(position: number): Cancellation {
    return this.whole().cancellationAt(position);
  }
}
