import { type Cancellation, cancellationOf } from '../base/cancellation.js';
import { classify as classifyByDefault } from '../base/classify.js';
import { type Clock, systemClock } from '../base/clock.js';
import { type Random, systemRandom } from '../base/random.js';
import type { Classify } from '../base/severity.js';
import { RetryBudget } from './retry-budget.js';
import type { RecoverContext, Retried, RetryObserver } from './recover-context.js';
import { RetryLoop } from './retry-loop.js';
import { type CheckedRetryOptions, checkRetryOptions, isRetryBudget, type RetryOptions } from './retry-options.js';

/** What surrounds a policy: its name, its time and chance, and how it judges errors. */
export interface RetryContext {
  /** @default 'retryWithBackoff' */
  name?: string | undefined;
  clock?: Clock | undefined;
  random?: Random | undefined;
  /** Judges errors where there is no `retryIf`. @default the toolkit's `classify` */
  classify?: Classify | undefined;
}

/**
 * Runs a call again when it fails, after a delay that grows and is spread at random.
 * @example
 * const policy = new RetryPolicy({ maxAttempts: 5, baseDelayMs: 200 });
 * const quote = await policy.execute(() => fetchQuote('ACME')); // the last error itself, if all five fail
 */
export class RetryPolicy {
  readonly name: string;
  /** Its options, defaults filled in; frozen. */
  readonly options: CheckedRetryOptions;
  /** What bounds its retries. Who runs first tries himself tells it of each one that is good, by `noteSuccess`. */
  readonly budget: RetryBudget | undefined;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #classify: Classify;
  /** Made with the first run that was not good. */
  #loop: RetryLoop | undefined = undefined;

  /**
   * @throws {TypeError} for an unknown option, or a value of the wrong type
   * @throws {RangeError} for a value out of range
   */
  constructor(options: RetryOptions = {}, context: RetryContext = {}) {
    const { name = 'retryWithBackoff', clock = systemClock, random = systemRandom } = context;
    this.options = checkRetryOptions(options);
    this.name = name;
    const { budget } = this.options;
    this.budget = budget === undefined || isRetryBudget(budget) ? budget : new RetryBudget(budget, { clock });
    this.#clock = clock;
    this.#random = random;
    this.#classify = context.classify ?? classifyByDefault;
  }

  /**
   * Runs a function until it is good or retries end, and gives its value or throws its last error as it was.
   * @param fn Gets the number of the run, from 1.
   * @param options `signal`: aborted, it ends a wait at once, and no further run begins. `observe` is told of retries.
   * @throws the signal's reason, when it was aborted
   */
  async execute<T>(
    fn: Retried<T>,
    options: { signal?: AbortSignal | undefined; observe?: RetryObserver | undefined } = {},
  ): Promise<T> {
    const { signal, observe } = options;
    signal?.throwIfAborted();
    const cancellation: Cancellation | undefined = signal && cancellationOf(signal);
    const startedAt = this.#clock.now();
    const context: RecoverContext = { startedAt, ...(cancellation && { cancellation }), ...(observe && { observe }) };
    let value: T;
    try {
      value = await fn(1, undefined);
    } catch (error) {
      return this.recover({ error }, fn, context);
    }
    if (this.refuses(value)) return this.revise(value, fn, context);
    this.budget?.noteSuccess();
    return value;
  }

  /** Whether `retryIfResult` refuses the value of a first run. */
  refuses(value: unknown): boolean {
    return this.options.retryIfResult?.(value, 1) ?? false;
  }

  /**
   * Takes over when the first run of a call has failed: waits, runs it again, and so on.
   * @returns the value of the first run that is good
   * @throws the last error, as it was; or the reason of the cancellation
   */
  recover<T>(failed: { error: unknown }, run: Retried<T>, context: RecoverContext): Promise<T> {
    return this.#loopNow().run({ error: failed.error }, run, context);
  }

  /** Takes over when `retryIfResult` has refused a first value. If none is good, the last outcome is that of the call. */
  revise<T>(value: T, run: Retried<T>, context: RecoverContext): Promise<T> {
    return this.#loopNow().run({ value }, run, context);
  }

  #loopNow(): RetryLoop {
    const means = { clock: this.#clock, random: this.#random, classify: this.#classify, budget: this.budget };
    return (this.#loop ??= new RetryLoop(this.options, means));
  }
}
