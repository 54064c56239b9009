import { LRUCache } from 'lru-cache';
import type { LimitContext } from './limit-context.js';
import type { CheckedRateLimitOptions, RateLimitOptions } from './rate-limit-options.js';
import { RateLimiter, type RateLimiterSnapshot } from './rate-limiter.js';
import { RateSettings } from './rate-settings.js';

/** A family of limits as it is at a moment: JSON all the way down. */
export interface KeyedRateLimitersSnapshot {
  readonly maxKeys: number;
  /** Keys that were forgotten to make room. */
  readonly forgotten: number;
  /** Those of them that were in use, so that they may have got more than their limit. Above 0, `maxKeys` is too small. */
  readonly forgottenInUse: number;
  /** The limits, by key, in the order of their keys. */
  readonly keys: Readonly<Record<string, RateLimiterSnapshot>>;
}

/**
 * A limit for each tenant, address or other key. At most `maxKeys` are kept, and the least recently used is forgotten:
 * when its key comes back it begins anew. Nothing is lost by that while the forgotten one had its whole limit again, as
 * it has after a time of rest. Where more than `maxKeys` keys come within that time, a key may get more than its limit;
 * that is never silent: `forgottenInUse` counts it.
 * @example
 * const tenants = new KeyedRateLimiters({ limit: 100, intervalMs: 60_000, maxKeys: 5_000 });
 * tenants.for('acme').take();
 */
export class KeyedRateLimiters {
  readonly #settings: RateSettings;
  readonly #maxKeys: number;
  /** Made with the first key: it sets room for all of them aside. */
  #members: LRUCache<string, RateLimiter> | undefined = undefined;
  #forgotten = 0;
  #forgottenInUse = 0;

  /**
   * @throws {TypeError} for an unknown option, a wrong type, and a `store`, which keeps its keys itself
   * @throws {RangeError} for a value out of range
   */
  constructor(options: RateLimitOptions, context: LimitContext = {}) {
    this.#settings = new RateSettings(ofFamily(options), context);
    this.#maxKeys = this.#settings.options.maxKeys ?? 10_000;
  }

  get name(): string {
    return this.#settings.name;
  }

  /** The options of each limit, defaults filled in; frozen. */
  get options(): CheckedRateLimitOptions {
    return this.#settings.options;
  }

  /** How many keys are kept. */
  get size(): number {
    return this.#members?.size ?? 0;
  }

  /** The limit of a key, made when it is asked for first. */
  for(key: string): RateLimiter {
    return this.#members?.get(key) ?? this.#enter(key);
  }

  /** Whether a limit is kept for a key; asking does not count as use. */
  has(key: string): boolean {
    return this.#members?.has(key) ?? false;
  }

  /** All keys for which a limit is kept, sorted. */
  keys(): string[] {
    return [...(this.#members?.keys() ?? [])].sort();
  }

  /** Each limit as it is; asking does not count as use. */
  snapshot(): KeyedRateLimitersSnapshot {
    const keys = Object.fromEntries(this.keys().map((key) => [key, this.#members?.peek(key)?.snapshot()]));
    return {
      maxKeys: this.#maxKeys,
      forgotten: this.#forgotten,
      forgottenInUse: this.#forgottenInUse,
      keys: keys as KeyedRateLimitersSnapshot['keys'],
    };
  }

  #enter(given: string): RateLimiter {
    // A key from untyped code may be a number; it must not be told apart from the text that a snapshot shows.
    const key = String(given);
    this.#members ??= new LRUCache({ max: this.#maxKeys, dispose: (old, _, why) => this.#noteGone(old, why) });
    const member = this.#members.get(key) ?? new RateLimiter(this.#settings.options, this.#settings, key);
    this.#members.set(key, member);
    return member;
  }

  #noteGone(member: RateLimiter, why: string): void {
    if (why !== 'evict') return;
    this.#forgotten++;
    if (!member.atRest) this.#forgottenInUse++;
  }
}

function ofFamily(options: RateLimitOptions): RateLimitOptions {
  if (options?.store !== undefined) {
    throw new TypeError('rateLimit: a `store` keeps its keys itself; use StoredRateLimiter');
  }
  return options;
}
