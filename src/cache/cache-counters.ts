import type { Fill } from './fill.js';

/** What happened so far; several caches that are one to the outside share it. */
export class CacheCounters {
  hits = 0;
  misses = 0;
  evictions = 0;
  expirations = 0;
  coalesced = 0;
  staleServed = 0;
  loadFailures = 0;
  invalidations = 0;
  storeFailures = 0;
  tooHeavy = 0;
}

/** What a cache holds, and how it has fared. */
export interface CacheStats {
  /** Entries held; those past their time count until they are cleaned away. */
  readonly size: number;
  /** Entries held at most. */
  readonly maxEntries: number;
  /** Calls that were handed a held value, stale ones too. */
  readonly hits: number;
  /** Calls that had to load, or to wait for a load. */
  readonly misses: number;
  /** `hits / (hits + misses)`; 0 before the first call. */
  readonly hitRate: number;
  /** How full it is, 0–1: `size / maxEntries` or `weight / maxWeight`, whichever is more; 0 when there is no bound. */
  readonly utilization: number;
  /** Entries that went for space. */
  readonly evictions: number;
  /** Entries that went for age. */
  readonly expirations: number;
  /** Misses that shared a load under way. */
  readonly coalesced: number;
  /** Calls that were handed a value past its time. */
  readonly staleServed: number;
  /** Loads that failed, refreshes too. */
  readonly loadFailures: number;
  /** Entries that went on request. */
  readonly invalidations: number;
  /** Times that the remote store failed or did not answer. */
  readonly storeFailures: number;
  /** What all entries weigh together, where there is a `maxWeight`. */
  readonly weight?: number;
  /** What they may weigh. */
  readonly maxWeight?: number;
  /** Values that were not held, because they are heavier than all may be. */
  readonly tooHeavy?: number;
}

/** {@link CacheStats} as JSON, which knows no `Infinity`: no bound is `null`. */
export type CacheSnapshot = Omit<CacheStats, 'maxEntries'> & { readonly maxEntries: number | null };

/** What bounds a cache. */
interface Bounds {
  readonly maxEntries: number;
  readonly maxWeight?: number;
}

/**
 * Sums up.
 * @param fill How full it is; of several caches that are one to the outside, all together.
 * @param caches How many these are, with the same bounds each.
 */
export function statsOf(
  counters: CacheCounters,
  { maxEntries, maxWeight }: Bounds,
  { entries: size, weight }: Fill,
  caches = 1,
): CacheStats {
  const { hits, misses } = counters;
  const calls = hits + misses;
  const byNumber = size / (maxEntries * caches);
  const byWeight = maxWeight === undefined ? 0 : weight / (maxWeight * caches);
  // Written out: to spread it costs as much as all the rest, and a registry has thousands.
  const stats: CacheStats = {
    size,
    maxEntries,
    hits,
    misses,
    hitRate: calls === 0 ? 0 : hits / calls,
    utilization: Math.max(byNumber, byWeight),
    evictions: counters.evictions,
    expirations: counters.expirations,
    coalesced: counters.coalesced,
    staleServed: counters.staleServed,
    loadFailures: counters.loadFailures,
    invalidations: counters.invalidations,
    storeFailures: counters.storeFailures,
  };
  return maxWeight === undefined ? stats : { ...stats, weight, maxWeight, tooHeavy: counters.tooHeavy };
}

/** Statistics as JSON. */
export function snapshotOf(stats: CacheStats): CacheSnapshot {
  return Number.isFinite(stats.maxEntries) ? stats : { ...stats, maxEntries: null };
}
