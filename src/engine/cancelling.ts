import { callerSignal, isAbort, isCallersAbort } from '../base/caller-signal.js';

/** What a cancellation needs to know of the run it belongs to. */
interface CancellableRun {
  readonly args: readonly unknown[];
  readonly start: number;
  readonly begunAt: number;
  readonly parent: { cancelling(): Cancelling } | undefined;
  /** Whether it runs for more callers than one, so that nothing outside cancels it. */
  readonly shared: boolean;
}

interface Listener {
  readonly position: number;
  readonly notify: (reason: unknown, signal: SignalFate) => void;
}

/** What becomes of a function's signal when nobody waits any more: it is aborted, or left alone. */
export type SignalFate = 'abort' | 'detach';

/** Who has given up on a run, or on a part of it; made when somebody asks. */
export class Cancelling {
  readonly #run: CancellableRun;
  // The outermost stage that has given up on what is inside it, and why.
  #cut = Infinity;
  #reason: unknown = undefined;
  #fate: SignalFate = 'abort';
  #listeners: Listener[] = [];
  #unhook: (() => void) | undefined = undefined;
  #withdrawn = false;
  #signal: AbortSignal | undefined | null = null;

  constructor(run: CancellableRun) {
    this.#run = run;
  }

  /** Whether nobody waits any more for what stands at a position. */
  cancelledAt(position: number): boolean {
    if (this.#cut < position) return true;
    return this.#outer?.cancelledAt(this.#run.begunAt) ?? this.#callerSignal?.aborted ?? false;
  }

  /** Why nobody waits any more for what stands at a position. */
  reasonAt(position: number): unknown {
    if (this.#cut < position) return this.#reason;
    return this.#outer === undefined ? this.#callerSignal?.reason : this.#outer.reasonAt(this.#run.begunAt);
  }

  /**
   * Whether an error is its caller's own wish: the caller's signal was aborted, or the loop that began the run has given
   * it up, and the function said so.
   */
  isCallerAbort(error: unknown): boolean {
    if (this.#withdrawn && !isLimit(this.#reason) && isAbort(error, this.#reason)) return true;
    if (this.#outer !== undefined) return this.#outer.isCallerAbort(error);
    return isCallersAbort(error, this.#callerSignal);
  }

  /** The loop that began the run has no use for it any more. */
  withdraw(reason: unknown, signal: SignalFate): void {
    this.#withdrawn = true;
    this.cancelInside(this.#run.start - 1, reason, signal);
  }

  /** Gives up on everything inside a position: waits end, and the function's signal is aborted, or left alone. */
  cancelInside(position: number, reason: unknown, signal: SignalFate = 'abort'): void {
    if (position < this.#cut) {
      this.#cut = position;
      this.#reason = reason;
      this.#fate = signal;
    }
    for (const listener of this.#listeners.filter((each) => each.position > position)) {
      this.#forget(listener);
      listener.notify(reason, signal);
    }
  }

  /** Calls `notify` once when nobody waits any more for what stands at a position. */
  onCancel(position: number, notify: Listener['notify']): () => void {
    if (this.cancelledAt(position)) {
      notify(this.reasonAt(position), this.#fateAt(position));
      return () => {};
    }
    const listener = { position, notify };
    this.#listeners.push(listener);
    this.#unhook ??= this.#hook();
    return () => this.#forget(listener);
  }

  #fateAt(position: number): SignalFate {
    if (this.#cut < position) return this.#fate;
    return this.#outer?.cancelledAt(this.#run.begunAt) ? this.#outer.#fateAt(this.#run.begunAt) : 'abort';
  }

  /** Nothing at a position or inside of it is told any more: it has settled. */
  release(position: number): void {
    for (const listener of this.#listeners.filter((each) => each.position >= position)) this.#forget(listener);
  }

  get #outer(): Cancelling | undefined {
    return this.#run.shared ? undefined : this.#run.parent?.cancelling();
  }

  get #callerSignal(): AbortSignal | undefined {
    if (this.#run.shared) return undefined;
    if (this.#signal === null) this.#signal = callerSignal(this.#run.args);
    return this.#signal;
  }

  /** Hears of a cancellation that comes from outside the run. */
  #hook(): () => void {
    const cancelled = (reason: unknown, fate: SignalFate) => this.cancelInside(this.#run.start - 1, reason, fate);
    if (this.#outer !== undefined) return this.#outer.onCancel(this.#run.begunAt, cancelled);
    const signal = this.#callerSignal;
    if (signal === undefined) return () => {};
    const aborted = () => cancelled(signal.reason, 'abort');
    signal.addEventListener('abort', aborted, { once: true });
    return () => signal.removeEventListener('abort', aborted);
  }

  #forget(listener: Listener): void {
    this.#listeners = this.#listeners.filter((each) => each !== listener);
    if (this.#listeners.length > 0) return;
    this.#unhook?.();
    this.#unhook = undefined;
  }
}

/** A loop may hand on that a limit of time is over: that is the dependency's failure, and nobody's wish. */
function isLimit(reason: unknown): boolean {
  const code = (reason as { code?: unknown } | null | undefined)?.code;
  return code === 'ERR_TIMEOUT' || code === 'ERR_DEADLINE';
}
