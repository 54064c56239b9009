import type { Given } from '../base/options.js';
import type { AnyFunction, AsyncFunction } from '../engine/any-function.js';
import type { CommonOptions } from '../engine/common-options.js';
import { definePolicy } from '../engine/define-policy.js';
import { keyTextOf } from '../engine/key-text.js';
import type { ReadingPolicy } from '../engine/reading-policy.js';
import type { Site } from '../engine/site.js';
import { type Stage, Waiting } from '../engine/stage.js';
import { KeyedRateLimiters } from '../limits/keyed-rate-limiters.js';
import type { LimitContext } from '../limits/limit-context.js';
import {
  checkRateLimitOptions,
  type RateLimitOptions,
  type RateLimitStore,
  rateLimitRules,
} from '../limits/rate-limit-options.js';
import { RateLimiter } from '../limits/rate-limiter.js';
import { StoredRateLimiter } from '../limits/stored-rate-limiter.js';

const define = definePolicy<'rateLimit', RateLimitOptions, (...args: never[]) => unknown, undefined>({
  kind: 'rateLimit',
  summary: 'Lets so many calls through in a time; the rest are rejected, and told when to come back.',
  options: rateLimitRules,
  check: checkRateLimitOptions,
  waits: ({ store }) => store !== undefined,
  bind(site, options) {
    if (options.store !== undefined) return stored(site, { ...options, store: options.store });
    if (options.key !== undefined) return keyed(site, options, options.key);
    const limiter = site.obtain('limiters', options, (name) => new RateLimiter(options, contextOf(site, name)));
    return {
      admit(call) {
        const retryAfterMs = limiter.tryTake();
        if (retryAfterMs === 0) return undefined;
        return site.turnAway(limiter.rejection(retryAfterMs, site.name), call);
      },
    };
  },
});

/** Options of a limit that is held outside the process, and has to be asked. */
export type StoredRateLimitOptions = RateLimitOptions & CommonOptions & { store: RateLimitStore };

/**
 * Lets `limit` calls through in `intervalMs`; the rest are rejected with `retryAfterMs`, which is exact.
 * @throws {RateLimitedError} to the caller of the function, over the limit
 * @throws {TypeError | RangeError} for options that are not as they should be
 * @throws {NameTakenError} for a name that a limiter with other options has
 * @example const send = rateLimit({ limit: 50 })(sendMail);
 */
export function rateLimit<Key extends (...args: never[]) => string = () => string>(
  options: Given<RateLimitOptions & CommonOptions> & { store: RateLimitStore | undefined; key?: Key | undefined },
): ReadingPolicy<'rateLimit', StoredRateLimitOptions, { serves: AsyncFunction; by: Key }>;
export function rateLimit<Key extends (...args: never[]) => string = () => string>(
  options: Given<RateLimitOptions & CommonOptions> & { store?: undefined; key?: Key | undefined },
): ReadingPolicy<'rateLimit', RateLimitOptions & CommonOptions, { serves: AnyFunction; by: Key }>;
export function rateLimit(options: Given<RateLimitOptions & CommonOptions>): unknown {
  return define(options);
}

function keyed(site: Site, options: RateLimitOptions, key: (...args: never[]) => string): Stage<undefined> {
  const family = site.obtain('limiters', options, (name) => new KeyedRateLimiters(options, contextOf(site, name)));
  return { admitCall: site.telling((call) => void family.for(keyTextOf(site.kind, key, call)).take(site.name)) };
}

function stored(site: Site, options: RateLimitOptions & { store: RateLimitStore }): Stage<undefined> {
  const { key } = options;
  const make = (name: string) =>
    new StoredRateLimiter(options, {
      ...contextOf(site, name),
      onStoreFailed: ({ error }) => site.emit('limiter:storeFailed', { error }),
    });
  const limiter = site.obtain('limiters', options, make);
  return {
    admitCall(call) {
      const taken = limiter.take(site.name, key && keyTextOf(site.kind, key, call));
      return new Waiting(taken.then(undefined, (error: unknown) => site.refuse(error, call)));
    },
  };
}

function contextOf(site: Site, name: string): LimitContext {
  const { clock, captureStack } = site.registry;
  return { name, clock, captureStack };
}
