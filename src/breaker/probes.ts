import type { TimedPermit } from './permit.js';

/** The probes of one half-open period: a bounded number at once, each leased for a time. */
export class Probes {
  succeeded = 0;
  #max: number;
  #leaseMs: number;
  /** In the order in which they were handed out, so the first is the first to expire. */
  readonly #out = new Set<TimedPermit>();

  constructor(max: number, leaseMs: number) {
    this.#max = max;
    this.#leaseMs = leaseMs;
  }

  /** How many are out. */
  get out(): number {
    return this.#out.size;
  }

  get allOut(): boolean {
    return this.#out.size >= this.#max;
  }

  /** Goes by another number and lease from now on, for those too that are out. */
  reconfigure(max: number, leaseMs: number): void {
    this.#max = max;
    this.#leaseMs = leaseMs;
  }

  handOut(probe: TimedPermit): void {
    this.#out.add(probe);
  }

  giveBack(probe: TimedPermit): void {
    this.#out.delete(probe);
  }

  /** Whether a probe has been out for longer than its lease. */
  hasExpired(nowMs: number): boolean {
    for (const oldest of this.#out) {
      if (nowMs >= oldest.startedAt) return nowMs - oldest.startedAt >= this.#leaseMs;
      // The clock was set back: all leases start anew, or a hung probe would hold its slot until the clock has caught up.
      for (const probe of this.#out) probe.startedAt = nowMs;
      return false;
    }
    return false;
  }
}
