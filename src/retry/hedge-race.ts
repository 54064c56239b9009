import { withCause } from '../base/cause.js';
import { Deadline } from '../base/deadline.js';
import { deadlinesOf } from '../base/deadlines.js';
import { DeadlineExceededError, RejectedError } from '../base/errors.js';
import { isThenable } from '../base/thenable.js';
import { noteAttempts, ranBy } from './attempts.js';
import type { BeginRun, HedgedRun, HedgeMeans, HedgeSurroundings } from './hedge-context.js';

/** Settle the promise of a call. */
interface Settle {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** An attempt under way: which one it is, and since when. */
interface Runner extends HedgedRun {
  readonly attempt: number;
  readonly begunAt: number;
}

/** The attempts of one call. It is itself the deadline at which the next one begins. */
export class HedgeRace extends Deadline {
  readonly #means: HedgeMeans;
  readonly #beginRun: BeginRun;
  readonly #surroundings: HedgeSurroundings;
  readonly #settle: Settle;
  #running: Runner[] = [];
  #begun = 0;
  #rejected = 0;
  #ended = false;
  #stopListening: (() => void) | undefined = undefined;

  constructor(means: HedgeMeans, begin: BeginRun, surroundings: HedgeSurroundings, settle: Settle) {
    super();
    this.#means = means;
    this.#beginRun = begin;
    this.#surroundings = surroundings;
    this.#settle = settle;
  }

  start(): void {
    const { cancellation, startedAt } = this.#surroundings;
    this.#begin(startedAt, undefined);
    if (!this.#ended) this.#stopListening = cancellation.onCancel((reason, signal) => this.#abandon(reason, signal));
  }

  /** The attempts before are slow. */
  override expire(): void {
    if (this.#ended || this.#surroundings.cancellation.cancelled) return;
    const nowMs = this.#means.clock.now();
    if (this.#mayBegin(nowMs)) this.#hedge(nowMs, 'slow', undefined);
  }

  #begin(nowMs: number, error: unknown): void {
    const attempt = ++this.#begun;
    let run: HedgedRun;
    try {
      run = this.#beginRun(attempt, error);
    } catch (thrown) {
      // Others run still, and may be as slow as before.
      if (this.#running.length > 0) this.#awaitNext(nowMs);
      this.#lose(undefined, thrown);
      return;
    }
    const { result } = run;
    const runner: Runner = { attempt, begunAt: nowMs, result, cancel: (reason, signal) => run.cancel(reason, signal) };
    if (!isThenable(result)) {
      this.#win(runner, result);
      return;
    }
    this.#running.push(runner);
    this.#awaitNext(nowMs);
    result.then(
      (value) => this.#win(runner, value),
      (thrown: unknown) => this.#lose(runner, thrown),
    );
  }

  #hedge(nowMs: number, because: 'slow' | 'failed', error: unknown): void {
    const attempt = this.#begun + 1;
    const afterMs = nowMs - this.#surroundings.startedAt;
    this.#surroundings.observe?.hedge?.({ attempt, afterMs, because, ...(because === 'failed' && { error }) });
    this.#begin(nowMs, error);
  }

  /** Whether there is leave, and budget, for another attempt. */
  #mayBegin(nowMs: number): boolean {
    if (this.#begun > this.#means.options.maxHedges) return false;
    if (this.#means.budget.tryWithdraw(nowMs)) return true;
    this.#surroundings.observe?.budgetEmpty?.(this.#begun + 1);
    return false;
  }

  /** Sets the time at which the next attempt is begun, if there may be one. */
  #awaitNext(nowMs: number): void {
    const { options, delayMs, clock } = this.#means;
    if (this.#begun > options.maxHedges || this.#surroundings.cancellation.cancelled) return;
    const deadlines = deadlinesOf(clock);
    if (typeof options.delayMs === 'number') deadlines.arm(this, delayMs, nowMs);
    else deadlines.armComputed(this, delayMs, nowMs);
  }

  #win(runner: Runner, value: unknown): void {
    if (this.#ended) return;
    this.#observeLatency(runner);
    if (runner.attempt > 1) this.#surroundings.observe?.won?.(runner.attempt);
    this.#settle.resolve(value);
    this.#end(runner);
  }

  #lose(runner: Runner | undefined, error: unknown): void {
    this.#rejected += 1 - ranBy(error);
    this.#running = this.#running.filter((other) => other !== runner);
    if (this.#ended) return;
    try {
      this.#surroundings.observe?.failed?.(error);
      // Who still runs may answer.
      if (this.#running.length > 0) return;
      deadlinesOf(this.#means.clock).cancel(this);
      const nowMs = this.#means.clock.now();
      if (this.#isWorthAnother(error) && this.#mayBegin(nowMs)) this.#hedge(nowMs, 'failed', error);
      else this.#fail(error);
    } catch (thrown) {
      // What classifies errors is the user's own: the call ends with what it throws.
      this.#fail(withCause(thrown, error));
    }
  }

  #fail(error: unknown): void {
    if (this.#begun > 1) noteAttempts(error, this.#begun, this.#begun - this.#rejected);
    this.#settle.reject(error);
    this.#end(undefined);
  }

  /** Not what was not run, what would fail again, or what nobody waits for. */
  #isWorthAnother(error: unknown): boolean {
    if (this.#surroundings.cancellation.cancelled) return false;
    if (error instanceof RejectedError || error instanceof DeadlineExceededError) return false;
    const severity = this.#means.classify(error);
    return severity === 'transient' || severity === 'recoverable';
  }

  /**
   * Books how long the winner took. The first attempt has not answered in that time if it is the loser: it counts with
   * what it took until now, for a percentile of winners alone would fall with every hedge.
   */
  #observeLatency(winner: Runner): void {
    const { latency, clock } = this.#means;
    if (latency === undefined) return;
    const nowMs = clock.now();
    const first = this.#running.find(({ attempt }) => attempt === 1);
    latency.record(nowMs - (first ?? winner).begunAt, nowMs);
  }

  /** Nobody waits for the call any more; what runs is told, and settles it when it has come to an end. */
  #abandon(reason: unknown, signal: 'abort' | 'detach' | undefined): void {
    deadlinesOf(this.#means.clock).cancel(this);
    for (const runner of this.#running) runner.cancel(reason, signal);
  }

  /** Nobody waits for the losers any more. */
  #end(winner: Runner | undefined): void {
    this.#ended = true;
    deadlinesOf(this.#means.clock).cancel(this);
    this.#stopListening?.();
    const losers = this.#running.filter((runner) => runner !== winner);
    this.#running = [];
    if (losers.length === 0) return;
    const reason = new DOMException('another attempt has settled the call', 'AbortError');
    for (const loser of losers) loser.cancel(reason);
  }
}
