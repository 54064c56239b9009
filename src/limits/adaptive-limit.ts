import { classify } from '../base/classify.js';
import { type Clock, systemClock } from '../base/clock.js';
import { BulkheadFullError, ClosedError, type RejectedError } from '../base/errors.js';
import { type Outcome, outcomeOf } from '../base/outcome.js';
import type { LimitGrounds } from '../base/rejection-grounds.js';
import type { Classify } from '../base/severity.js';
import { tell } from '../base/tell.js';
import {
  type AdaptiveLimitAlgorithm,
  type AdaptiveLimitOptions,
  type CheckedAdaptiveLimitOptions,
  checkAdaptiveLimitOptions,
} from './adaptive-limit-options.js';
import { AimdLimit } from './aimd-limit.js';
import { Answers } from './answers.js';
import { GradientLimit } from './gradient-limit.js';
import { runJudged } from './judged-call.js';
import type { LimitAlgorithm } from './limit-algorithm.js';
import { type LimitContext, makeRejection } from './limit-context.js';

/** A limit that has moved, on these numbers. */
export interface LimitChange {
  readonly from: number;
  readonly to: number;
  /** How long calls take at present, in ms, where that is what the limit goes by. */
  readonly latencyMs?: number;
  /** How long they take in the long run, in ms. */
  readonly usualLatencyMs?: number;
}

/** What surrounds an adaptive limit. */
export interface AdaptiveLimitContext extends LimitContext {
  /** Decides how bad an error is, for calls by `call`. @default the toolkit's own */
  classify?: Classify | undefined;
  /** Is told of each change of the limit; what it throws is lost. */
  onLimit?: ((change: LimitChange) => void) | undefined;
}

/** An adaptive limit as it is at a moment: JSON all the way down. */
export interface AdaptiveLimitSnapshot {
  readonly algorithm: AdaptiveLimitAlgorithm;
  /** Calls that may run at once at present. */
  readonly limit: number;
  readonly min: number;
  readonly max: number;
  /** Calls that run now. */
  readonly active: number;
  /** Calls that were turned away. */
  readonly rejected: number;
  /** Calls that were lost: those that failed, or came too late for a limit of time. */
  readonly dropped: number;
  readonly totalCalls: number;
  /** How long calls take at present, in ms; `null` while that is not known, or not looked at. */
  readonly latencyMs: number | null;
  /** How long they take in the long run, in ms. */
  readonly usualLatencyMs: number | null;
}

/**
 * Lets as many calls run at once as the dependency turns out to bear, and rejects the others; there is no queue. A call
 * holds its slot until its work has really settled.
 * @example
 * const limit = new AdaptiveLimit({ max: 200 });
 * const price = await limit.call(fetchPrice, 'ACME'); // BulkheadFullError when the dependency has enough to do
 */
export class AdaptiveLimit {
  readonly name: string;
  /** Its options, defaults filled in; frozen. */
  readonly options: CheckedAdaptiveLimitOptions;
  readonly #clock: Clock;
  readonly #captureStack: boolean;
  readonly #classify: Classify;
  readonly #onLimit: ((change: LimitChange) => void) | undefined;
  readonly #answers: Answers = new Answers();
  readonly #algorithm: LimitAlgorithm;
  #grounds: LimitGrounds | undefined = undefined;
  #closed = false;
  #active = 0;
  #rejected = 0;
  #dropped = 0;
  #totalCalls = 0;

  /**
   * @throws {TypeError} for an unknown option, or a value of the wrong type
   * @throws {RangeError} for a value out of range, or bounds that leave no room
   */
  constructor(options: AdaptiveLimitOptions = {}, context: AdaptiveLimitContext = {}) {
    this.options = checkAdaptiveLimitOptions(options);
    this.name = context.name ?? this.options.name ?? 'adaptiveLimit';
    this.#clock = context.clock ?? systemClock;
    this.#captureStack = context.captureStack ?? false;
    this.#classify = context.classify ?? classify;
    this.#onLimit = context.onLimit;
    this.#algorithm = this.timed ? new GradientLimit(this.options) : new AimdLimit(this.options);
  }

  /** Calls that may run at once at present. */
  get limit(): number {
    return this.#algorithm.limit;
  }

