import type { Given } from '../base/options.js';
import { acceptanceOf, type Outcome } from '../base/outcome.js';
import type { CommonOptions } from '../engine/common-options.js';
import { definePolicy } from '../engine/define-policy.js';
import type { Policy } from '../engine/policy.js';
import type { Site } from '../engine/site.js';
import type { EndedCall } from '../engine/stage.js';
import { settleFailed } from '../limits/judged-call.js';
import { type ShedOptions, shedRules } from '../limits/shed-options.js';
import { Shedder } from '../limits/shedder.js';

const define = definePolicy<'shed', ShedOptions, (...args: never[]) => unknown, undefined>({
  kind: 'shed',
  summary: 'Rejects a share of the calls while the dependency accepts too few, to spare it.',
  options: shedRules,
  bind(site, options) {
    const { clock, random, captureStack } = site.registry;
    const { classify } = site;
    const make = (name: string) => new Shedder(options, { name, clock, random, captureStack, classify });
    const shedder = site.obtain('limiters', options, make) as Shedder;
    return {
      admit: (call) => (shedder.tryEnter() ? undefined : site.turnAway(shedder.reject(site.name), call)),
      // A value that comes after a limit of time has answered was not given in time: that is no acceptance.
      succeeded: (_, _value, call) => shedder.settle(call?.overdue === true ? 'failure' : 'success'),
      failed(_, error, call) {
        settleFailed(
          error,
          () => outcomeFor(site, error, call),
          (outcome) => shedder.settle(outcome),
        );
      },
    };
  },
});

/**
 * Rejects a share of the calls while the dependency accepts too few, to spare it the work of refusing them: with probability
 * `max(0, (requests − k · accepts) / (requests + 1))`. What is accepted goes by severity: a value, or a permanent error.
 * @throws {ShedError} to the caller of the function, by chance, while too few calls are accepted
 * @throws {TypeError | RangeError} for options that are not as they should be
 * @throws {NameTakenError} for a name that a limiter with other options has
 * @example const price = shed({ name: 'quotes-api' })(fetchPrice);
 */
export function shed(options?: Given<ShedOptions & CommonOptions>): Policy<'shed', ShedOptions & CommonOptions> {
  return define(options) as Policy<'shed', ShedOptions & CommonOptions>;
}

/** A caller who has given up says nothing of the dependency. */
function outcomeFor(site: Site, error: unknown, call: EndedCall): Outcome {
  if (call.isCallerAbort(error)) return 'ignored';
  site.alarm(error, call);
  return acceptanceOf(error, site.classify);
}
