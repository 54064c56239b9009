import type { ShareBudgetOptions, TokenBudgetOptions } from './budget-options.js';

/** What a retry follows on: it may cost more after a timeout. */
export type RetryCause = 'failure' | 'timeout';

/** Retries that a share keeps at most of what calls have earned; the same as 500 tokens at 5 a retry. */
export const MOST_SAVED = 100;

/** What retries are paid from. */
export interface BudgetAccount {
  noteSuccess(): void;
  noteFailure(): void;
  tryWithdraw(cause: RetryCause, nowMs: number): boolean;
  available(nowMs: number): number;
}

/** Ten shares of a tenth must make a whole, which in binary fractions they do not quite. */
const WHOLE = 1 - 1e-9;

/** A share of calls, and a few retries a second besides; time is an argument, so it needs no timer. */
export class ShareAccount implements BudgetAccount {
  readonly #ratio: number;
  readonly #perMs: number;
  readonly #mostFree: number;
  #earned = 0;
  #free: number;
  #refilledAt: number;

  constructor({ ratio, minPerSecond }: Required<Omit<ShareBudgetOptions, 'name'>>, nowMs: number) {
    this.#ratio = ratio;
    this.#perMs = minPerSecond / 1_000;
    // Half a retry a second is one every other second: there must be room to save it up.
    this.#mostFree = minPerSecond === 0 ? 0 : Math.max(1, minPerSecond);
    this.#free = this.#mostFree;
    this.#refilledAt = nowMs;
  }

  noteSuccess(): void {
    this.#earned = Math.min(MOST_SAVED, this.#earned + this.#ratio);
  }

  noteFailure(): void {
    this.noteSuccess();
  }

  tryWithdraw(_cause: RetryCause, nowMs: number): boolean {
    this.#refill(nowMs);
    // Those that come back by themselves first: what calls have earned keeps.
    if (this.#free >= WHOLE) this.#free = Math.max(0, this.#free - 1);
    else if (this.#earned >= WHOLE) this.#earned = Math.max(0, this.#earned - 1);
    else return false;
    return true;
  }

  available(nowMs: number): number {
    this.#refill(nowMs);
    const whole = (share: number) => Math.floor(share + 1 - WHOLE);
    return whole(this.#free) + whole(this.#earned);
  }

  #refill(nowMs: number): void {
    const elapsedMs = Math.max(0, nowMs - this.#refilledAt);
    this.#free = Math.min(this.#mostFree, this.#free + elapsedMs * this.#perMs);
    this.#refilledAt += elapsedMs;
  }
}

/** Tokens that retries cost and calls bring back. */
export class TokenAccount implements BudgetAccount {
  readonly #rules: Required<TokenBudgetOptions>;
  #tokens: number;

  constructor(rules: Required<TokenBudgetOptions>) {
    this.#rules = rules;
    this.#tokens = rules.capacity;
  }

  noteSuccess(): void {
    this.#tokens = Math.min(this.#rules.capacity, this.#tokens + this.#rules.successCredit);
  }

  noteFailure(): void {}

  tryWithdraw(cause: RetryCause): boolean {
    const cost = cause === 'timeout' ? this.#rules.timeoutRetryCost : this.#rules.retryCost;
    if (this.#tokens < cost) return false;
    this.#tokens -= cost;
    return true;
  }

  available(): number {
    const { retryCost } = this.#rules;
    // Free retries have no end, which JSON cannot say.
    return retryCost === 0 ? Number.MAX_SAFE_INTEGER : Math.floor(this.#tokens / retryCost);
  }
}
