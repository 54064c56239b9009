import { classify } from '../base/classify.js';
import { type Clock, systemClock } from '../base/clock.js';
import { type Random, systemRandom } from '../base/random.js';
import type { Classify } from '../base/severity.js';
import { CacheCounters } from './cache-counters.js';
import type { EventSink } from './cache-events.js';
import type { CacheSettings } from './cache-options.js';
import { Cleaner } from './cleaner.js';
import type { Fill } from './fill.js';
import { type FreshnessWatch, freshnessWatchOf } from './freshness-watch.js';

/** Translates between the keys that a cache holds and the text that people see. */
export interface KeyText {
  /** A held key as text. */
  textOf(key: unknown): string;
  /** The key that a text stands for. */
  keyOf(text: string): unknown;
}

/** What a cache takes from its surroundings; all of it has a default. */
export interface CacheContext extends EventSink {
  /** @default the machine's */
  readonly clock?: Clock | undefined;
  /** @default `Math.random` */
  readonly random?: Random | undefined;
  /** Decides which errors a stale value may answer for. */
  readonly classify?: Classify | undefined;
  /** How keys read as text; by default a key is its own text. */
  readonly keys?: KeyText | undefined;
  /** Shared by caches that are one to the outside. */
  readonly counters?: CacheCounters | undefined;
  /** Shared by caches that are one to the outside. */
  readonly cleaner?: Cleaner | undefined;
}

/** What the parts of one cache work with. */
export interface CacheParts<V> {
  readonly settings: CacheSettings<V>;
  readonly clock: Clock;
  readonly watch: FreshnessWatch;
  readonly random: Random;
  readonly classify: Classify;
  readonly sink: EventSink;
  readonly counters: CacheCounters;
  readonly cleaner: Cleaner;
  readonly fill: Fill;
  readonly textOf: (key: unknown) => string;
}

/** Fills in the defaults. */
export function partsOf<V>(settings: CacheSettings<V>, context: CacheContext, fill: Fill): CacheParts<V> {
  const clock = context.clock ?? systemClock;
  const { keys } = context;
  return {
    settings,
    clock,
    watch: freshnessWatchOf(clock),
    random: context.random ?? systemRandom,
    classify: context.classify ?? classify,
    sink: context,
    counters: context.counters ?? new CacheCounters(),
    cleaner: context.cleaner ?? new Cleaner(clock, settings.cleanupIntervalMs),
    fill,
    textOf: keys === undefined ? ownText : (key) => keys.textOf(key),
  };
}

/** An object has no text that tells it from another: no pattern picks it. */
function ownText(key: unknown): string {
  if (typeof key === 'string') return key;
  return typeof key === 'object' || typeof key === 'function' ? '' : String(key);
}
