import type { Clock } from '../base/clock.js';
import { Deadline } from '../base/deadline.js';
import { deadlinesOf } from '../base/deadlines.js';
import type { HookContext } from './pool-options.js';

/** How a run of a hook is bounded. */
export interface HookLimits<T> {
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Makes the error that it ends with when its time is up. */
  timeoutError(): Error;
  /** Gets what the hook comes to after it was given up. */
  late?(value: T): void;
}

/** One run of a user's hook. It is over in its time, whatever the hook does. */
export class HookRun<T> extends Deadline {
  /** What it came to. */
  readonly outcome: Promise<T>;
  readonly #limits: HookLimits<T>;
  #settle: { resolve: (value: T) => void; reject: (error: unknown) => void } | undefined = undefined;
  #controller: AbortController | undefined = undefined;
  #cancelled: { readonly reason: unknown } | undefined = undefined;

  /** Runs the hook at once; one that throws has failed. */
  constructor(hook: (context: HookContext) => T | PromiseLike<T>, limits: HookLimits<T>) {
    super();
    const { clock, timeoutMs } = limits;
    this.#limits = limits;
    this.outcome = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    deadlinesOf(clock).arm(this, timeoutMs, clock.now());
    void this.#follow(hook);
  }

  override expire(): void {
    this.giveUp(this.#limits.timeoutError());
  }

  /** Asks the hook to end, and goes on waiting for it. */
  cancel(reason: unknown): void {
    this.#cancelled ??= { reason };
    this.#controller?.abort(reason);
  }

  /** Asks the hook to end, and waits for it no longer. */
  giveUp(error: unknown): void {
    this.#end()?.reject(error);
    this.cancel(error);
  }

  async #follow(hook: (context: HookContext) => T | PromiseLike<T>): Promise<void> {
    try {
      const value = await hook(this.#context());
      const settle = this.#end();
      if (settle === undefined) this.#limits.late?.(value);
      else settle.resolve(value);
    } catch (error) {
      this.#end()?.reject(error);
    }
  }

  /** Whom to tell, the first time; nobody from then on. */
  #end(): { resolve: (value: T) => void; reject: (error: unknown) => void } | undefined {
    const settle = this.#settle;
    this.#settle = undefined;
    deadlinesOf(this.#limits.clock).cancel(this);
    return settle;
  }

  /** The signal is made when it is read: most hooks never look at it. */
  #context(): HookContext {
    const readSignal = () => this.#readSignal();
    return {
      get signal() {
        return readSignal();
      },
    };
  }

  #readSignal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#cancelled !== undefined) this.#controller.abort(this.#cancelled.reason);
    return this.#controller.signal;
  }
}
