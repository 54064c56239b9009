import { type Clock, systemClock } from '../base/clock.js';
import { deadlinesOf } from '../base/deadlines.js';
import { amount, callback, count, flag, having, text } from '../base/option-rules.js';
import { checkOptions, type Given, type OptionRules } from '../base/options.js';
import { type Random, systemRandom } from '../base/random.js';
import type { DeadLetterQueue } from '../dead-letter/dead-letter-queue.js';
import { Collector } from '../metrics/collector.js';
import type { FoldedEvent } from '../metrics/folds.js';
import { advise } from './advice/advise.js';
import type { Advice } from './advice/advice.js';
import { Collection, type Entry } from './collection.js';
import { Configuration } from './configuration.js';
import { DECISION_TYPES } from './decision-text.js';
import { type Decision, type DecisionFilter, Decisions, type DecisionType } from './decisions.js';
import type { BreakerEntry, BufferEntry, CacheEntry, LimiterEntry, PoolEntry } from './entries.js';
import { EventHub, type Heard } from './event-hub.js';
import { checkListening } from './event-names.js';
import type { EventBase, EventDetails, EventListener, EventType, RegistryEvent } from './events.js';
import { decisionsOf, type Explanation, explanationOf } from './explanation.js';
import { FallbackHandlers } from './fallback-handlers.js';
import { type EnrolledMember, Members } from './members.js';
import type { Topic } from './topic.js';

/** How a registry is made. */
export interface RegistryOptions {
  /** Where time comes from. @default the machine's clock */
  clock?: Clock;
  /** Where chance comes from: each call gives a number in [0, 1). @default Math.random */
  random?: Random;
  /**
   * Whether rejections bear stack frames, at fifteen times the cost. The first ten are the toolkit's own: the caller's show
   * with a higher `Error.stackTraceLimit`. What a timer ends, such as a timeout, has no caller to show. @default false
   */
  captureStack?: boolean;
  /** How many decisions are kept for `explain` and `decisions`; 0 keeps none. @default 1_000 */
  maxDecisions?: number;
}

const registryRules: OptionRules<RegistryOptions> = {
  clock: having(
    'a clock: { now, wallNow, setTimeout, clearTimeout }',
    ['now', 'wallNow', 'setTimeout', 'clearTimeout'],
    {
      default: systemClock,
    },
  ),
  random: callback({ default: systemRandom }),
  captureStack: flag({ default: false }),
  maxDecisions: count({ min: 0, default: 1_000 }),
};

const filterRules: OptionRules<DecisionFilter> = { name: text(), kind: text(), since: amount() };

/** Everything in a registry as plain JSON. */
export interface RegistrySnapshot {
  /** Of the shape of this object. */
  version: 1;
  /** In ms since 1970. */
  takenAt: number;
  breakers: ReturnType<Registry['breakers']['snapshot']>;
  caches: ReturnType<Registry['caches']['snapshot']>;
  deadLetters: ReturnType<Registry['deadLetters']['snapshot']>;
  metrics: ReturnType<Registry['metrics']['snapshot']>;
  limiters: ReturnType<Registry['limiters']['snapshot']>;
  pools: ReturnType<Registry['pools']['snapshot']>;
  buffers: ReturnType<Registry['buffers']['snapshot']>;
  extensions: ReturnType<Registry['extensions']['snapshot']>;
}

/**
 * Every breaker, cache, queue, collector and limiter of a program, to be looked at, listened to and acted on while it
 * runs. Most programs use the one that is exported as `registry`; a test makes its own.
 * @example
 * const registry = new Registry({ clock: new ManualClock() });
 * const call = circuitBreaker({ name: 'quotes', registry })(fetchQuote);
 * registry.breakers.get('quotes')?.state; // 'closed'
 */
export class Registry {
  readonly clock: Clock;
  readonly random: Random;
  readonly captureStack: boolean;

  readonly breakers: Collection<BreakerEntry> = new Collection('breakers');
  readonly caches: Collection<CacheEntry> = new Collection('caches');
  readonly deadLetters: Collection<DeadLetterQueue> = new Collection('deadLetters');
  readonly metrics: Collection<Collector> = new Collection('metrics');
  readonly limiters: Collection<LimiterEntry> = new Collection('limiters');
  readonly pools: Collection<PoolEntry> = new Collection('pools');
  readonly buffers: Collection<BufferEntry> = new Collection('buffers');
  /** What policies of your own keep here. */
  readonly extensions: Collection<Entry> = new Collection('extensions');

