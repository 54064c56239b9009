import { withCause } from '../base/cause.js';
import { callback } from '../base/option-rules.js';
import { type Given, show } from '../base/options.js';
import type { AnyFunction } from '../engine/any-function.js';
import type { CommonOptions } from '../engine/common-options.js';
import { definePolicy } from '../engine/define-policy.js';
import type { Site } from '../engine/site.js';
import type { Inside, StageCall } from '../engine/stage.js';
import { truePromise } from '../base/thenable.js';
import type { Constant, FallbackOptions, FallbackPolicy } from './fallback-types.js';

/** Answers for a call: by its error, in the place of what failed. */
type Answer = (error: unknown, call: StageCall, inside: Inside) => unknown;

/** The faces of `fallback`. */
export interface Fallback {
  /**
   * Answers with another function of the same shape: it gets the same `this` and arguments, and `callContext().error`
   * tells why. A text is the name of a method on the same class.
   */
  <const Alternative extends AnyFunction | PropertyKey>(
    alternative: Alternative,
    options?: Given<FallbackOptions & CommonOptions>,
  ): FallbackPolicy<Alternative>;
  /**
   * Answers with a constant, handed out as it is, a function too.
   * @example const prices = fallback.value([])(fetchPrices);
   */
  value<const Value extends Constant>(
    value: Value,
    options?: Given<FallbackOptions & CommonOptions>,
  ): FallbackPolicy<() => Value>;
  /**
   * Answers with what a handler makes of the error, which it gets before the arguments.
   * @example const price = fallback.catch((error, symbol: string) => ({ symbol, why: String(error) }))(fetchPrice);
   */
  catch<Args extends unknown[], Result>(
    handler: (error: unknown, ...args: Args) => Result,
    options?: Given<FallbackOptions & CommonOptions>,
  ): FallbackPolicy<(...args: Args) => Result>;
}

/**
 * Answers a call that failed or was rejected. The caller's own abort is not answered.
 * @throws what the alternative throws, with the first error as its `cause`
 * @throws {TypeError} to the caller of the function, when the class has no such method
 * @example const price = fallback(async (symbol: string) => lastKnown.get(symbol))(fetchPrice);
 */
export const fallback: Fallback = Object.assign(withAlternative, { value: withValue, catch: withHandler });

function withAlternative<const Alternative extends AnyFunction | PropertyKey>(
  alternative: Alternative,
  options?: Given<FallbackOptions & CommonOptions>,
): FallbackPolicy<Alternative> {
  if (typeof alternative === 'function') {
    return answering(options, () => (error, _call, inside) => inside.instead(alternative, error));
  }
  if (typeof alternative === 'string' || typeof alternative === 'symbol') {
    return answering(
      options,
      (site) => (error, call, inside) => inside.instead(methodOf(site, call.self, alternative), error),
    );
  }
  throw new TypeError(`fallback takes a function or the name of a method, got ${show(alternative)}`);
}

function withValue<const Value>(
  value: Value,
  options?: Given<FallbackOptions & CommonOptions>,
): FallbackPolicy<() => Value> {
  return answering(options, () => () => value);
}

function withHandler<Args extends unknown[], Result>(
  handler: (error: unknown, ...args: Args) => Result,
  options?: Given<FallbackOptions & CommonOptions>,
): FallbackPolicy<(...args: Args) => Result> {
  if (typeof handler !== 'function') throw new TypeError(`fallback.catch takes a function, got ${show(handler)}`);
  return answering(options, () => (error, _call, inside) => {
    const withError = function (this: unknown, ...args: Args): Result {
      return handler.call(this, error, ...args);
    };
    return inside.instead(withError, error);
  });
}

/** The handler that `fallbacks.register` holds under the name of the site; without one the failure goes on. */
export function registeredFallback(options?: CommonOptions): FallbackPolicy<AnyFunction> {
  return answering(options, (site) => (error, _call, inside) => {
    const handler = site.registry.fallbacks.get(site.name);
    if (handler === undefined) throw error;
    return inside.instead(handler, error);
  });
}

function answering<Alternative>(
  options: Given<FallbackOptions & CommonOptions> | undefined,
  answerAt: (site: Site) => Answer,
): FallbackPolicy<Alternative> {
  const define = definePolicy<'fallback', FallbackOptions>({
    kind: 'fallback',
    summary: 'Answers a call that failed or was rejected.',
    options: { when: callback() },
    bind(site, { when }) {
      const answer = answerAt(site);
      return {
        answer(error, call, inside) {
          // Who has been answered from outside, by a time limit say, gets no second answer.
          if (inside.cancelled || call.isCallerAbort(error) || !answers(when, error)) throw error;
          const answered = () => {
            site.count('answered');
            site.emit('call:fallback', { error, severity: site.severityOf(error) }, call);
          };
          return guarded(() => answer(error, call, inside), error, answered);
        },
      };
    },
  });
  return define(options) as unknown as FallbackPolicy<Alternative>;
}

function answers(when: FallbackOptions['when'], error: unknown): boolean {
  return when === undefined || guardedNow(() => when(error), error);
}

/** Runs what may fail in its turn: its error bears the first one as `cause`, and it has not answered. */
function guarded(run: () => unknown, first: unknown, answered: () => void): unknown {
  const given = (value: unknown) => {
    answered();
    return value;
  };
  const result = guardedNow(() => truePromise(run()), first);
  if (!(result instanceof Promise)) return given(result);
  return result.then(given, (error: unknown) => {
    throw withCause(error, first);
  });
}

function guardedNow<T>(run: () => T, first: unknown): T {
  try {
    return run();
  } catch (error) {
    throw withCause(error, first);
  }
}

function methodOf(site: Site, self: unknown, name: PropertyKey): AnyFunction {
  const method = (self as Record<PropertyKey, unknown> | null | undefined)?.[name];
  if (typeof method === 'function') return method as AnyFunction;
  const instead = method === undefined ? '' : `, but ${show(method)}`;
  throw new TypeError(`fallback of ${site.name}: ${ownerOf(self)} has no method '${String(name)}'${instead}`);
}

/** Whose methods they are, as people call it: the class of an object, or a class itself. */
function ownerOf(self: unknown): string {
  if (self === undefined || self === null) return 'a function that stands on no object';
  const { name } = (typeof self === 'function' ? self : self.constructor) ?? {};
  return typeof name === 'string' && name !== '' ? name : 'its object';
}
