import { tell } from '../base/tell.js';
import type { LimitContext } from './limit-context.js';
import type { CheckedRateLimitOptions, RateLimitOptions, RateLimitStore } from './rate-limit-options.js';
import { RateSettings } from './rate-settings.js';

/** What surrounds a limit in a store. */
export interface StoredLimitContext extends LimitContext {
  /** Is told of each call that was let through because the store has failed; what it throws is lost. */
  onStoreFailed?: ((failure: { readonly error: unknown; readonly key: string }) => void) | undefined;
}

/** A limit in a store as it is at a moment: JSON all the way down. */
export interface StoredRateLimiterSnapshot {
  /** Calls that were let through, those without an answer of the store too. */
  readonly allowed: number;
  readonly rejected: number;
  readonly limit: number;
  readonly intervalMs: number;
  /** Calls that were let through because the store has failed. */
  readonly storeFailures: number;
}

/**
 * A limit that several processes hold together, in a store outside. A store that fails, or gives no sensible answer,
 * lets the call through: a limit is there to spare a dependency, not to become one. Each such call is counted and told.
 * @example
 * const limiter = new StoredRateLimiter({ name: 'mail', limit: 100, intervalMs: 60_000, store });
 * await limiter.call(sendMail, letter); // RateLimitedError past 100 letters a minute, whoever sends them
 */
export class StoredRateLimiter {
  readonly #settings: RateSettings;
  readonly #store: RateLimitStore;
  readonly #context: StoredLimitContext;
  #allowed = 0;
  #rejected = 0;
  #storeFailures = 0;

  /**
   * @throws {TypeError} for an unknown option, a wrong type, or without a `store`
   * @throws {RangeError} for a value out of range
   */
  constructor(options: RateLimitOptions & { store: RateLimitStore }, context: StoredLimitContext = {}) {
    this.#settings = new RateSettings(options, context);
    const { store } = this.#settings.options;
    if (store === undefined) throw new TypeError('rateLimit: `store` must be given; it takes a store: { take }');
    this.#store = store;
    this.#context = context;
  }

  get name(): string {
    return this.#settings.name;
  }

  /** Its options, defaults filled in; frozen. */
  get options(): CheckedRateLimitOptions {
    return this.#settings.options;
  }

  /**
   * Runs a function, if its time has come; the `key` of the options is made from the arguments.
   * @throws {RateLimitedError} when the function was not run
   */
  async call<Args extends readonly unknown[], Result>(
    fn: (...args: Args) => Result,
    ...args: Args
  ): Promise<Awaited<Result>> {
    const key = this.#settings.options.key as ((...args: readonly unknown[]) => string) | undefined;
    await this.take(fn.name || undefined, key?.(...args));
    return await fn(...args);
  }

  /**
   * Takes leave for one call.
   * @param site The function that is to be called, as it stands in the error.
   * @param key Whose limit it is, where each key has its own.
   * @throws {RateLimitedError} when it may not run yet
   */
  async take(site?: string, key?: string): Promise<void> {
    const answer = await this.#ask(key === undefined ? this.name : `${this.name}:${key}`);
    if (answer.allowed) {
      this.#allowed++;
      return;
    }
    this.#rejected++;
    throw this.#settings.rejection(site, key, answer.retryAfterMs);
  }

  /** What it has counted, as JSON; what is left, only the store knows. */
  snapshot(): StoredRateLimiterSnapshot {
    const { limit, intervalMs } = this.#settings.options;
    const counts = { allowed: this.#allowed, rejected: this.#rejected, storeFailures: this.#storeFailures };
    return { ...counts, limit, intervalMs };
  }

  async #ask(key: string): Promise<{ allowed: boolean; retryAfterMs?: number | undefined }> {
    const { limit, intervalMs, burst, algorithm } = this.#settings.options;
    try {
      return sensible(await this.#store.take(key, { limit, intervalMs, burst, algorithm }));
    } catch (error) {
      this.#storeFailures++;
      tell(this.#context.onStoreFailed, { error, key });
      return { allowed: true };
    }
  }
}

/** An answer that can be acted on; a time that is none is left out. */
function sensible(answer: { allowed: boolean; retryAfterMs: number }): {
  allowed: boolean;
  retryAfterMs: number | undefined;
} {
  const { allowed, retryAfterMs } = answer;
  if (typeof allowed !== 'boolean') throw new TypeError('rateLimit: the store must answer { allowed, retryAfterMs }');
  return { allowed, retryAfterMs: Number.isFinite(retryAfterMs) && retryAfterMs >= 0 ? retryAfterMs : undefined };
}
