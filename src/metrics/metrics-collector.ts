import { type Clock, systemClock } from '../base/clock.js';
import { Housekeeping } from '../base/housekeeping.js';
import { checkOptions, show } from '../base/options.js';
import { Family, OTHER, type TimingStats } from './family.js';
import {
  type MetricsCollectorOptions,
  type MetricsContext,
  metricsCollectorRules,
  type TimingOptions,
} from './metrics-options.js';
import type { Series } from './series.js';
import { tagText } from './tags.js';
import { Timer } from './timer.js';
import { Values } from './values.js';

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
  /** Last values; forgotten when they were not set for `retentionMs`. */
  gauges: Record<string, number>;
  /** How often a name past `maxNames` was folded into `other`. */
  foldedNames: number;
}

/**
 * Timings with percentiles, counters and gauges, by name, in bounded memory.
 * @example
 * const collector = new MetricsCollector({ name: 'api' });
 * collector.recordTiming('GET /hosts', 12.5, { tags: { region: 'eu' } });
 * collector.increment('hosts created');
 * collector.gauge('connections', 25);
 * collector.stats().timings['GET /hosts']?.p95Ms; // 12.5
 */
export class MetricsCollector {
  readonly name: string;
  readonly options: Readonly<MetricsCollectorOptions>;
  readonly #clock: Clock;
  readonly #rules: Required<MetricsCollectorOptions>;
  readonly #families = new Map<string, Family>();
  readonly #counters: Values;
  readonly #gauges: Values;
  #heldNames = 0;
  #foldedNames = 0;
  #housekeeping: Housekeeping | undefined = undefined;
  #closed = false;

  /**
   * @throws {TypeError} for an unknown option and for a value of the wrong type
   * @throws {RangeError} for a value out of range
   */
  constructor(options: MetricsCollectorOptions = {}, { clock = systemClock }: MetricsContext = {}) {
    this.options = checkOptions('metricsCollector', metricsCollectorRules, options);
    this.#rules = this.options as Required<MetricsCollectorOptions>;
    this.name = this.#rules.name;
    this.#clock = clock;
    this.#counters = new Values(this.#rules.maxNames);
    this.#gauges = new Values(this.#rules.maxNames);
  }

  /**
   * Books one timing. A negative duration (a clock that was set back) counts as 0.
   * @throws {TypeError} when `ms` is no number, `Infinity` included, or a tag is no text, number or boolean
   */
  recordTiming(name: string, ms: number, { success = true, tags }: TimingOptions = {}): void {
    checkName('recordTiming', name);
    checkNumber('recordTiming', 'ms', ms);
    const family = this.#familyFor(name);
    const tagged = tags === undefined ? undefined : family.tagged(tags);
    const now = this.#clock.now();
    family.total.record(ms, success, now);
    tagged?.record(ms, success, now);
  }

  /**
   * Adds to a counter.
   * @param by From 0. @default 1
   * @throws {TypeError} when `by` is no number
   * @throws {RangeError} when `by` is below 0: a counter never falls, a gauge does
   */
  increment(name: string, by = 1): void {
    checkName('increment', name);
    checkNumber('increment', 'by', by);
    if (by < 0)
      throw new RangeError(`increment: \`by\` takes a number from 0, got ${by}; for what falls there is gauge()`);
    const taken = this.#counters.takes(name) ? name : this.#foldName();
    this.#counters.set(taken, this.#counters.get(taken) + by, this.#clock.now());
    this.#tend();
  }

