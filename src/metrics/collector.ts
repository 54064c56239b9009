import { type Clock, systemClock } from '../base/clock.js';
import { Housekeeping } from '../base/housekeeping.js';
import { checkOptions } from '../base/options.js';
import { tell } from '../base/tell.js';
import { type CollectorExport, checkExport } from './collector-export.js';
import {
  type CollectorContext,
  type CollectorOptions,
  collectorRules,
  type TagOptions,
  type TimingOptions,
} from './collector-options.js';
import type { CollectorStats, MetricStats } from './collector-stats.js';
import { Families } from './families.js';
import { type FoldedEvent, Folds } from './folds.js';
import { checkName, checkNumber, checkTagOptions, checkTimingOptions } from './recorded.js';
import { Series } from './series.js';
import { tagText } from './tags.js';
import { Timer } from './timer.js';
import { Values } from './values.js';

// Told from an object of the caller's by its identity, so that a timing without options needs no look at them.
const NO_OPTIONS: TimingOptions & TagOptions = Object.freeze({});

/**
 * Timings with percentiles, counters and gauges, by name, in bounded memory. It stands by itself; `MetricsCollector`
 * stands in a registry, and `registry.calls` is one too.
 */
export class Collector {
  readonly name: string;
  /** Its options, defaults filled in; frozen. */
  readonly options: Readonly<Required<CollectorOptions>>;
  readonly #clock: Clock;
  readonly #timings: Families;
  readonly #counters: Values;
  readonly #gauges: Values;
  #housekeeping: Housekeeping | undefined = undefined;
  #closed = false;