  /** Fallbacks by the name of their operation. */
  readonly fallbacks: FallbackHandlers = new FallbackHandlers();

  /** What policies and services are told from outside; see `holdfast/config`. */
  readonly configuration: Configuration = new Configuration(
    () => this.#members.callable(),
    ({ kind, name, ...refusal }) => this.emit('config:refused', { kind, name, site: name }, refusal),
  );

  /** Set once, by {@link close}, when buffers have sent what they can: calls through this registry are rejected from then on. */
  closed = false;

  #closing: Promise<void> | undefined = undefined;
  readonly #decisions: Decisions;
  readonly #members = new Members();
  readonly #hub: EventHub;

  /**
   * @throws {TypeError} for an option that is unknown or of the wrong type
   */
  constructor(options: Given<RegistryOptions> = {}) {
    const { clock, random, captureStack, maxDecisions = 1_000 } = checkOptions('Registry', registryRules, options);
    this.clock = clock ?? systemClock;
    this.random = random ?? systemRandom;
    this.captureStack = captureStack ?? false;
    this.#decisions = new Decisions(maxDecisions, this.clock);
    const kept = maxDecisions > 0 ? DECISION_TYPES : undefined;
    this.#hub = new EventHub((error, event) => this.#listenerFailed(error, event), kept);
  }

  /**
   * Calls `listener` with each event of a type, or with all for `'*'`. Without a listener an event costs nothing.
   * @throws {TypeError} for a name that no event has, and for a listener that is no function
   */
  on<Type extends EventType>(type: Type | '*', listener: EventListener<Type>): this {
    checkListening('registry.on', type, listener);
    this.#hub.on(type as Heard, listener as EventListener);
    return this;
  }

  /** Takes a listener away. */
  off<Type extends EventType>(type: Type | '*', listener: EventListener<Type>): this {
    checkListening('registry.off', type, listener);
    this.#hub.off(type as Heard, listener as EventListener);
    return this;
  }

  /** Calls `listener` with the next event of a type only. */
  once<Type extends EventType>(type: Type | '*', listener: EventListener<Type>): this {
    checkListening('registry.once', type, listener);
    this.#hub.once(type as Heard, listener as EventListener);
    return this;
  }

  /** One type of event, to ask whether anyone hears it and to publish it. */
  topic<Type extends EventType>(type: Type): Topic<Type> {
    return this.#hub.topic(type);
  }

  /** Keeps an event in which something was decided, and publishes it, if anyone hears it. */
  emit<Type extends EventType>(type: Type, source: Omit<EventBase, 'at'>, details: EventDetails[Type]): void {
    const topic = this.topic(type);
    if (topic.kept) this.#decisions.keep(type as DecisionType, source, details);
    if (!topic.heard) return;
    topic.publish({ type, ...source, at: this.clock.wallNow(), ...details } as unknown as RegistryEvent<Type>);
  }

