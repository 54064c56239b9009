import { type Clock, systemClock } from '../base/clock.js';
import { type BudgetAccount, type RetryCause, ShareAccount, TokenAccount } from './budget-account.js';
import {
  checkRetryBudgetOptions,
  type RetryBudgetOptions,
  type ShareBudgetOptions,
  type TokenBudgetOptions,
} from './budget-options.js';

/** A budget as it is at a moment. */
export interface RetryBudgetSnapshot {
  readonly name: string;
  /** Retries that could be made now, one after the other. */
  readonly available: number;
  /** Retries that were paid for. */
  readonly granted: number;
  /** Retries that were not made, for want of budget. */
  readonly refused: number;
}

/** What surrounds a budget. */
export interface RetryBudgetContext {
  /** @default the option `name`, or `retryBudget` */
  name?: string | undefined;
  clock?: Clock | undefined;
}

/**
 * Bounds the retries of all who share it. When a dependency is down every call fails, and three attempts each would
 * triple its load just then; a budget lets some calls be retried and no more.
 *
 * A share lets through `ratio` retries for each call (what calls have earned is kept up to 100 retries)
 * and `minPerSecond` besides (kept for a second). It is refilled by elapsed time, without a timer.
 * @see Finagle, `RetryBudget`; AWS SDKs, "standard" retry mode
 * @example
 * const budget = new RetryBudget({ ratio: 0.1 });
 * const policies = [new RetryPolicy({ budget }), new RetryPolicy({ budget, maxAttempts: 5 })];
 */
export class RetryBudget {
  readonly name: string;
  /** Its options, defaults filled in; frozen. */
  readonly options: Readonly<RetryBudgetOptions>;
  readonly #account: BudgetAccount;
  readonly #clock: Clock;
  #granted = 0;
  #refused = 0;

  /**
   * @throws {TypeError} for an unknown option or a wrong type, and for options of both forms together
   * @throws {RangeError} for a value out of range
   */
  constructor(options: RetryBudgetOptions = {}, { name, clock = systemClock }: RetryBudgetContext = {}) {
    this.options = checkRetryBudgetOptions(options);
    this.name = name ?? this.options.name ?? 'retryBudget';
    this.#clock = clock;
    this.#account =
      'capacity' in this.options
        ? new TokenAccount(this.options as Required<TokenBudgetOptions>)
        : new ShareAccount(this.options as Required<ShareBudgetOptions>, clock.now());
  }

  /** A call has succeeded at its first try. It reads no clock, for it is on the way of every call. */
  noteSuccess(): void {
    this.#account.noteSuccess();
  }

  /** A call has failed at its first try; retries of it are not calls. */
  noteFailure(): void {
    this.#account.noteFailure();
  }

  /** Pays for one retry; false when the budget does not stretch to it. */
  tryWithdraw(cause: RetryCause = 'failure'): boolean {
    const granted = this.#account.tryWithdraw(cause, this.#clock.now());
    if (granted) this.#granted++;
    else this.#refused++;
    return granted;
  }

  /** What it has counted and what is left, as JSON. */
  snapshot(): RetryBudgetSnapshot {
    const available = this.#account.available(this.#clock.now());
    return { name: this.name, available, granted: this.#granted, refused: this.#refused };
  }
}
