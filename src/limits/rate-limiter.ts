import type { RateLimitedError } from '../base/errors.js';
import type { LimitContext } from './limit-context.js';
import type { RateAlgorithm } from './rate-algorithm.js';
import type { CheckedRateLimitOptions, RateLimitOptions } from './rate-limit-options.js';
import { RateSettings } from './rate-settings.js';

/** A limit as it is at a moment: JSON all the way down. */
export interface RateLimiterSnapshot {
  /** Calls that were let through. */
  readonly allowed: number;
  readonly rejected: number;
  readonly limit: number;
  readonly intervalMs: number;
  /** Calls that would be let through now. */
  readonly available: number;
}

/**
 * Lets so many calls through in a time and rejects the others, with the time when the next one may come. It never waits
 * and has no timer.
 * @example
 * const limiter = new RateLimiter({ limit: 100, intervalMs: 60_000 });
 * limiter.call(sendMail, letter); // RateLimitedError with `retryAfterMs` past 100 letters a minute
 */
export class RateLimiter {
  /** Which of a family it is; undefined for a limit of its own. */
  readonly key: string | undefined;
  #settings: RateSettings;
  #counting: RateAlgorithm;
  #allowed = 0;
  #rejected = 0;

  /**
   * @param key Which of a family it is, as it stands in errors.
   * @throws {TypeError} for an unknown option, a wrong type, and options for families and stores
   * @throws {RangeError} for a value out of range
   */
  constructor(options: RateLimitOptions, context: LimitContext | RateSettings = {}, key?: string) {
    this.#settings = context instanceof RateSettings ? context : new RateSettings(ofOne(options), context);
    this.#counting = this.#settings.counting();
    this.key = key;
  }

  get name(): string {
    return this.#settings.name;
  }

  /** Its options, defaults filled in; frozen. */
  get options(): CheckedRateLimitOptions {
    return this.#settings.options;
  }

  /**
   * Runs a function, if its time has come. What it gives or throws comes back as it is; a synchronous function stays
   * synchronous.
   * @throws {RateLimitedError} when the function was not run; as a rejected promise where the functions give promises
   */
  call<Args extends readonly unknown[], Result>(fn: (...args: Args) => Result, ...args: Args): Result {
    const retryAfterMs = this.tryTake();
    if (retryAfterMs > 0) return this.#settings.answers.refuse(fn, this.rejection(retryAfterMs, fn.name || undefined));
    return this.#settings.answers.note(fn(...args));
  }

  /**
   * Takes leave for one call.
   * @param nowMs The time by the clock, where it has been read already.
   * @returns 0 when the call may run, else in how many ms it may: then, and not 1 ms earlier
   */
  tryTake(nowMs?: number): number {
    if (nowMs === undefined && this.#counting.takeUnseen()) {
      this.#allowed++;
      return 0;
    }
    const retryAfterMs = this.#counting.take(nowMs ?? this.#settings.clock.now());
    if (retryAfterMs === 0) this.#allowed++;
    else this.#rejected++;
    return retryAfterMs;
  }

  /**
   * Takes leave for one call, or throws.
   * @param site The function that is to be called, as it stands in the error.
   * @throws {RateLimitedError} when it may not run yet
   */
  take(site?: string, nowMs?: number): void {
    const retryAfterMs = this.tryTake(nowMs);
    if (retryAfterMs > 0) throw this.rejection(retryAfterMs, site);
  }

  /** The error of a call that `tryTake` has refused. */
  rejection(retryAfterMs: number, site?: string): RateLimitedError {
    return this.#settings.rejection(site, this.key, retryAfterMs);
  }

  /**
   * Goes by other options from now on. What was let through lately counts, as if it had been let through now: a change
   * never lets through more than the new limit does.
   * @throws {TypeError | RangeError} for options that are not as they should be; then nothing has changed
   */
  reconfigure(options: RateLimitOptions): void {
    const { clock } = this.#settings;
    const settings = this.#settings.with(ofOne(options));
    const counting = settings.counting();
    const nowMs = clock.now();
    const used = this.#settings.options.burst - this.#counting.available(nowMs);
    counting.beginWith(Math.max(0, Math.min(used, settings.options.burst)), nowMs);
    this.#settings = settings;
    this.#counting = counting;
  }

  /** Whether it stands as a new one would: to forget it then loses nothing. */
  get atRest(): boolean {
    return this.#available() === this.#settings.options.burst;
  }

  /** What it has counted and what is left, as JSON. */
  snapshot(): RateLimiterSnapshot {
    const { limit, intervalMs } = this.#settings.options;
    return { allowed: this.#allowed, rejected: this.#rejected, limit, intervalMs, available: this.#available() };
  }

  #available(): number {
    return this.#counting.available(this.#settings.clock.now());
  }
}

function ofOne(options: RateLimitOptions): RateLimitOptions {
  if (options?.store !== undefined) {
    throw new TypeError('rateLimit: a limit in a `store` cannot answer at once; use StoredRateLimiter');
  }
  if (options?.key === undefined && options?.maxKeys === undefined) return options;
  throw new TypeError('rateLimit: `key` and `maxKeys` are for a family of limits; use KeyedRateLimiters');
}
