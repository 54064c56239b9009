import type { LimitAlgorithm, LimitBounds } from './limit-algorithm.js';

/** What is left of the limit after a call that was lost. */
const BACK_OFF = 0.9;

/**
 * Additive increase, multiplicative decrease: each success makes the limit greater by one, as long as at least half of it
 * is in use; each call that was lost makes it a tenth smaller. In an overload that lasts, some 10 calls in (10 + limit)
 * are lost; as large a share of failures that have other causes does no harm.
 * @see Chiu and Jain, "Analysis of the increase and decrease algorithms for congestion avoidance" (1989)
 */
export class AimdLimit implements LimitAlgorithm {
  readonly #bounds: LimitBounds;
  readonly latencyMs: undefined = undefined;
  readonly usualLatencyMs: undefined = undefined;
  limit: number;

  constructor(bounds: LimitBounds) {
    this.#bounds = bounds;
    this.limit = bounds.initial;
  }

  succeeded(inFlight: number): void {
    // Calls that leave half of the limit free say nothing of what lies above it.
    if (inFlight * 2 >= this.limit) this.limit = Math.min(this.#bounds.max, this.limit + 1);
  }

  dropped(): void {
    this.limit = Math.max(this.#bounds.min, Math.floor(this.limit * BACK_OFF));
  }
}
