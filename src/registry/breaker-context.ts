import type { Classify } from '../base/severity.js';
import type { Clock } from '../base/clock.js';
import type { Random } from '../base/random.js';
import type { BreakerAct, BreakerTransition, WouldReject } from '../breaker/breaker-events.js';
import type { BreakerContext } from '../breaker/breaker-settings.js';
import type { Registry } from './registry.js';

/**
 * What a breaker of a registry takes from it: time, chance, and a place for its events. A class: there is one for each
 * breaker, and as functions of its own they would weigh more than the breaker.
 */
export class RegistryBreakerContext implements BreakerContext {
  readonly name: string;
  readonly classify: Classify | undefined;
  readonly #registry: Registry;
  readonly #kind: string;

  constructor(registry: Registry, kind: string, name: string, classify: Classify | undefined) {
    this.name = name;
    this.classify = classify;
    this.#registry = registry;
    this.#kind = kind;
  }

  get clock(): Clock {
    return this.#registry.clock;
  }

  get random(): Random {
    return this.#registry.random;
  }

  get captureStack(): boolean {
    return this.#registry.captureStack;
  }

  onTransition(change: BreakerTransition): void {
    this.#registry.emit('breaker:state', this.#source(change.key), detailsOf(change));
  }

  onAct({ key, act, reason, owner, ttlMs }: BreakerAct): void {
    this.#registry.emit('breaker:act', this.#source(key), { act, reason, ...given({ owner, ttlMs }) });
  }

  onWouldReject({ key, state }: WouldReject): void {
    this.#registry.emit('breaker:shadowed', this.#source(key), { reason: `would be ${state}` });
  }

  #source(key: string | undefined): { kind: string; name: string; site: string } {
    const { name } = this;
    return { kind: this.#kind, name, site: key === undefined ? name : `${name}:${key}` };
  }
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
