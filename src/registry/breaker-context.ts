import type { Classify } from '../base/severity.js';
import type { BreakerTransition } from '../breaker/breaker-events.js';
import type { BreakerContext } from '../breaker/breaker-settings.js';
import type { Registry } from './registry.js';

/** What a breaker of a registry takes from it: time, chance, and a place for its events. */
export function breakerContext(registry: Registry, kind: string, name: string, classify?: Classify): BreakerContext {
  const { clock, random, captureStack } = registry;
  const source = (key: string | undefined) => ({ kind, name, site: key === undefined ? name : `${name}:${key}` });
  return {
    name,
    clock,
    random,
    classify,
    captureStack,
    onTransition: (change) => registry.emit('breaker:state', source(change.key), detailsOf(change)),
    onAct: ({ key, act, reason, owner, ttlMs }) =>
      registry.emit('breaker:act', source(key), { act, reason, ...given({ owner, ttlMs }) }),
    onWouldReject: ({ key, state }) => registry.emit('breaker:shadowed', source(key), { reason: `would be ${state}` }),
  };
}

function detailsOf({
  from,
  to,
  reason,
  consecutiveFailures,
  failureRate,
  lastError,
  nextAttemptAt,
  owner,
  at,
}: BreakerTransition) {
  // The moments of a transition are the breaker's own, on the monotonic clock: told as what is left.
  const retryAfterMs = nextAttemptAt === null ? null : nextAttemptAt - at;
  return { from, to, reason, consecutiveFailures, failureRate, ...given({ lastError, retryAfterMs, owner }) };
}

/** Leaves out what is null: an event has what it knows. */
function given<Details extends Record<string, unknown>>(
  details: Details,
): { [Name in keyof Details]?: NonNullable<Details[Name]> } {
  const known = Object.entries(details).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(known) as { [Name in keyof Details]?: NonNullable<Details[Name]> };
}
