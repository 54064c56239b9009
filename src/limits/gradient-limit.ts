import type { LimitAlgorithm, LimitBounds } from './limit-algorithm.js';
import { UsualLatency } from './usual-latency.js';

/** How many times slower than usual is no sign yet of a queue in the dependency. */
const TOLERANCE = 1.5;
/** One window never takes more than half: some calls are slow by themselves. */
const LEAST_GRADIENT = 0.5;
/** How far one window moves the limit towards where it should be. */
const SMOOTHING = 0.2;
/** A window holds at least so many calls, and lasts at least so long: and as long as a call does, to see the last change. */
const WINDOW_CALLS = 10;
const WINDOW_MS = 100;
/** After so many windows in which the limit held back calls that were slow, it probes; and how far below no queue it goes. */
const PROBE_AFTER = 100;
const PROBE_RATIO = 0.9;

/** A moment in which the limit is so low that calls leave no queue. */
interface Probe {
  readonly limit: number;
  readonly beganAt: number;
}

/**
 * Compares how long calls take now with how long they take in the long run. While they are hardly slower, the limit grows
 * by its square root, as a queue that is allowed for; when they are slower by more than a half, it shrinks by as much.
 * `limit · min(1, 1.5 · long / short) + √limit`, and a fifth of the way there in each window.
 *
 * What calls take while the limit holds others back is what the limit makes of it, and nothing to get used to: or an
 * overload that lasts would become the usual, and the limit grow with it. So then only probes teach that calls are slower.
 * @see Netflix concurrency-limits, "Gradient2"
 */
export class GradientLimit implements LimitAlgorithm {
  readonly #bounds: LimitBounds;
  readonly #usual = new UsualLatency();
  #estimate: number;
  #probe: Probe | undefined = undefined;
  #heldBack = 0;
  #shortMs: number | undefined = undefined;
  #openedAt = 0;
  #calls = 0;
  #totalMs = 0;
  #mostInFlight = 0;

  constructor(bounds: LimitBounds) {
    this.#bounds = bounds;
    this.#estimate = bounds.initial;
  }

  get limit(): number {
    return this.#probe?.limit ?? Math.floor(this.#estimate);
  }

  get latencyMs(): number | undefined {
    return this.#shortMs;
  }

  get usualLatencyMs(): number | undefined {
    return this.#usual.ms;
  }

  succeeded(inFlight: number, nowMs: number, tookMs?: number): void {
    if (tookMs === undefined) return;
    // Begun among the many: a probe is about those that ran among the few.
    if (this.#probe !== undefined && nowMs - tookMs < this.#probe.beganAt) return;
    if (this.#calls === 0) this.#openedAt = nowMs;
    this.#calls++;
    this.#totalMs += tookMs;
    this.#mostInFlight = Math.max(this.#mostInFlight, inFlight);
    const lastsMs = Math.max(WINDOW_MS, this.#usual.ms ?? 0);
    if (this.#calls >= WINDOW_CALLS && nowMs - this.#openedAt >= lastsMs) this.#close(nowMs);
  }

  /** A call that was lost after longer than usual would have taken at least as long; one that failed early tells nothing. */
  dropped(inFlight: number, nowMs: number, tookMs?: number): void {
    if (tookMs !== undefined && tookMs >= (this.#usual.ms ?? Infinity)) this.succeeded(inFlight, nowMs, tookMs);
  }

  #close(nowMs: number): void {
    const shortMs = this.#totalMs / this.#calls;
    this.#shortMs = shortMs;
    if (this.#probe === undefined) this.#judge(shortMs, nowMs);
    else {
      this.#usual.correct(shortMs, nowMs);
      this.#probe = undefined;
    }
    this.#calls = 0;
    this.#totalMs = 0;
    this.#mostInFlight = 0;
  }

  #judge(shortMs: number, nowMs: number): void {
    const holdsBack = this.#mostInFlight >= this.limit;
    const longMs = this.#usual.learn(shortMs, nowMs, holdsBack ? 'only faster' : 'any');
    // Calls that leave half of the limit free say nothing of what lies above it.
    if (this.#mostInFlight * 2 < this.#estimate) return;
    const ratio = shortMs === 0 ? 1 : (TOLERANCE * longMs) / shortMs;
    if (holdsBack && ratio < 1 && ++this.#heldBack >= PROBE_AFTER) this.#beginProbe(longMs / shortMs, nowMs);
    else this.#move(ratio);
  }

  #move(ratio: number): void {
    const gradient = Math.max(LEAST_GRADIENT, Math.min(1, ratio));
    const target = this.#estimate * gradient + Math.sqrt(this.#estimate);
    this.#estimate = this.#bounded(this.#estimate + (target - this.#estimate) * SMOOTHING);
  }

  /** As many calls as there are in flight at this throughput, when each takes as long as usual (Little's law), or fewer. */
  #beginProbe(share: number, nowMs: number): void {
    this.#heldBack = 0;
    const limit = Math.floor(this.#bounded(this.#estimate * share * PROBE_RATIO));
    this.#probe = { limit, beganAt: nowMs };
  }

  #bounded(limit: number): number {
    return Math.max(this.#bounds.min, Math.min(this.#bounds.max, limit));
  }
}
