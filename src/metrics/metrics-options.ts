import type { Clock } from '../base/clock.js';
import { count, durationMs, text } from '../base/option-rules.js';
import type { OptionRules } from '../base/options.js';
import type { Tags } from './tags.js';

/** What a metrics collector takes. */
export interface MetricsCollectorOptions {
  /** Its name in the registry. @default 'metrics' */
  name?: string;
  /** How long what was recorded is seen, in ms, at least; at most a 24th longer. `Infinity` keeps all. @default 86_400_000 */
  retentionMs?: number;
  /** How often what is older is freed, in ms; it is never shown, freed or not. @default 3_600_000 */
  cleanupIntervalMs?: number;
  /** Sets of tags that one name may have; timings with further ones are folded into `other`. @default 100 */
  maxTagSets?: number;
  /** Names that may be recorded under, of timings, counters and gauges each; further ones are folded into `other`. @default 1_000 */
  maxNames?: number;
}

/** What a timing may say beside its duration. */
export interface TimingOptions {
  /** @default true */
  success?: boolean | undefined;
  /** The timing is counted under its name, and again under its tags. */
  tags?: Tags | undefined;
}

/** What a collector takes from its surroundings. */
export interface MetricsContext {
  /** @default the machine's clock */
  clock?: Clock;
}

/** What each option takes, and its default. */
export const metricsCollectorRules: OptionRules<MetricsCollectorOptions> = {
  name: text({ default: 'metrics' }),
  retentionMs: durationMs({ min: 1, infinity: 'taken', default: 86_400_000 }),
  cleanupIntervalMs: durationMs({ min: 1, infinity: 'taken', default: 3_600_000 }),
  maxTagSets: count({ infinity: 'taken', default: 100 }),
  maxNames: count({ infinity: 'taken', default: 1_000 }),
};
