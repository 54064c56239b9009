import type { TimingStats } from './family.js';

/** All that a collector knows; plain JSON. */
export interface CollectorStats {
  name: string;
  /** Calls, errors and slow calls of all names, in the time kept. */
  totalCalls: number;
  errors: number;
  slowCalls: number;
  /** Calls per second over the last minute. */
  requestRatePerSecond: number;
  /** Share of failed calls in the last minute, from 0 to 1. */
  errorRate: number;
  timings: Record<string, TimingStats>;
  /** Totals since the name was first counted; forgotten when it was not counted for `retentionMs`. */
  counters: Record<string, number>;
  /** The same by tags, for names that had some: `{ created: { 'region=eu': 3 } }`; those past the bound together as `other`. */
  countersByTags: Record<string, Record<string, number>>;
  /** Last values set without tags; forgotten when they were not set for `retentionMs`. */
  gauges: Record<string, number>;
  /** Last values set with tags; past the bound a new set of tags is left out. */
  gaugesByTags: Record<string, Record<string, number>>;
  /** How often a name past `maxNames` was folded into `other`, or left out. */
  foldedNames: number;
  /** How often tags past `maxTagSets` were folded into `other`, or left out. */
  foldedTags: number;
}

/** What is known of one name: its timings, and its counter and gauge where there are such. */
export interface MetricStats extends TimingStats {
  /** What was counted under the name. */
  counter?: number;
  /** The same by tags. */
  counterByTags?: Record<string, number>;
  /** The last value set without tags. */
  gauge?: number;
  /** The last values set with tags. */
  gaugeByTags?: Record<string, number>;
}
