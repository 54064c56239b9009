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
  /** `size / maxEntries`; 0 when there is no bound. */
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
}

/** {@link CacheStats} as JSON, which knows no `Infinity`: no bound is `null`. */
export type CacheSnapshot = Omit<CacheStats, 'maxEntries'> & { readonly maxEntries: number | null };

/** Sums up. */
export function statsOf(counters: CacheCounters, size: number, maxEntries: number): CacheStats {
  const { hits, misses, ...rest } = counters;
  const calls = hits + misses;
  const hitRate = calls === 0 ? 0 : hits / calls;
  return { size, maxEntries, hits, misses, hitRate, utilization: size / maxEntries, ...rest };
}

/** Statistics as JSON. */
export function snapshotOf(stats: CacheStats): CacheSnapshot {
  return { ...stats, maxEntries: Number.isFinite(stats.maxEntries) ? stats.maxEntries : null };
}
