import { type RateAlgorithm, TOLERANCE_MS, wholeMs } from './rate-algorithm.js';

/** What all buckets of one limit have in common. */
export class TokenRules {
  /** Time in which one token comes back, in ms. */
  readonly tokenMs: number;
  /** Time in which an empty bucket fills, in ms. */
  readonly depthMs: number;
  /** Tokens that may be taken between two looks at the clock. */
  readonly unseen: number;
  /** The moment from which times are counted: small numbers keep their fractions. */
  readonly originMs: number;

  /**
   * @param limit Tokens that come back in `intervalMs`.
   * @param burst Tokens that a full bucket holds.
   */
  constructor(limit: number, intervalMs: number, burst: number, originMs: number) {
    this.tokenMs = intervalMs / limit;
    this.depthMs = burst * this.tokenMs;
    this.unseen = burst < SMALL_BURST ? 0 : Math.floor(burst / 100);
    this.originMs = originMs;
  }
}

/** Below it, calls are so few that a look at the clock for each costs nothing, and each token is worth counting. */
const SMALL_BURST = 1_000;

/**
 * Tokens are taken by calls and come back with time, by computation: there is no timer. In any span of time calls get at
 * most `burst` tokens and those that came back within it.
 *
 * A clock read costs 0.8 × a bare call. So a bucket of 1 000 and more looks at the clock only once in a hundredth of its
 * burst; what was taken between counts as taken at the next look. That errs to the safe side only: after a time of rest
 * up to a hundredth of the burst may be missing.
 * @see the Generic Cell Rate Algorithm, ITU-T I.371: it keeps one moment instead of a level
 */
export class TokenBucket implements RateAlgorithm {
  readonly #rules: TokenRules;
  /** When the bucket is full again, in ms from the origin. */
  #fullAt = -Infinity;
  /** Tokens that may still be taken before the next look at the clock, and those that were. */
  #allowed = 0;
  #taken = 0;

  constructor(rules: TokenRules) {
    this.#rules = rules;
  }

  takeUnseen(): boolean {
    if (this.#taken >= this.#allowed) return false;
    this.#taken++;
    return true;
  }

  take(nowMs: number): number {
    const { tokenMs, depthMs, unseen, originMs } = this.#rules;
    const sinceOriginMs = nowMs - originMs;
    this.#fullAt = this.#fullAtOnceBooked(sinceOriginMs);
    this.#allowed = 0;
    this.#taken = 0;
    const fullAt = Math.max(this.#fullAt, sinceOriginMs) + tokenMs;
    const spareMs = depthMs - (fullAt - sinceOriginMs);
    if (spareMs < -TOLERANCE_MS) return wholeMs(-spareMs);
    this.#fullAt = fullAt;
    if (unseen > 0) this.#allowed = Math.min(unseen, this.#whole(spareMs));
    return 0;
  }

  beginWith(taken: number, nowMs: number): void {
    if (taken > 0) this.#fullAt = nowMs - this.#rules.originMs + taken * this.#rules.tokenMs;
  }

  available(nowMs: number): number {
    const { depthMs, originMs } = this.#rules;
    const sinceOriginMs = nowMs - originMs;
    const missingMs = this.#fullAtOnceBooked(sinceOriginMs) - sinceOriginMs;
    return Math.max(0, this.#whole(depthMs - Math.max(0, missingMs)));
  }

  /** When the bucket is full again, where what was taken since the last look counts as taken now. */
  #fullAtOnceBooked(sinceOriginMs: number): number {
    if (this.#taken === 0) return this.#fullAt;
    return Math.max(this.#fullAt, sinceOriginMs) + this.#taken * this.#rules.tokenMs;
  }

  #whole(spanMs: number): number {
    return Math.floor((spanMs + TOLERANCE_MS) / this.#rules.tokenMs);
  }
}