  /**
   * @throws {TypeError} for an unknown option and for a value of the wrong type
   * @throws {RangeError} for a value out of range
   */
  constructor(options: CollectorOptions = {}, { name, clock = systemClock, onEvent }: CollectorContext = {}) {
    this.options = checkOptions('metricsCollector', collectorRules, options) as Required<CollectorOptions>;
    this.name = name ?? this.options.name;
    this.#clock = clock;
    const foldsOf = (of: FoldedEvent['of']) => new Folds(of, this.options, (event) => tell(onEvent, event));
    const context = { retentionMs: this.options.retentionMs, onWake: () => this.#tend() };
    this.#timings = new Families(context, foldsOf('timings'));
    this.#counters = new Values('sum', foldsOf('counters'));
    this.#gauges = new Values('last', foldsOf('gauges'));
  }

  /**
   * Books one timing. A negative duration (a clock that was set back) counts as 0.
   * @param ms How long it took, in ms.
   * @throws {TypeError} when `ms` is no number, `Infinity` included, or `success` and `tags` are not what they should be
   */
  recordTiming(name: string, ms: number, options: TimingOptions = NO_OPTIONS): void {
    checkName('recordTiming', name);
    checkNumber('recordTiming', 'ms', ms);
    if (options === NO_OPTIONS) return this.#timings.for(name).total.record(ms, true, this.#clock.now());
    checkTimingOptions('recordTiming', options);
    const { success = true, tags } = options;
    const text = tags === undefined ? '' : tagText('recordTiming', tags);
    const family = this.#timings.for(name);
    const now = this.#clock.now();
    family.total.record(ms, success, now);
    if (text !== '') family.tagged(text, this.#timings.folds).record(ms, success, now);
  }

  /**
   * Adds to a counter; with tags, to that of the tags as well.
   * @param by From 0. @default 1
   * @throws {TypeError} when `by` is no number
   * @throws {RangeError} when `by` is below 0: a counter never falls, a gauge does
   */
  increment(name: string, by = 1, options: TagOptions = NO_OPTIONS): void {
    checkName('increment', name);
    checkNumber('increment', 'by', by);
    if (by < 0)
      throw new RangeError(`increment: \`by\` takes a number from 0, got ${by}; for what falls there is gauge()`);
    this.#counters.put(name, textOf('increment', options), by, this.#clock.now());
    this.#tend();
  }

  /**
   * Sets a gauge; with tags, that of the tags alone. Past `maxNames` and `maxTagSets` a new one is left out, and counted:
   * a sum of gauges would mean nothing.
   * @throws {TypeError} when `value` is no number
   */
  gauge(name: string, value: number, options: TagOptions = NO_OPTIONS): void {
    checkName('gauge', name);
    checkNumber('gauge', 'value', value);
    this.#gauges.put(name, textOf('gauge', options), value, this.#clock.now());
    this.#tend();
  }

  /** The series of a name, to record into without looking it up. From now on the name stays, although nothing be recorded. */
  series(name: string): Series {
    checkName('series', name);
    return this.#timings.hold(name);
  }

  /**
   * Starts a timer that records under `name` when it is stopped, or when its block is left.
   * @example using timer = collector.startTimer('report');
   */
  startTimer(name: string, options: TagOptions = NO_OPTIONS): Timer {
    checkName('startTimer', name);
    // Refused now: when the timer is stopped, an error would hide that of what was timed.
    textOf('startTimer', options);
    const { tags } = options;
    return new Timer(this.#clock, (ms, success) => this.recordTiming(name, ms, { success, tags }));
  }

  /** All that is known now. */
  stats(): CollectorStats {
    const now = this.#clock.now();
    const timings = this.#timings.stats(now);
    this.#expireValues(now);
    const all = timings.map(([, stats]) => stats);
    const totals = this.#timings.totals;
    const calls = sumOf(totals, (series) => series.callsInLastMinute(now));
    const folds = [this.#timings, this.#counters, this.#gauges].map((one) => one.folds);
    return {
      name: this.name,
      totalCalls: sumOf(all, (one) => one.totalCalls),
      errors: sumOf(all, (one) => one.errors),
      slowCalls: sumOf(all, (one) => one.slowCalls),
      requestRatePerSecond: calls / 60,
      errorRate: calls === 0 ? 0 : sumOf(totals, (series) => series.failuresInLastMinute(now)) / calls,
      timings: Object.fromEntries(timings),
      counters: Object.fromEntries(this.#counters.own()),
      countersByTags: Object.fromEntries(this.#counters.tagged()),
      gauges: Object.fromEntries(this.#gauges.own()),
      gaugesByTags: Object.fromEntries(this.#gauges.tagged()),
      foldedNames: sumOf(folds, ({ names }) => names),
      foldedTags: sumOf(folds, ({ tags }) => tags),
    };
  }

  /** What is known of each name, in the order of the names: its timings, its counter and its gauge. Plain JSON. */
  snapshot(): Record<string, MetricStats> {
    const now = this.#clock.now();
    this.#expireValues(now);
    const timings: [string, MetricStats][] = this.#timings.stats(now);
    const [counters, gauges] = [this.#counters, this.#gauges];
    if (counters.size + gauges.size === 0) return Object.fromEntries(timings);
    const byName = new Map(timings);
    const of = (name: string): MetricStats => {
      const stats = byName.get(name) ?? new Series().stats(now);
      byName.set(name, stats);
      return stats;
    };
    for (const [name, value] of counters.own()) of(name).counter = value;
    for (const [name, byTags] of counters.tagged()) of(name).counterByTags = byTags;
    for (const [name, value] of gauges.own()) of(name).gauge = value;
    for (const [name, byTags] of gauges.tagged()) of(name).gaugeByTags = byTags;
    return Object.fromEntries([...byName].sort(([left], [right]) => (left < right ? -1 : 1)));
  }

  /**
   * All that is known now, as plain JSON that a collector of another process can {@link merge}.
   * @example process.send?.(registry.calls.export());
   */
  export(): CollectorExport {
    const now = this.#clock.now();
    this.#expireValues(now);
    return {
      version: 1,
      timings: this.#timings.export(now),
      counters: this.#counters.export(now),
      gauges: this.#gauges.export(now),
    };
  }

  /**
   * Adds all that another collector knows, as if it had been recorded here: percentiles are those of both together.
   * Counters are added, and of gauges the younger stays.
   * @param other A collector, or what the `export()` of one gave.
   * @throws {TypeError} for anything else, before any of it is taken
   * @example for (const worker of workers) total.merge(await worker.metrics());
   */
  merge(other: Collector | CollectorExport): void {
    const { timings, counters, gauges } = other instanceof Collector ? other.export() : checkExport(other);
    const now = this.#clock.now();
    this.#timings.merge(timings, now);
    this.#counters.merge(counters, now);
    this.#gauges.merge(gauges, now);
    this.#tend();
  }

  /** Forgets a name: its timings, its counter and its gauge. Who still has its series in hand records in vain. */
  forget(name: string): void {
    for (const names of [this.#timings, this.#counters, this.#gauges]) names.delete(name);
  }

  /** Whether it was closed. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Ends the clean-up. What is recorded afterwards is still counted, and never freed. */
  close(): void {
    this.#closed = true;
    this.#housekeeping?.stop();
    this.#housekeeping = undefined;
  }

  /** The clean-up runs only while there is something to forget. */
  #tend(): void {
    if (this.#closed || this.#housekeeping !== undefined) return;
    this.#housekeeping = new Housekeeping(this.#clock, this.options.cleanupIntervalMs, () => this.#cleanUp());
  }

  #cleanUp(): void {
    if (this.#expire(this.#clock.now()) === 'filled') return;
    this.#housekeeping?.stop();
    this.#housekeeping = undefined;
  }

  /** Forgets what is older than the time kept; says whether anything is left. */
  #expire(now: number): 'empty' | 'filled' {
    const [timings, values] = [this.#timings.expire(now), this.#expireValues(now)];
    return timings === 'filled' ? timings : values;
  }

  #expireValues(now: number): 'empty' | 'filled' {
    const oldest = now - this.options.retentionMs;
    const [counters, gauges] = [this.#counters.expire(oldest), this.#gauges.expire(oldest)];
    return counters === 'filled' ? counters : gauges;
  }
}

/** The text of the tags; none is ''. */
function textOf(doing: string, options: TagOptions): string {
  if (options === NO_OPTIONS) return '';
  checkTagOptions(doing, options);
  return options.tags === undefined ? '' : tagText(doing, options.tags);
}

function sumOf<T>(all: readonly T[], numberOf: (one: T) => number): number {
  let sum = 0;
  for (const one of all) sum += numberOf(one);
  return sum;
}
