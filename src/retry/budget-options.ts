import { amount, ratio, text } from '../base/option-rules.js';
import { checkOptions, type OptionRules } from '../base/options.js';

/** Retries as a share of calls, and a few a second whatever the traffic. */
export interface ShareBudgetOptions {
  /** The name under which policies share the budget. */
  name?: string;
  /** Retries for each call, from 0 to 1. @default 0.2 */
  ratio?: number;
  /** Retries a second that there are in any case. @default 10 */
  minPerSecond?: number;
}

/** Retries that are paid for with tokens, which calls that succeed bring back. */
export interface TokenBudgetOptions {
  /** The name under which policies share the budget. */
  name?: string;
  /** Tokens of a full budget; it starts full. @default 500 */
  capacity?: number;
  /** Tokens for a retry. @default 5 */
  retryCost?: number;
  /** Tokens for a retry after a timeout, which has cost the dependency more. @default 10 */
  timeoutRetryCost?: number;
  /** Tokens that a call brings back whose first try succeeds. @default 1 */
  successCredit?: number;
}

/** Either form of a budget; without options it is the share of calls. */
export type RetryBudgetOptions = ShareBudgetOptions | TokenBudgetOptions;

/** What each option of a share takes. */
export const shareBudgetRules: OptionRules<ShareBudgetOptions> = {
  name: text(),
  ratio: ratio({ default: 0.2 }),
  minPerSecond: amount({ default: 10 }),
};

/** What each option of a budget of tokens takes. */
export const tokenBudgetRules: OptionRules<TokenBudgetOptions> = {
  name: text(),
  capacity: amount({ default: 500 }),
  retryCost: amount({ default: 5 }),
  timeoutRetryCost: amount({ default: 10 }),
  successCredit: amount({ default: 1 }),
};

/**
 * Checks the options of a budget, whichever form they have.
 * @throws {TypeError | RangeError} for options that are not as they should be
 */
export function checkRetryBudgetOptions(options: RetryBudgetOptions): Readonly<RetryBudgetOptions> {
  const owner = 'retryBudget';
  const isTokens = Object.keys(options ?? {}).some((option) => option !== 'name' && option in tokenBudgetRules);
  const isShare = Object.keys(options ?? {}).some((option) => option !== 'name' && option in shareBudgetRules);
  if (isTokens && isShare) {
    throw new TypeError(
      `${owner}: a share (\`ratio\`, \`minPerSecond\`) and tokens (\`capacity\`, \`retryCost\`, …) exclude each other`,
    );
  }
  return isTokens
    ? checkOptions<TokenBudgetOptions>(owner, tokenBudgetRules, options)
    : checkOptions<ShareBudgetOptions>(owner, shareBudgetRules, options);
}
