import type { Registry } from './holdfast.js';
import type { Journal } from './journal.js';
import { lastDecisions } from './last-decisions.js';
import type { BreakerMoment, Moment, Protection } from './moment.js';
import type { Tally } from './tally.js';
import type { UpstreamReport } from './upstream-report.js';

/** As many as leave the view in a terminal of 24 rows. */
const DECISIONS_SHOWN = 4;

/** Where a moment is read from. */
export interface Sources {
  readonly seed: number;
  readonly seconds: number;
  readonly startedAt: number;
  readonly registry: Registry;
  readonly journal: Journal;
  readonly bare: Tally;
  readonly protected: Tally;
}

/** Reads everything there is to show: what the callers measured, what the registry tells, what the upstream says. */
export function observe(sources: Sources, elapsedMs: number, upstream: UpstreamReport): Moment {
  const { seed, seconds, startedAt, registry, journal } = sources;
  return {
    seed,
    seconds,
    startedAt,
    elapsedMs,
    upstream,
    bare: sources.bare.measured(),
    protected: sources.protected.measured(),
    protection: protectionBy(registry, journal),
    breakers: breakersOf(registry, journal),
    decisions: lastDecisions(registry, DECISIONS_SHOWN),
  };
}

function protectionBy(registry: Registry, journal: Journal): Protection {
  const caches = Object.values(registry.caches.snapshot());
  return {
    retries: journal.count('call:retry'),
    rejected: journal.count('call:rejected'),
    cacheHits: caches.reduce((hits, cache) => hits + cache.hits, 0),
    timeouts: journal.count('call:timeout') + journal.count('call:deadline'),
    deadLettered: journal.count('deadLetter:added'),
  };
}

function breakersOf(registry: Registry, journal: Journal): BreakerMoment[] {
  return Object.entries(registry.breakers.snapshot()).map(([name, breaker]) => {
    if ('keys' in breaker) return { name, state: 'keyed', reason: undefined, probeInMs: undefined };
    const { state, nextAttemptAt } = breaker;
    const probeInMs = nextAttemptAt === null ? undefined : Math.max(0, nextAttemptAt - registry.clock.wallNow());
    return { name, state, reason: journal.reasonOf(name), probeInMs };
  });
}
