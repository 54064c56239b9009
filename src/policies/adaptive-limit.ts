import type { Given } from '../base/options.js';
import { type Outcome, outcomeOf } from '../base/outcome.js';
import type { CommonOptions } from '../engine/common-options.js';
import { definePolicy } from '../engine/define-policy.js';
import type { Policy } from '../engine/policy.js';
import type { Site } from '../engine/site.js';
import type { EndedCall, Refused, Stage, StageCall } from '../engine/stage.js';
import { AdaptiveLimit, type AdaptiveLimitContext } from '../limits/adaptive-limit.js';
import {
  type AdaptiveLimitOptions,
  adaptiveLimitRules,
  checkAdaptiveLimitOptions,
} from '../limits/adaptive-limit-options.js';
import { settleFailed } from '../limits/judged-call.js';

const define = definePolicy<'adaptiveLimit', AdaptiveLimitOptions>({
  kind: 'adaptiveLimit',
  summary: 'Lets as many calls run at once as the dependency turns out to bear; the rest are rejected.',
  options: adaptiveLimitRules,
  check: checkAdaptiveLimitOptions,
  bind(site, options) {
    const make = (name: string) => new AdaptiveLimit(options, contextOf(site, name));
    const limit = site.obtain('limiters', options, make) as AdaptiveLimit;
    return limit.timed ? timing(site, limit) : counting(site, limit);
  },
});

/**
 * Lets as many calls run at once as the dependency turns out to bear; the rest are rejected. There is no queue.
 * @throws {BulkheadFullError} to the caller of the function, over the limit
 * @throws {TypeError | RangeError} for options that are not as they should be
 * @throws {NameTakenError} for a name that a limiter with other options has
 * @example const price = adaptiveLimit({ name: 'quotes-api' })(fetchPrice);
 */
export function adaptiveLimit(
  options?: Given<AdaptiveLimitOptions & CommonOptions>,
): Policy<'adaptiveLimit', AdaptiveLimitOptions & CommonOptions> {
  return define(options) as Policy<'adaptiveLimit', AdaptiveLimitOptions & CommonOptions>;
}

/** By how long calls take: what is held of a call is the moment at which it came in. */
function timing(site: Site, limit: AdaptiveLimit): Stage<number | undefined> {
  const leave = (outcome: Outcome, begunAt: number | undefined, { settledAt }: StageCall) =>
    limit.leave(outcome, settledAt - (begunAt as number), settledAt);
  return {
    admit: (call) => entering(site, limit, call),
    hold: (call) => call.admittedAt,
    succeeded: (begunAt, _value, call) => leave('success', begunAt, call as StageCall),
    failed(begunAt, error, call) {
      const outcomeOf = () => outcomeFor(site, error, call);
      settleFailed(error, outcomeOf, (outcome) => leave(outcome, begunAt, call as StageCall));
    },
  };
}

/** By the calls that are lost: without a look at the clock, or an object for each call. */
function counting(site: Site, limit: AdaptiveLimit): Stage<undefined> {
  return {
    admit: (call) => entering(site, limit, call),
    // A value that comes after a limit of time has answered is lost to its caller all the same.
    succeeded: (_, _value, call) => limit.leave(call?.overdue === true ? 'failure' : 'success'),
    failed(_, error, call) {
      settleFailed(
        error,
        () => outcomeFor(site, error, call),
        (outcome) => limit.leave(outcome),
      );
    },
  };
}

function entering(site: Site, limit: AdaptiveLimit, call: EndedCall | undefined): Refused | undefined {
  return limit.tryEnter() ? undefined : site.turnAway(limit.reject(site.name), call);
}

/** A caller who has given up says nothing of the dependency. */
function outcomeFor(site: Site, error: unknown, call: EndedCall): Outcome {
  if (call.isCallerAbort(error)) return 'ignored';
  site.alarm(error, call);
  return outcomeOf(error, site.classify);
}

function contextOf(site: Site, name: string): AdaptiveLimitContext {
  const { registry, classify, kind } = site;
  const { clock, captureStack } = registry;
  const moved = registry.topic('limiter:limit');
  const source = { kind, name, site: name };
  return {
    name,
    clock,
    captureStack,
    classify,
    onLimit(change) {
      if (moved.wanted) registry.emit('limiter:limit', source, change);
    },
  };
}
