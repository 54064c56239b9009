import { isObject } from '../base/is-object.js';
import { callback, oneOf } from '../base/option-rules.js';
import type { Given } from '../base/options.js';
import { cacheKey } from '../cache/cache-key.js';
import { type Load, SingleFlight } from '../cache/single-flight.js';
import type { AnyFunction } from '../engine/any-function.js';
import type { CommonOptions } from '../engine/common-options.js';
import { definePolicy } from '../engine/define-policy.js';
import { keyTextOf } from '../engine/key-text.js';
import type { ReadingPolicy } from '../engine/reading-policy.js';

/** How `coalesce` behaves. */
export interface CoalesceOptions {
  /** What makes two calls equal. @default the arguments as canonical JSON */
  key?(...args: never[]): string;
  /** Whether each instance has runs of its own, or all share them. @default 'instance' */
  scope?: 'instance' | 'class';
}

const define = definePolicy<'coalesce', CoalesceOptions>({
  kind: 'coalesce',
  summary: 'Lets concurrent equal calls share one run.',
  options: { key: callback(), scope: oneOf(['instance', 'class'], { default: 'instance' }) },
  bind(site, { key, scope }) {
    const common = new SingleFlight<unknown>();
    const byObject = new WeakMap<object, SingleFlight<unknown>>();
    const flightsOf = (self: unknown) => {
      if (scope === 'class' || !isObject(self)) return common;
      let flights = byObject.get(self);
      if (flights === undefined) byObject.set(self, (flights = new SingleFlight()));
      return flights;
    };
    return {
      around(call, inside) {
        const text = key === undefined ? cacheKey(call.args) : keyTextOf(site.kind, key, call);
        const flights = flightsOf(call.self);
        if (flights.has(text)) site.emit('call:coalesced', { key: text }, call);
        return flights.run(text, () => inside.runShared() as Load<unknown>, inside);
      },
    };
  },
});

/**
 * Lets concurrent equal calls share one run. A caller who aborts leaves the others alone; the run is aborted when the last
 * has gone.
 * @throws {TypeError} to the caller of the function, for arguments that no key can be made of
 * @throws {TypeError} for options that are not as they should be
 * @example const price = coalesce()(fetchPrice);
 */
export function coalesce<Key extends (...args: never[]) => string = () => string>(
  options?: Given<CoalesceOptions & CommonOptions> & { key?: Key | undefined },
): ReadingPolicy<'coalesce', CoalesceOptions & CommonOptions, { serves: AnyFunction; by: Key }> {
  return define(options) as ReadingPolicy<
    'coalesce',
    CoalesceOptions & CommonOptions,
    { serves: AnyFunction; by: Key }
  >;
}
