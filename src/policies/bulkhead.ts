import type { Given } from '../base/options.js';
import type { AsyncFunction } from '../engine/any-function.js';
import type { CommonOptions } from '../engine/common-options.js';
import { definePolicy } from '../engine/define-policy.js';
import type { Policy } from '../engine/policy.js';
import type { Site } from '../engine/site.js';
import { type Stage, Waiting } from '../engine/stage.js';
import { Bulkhead } from '../limits/bulkhead.js';
import { type BulkheadOptions, bulkheadRules } from '../limits/bulkhead-options.js';

const define = definePolicy<'bulkhead', BulkheadOptions, (...args: never[]) => unknown, undefined>({
  kind: 'bulkhead',
  summary: 'Lets a number of calls run at once; the next wait in line or are rejected.',
  options: bulkheadRules,
  waits: ({ maxQueue = 0 }) => maxQueue > 0,
  bind(site, options) {
    const { clock, captureStack } = site.registry;
    const make = (name: string) => new Bulkhead(options, { name, clock, captureStack });
    const slots = site.obtain('limiters', options, make) as Bulkhead;
    return (options.maxQueue ?? 0) > 0 ? queueing(site, slots) : rejecting(site, slots);
  },
});

/** Options of a bulkhead whose calls may have to wait. */
export type QueueingBulkheadOptions = BulkheadOptions & CommonOptions & { maxQueue: number };

/**
 * Lets at most `maxConcurrent` calls run at once; the next wait in line or are rejected.
 * @throws {BulkheadFullError} to the caller of the function, when slots and queue are taken
 * @throws {QueueTimeoutError} to the caller of the function, after `queueTimeoutMs` in line
 * @throws {TypeError | RangeError} for options that are not as they should be
 * @throws {NameTakenError} for a name that a limiter with other options has
 * @example const thumbnail = bulkhead({ maxConcurrent: 4, maxQueue: 20 })(render);
 */
export function bulkhead(
  options: Given<BulkheadOptions & CommonOptions> & { maxQueue: number | undefined },
): Policy<'bulkhead', QueueingBulkheadOptions, AsyncFunction>;
export function bulkhead(
  options?: Given<BulkheadOptions & CommonOptions> & { maxQueue?: 0 | undefined },
): Policy<'bulkhead', BulkheadOptions & CommonOptions>;
export function bulkhead(
  options?: Given<BulkheadOptions & CommonOptions>,
): Policy<'bulkhead', BulkheadOptions & CommonOptions> {
  return define(options) as Policy<'bulkhead', BulkheadOptions & CommonOptions>;
}

function rejecting(site: Site, slots: Bulkhead): Stage<undefined> {
  return {
    admit: (call) => (slots.tryEnter() ? undefined : site.turnAway(slots.reject(site.name), call)),
    succeeded: () => slots.leave(),
    failed: () => slots.leave(),
  };
}

function queueing(site: Site, slots: Bulkhead): Stage<undefined> {
  return {
    admitCall: site.telling((call, position) => {
      if (slots.tryEnter()) return undefined;
      const entered = slots.enter({ cancellation: call.cancellationAt(position), site: site.name });
      return new Waiting(entered.then(undefined, (error: unknown) => site.refuse(error, call)));
    }),
    succeeded: () => slots.leave(),
    failed: () => slots.leave(),
  };
}
