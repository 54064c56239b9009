import type { Given } from '../base/options.js';
import {
  breakerAlternatives,
  type CircuitBreakerOptions,
  checkBreakerOptions,
  circuitBreakerRules,
} from '../breaker/breaker-options.js';
import { CircuitBreaker } from '../breaker/circuit-breaker.js';
import { KeyedBreakers } from '../breaker/keyed-breakers.js';
import { isPermit, type Permit } from '../breaker/permit.js';
import type { AnyFunction } from '../engine/any-function.js';
import type { CommonOptions } from '../engine/common-options.js';
import { definePolicy } from '../engine/define-policy.js';
import { keyTextOf } from '../engine/key-text.js';
import type { ReadingPolicy } from '../engine/reading-policy.js';
import type { Site } from '../engine/site.js';
import type { EndedCall, Refused, Stage } from '../engine/stage.js';
import { RegistryBreakerContext } from '../registry/breaker-context.js';

/** A permit, and the member of a family that gave it. */
interface Held {
  readonly breaker: CircuitBreaker;
  readonly permit: Permit;
}

type IsFailureResult = NonNullable<CircuitBreakerOptions['isFailureResult']>;

const define = definePolicy<'circuitBreaker', CircuitBreakerOptions>({
  kind: 'circuitBreaker',
  summary: 'Stops calling a dependency that keeps failing, and tries it again after a while.',
  options: circuitBreakerRules,
  check: checkBreakerOptions,
  alternatives: breakerAlternatives,
  bind(site, options) {
    if (options.key !== undefined) return keyed(site, options, options.key);
    const breaker = site.obtain('breakers', options, (name) => new CircuitBreaker(options, contextOf(site, name)));
    const one = breaker as CircuitBreaker;
    // A breaker that looks at values, or at durations, has more to do for a call than the cheap form allows.
    return options.isFailureResult === undefined && options.slowCallMs === undefined
      ? light(site, one)
      : single(site, one);
  },
});

/**
 * Stops calling a dependency that keeps failing, and tries it again after a while. Failures are all errors but permanent
 * ones, the toolkit's own rejections and the caller's abort.
 * @throws {CircuitOpenError} to the caller of the function, while the circuit is open
 * @throws {TypeError | RangeError} for options that are not as they should be
 * @throws {NameTakenError} for a name that a breaker with other options has
 * @example const price = circuitBreaker({ name: 'quotes-api', failureThreshold: 5 })(fetchPrice);
 */
export function circuitBreaker<
  Key extends (...args: never[]) => string = () => string,
  Judge extends IsFailureResult = IsFailureResult,
>(
  options?: Given<CircuitBreakerOptions & CommonOptions> & {
    key?: Key | undefined;
    isFailureResult?: Judge | undefined;
  },
): ReadingPolicy<
  'circuitBreaker',
  CircuitBreakerOptions & CommonOptions,
  { serves: AnyFunction; by: Key; judge: Judge }
> {
  return define(options) as unknown as ReturnType<typeof circuitBreaker<Key, Judge>>;
}

function light(site: Site, breaker: CircuitBreaker): Stage<Permit> {
  const ask = (call: EndedCall | undefined): Permit | Refused => {
    const permit = breaker.tryAcquire(site.name);
    return isPermit(permit) ? permit : site.turnAway(permit, call);
  };
  return {
    admit: (call) => breaker.standing ?? ask(call),
    succeeded: (permit) => breaker.succeed(permit),
    failed: (permit, error, call) => settleFailure(site, { breaker, permit }, error, call),
  };
}

function single(site: Site, breaker: CircuitBreaker): Stage<Permit> {
  return {
    admitCall: site.telling(() => breaker.acquire(site.name)),
    succeeded: (permit, value) => breaker.succeed(permit, value),
    failed: (permit, error, call) => settleFailure(site, { breaker, permit }, error, call),
  };
}

function keyed(
  site: Site,
  options: CircuitBreakerOptions,
  key: NonNullable<CircuitBreakerOptions['key']>,
): Stage<Held> {
  const family = site.obtain('breakers', options, (name) => new KeyedBreakers(options, contextOf(site, name)));
  return {
    admitCall: site.telling((call) => {
      const breaker = family.for(keyTextOf(site.kind, key, call));
      return { breaker, permit: breaker.acquire(site.name) };
    }),
    succeeded: ({ breaker, permit }, value) => breaker.succeed(permit, value),
    failed: (held, error, call) => settleFailure(site, held, error, call),
  };
}

/** A caller who has given up says nothing of the dependency. */
function settleFailure(site: Site, { breaker, permit }: Held, error: unknown, call: EndedCall): void {
  if (call.isCallerAbort(error)) return breaker.ignore(permit);
  site.alarm(error, call);
  breaker.fail(permit, error);
}

function contextOf(site: Site, name: string) {
  return new RegistryBreakerContext(site.registry, site.kind, name, site.classify);
}
