import { type Clock, systemClock } from '../base/clock.js';
import { RateLimitedError } from '../base/errors.js';
import type { LimitGrounds } from '../base/rejection-grounds.js';
import { grouped, plural } from '../base/wording.js';
import { Answers } from './answers.js';
import { type LimitContext, makeRejection } from './limit-context.js';
import type { RateAlgorithm } from './rate-algorithm.js';
import { type CheckedRateLimitOptions, fillRateLimitOptions, type RateLimitOptions } from './rate-limit-options.js';
import { SlidingWindow } from './sliding-window.js';
import { TokenBucket, TokenRules } from './token-bucket.js';

/** What the limits of one family have in common, each thing once. */
export class RateSettings {
  readonly name: string;
  readonly options: CheckedRateLimitOptions;
  readonly clock: Clock;
  readonly answers: Answers = new Answers();
  readonly #context: LimitContext;
  readonly #captureStack: boolean;
  readonly #tokenRules: TokenRules;
  readonly #grounds: LimitGrounds;

  constructor(options: RateLimitOptions, context: LimitContext) {
    this.options = fillRateLimitOptions(options);
    this.name = context.name ?? this.options.name ?? 'rateLimit';
    this.clock = context.clock ?? systemClock;
    this.#context = context;
    this.#captureStack = context.captureStack ?? false;
    const { limit, intervalMs, burst } = this.options;
    this.#grounds = Object.freeze({ limit, intervalMs, burst });
    this.#tokenRules = new TokenRules(limit, intervalMs, burst, this.clock.now());
  }

  /** The same with other options. */
  with(options: RateLimitOptions): RateSettings {
    return new RateSettings(options, { ...this.#context, name: this.name });
  }

  /** What counts one limit, or one key. */
  counting(): RateAlgorithm {
    const { algorithm, limit, intervalMs } = this.options;
    return algorithm === 'sliding-window' ? new SlidingWindow(limit, intervalMs) : new TokenBucket(this.#tokenRules);
  }

  /** The error of a call that comes too early. */
  rejection(site: string | undefined, key: string | undefined, retryAfterMs: number | undefined): RateLimitedError {
    const { limit, intervalMs } = this.options;
    const whose = key === undefined ? `'${this.name}'` : `'${this.name}' for '${key}'`;
    const rate = `${plural(limit, 'call')} in ${grouped(intervalMs)} ms`;
    const again = retryAfterMs === undefined ? '' : `; try again in ${grouped(retryAfterMs)} ms`;
    const source = { policy: 'rateLimit', policyName: this.name, site, retryAfterMs, grounds: this.#grounds };
    return makeRejection(
      this.#captureStack,
      () => new RateLimitedError(`${whose} has let ${rate} through${again}`, source),
    );
  }
}
