import { classify as classifyByDefault } from '../base/classify.js';
import { type Clock, systemClock } from '../base/clock.js';
import { RejectedError } from '../base/errors.js';
import { type Outcome, outcomeOf } from '../base/outcome.js';
import { type Random, systemRandom } from '../base/random.js';
import type { Classify } from '../base/severity.js';
import type { BreakerAct, BreakerTransition, WouldReject } from './breaker-events.js';
import { type CheckedBreakerOptions, type CircuitBreakerOptions, checkBreakerOptions } from './breaker-options.js';
import type { Override } from './override.js';
import { type SharedPermit, sharedPermit } from './permit.js';

/** What surrounds a breaker: its name, its time and chance, and who wants to hear of it. What a listener throws is lost. */
export interface BreakerContext {
  /** @default the option `name`, or `circuitBreaker` */
  name?: string | undefined;
  clock?: Clock | undefined;
  random?: Random | undefined;
  /** Judges errors where there is no `isFailure`: permanent ones are ignored. */
  classify?: Classify | undefined;
  /** Whether rejections bear stack frames, at fifteen times the cost. @default false */
  captureStack?: boolean | undefined;
  /** Is told of each change of state. */
  onTransition?: ((transition: BreakerTransition) => void) | undefined;
  /** Is told of each act, whether or not it changed the state. */
  onAct?: ((act: BreakerAct) => void) | undefined;
  /** Is told, in `shadow`, of each call that would have been rejected. */
  onWouldReject?: ((call: WouldReject) => void) | undefined;
}

/** What breakers of one family have in common, each thing once. */
export class BreakerSettings {
  readonly name: string;
  options: CheckedBreakerOptions;
  readonly clock: Clock;
  readonly random: Random;
  readonly classify: Classify;
  readonly captureStack: boolean;
  readonly context: BreakerContext;
  /** Whether a success may be counted without a look at how long it took, and when it came. */
  trustsDurations: boolean;
  /** Whether, beyond that, it may be counted without a look at its value. */
  trustsResults: boolean;
  /** What a breaker that has known nothing but successes gives to a call. */
  ready: SharedPermit | undefined;
  /** What every new breaker of a family is born under. */
  standing: Override | undefined = undefined;
  #answers: 'nothing yet' | 'promises' | 'values' = 'nothing yet';

  constructor(options: CircuitBreakerOptions, context: BreakerContext) {
    this.options = checkBreakerOptions(options);
    const { slowCallMs, window, isFailureResult } = this.options;
    this.name = context.name ?? this.options.name ?? 'circuitBreaker';
    this.clock = context.clock ?? systemClock;
    this.random = context.random ?? systemRandom;
    this.classify = context.classify ?? classifyByDefault;
    this.captureStack = context.captureStack ?? false;
    this.context = context;
    this.trustsDurations = slowCallMs === undefined && window?.type !== 'time';
    this.ready = slowCallMs === undefined ? sharedPermit(0) : undefined;
    this.trustsResults = this.trustsDurations && isFailureResult === undefined;
  }

  /** Takes other options; whoever asks has the breakers heed them. */
  take(options: CircuitBreakerOptions): void {
    this.options = checkBreakerOptions(options);
    const { slowCallMs, window, isFailureResult } = this.options;
    this.trustsDurations = slowCallMs === undefined && window?.type !== 'time';
    this.ready = slowCallMs === undefined ? sharedPermit(0) : undefined;
    this.trustsResults = this.trustsDurations && isFailureResult === undefined;
  }

  /** What an error counts as; the function was not run where the toolkit has rejected the call further in. */
  outcomeOf(error: unknown): Outcome {
    const { isFailure } = this.options;
    if (isFailure === undefined) return outcomeOf(error, this.classify);
    return !(error instanceof RejectedError) && isFailure(error) ? 'failure' : 'ignored';
  }

  /** Remembers what a function gave; a value once among promises is remembered for good. */
  noteAnswer(answers: 'promises' | 'values'): void {
    if (answers === 'values' || this.#answers === 'nothing yet') this.#answers = answers;
  }

  /** Whether the caller of this function expects a promise: it is async, or all before it gave promises. */
  answersWithPromise(fn: (...args: never[]) => unknown): boolean {
    return this.#answers === 'promises' || Object.prototype.toString.call(fn) === '[object AsyncFunction]';
  }
}
