import type { Clock } from '../base/clock.js';
import { Deadline } from '../base/deadline.js';
import { deadlinesOf } from '../base/deadlines.js';
import type { LazySignal } from './lazy-signal.js';
import type { HookContext } from './pool-options.js';

/** How a run of a hook is bounded. */
export interface HookLimits<T> {
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** What the hook was given, to be told that it is to end. */
  readonly signal: LazySignal;
  /** Makes the error that it ends with when its time is up. */
  timeoutError(): Error;
  /** Gets what the hook comes to after it was given up. */
  late?(value: T): void;
}

/** A user's hook that is running. It is over in its time, whatever the hook does. */
export class HookRun<T> extends Deadline {
  /** What it came to. */
  readonly outcome: Promise<T>;
  readonly #limits: HookLimits<T>;
  #settle: { resolve: (value: T) => void; reject: (error: unknown) => void } | undefined = undefined;

  constructor(running: PromiseLike<T>, limits: HookLimits<T>) {
    super();
    const { clock, timeoutMs } = limits;
    this.#limits = limits;
    this.outcome = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    deadlinesOf(clock).arm(this, timeoutMs, clock.now());
    running.then(
      (value) => {
        const settle = this.#end();
        if (settle === undefined) this.#limits.late?.(value);
        else settle.resolve(value);
      },
      (error: unknown) => this.#end()?.reject(error),
    );
  }

  override expire(): void {
    this.giveUp(this.#limits.timeoutError());
  }

  /** Asks the hook to end, and goes on waiting for it. */
  cancel(reason: unknown): void {
    this.#limits.signal.abort(reason);
  }

  /** Asks the hook to end, and waits for it no longer. */
  giveUp(error: unknown): void {
    this.#end()?.reject(error);
    this.cancel(error);
  }

  /** Whom to tell, the first time; nobody from then on. */
  #end(): { resolve: (value: T) => void; reject: (error: unknown) => void } | undefined {
    const settle = this.#settle;
    this.#settle = undefined;
    deadlinesOf(this.#limits.clock).cancel(this);
    return settle;
  }
}

/** Begins a hook; one that throws has failed. */
export async function begin<T>(hook: (context: HookContext) => T | PromiseLike<T>, context: HookContext): Promise<T> {
  return hook(context);
}
