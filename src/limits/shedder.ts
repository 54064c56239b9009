import { classify } from '../base/classify.js';
import { type Clock, systemClock } from '../base/clock.js';
import { ClosedError, type RejectedError, ShedError } from '../base/errors.js';
import { checkOptions } from '../base/options.js';
import { acceptanceOf, type Outcome } from '../base/outcome.js';
import { type Random, systemRandom } from '../base/random.js';
import type { Classify } from '../base/severity.js';
import { grouped } from '../base/wording.js';
import { AcceptWindow } from './accept-window.js';
import { Answers } from './answers.js';
import { runJudged } from './judged-call.js';
import { type LimitContext, makeRejection } from './limit-context.js';
import { type CheckedShedOptions, type ShedOptions, shedRules } from './shed-options.js';

/** What surrounds a shedder. */
export interface ShedContext extends LimitContext {
  /** Where chance comes from. @default Math.random */
  random?: Random | undefined;
  /** Decides how bad an error is, for calls by `call`. @default the toolkit's own */
  classify?: Classify | undefined;
}

/** A shedder as it is at a moment: JSON all the way down. */
export interface ShedSnapshot {
  readonly k: number;
  readonly windowMs: number;
  /** Calls of the window that have ended, those that were shed among them. */
  readonly requests: number;
  /** Those of them that the dependency accepted. */
  readonly accepts: number;
  /** With which probability the next call is shed. */
  readonly probability: number;
  /** Calls that were turned away since the beginning. */
  readonly rejected: number;
  readonly totalCalls: number;
}

/**
 * Rejects calls by chance while the dependency accepts too few of them, so that it need not spend itself on refusing:
 * with probability `max(0, (requests − k · accepts) / (requests + 1))`, over what has ended in a sliding window. Calls that
 * it rejects are requests too; calls that still run are none.
 * @see Google, "Site Reliability Engineering" (2016), chapter 21, "Handling overload"
 * @example
 * const shedder = new Shedder({ k: 2 });
 * const price = await shedder.call(fetchPrice, 'ACME'); // ShedError, now and then, while fetchPrice fails
 */
export class Shedder {
  readonly name: string;
  /** Its options, defaults filled in; frozen. */
  readonly options: CheckedShedOptions;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #captureStack: boolean;
  readonly #classify: Classify;
  readonly #answers: Answers = new Answers();
  readonly #window: AcceptWindow;
  #closed = false;
  #rejected = 0;
  #totalCalls = 0;

  /**
   * @throws {TypeError} for an unknown option, or a value of the wrong type
   * @throws {RangeError} for a value out of range
   */
  constructor(options: ShedOptions = {}, context: ShedContext = {}) {
    this.options = checkOptions<ShedOptions>('shed', shedRules, options) as CheckedShedOptions;
    this.name = context.name ?? this.options.name ?? 'shed';
    this.#clock = context.clock ?? systemClock;
    this.#random = context.random ?? systemRandom;
    this.#captureStack = context.captureStack ?? false;
    this.#classify = context.classify ?? classify;
    this.#window = new AcceptWindow(this.options.windowMs);
  }

  /** With which probability the next call is shed, from 0 to 1. */
  get probability(): number {
    const { requests, accepts } = this.#window;
    // All were accepted, and whichever of them are too old by now, that holds for the rest: no look at the clock.
    return requests === accepts ? 0 : this.#probabilityAt(this.#clock.now());
  }

  /**
   * Runs a function, unless it is shed. What it gives or throws comes back as it is; a synchronous function stays
   * synchronous.
   * @throws {ShedError | ClosedError} when the function was not run; as a rejected promise where the functions give
   * promises
   */
  call<Args extends readonly unknown[], Result>(fn: (...args: Args) => Result, ...args: Args): Result {
    if (!this.tryEnter()) return this.#answers.refuse(fn, this.reject(fn.name || undefined));
    const outcomeOf = (error: unknown) => acceptanceOf(error, this.#classify);
    return runJudged({ answers: this.#answers, outcomeOf, settle: (outcome) => this.settle(outcome) }, fn, args);
  }

  /** Lets a call in, to be settled by `settle`; false, by chance, when it is shed: then `reject`. */
  tryEnter(): boolean {
    const { probability } = this;
    if (this.#closed || (probability > 0 && this.#random() < probability)) return false;
    this.#totalCalls++;
    return true;
  }

  /** Counts a call that has ended: `success` for one that was accepted, `ignored` for one that was not even sent. */
  settle(outcome: Outcome): void {
    if (outcome !== 'ignored') this.#window.record(outcome === 'success' ? 1 : 0, this.#clock.now());
  }

  /** Counts a call that is turned away, and makes the error that it gets. */
  reject(site?: string): RejectedError {
    this.#rejected++;
    this.#totalCalls++;
    if (this.#closed) {
      const source = { policy: 'shed', policyName: this.name, site };
      return makeRejection(this.#captureStack, () => new ClosedError(`'${this.name}' is closed`, source));
    }
    const { k, windowMs } = this.options;
    const nowMs = this.#clock.now();
    const probability = this.#probabilityAt(nowMs);
    const { requests, accepts } = this.#window;
    const grounds = Object.freeze({ requests, accepts, k, windowMs, probability });
    const source = { policy: 'shed', policyName: this.name, site, grounds };
    this.#window.record(0, nowMs);
    const message = `'${this.name}' sheds calls: ${accepts} of ${requests} were accepted in ${grouped(windowMs)} ms`;
    return makeRejection(this.#captureStack, () => new ShedError(message, source));
  }

  /** Lets nobody in any more; calls that run go on. A second time is no error. */
  close(): void {
    this.#closed = true;
  }

  /** What it has seen in the window, and what comes of it, as JSON. */
  snapshot(): ShedSnapshot {
    const probability = this.#probabilityAt(this.#clock.now());
    const { requests, accepts } = this.#window;
    const { k, windowMs } = this.options;
    return { k, windowMs, requests, accepts, probability, rejected: this.#rejected, totalCalls: this.#totalCalls };
  }

  #probabilityAt(nowMs: number): number {
    this.#window.expire(nowMs);
    const { requests, accepts } = this.#window;
    return Math.max(0, (requests - this.options.k * accepts) / (requests + 1));
  }
}