  /**
   * Sets a gauge. Past `maxNames` a new one is left out, and counted in `foldedNames`: a sum of gauges would mean nothing.
   * @throws {TypeError} when `value` is no number
   */
  gauge(name: string, value: number): void {
    checkName('gauge', name);
    checkNumber('gauge', 'value', value);
    if (this.#gauges.takes(name)) this.#gauges.set(name, value, this.#clock.now());
    else this.#foldName();
    this.#tend();
  }

  /** The series of a name, to record into without looking it up. From now on the name stays, although nothing be recorded. */
  series(name: string): Series {
    checkName('series', name);
    const family = this.#families.get(name) ?? this.#addFamily(name);
    if (!family.held) this.#heldNames++;
    family.held = true;
    return family.total;
  }

  /**
   * Starts a timer that records under `name` when it is stopped, or when its block is left.
   * @example using timer = collector.startTimer('report');
   */
  startTimer(name: string, { tags }: Pick<TimingOptions, 'tags'> = {}): Timer {
    checkName('startTimer', name);
    // Refused now: when the timer is stopped, an error would hide that of what was timed.
    if (tags !== undefined) tagText(tags);
    return new Timer(this.#clock, (ms, success) => this.recordTiming(name, ms, { success, tags }));
  }

  /** All that is known now. */
  stats(): CollectorStats {
    const now = this.#clock.now();
    const timings = this.snapshot();
    const all = Object.values(timings);
    const series = [...this.#families.values()].map((family) => family.total);
    const calls = sumOf(series, (one) => one.callsInLastMinute(now));
    return {
      name: this.name,
      totalCalls: sumOf(all, (one) => one.totalCalls),
      errors: sumOf(all, (one) => one.errors),
      slowCalls: sumOf(all, (one) => one.slowCalls),
      requestRatePerSecond: calls / 60,
      errorRate: calls === 0 ? 0 : sumOf(series, (one) => one.failuresInLastMinute(now)) / calls,
      timings,
      counters: this.#counters.toJSON(),
      gauges: this.#gauges.toJSON(),
      foldedNames: this.#foldedNames,
    };
  }

  /** What is known of each name, in the order of the names; plain JSON. */
  snapshot(): Record<string, TimingStats> {
    const now = this.#clock.now();
    this.#expire(now);
    const names = [...this.#families.keys()].sort();
    return Object.fromEntries(names.map((name) => [name, (this.#families.get(name) as Family).stats(now)]));
  }

  /** Forgets a name: its timings, its counter and its gauge. Who still has its series in hand records in vain. */
  forget(name: string): void {
    if (this.#families.get(name)?.held) this.#heldNames--;
    this.#families.delete(name);
    this.#counters.delete(name);
    this.#gauges.delete(name);
  }

  /** Ends the clean-up. What is recorded afterwards is still counted, and never freed. */
  close(): void {
    this.#closed = true;
    this.#housekeeping?.stop();
    this.#housekeeping = undefined;
  }

  #familyFor(name: string): Family {
    const known = this.#families.get(name);
    if (known !== undefined) return known;
    if (this.#families.size - this.#heldNames < this.#rules.maxNames) return this.#addFamily(name);
    const other = this.#foldName();
    return this.#families.get(other) ?? this.#addFamily(other);
  }

  #addFamily(name: string): Family {
    const context = { retentionMs: this.#rules.retentionMs, onWake: () => this.#tend() };
    const family = new Family(context, this.#rules.maxTagSets);
    this.#families.set(name, family);
    return family;
  }

  #foldName(): string {
    this.#foldedNames++;
    return OTHER;
  }

  /** The clean-up runs only while there is something to forget. */
  #tend(): void {
    if (this.#closed || this.#housekeeping !== undefined) return;
    this.#housekeeping = new Housekeeping(this.#clock, this.#rules.cleanupIntervalMs, () => this.#cleanUp());
  }

  #cleanUp(): void {
    if (this.#expire(this.#clock.now()) === 'filled') return;
    this.#housekeeping?.stop();
    this.#housekeeping = undefined;
  }

  #expire(now: number): 'empty' | 'filled' {
    const oldest = now - this.#rules.retentionMs;
    const left = [this.#counters.expire(oldest), this.#gauges.expire(oldest)];
    for (const [name, family] of this.#families) {
      const ofFamily = family.expire(now);
      if (ofFamily === 'empty' && !family.held) this.#families.delete(name);
      left.push(ofFamily);
    }
    return left.includes('filled') ? 'filled' : 'empty';
  }
}

function sumOf<T>(all: readonly T[], numberOf: (one: T) => number): number {
  return all.reduce((sum, one) => sum + numberOf(one), 0);
}

function checkName(method: string, name: unknown): void {
  if (typeof name !== 'string' || name === '')
    throw new TypeError(`${method}: \`name\` takes a text, got ${show(name)}`);
}

function checkNumber(method: string, argument: string, value: unknown): void {
  if (Number.isFinite(value)) return;
  throw new TypeError(`${method}: \`${argument}\` takes a number, got ${show(value)}`);
}