  /**
   * The last decisions, oldest first: rejections, retries, stale answers, a breaker's changes of state …, each with the
   * numbers it was taken on and the same in words.
   * @example registry.decisions({ name: 'quotes-api' }).map(({ text }) => text);
   */
  decisions(filter: Given<DecisionFilter> = {}): Decision[] {
    return decisionsOf(this.#decisions, this.#aheadMs(), checkOptions('registry.decisions', filterRules, filter));
  }

  /**
   * What was decided on one call, in order: why it was rejected, retried, served stale … It is known by its id
   * (`callContext().callId`, or an event's), or by the error that it ended with.
   * @example catch (error) { log(registry.explain(error).text); }
   */
  explain(errorOrCallId: unknown): Explanation {
    return explanationOf(this.#decisions, this.#aheadMs(), errorOrCallId);
  }

  /** The functions with retries of their own whose failures a function has retried, as far as it was seen. */
  retriedAgain(site: string): Iterable<string> {
    return this.#decisions.retriedAgain(site);
  }

  /** Notes that a call ends with this error, so that it can be explained by it. */
  link(error: unknown, callId: string): void {
    this.#decisions.link(error, callId);
  }

  /**
   * What a person who knows the field would say of the functions and methods whose calls run by this registry: each with
   * the numbers, the reason and the change proposed; by site, warnings first. A method is known from its first call, or
   * `policiesOf`, on.
   * @example for (const advice of registry.advise()) console.warn(String(advice));
   */
  advise(): Advice[] {
    return advise(this.#members.living(), this, this.clock.now());
  }

  /** The functions and methods whose calls run by this registry, and the policies on them, as far as they are known. */
  members(): EnrolledMember[] {
    return this.#members.living().map(({ member }) => member);
  }

  /** Takes in a function or method whose calls run by this registry, to be advised on. */
  enrol(member: EnrolledMember): void {
    this.#members.enrol(member, this.clock.now());
  }

  /** The collector of calls: timings of `timed`, and per site what retries, timeouts and fallbacks did. */
  get calls(): Collector {
    const make = (name: string) => {
      const source = { kind: 'metricsCollector', name, site: name };
      const onEvent = ({ type, ...details }: FoldedEvent) => this.emit(`metrics:${type}`, source, details);
      const options = this.configuration.fill('metricsCollector', { name });
      const collector = new Collector(options, { clock: this.clock, onEvent });
      this.configuration.serve(collector, 'metricsCollector', { name });
      return collector;
    };
    return this.metrics.obtain({ kind: 'metrics', name: { given: 'calls' }, options: {}, make });
  }

  /** Everything there is, as plain JSON with sorted names. */
  snapshot(): RegistrySnapshot {
    return {
      version: 1,
      takenAt: this.clock.wallNow(),
      breakers: this.breakers.snapshot(),
      caches: this.caches.snapshot(),
      deadLetters: this.deadLetters.snapshot(),
      metrics: this.metrics.snapshot(),
      limiters: this.limiters.snapshot(),
      pools: this.pools.snapshot(),
      buffers: this.buffers.snapshot(),
      extensions: this.extensions.snapshot(),
    };
  }

  /** Frees a name in every collection, as for a hot reload; says whether anything bore it. */
  forget(name: string): boolean {
    let found = false;
    for (const collection of this.#collections()) {
      if (!collection.forget(name)) continue;
      found = true;
      this.emit('registry:forgotten', { kind: 'registry', name, site: name }, { collection: collection.title });
    }
    return found;
  }

  /**
   * Ends every timer and flushes what must be flushed, so that the process can exit. Calls are rejected with
   * `ERR_CLOSED` from then on; a second close waits for the first.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Whether {@link close} was called: what waits is being sent, or all has ended. */
  get closing(): boolean {
    return this.#closing !== undefined;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    // What waits in buffers goes out through policies of this registry: until then they let calls through.
    const waiting = [...this.buffers].filter(([, { size = 0 }]) => size > 0);
    if (waiting.length > 0) await Promise.allSettled(waiting.map(([, buffer]) => buffer.close()));
    this.closed = true;
    const closing = this.#collections().map((collection) => collection.close());
    await Promise.allSettled(closing);
    const calls = this.metrics.get('calls');
    if (calls !== undefined) this.configuration.unserve(calls);
    deadlinesOf(this.clock).clearIdle();
    this.emit('registry:closed', { kind: 'registry', name: 'registry', site: 'registry' }, {});
    this.#hub.clear();
    await Promise.all(closing);
  }

  /** From the monotonic clock to the time of day. */
  #aheadMs(): number {
    return this.clock.wallNow() - this.clock.now();
  }

  #collections(): Collection<Entry>[] {
    const { breakers, caches, deadLetters, metrics, limiters, pools, buffers, extensions } = this;
    // Buffers first: what they flush as they close goes through limiters that are still open.
    return [buffers, breakers, caches, deadLetters, metrics, limiters, pools, extensions];
  }

  #listenerFailed(error: unknown, event: RegistryEvent): void {
    // A listener of this very event that fails would call itself for ever.
    if (event.type === 'listener:failed') return;
    const { kind, name, site } = event;
    this.emit('listener:failed', { kind, name, site }, { error, event: event.type });
  }
}
