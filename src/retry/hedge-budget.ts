import { ShareAccount } from './budget-account.js';
import type { HedgeBudgetOptions } from './hedge-options.js';

/**
 * Bounds the load that hedges add. A dependency that gets slow makes every call slow: without a bound, hedges would double
 * its load just then. Each call earns a share of a hedge as it begins (up to 100 are kept), and some come back each second.
 * @see Dean and Barroso, "The Tail at Scale" (2013): hedges after the 95th percentile add 5 % of load
 */
export class HedgeBudget {
  readonly #account: ShareAccount;

  constructor(options: Readonly<Required<HedgeBudgetOptions>>, nowMs: number) {
    this.#account = new ShareAccount(options, nowMs);
  }

  /** A call begins. It reads no clock, for it is on the way of every call. */
  noteCall(): void {
    this.#account.noteSuccess();
  }

  /** Pays for one hedge; false when the budget does not stretch to it. */
  tryWithdraw(nowMs: number): boolean {
    return this.#account.tryWithdraw('failure', nowMs);
  }
}
