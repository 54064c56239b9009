import type { Deadline } from '../base/deadline.js';
import { TimeoutError, withoutStack } from '../base/errors.js';
import { callback, durationMs, either, oneOf } from '../base/option-rules.js';
import type { Given, OptionRules } from '../base/options.js';
import type { AsyncFunction } from '../engine/any-function.js';
import type { CommonOptions } from '../engine/common-options.js';
import { definePolicy } from '../engine/define-policy.js';
import type { ReadingPolicy } from '../engine/reading-policy.js';
import { timeLimit } from '../engine/time-limit.js';

/** How `timeout` behaves. */
export interface TimeoutOptions {
  /**
   * Time for each call, in ms from 1; `Infinity` for none. A function gets the arguments of the call.
   * @default 30_000
   */
  ms?: number | ((...args: never[]) => number);
  /** Whether the function's signal is aborted when time is up, or left alone. @default 'abort' */
  grace?: 'abort' | 'detach';
}

/** What each option takes. */
export const timeoutRules: OptionRules<TimeoutOptions> = {
  ms: either(durationMs({ min: 1, infinity: 'taken' }), callback<(...args: never[]) => number>(), {
    default: 30_000,
  }),
  grace: oneOf(['abort', 'detach'], { default: 'abort' }),
};

const define = definePolicy<'timeout', TimeoutOptions, AsyncFunction, Deadline>({
  kind: 'timeout',
  summary: 'Answers a call when its time is up, and aborts the work.',
  options: timeoutRules,
  waits: true,
  bind: (site, { ms = 30_000, grace = 'abort' }) =>
    timeLimit(site, {
      ms,
      signal: grace,
      heededBy: 'function',
      expired(timeoutMs, call) {
        site.count('timedOut');
        site.emit('call:timeout', { timeoutMs }, call);
        const source = { policy: site.kind, policyName: site.partName, site: site.name };
        const error = withoutStack(
          () => new TimeoutError(`'${site.name}' did not settle within ${timeoutMs} ms`, source),
        );
        site.explains(error, call);
        return error;
      },
    }),
});

/**
 * Answers a call when its time is up, and aborts the work. The work may go on all the same: what it gives then is lost.
 * @throws {TimeoutError} to the caller of the function, when time is up
 * @throws {TypeError | RangeError} for options that are not as they should be
 * @example const price = timeout({ ms: 2_000 })(fetchPrice);
 */
export function timeout<Ms extends number | ((...args: never[]) => number) = number>(
  options?: Given<Omit<TimeoutOptions, 'ms'> & CommonOptions> & { ms?: Ms | undefined },
): ReadingPolicy<'timeout', TimeoutOptions & CommonOptions, { serves: AsyncFunction; by: Ms }> {
  type Timeout = ReadingPolicy<'timeout', TimeoutOptions & CommonOptions, { serves: AsyncFunction; by: Ms }>;
  return define(options as TimeoutOptions & CommonOptions) as unknown as Timeout;
}
