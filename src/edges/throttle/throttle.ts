import type { AsyncFunction } from '../../engine/any-function.js';
import type { CommonOptions } from '../../engine/common-options.js';
import { definePolicy } from '../../engine/define-policy.js';
import type { Policy } from '../../engine/policy.js';
import { Waiting } from '../../engine/stage.js';
import { loadBottleneck } from './bottleneck.js';
import { Shaper } from './shaper.js';
import {
  type CheckedThrottleOptions,
  checkThrottleOptions,
  type ThrottleOptions,
  throttleRules,
} from './throttle-options.js';

const define = definePolicy<'throttle', ThrottleOptions, AsyncFunction, undefined>({
  kind: 'throttle',
  summary: 'Lets calls begin at a pace that the other side bears; those over the limit wait their turn.',
  options: throttleRules,
  check: checkThrottleOptions,
  waits: true,
  bind(site, options) {
    const { captureStack } = site.registry;
    const make = (name: string) => new Shaper(options as CheckedThrottleOptions, { name, captureStack });
    const shaper = site.obtain('limiters', options, make) as Shaper;
    return {
      admitCall: site.telling((call, position) => {
        const turn = shaper.enter({ cancellation: call.cancellationAt(position), site: site.name });
        return new Waiting(turn.then(undefined, (error: unknown) => site.refuse(error, call)));
      }),
      succeeded: () => shaper.leave(),
      failed: () => shaper.leave(),
    };
  },
});

/**
 * Lets calls begin at a pace that the other side bears: so many at once, so far apart, so many in a time. Those over the
 * limit wait their turn, in their order; one that is aborted leaves at once.
 * @throws {RateLimitedError} to the caller of the function, when `maxQueue` calls wait already
 * @throws {TypeError | RangeError} for options that are not as they should be
 * @throws {NameTakenError} for a name that a limiter with other options has
 * @throws {Error} where bottleneck is not installed
 * @example const lookUp = throttle({ minTimeMs: 200, maxConcurrent: 5 })(fetchAddress);
 */
export function throttle(
  options: ThrottleOptions & CommonOptions,
): Policy<'throttle', ThrottleOptions & CommonOptions, AsyncFunction> {
  const policy = define(options);
  loadBottleneck();
  return policy;
}