  /** Whether it goes by how long calls take, so that `leave` must be told. */
  get timed(): boolean {
    return this.options.algorithm === 'gradient';
  }

  /**
   * Runs a function, if there is room for it. What it gives or throws comes back as it is; a synchronous function stays
   * synchronous.
   * @throws {BulkheadFullError | ClosedError} when the function was not run; as a rejected promise where the functions
   * give promises
   */
  call<Args extends readonly unknown[], Result>(fn: (...args: Args) => Result, ...args: Args): Result {
    if (!this.tryEnter()) return this.#answers.refuse(fn, this.reject(fn.name || undefined));
    const startedAt = this.timed ? this.#clock.now() : undefined;
    const settle = (outcome: Outcome) => {
      if (startedAt === undefined) return this.leave(outcome);
      const nowMs = this.#clock.now();
      this.leave(outcome, nowMs - startedAt, nowMs);
    };
    const judge = (error: unknown) => outcomeOf(error, this.#classify);
    return runJudged({ answers: this.#answers, outcomeOf: judge, settle }, fn, args);
  }

  /** Takes a slot, to be given back by `leave`; false when there is none: then `reject`. */
  tryEnter(): boolean {
    if (this.#active >= this.#algorithm.limit || this.#closed) return false;
    this.#active++;
    this.#totalCalls++;
    return true;
  }

  /**
   * Gives a slot back, once for each one taken, and learns from the call.
   * @param outcome `failure` for a call that was lost, `ignored` for one that says nothing of the dependency.
   * @param tookMs How long it took; only what is `timed` wants to know.
   * @param nowMs The time by the clock, where it has been read already.
   */
  leave(outcome: Outcome, tookMs?: number, nowMs?: number): void {
    if (this.#active === 0) return;
    const inFlight = this.#active--;
    if (outcome === 'ignored') return;
    const at = nowMs ?? (tookMs === undefined ? 0 : this.#clock.now());
    const from = this.#algorithm.limit;
    if (outcome === 'success') this.#algorithm.succeeded(inFlight, at, tookMs);
    else {
      this.#dropped++;
      this.#algorithm.dropped(inFlight, at, tookMs);
    }
    if (this.#algorithm.limit !== from) tell(this.#onLimit, { from, to: this.#algorithm.limit, ...this.#latencies() });
  }

  /** Counts a call that is turned away, and makes the error that it gets. */
  reject(site?: string): RejectedError {
    this.#rejected++;
    this.#totalCalls++;
    const { limit } = this;
    const source = { policy: 'adaptiveLimit', policyName: this.name, site, grounds: this.#groundsNow() };
    const slots = limit === 1 ? 'the one slot' : `all ${limit} slots`;
    return makeRejection(this.#captureStack, () =>
      this.#closed
        ? new ClosedError(`'${this.name}' is closed`, source)
        : new BulkheadFullError(`'${this.name}' has ${slots} of its present limit taken`, source),
    );
  }

  /** Lets nobody in any more; calls that run go on. A second time is no error. */
  close(): void {
    this.#closed = true;
  }

  /** What runs, the limit, and what it goes by, as JSON. */
  snapshot(): AdaptiveLimitSnapshot {
    const { algorithm, min, max } = this.options;
    return {
      algorithm,
      limit: this.limit,
      min,
      max,
      active: this.#active,
      rejected: this.#rejected,
      dropped: this.#dropped,
      totalCalls: this.#totalCalls,
      latencyMs: this.#algorithm.latencyMs ?? null,
      usualLatencyMs: this.#algorithm.usualLatencyMs ?? null,
    };
  }

  /** The same object until one of its numbers is another: calls are rejected in numbers. */
  #groundsNow(): LimitGrounds {
    const { min, max } = this.options;
    const { limit, latencyMs } = this.#algorithm;
    if (this.#grounds?.['limit'] !== limit || this.#grounds['latencyMs'] !== latencyMs) {
      this.#grounds = Object.freeze({ limit, min, max, ...this.#latencies() });
    }
    return this.#grounds;
  }

  #latencies(): Pick<LimitChange, 'latencyMs' | 'usualLatencyMs'> {
    const { latencyMs, usualLatencyMs } = this.#algorithm;
    return latencyMs === undefined || usualLatencyMs === undefined ? {} : { latencyMs, usualLatencyMs };
  }
}
