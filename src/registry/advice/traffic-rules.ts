import { nearest } from '../../base/nearest.js';
import { grouped, lasting, plural } from '../../base/wording.js';
import type { Finding } from './advice.js';
import type { Evidence } from './evidence.js';
import type { Stack } from './stack.js';

/** A stack in use. */
export interface InUse {
  readonly site: string;
  readonly stack: Stack;
  readonly evidence: Evidence;
  /** Since when it can be called, in ms. */
  readonly watchedMs: number;
}

/** Windows that must have gone by before their traffic is judged. */
const WINDOWS = 6;
/** Lookups from which on the hits of a cache are judged, and the share of them that is as good as none. */
const LOOKUPS = 100;
const NO_HITS = 0.01;
/** Values that a cache without a bound holds, so that it is past being filled. */
const PLENTY = 1_000;
/** Longer windows than this are no remedy, in ms. */
const LONGEST_WINDOW_MS = 3_600_000;

/** A breaker that has too few calls to judge by. */
export function tooLittleTraffic({ stack, evidence, watchedMs }: InUse): Finding[] {
  return stack.all('circuitBreaker').flatMap((breaker) => {
    const { window, minimumCalls = 1 } = breaker.options;
    if (window?.type !== 'time' || watchedMs < WINDOWS * window.ms) return [];
    const seen = evidence.breaker(breaker);
    if (seen === undefined) return [];
    const windowMs = window.ms;
    // What an open circuit rejects is traffic too.
    const calls = seen.successfulCalls + seen.failedCalls + seen.rejectedCalls;
    const perWindow = ((calls / seen.keyCount) * windowMs) / watchedMs;
    // Half of it: calls may come in bursts, and this is their average.
    if (calls === 0 || perWindow > minimumCalls / 2) return [];
    return [
      {
        rule: 'too-little-traffic',
        severity: 'warning',
        calls,
        watchedMs,
        perWindow,
        minimumCalls,
        windowMs,
        reason:
          `the breaker judges from ${plural(minimumCalls, 'call')} in ${lasting(windowMs)} on, and about ` +
          `${Number(perWindow.toPrecision(2))} come${seen.keyCount > 1 ? ' for each key' : ''}: it will hardly ever open`,
        proposal: trafficRemedy(windowMs, minimumCalls, perWindow),
      },
    ];
  });
}

function trafficRemedy(windowMs: number, minimumCalls: number, perWindow: number): string {
  if (perWindow >= 4) return `set \`minimumCalls\` to ${Math.floor(perWindow / 2)}`;
  const byThreshold = '`failureThreshold`: failures in a row need no traffic';
  const neededMs = (2 * minimumCalls * windowMs) / perWindow;
  return neededMs > LONGEST_WINDOW_MS
    ? `use ${byThreshold}`
    : `use a window of ${lasting(neededMs)}, or ${byThreshold}`;
}

/** A cache whose key is another one each time. */
export function cacheKeyAlwaysNew({ stack, evidence }: InUse): Finding[] {
  return stack.all('cached').flatMap((cached) => {
    const seen = evidence.cache(cached);
    if (seen === undefined) return [];
    const { hits, misses, coalesced, size, evictions, maxEntries, utilization } = seen;
    const lookups = hits + misses;
    // One that is being filled for the first time has no hits either.
    const isFull = evictions > 0 || utilization >= 1 || (maxEntries === null && size >= PLENTY);
    if (lookups < LOOKUPS || hits + coalesced > NO_HITS * lookups || !isFull) return [];
    return [
      {
        rule: 'cache-key-always-new',
        severity: 'warning',
        lookups,
        hits,
        size,
        evictions,
        reason:
          `${hits === 0 ? 'none' : grouped(hits)} of ${grouped(lookups)} lookups found anything, while the cache holds ` +
          `${grouped(size)} values: nearly every key is a new one`,
        proposal: 'give `cached` a `key` of what decides the answer, without times, ids and objects made for the call',
      },
    ];
  });
}

/** An invalidation that meets nothing. */
export function unknownCache({ stack, evidence }: InUse): Finding[] {
  return stack.all('invalidates').flatMap(({ options: { cache }, policy }) => {
    const names = evidence.cacheNames(policy);
    if (names === undefined || names.includes(cache)) return [];
    const near = nearest(cache, names);
    return [
      {
        rule: 'unknown-cache',
        // A method's cache without a name of its own is there from the first call on.
        severity: 'note',
        caches: names.length,
        reason: `the registry has no cache '${cache}', so nothing is invalidated`,
        proposal: near === undefined ? 'give the `cached` that is meant this `name`' : `did you mean '${near}'?`,
      },
    ];
  });
}
