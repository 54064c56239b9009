import { withCause } from '../base/cause.js';
import type { CircuitOpenError } from '../base/errors.js';
import { callThrough } from './breaker-call.js';
import { BreakerCore } from './breaker-core.js';
import type { ActOptions, BreakerState } from './breaker-events.js';
import { type CheckedBreakerOptions, type CircuitBreakerOptions, checkBreakerOptions } from './breaker-options.js';
import { type BreakerContext, BreakerSettings } from './breaker-settings.js';
import { type BreakerSnapshot, snapshotOf } from './breaker-snapshot.js';
import { factsOf } from '../base/error-facts.js';
import type { Given } from '../base/options.js';
import { isPermit, type Permit } from './permit.js';
import type { Site } from './rejections.js';

/**
 * Stops calling a dependency that keeps failing, and tries it again after a while. It works alone, through `call`, or
 * under whatever asks it for permits.
 * @example
 * const breaker = new CircuitBreaker({ name: 'quotes-api', failureThreshold: 5, recoveryTimeoutMs: 30_000 });
 * const quote = await breaker.call(fetchQuote, 'ACME'); // CircuitOpenError while the circuit is open
 */
export class CircuitBreaker {
  /** Which of a family it is; undefined for a breaker of its own. */
  readonly key: string | undefined;
  readonly #settings: BreakerSettings;
  #successfulCalls = 0;
  #core: BreakerCore | undefined = undefined;

  /** @param key Which of a family it is, as it stands in errors and events. */
  constructor(options: CircuitBreakerOptions = {}, context: BreakerContext = {}, key?: string) {
    this.#settings = context instanceof BreakerSettings ? context : settingsOfOne(options, context);
    this.key = key;
    if (this.#settings.standing !== undefined) this.#coreNow();
  }

  get name(): string {
    return this.#settings.name;
  }

  /** Its options, defaults filled in; frozen. */
  get options(): CheckedBreakerOptions {
    return this.#settings.options;
  }

  /** What it is in by now, whether or not a call has come to notice it. */
  get state(): BreakerState {
    return this.#core?.stateAt(this.#settings.clock.now()) ?? 'closed';
  }

  /** Itself, whatever the key: so that a breaker and a family are asked alike. */
  for(_key: string): this {
    return this;
  }

  /**
   * Runs a function, if the circuit lets it. What the function gives or throws comes back as it is; a synchronous
   * function stays synchronous.
   * @throws {CircuitOpenError} when the function was not run; as a rejected promise where the functions give promises
   */
  call<Args extends readonly unknown[], Result>(fn: (...args: Args) => Result, ...args: Args): Result {
    return callThrough(this, this.#settings, fn, args);
  }

  /**
   * Leave to run one call, to be settled once by `succeed`, `fail` or `ignore`.
   * @param site The function that is to be called, or its name, as it stands in the error.
   * @throws {CircuitOpenError} when the call must not run
   */
  acquire(site?: Site): Permit {
    const permit = this.tryAcquire(site);
    if (isPermit(permit)) return permit;
    throw permit;
  }

  /** The permit that every call gets while the circuit is closed and no call is timed; undefined when each must `acquire`. */
  get standing(): Permit | undefined {
    const core = this.#core;
    return core === undefined ? this.#settings.ready : core.ready;
  }

  /** As `acquire`, but the error is returned: throwing it costs as much again as making it. `isPermit` tells them apart. */
  tryAcquire(site?: Site): Permit | CircuitOpenError {
    return this.standing ?? this.#coreNow().admit(site);
  }

  /** The call of this permit has succeeded, unless `isFailureResult` holds for its value. */
  succeed(permit: Permit, value?: unknown): void {
    const core = this.#core;
    if (this.#settings.trustsResults && (core === undefined || core.takesForGranted(permit))) this.#successfulCalls++;
    else this.#succeed(permit, value);
  }

  /** The call of this permit has thrown: a failure, or ignored where the error says nothing of the dependency. */
  fail(permit: Permit, error: unknown): void {
    if (!claim(permit)) return;
    const outcome = this.#ask(permit, () => this.#settings.outcomeOf(error), error);
    if (outcome === 'ignored') this.#coreNow().bookIgnored(permit);
    else this.#coreNow().bookFailure(permit, factsOf(error));
  }

  /** The call of this permit says nothing: its caller has given up, or it was not run. */
  ignore(permit: Permit): void {
    if (claim(permit)) this.#coreNow().bookIgnored(permit);
  }

  /** Closes the circuit, ends what overrides it, and forgets what it was judged by; what was counted stays. */
  reset(options: Given<ActOptions> = {}): void {
    this.#coreNow().act('reset', options);
  }

  /** Rejects every call, until `release`, `reset` or the end of `ttlMs`. */
  isolate(options: Given<ActOptions> = {}): void {
    this.#coreNow().act('isolate', options);
  }

  /** Lets every call through and counts it, without judging. */
  disable(options: Given<ActOptions> = {}): void {
    this.#coreNow().act('disable', options);
  }

  /** Lets every call through, judges it, and reports what would have been rejected. */
  shadow(options: Given<ActOptions> = {}): void {
    this.#coreNow().act('shadow', options);
  }

  /** Ends `isolate`, `disable` or `shadow`: the breaker judges again, from where it was. */
  release(options: Given<ActOptions> = {}): void {
    this.#coreNow().act('release', options);
  }

  /**
   * Goes by other options from now on. Its state, its counts and a wait that has begun stay; another `window` begins empty.
   * @throws {TypeError | RangeError} for options that are not as they should be; then nothing has changed
   */
  reconfigure(options: CircuitBreakerOptions): void {
    refuseFamily(checkBreakerOptions(options));
    this.#settings.take(options);
    this.heed();
  }

  /** Goes by the options of its family, which have changed. */
  heed(): void {
    this.#core?.heed();
  }

  /** What it has counted and what it is in, as JSON. */
  snapshot(): BreakerSnapshot {
    return snapshotOf(this.#core, this.#successfulCalls, this.#settings.clock);
  }

  #succeed(permit: Permit, value: unknown): void {
    if (!claim(permit)) return;
    const { options, trustsDurations } = this.#settings;
    if (options.isFailureResult !== undefined && this.#ask(permit, () => options.isFailureResult?.(value))) {
      return this.#coreNow().bookFailure(permit);
    }
    this.#successfulCalls++;
    const core = trustsDurations ? this.#core : this.#coreNow();
    core?.bookSuccess(permit);
  }

  /** The answer of a user's function; if it throws, the permit is given back before the error goes on its way. */
  #ask<Answer>(permit: Permit, question: () => Answer, cause?: unknown): Answer {
    try {
      return question();
    } catch (broken) {
      this.#coreNow().bookIgnored(permit);
      throw cause === undefined ? broken : withCause(broken, cause);
    }
  }

  #coreNow(): BreakerCore {
    return (this.#core ??= new BreakerCore(this.#settings, this.key, () => this.#successfulCalls));
  }
}

/** Takes the one settlement that a permit has; false if it is gone. */
function claim(permit: Permit): boolean {
  if (permit.shared) return true;
  if (permit.settled) return false;
  permit.settled = true;
  return true;
}

function settingsOfOne(options: CircuitBreakerOptions, context: BreakerContext): BreakerSettings {
  const settings = new BreakerSettings(options, context);
  refuseFamily(settings.options);
  return settings;
}

function refuseFamily({ key, maxKeys }: CheckedBreakerOptions): void {
  if (key === undefined && maxKeys === undefined) return;
  throw new TypeError('circuitBreaker: `key` and `maxKeys` are for a family of breakers; use KeyedBreakers');
}
