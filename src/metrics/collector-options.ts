import type { Clock } from '../base/clock.js';
import { count, durationMs, text } from '../base/option-rules.js';
import type { OptionRules } from '../base/options.js';
import type { FoldedEvent } from './folds.js';
import type { Tags } from './tags.js';

/** What a metrics collector takes. */
export interface CollectorOptions {
  /** Its name in the registry. @default 'metrics' */
  name?: string;
  /** How long what was recorded is seen, in ms, at least; at most a 24th longer. `Infinity` keeps all. @default 86_400_000 */
  retentionMs?: number;
  /** How often what is older is freed, in ms; it is never shown, freed or not. @default 3_600_000 */
  cleanupIntervalMs?: number;
  /** Sets of tags that one name may have; what is recorded with further ones is folded into `other`. @default 100 */
  maxTagSets?: number;
  /** Names that may be recorded under, of timings, counters and gauges each; further ones are folded into `other`. @default 1_000 */
  maxNames?: number;
}

/** What may be said beside a counter's or a gauge's number. */
export interface TagOptions {
  /** What tells it from others of its name: at most `maxTagSets` different ones. */
  tags?: Tags | undefined;
}

/** What a timing may say beside its duration. */
export interface TimingOptions {
  /** @default true */
  success?: boolean | undefined;
  /** The timing is counted under its name, and again under its tags. */
  tags?: Tags | undefined;
}

/** What a collector takes from its surroundings. */
export interface CollectorContext {
  /** @default the option `name` */
  name?: string | undefined;
  /** @default the machine's clock */
  clock?: Clock | undefined;
  /** Is told what happens; what it throws is lost. */
  onEvent?: ((event: FoldedEvent) => void) | undefined;
}

/** What each option takes, and its default. */
export const collectorRules: OptionRules<CollectorOptions> = {
  name: text({ default: 'metrics' }),
  retentionMs: durationMs({ min: 1, infinity: 'taken', default: 86_400_000 }),
  cleanupIntervalMs: durationMs({ min: 1, infinity: 'taken', default: 3_600_000 }),
  maxTagSets: count({ infinity: 'taken', default: 100 }),
  maxNames: count({ infinity: 'taken', default: 1_000 }),
};
