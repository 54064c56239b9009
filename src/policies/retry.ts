import type { Given } from '../base/options.js';
import type { AsyncFunction } from '../engine/any-function.js';
import type { CommonOptions } from '../engine/common-options.js';
import { definePolicy } from '../engine/define-policy.js';
import type { ReadingPolicy } from '../engine/reading-policy.js';
import type { Site } from '../engine/site.js';
import type { Inside, StageCall } from '../engine/stage.js';
import type { RecoverContext } from '../retry/recover-context.js';
import { checkRetryOptions, isRetryBudget, type RetryOptions, retryRules } from '../retry/retry-options.js';
import { RetryBudget } from '../retry/retry-budget.js';
import { RetryPolicy } from '../retry/retry-policy.js';

type RetryIfResult = NonNullable<RetryOptions['retryIfResult']>;

const define = definePolicy<'retry', RetryOptions, AsyncFunction, number | undefined>({
  kind: 'retry',
  summary: 'Runs a call again when it fails, after a delay that grows and is spread at random.',
  options: retryRules,
  check: checkRetryOptions,
  waits: true,
  bind(site, options) {
    const { clock, random } = site.registry;
    const context = { name: site.name, clock, random, classify: site.classify };
    const policy = new RetryPolicy(withSharedBudget(site, options), context);
    const mayRefuse = options.retryIfResult !== undefined;
    return {
      // Only a limit of the whole needs to know when the call began.
      ...(policy.options.maxElapsedMs < Infinity && { hold: (call: StageCall) => call.admittedAt }),
      // A value that is refused is no success; `revise` asks about those. What admits needs no object for each call to hear of success.
      ...(policy.budget !== undefined &&
        !mayRefuse && { admit: () => undefined, succeeded: () => policy.budget?.noteSuccess() }),
      answer(error, call, inside, begunAt) {
        if (call.isCallerAbort(error)) throw error;
        site.alarm(error, call);
        return policy.recover({ error }, againInside(inside), recoverContext(site, { call, inside, begunAt }));
      },
      ...(mayRefuse && {
        revise(value: unknown, call: StageCall, inside: Inside, begunAt: number | undefined) {
          if (!policy.refuses(value)) {
            policy.budget?.noteSuccess();
            return value;
          }
          return policy.revise(value, againInside(inside), recoverContext(site, { call, inside, begunAt }));
        },
      }),
    };
  },
});

/**
 * Runs a call again when it fails, after a delay that grows and is spread at random. How bad the error is decides:
 * transient ones are retried at once the first time, permanent and critical ones never.
 * @throws the last error itself, to the caller of the function, when retries end
 * @throws {TypeError | RangeError} for options that are not as they should be
 * @example const price = retryWithBackoff({ maxAttempts: 4, baseDelayMs: 200 })(fetchPrice);
 */
export function retryWithBackoff<Judge extends RetryIfResult = RetryIfResult>(
  options?: Given<RetryOptions & CommonOptions> & { retryIfResult?: Judge | undefined },
): ReadingPolicy<'retry', RetryOptions & CommonOptions, { serves: AsyncFunction; judge: Judge }> {
  return define(options) as unknown as ReturnType<typeof retryWithBackoff<Judge>>;
}

function againInside(inside: Inside): (attempt: number, last: unknown) => unknown {
  return (attempt, last) => inside.run(attempt, last).result;
}

/** A budget with a name is shared by all who give the name. */
function withSharedBudget(site: Site, options: RetryOptions): RetryOptions {
  const { budget } = options;
  if (budget === undefined || isRetryBudget(budget) || budget.name === undefined) return options;
  const { clock, limiters } = site.registry;
  const make = () => new RetryBudget(budget, { clock });
  const shared = limiters.obtain({ kind: 'retryBudget', name: { given: budget.name }, options: budget, make });
  return { ...options, budget: shared as RetryBudget };
}

/** A call whose first run is not what it should be. */
interface Recovering {
  readonly call: StageCall;
  readonly inside: Inside;
  /** Undefined where nothing hangs on it. */
  readonly begunAt: number | undefined;
}

function recoverContext(site: Site, { call, inside, begunAt }: Recovering): RecoverContext {
  return {
    startedAt: begunAt ?? call.admittedAt,
    cancellation: inside,
    remainingMs: () => inside.remainingMs(),
    observe: {
      retry(event) {
        site.count('retries');
        site.emit('call:retry', event, call);
      },
      recovered(event) {
        site.count('recovered');
        site.emit('call:recovered', event, call);
      },
      exhausted(event) {
        site.count('exhausted');
        site.alarm(event.error, call);
        site.emit('call:exhausted', event, call);
      },
      budgetEmpty: (event) => site.emit('retry:budgetEmpty', event, call),
    },
  };
}
