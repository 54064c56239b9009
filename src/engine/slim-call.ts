import type { Cancellation } from '../base/cancellation.js';
import { Call, UNHELD } from './call.js';
import type { CallContext } from './call-context.js';
import type { SharedHandlers } from './plan.js';
import { arrive, arriveFailed, fail } from './run.js';
import type { FixedStage, HoldingCall, StageCall } from './stage.js';
import type { Wrapped } from './wrapped.js';

/**
 * A call that has something of its own – objects among its arguments, a moment, a limit of time – but no `Call` until
 * somebody needs one: it fails, its time is up, or its context is read. A third of a `Call`'s size.
 */
export class SlimCall implements HoldingCall {
  readonly wrapped: Wrapped;
  handlers: SharedHandlers;
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
    this.outerHeld = UNHELD;
    this.innerHeld = UNHELD;
    this.call = undefined;
    this.resolve = undefined;
    this.reject = undefined;
    this.enteredAt = undefined;
    this.endedAt = undefined;
  }

  /** The guards have let it in: these share what they gave. */
  admitted(handlers: SharedHandlers): void {
    if (handlers === this.handlers) return;
    this.handlers = handlers;
    if (this.call !== undefined) this.call.permits = this.permits;
  }

  /** Lets the stages that hold something of each call take it. */
  hold(): void {
    const { outerHolder, innerHolder } = this.handlers.plan;
    if (outerHolder === -1) return;
    this.outerHeld = this.heldAt(outerHolder);
    if (innerHolder !== -1) this.innerHeld = this.heldAt(innerHolder);
    this.endedAt = undefined;
  }

  private heldAt(position: number): unknown {
    const held = (this.handlers.plan.stages[position] as FixedStage).hold?.(this, position);
    // Who holds it may have asked for what only a `Call` knows.
    if (this.call !== undefined) this.call.permits[position] = held;
    return held;
  }

  /** Carries what comes of a promise to the stages, and to the caller. */
  follow(promise: Promise<unknown>): Promise<unknown> {
    const { plan, succeeded } = this.handlers;
    if (plan.interruptible) return this.followOwn(promise);
    const failed = (error: unknown) => fail(this.whole(), this.innermost, error);
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
          try {
            this.handlers.succeeded?.(value, this);
            resolve(value);
          } catch (error) {
            reject(error);
          }
        },
        (error: unknown) => arriveFailed(this.whole(), this.innermost, error),
      );
    });
  }

  /** Its `Call`, made now if there was none. */
  whole(): Call {
    if (this.call !== undefined) return this.call;
    const { wrapped, handlers, self, a, b, c, count } = this;
    const call = new Call(handlers.plan, wrapped.original, self, a, b, c, count, undefined, this.permits);
    call.resolve = this.resolve;
    call.reject = this.reject;
    call.enteredAt = this.enteredAt;
    this.call = call;
    return call;
  }

  /** By this another copy of the package reads its context. */
  read(): CallContext {
    return this.whole();
  }

  /** What each stage holds of it, in an array of its own. */
  private get permits(): unknown[] {
    const { plan, permits } = this.handlers;
    const held = permits.slice();
    if (plan.outerHolder !== -1) held[plan.outerHolder] = this.outerHeld;
    if (plan.innerHolder !== -1) held[plan.innerHolder] = this.innerHeld;
    return held;
  }

  /** Position of the innermost stage that this call has come to. */
  get innermost(): number {
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
