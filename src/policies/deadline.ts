import type { Deadline } from '../base/deadline.js';
import { DeadlineExceededError, withoutStack } from '../base/errors.js';
import { durationMs } from '../base/option-rules.js';
import type { Given, OptionRules } from '../base/options.js';
import type { AsyncFunction } from '../engine/any-function.js';
import type { CommonOptions } from '../engine/common-options.js';
import { definePolicy } from '../engine/define-policy.js';
import type { Policy } from '../engine/policy.js';
import { timeLimit } from '../engine/time-limit.js';

/** How `deadline` behaves. */
export interface DeadlineOptions {
  /** Time for the whole call, retries and waits included, in ms from 1; `Infinity` for none. */
  ms: number;
}

/** What each option takes. */
export const deadlineRules: OptionRules<DeadlineOptions> = {
  ms: durationMs({ min: 1, infinity: 'taken', required: true }),
};

const define = definePolicy<'deadline', DeadlineOptions, AsyncFunction, Deadline>({
  kind: 'deadline',
  summary: 'Limits the time of a whole call, and tells what is inside how much is left.',
  options: deadlineRules,
  waits: true,
  bind: (site, { ms }) =>
    timeLimit(site, {
      ms,
      signal: 'abort',
      heededBy: 'stages',
      expired(timeoutMs, call) {
        site.count('timedOut');
        site.emit('call:deadline', { timeoutMs }, call);
        const source = { policy: site.kind, policyName: site.partName, site: site.name };
        const error = withoutStack(
          () => new DeadlineExceededError(`'${site.name}' exceeded its ${timeoutMs} ms`, source),
        );
        site.explains(error, call);
        return error;
      },
    }),
});

/**
 * Limits the time of a whole call, retries and waits included. What is inside sees what is left
 * (`callContext().remainingMs()`), and no retry is begun that could not end in time.
 * @throws {DeadlineExceededError} to the caller of the function, when time is up; it is never retried
 * @throws {TypeError | RangeError} for options that are not as they should be
 * @example const price = deadline({ ms: 5_000 })(retryWithBackoff()(fetchPrice));
 */
export function deadline(
  options: Given<DeadlineOptions & CommonOptions>,
): Policy<'deadline', DeadlineOptions & CommonOptions, AsyncFunction> {
  return define(options);
}
