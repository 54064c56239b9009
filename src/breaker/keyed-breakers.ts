import type { Given } from '../base/options.js';
import { LRUCache } from 'lru-cache';
import { tell } from '../base/tell.js';
import {
  type ActName,
  type ActOptions,
  type BreakerAct,
  type BreakerState,
  type BreakerTransition,
} from './breaker-events.js';
import { type CheckedBreakerOptions, type CircuitBreakerOptions, checkBreakerOptions } from './breaker-options.js';
import { type BreakerContext, BreakerSettings } from './breaker-settings.js';
import { CircuitBreaker } from './circuit-breaker.js';
import { familySnapshot, type KeyedSnapshot, worstOf } from './family-snapshot.js';
import { checkAct, Override, overrideOf } from './override.js';

/**
 * A breaker for each host, tenant or other key, so that one that is down does not shut out the rest. At most `maxKeys`
 * are kept; the least recently used is forgotten, and begins anew, closed, when it comes back. One that somebody has
 * isolated, disabled or put in shadow is kept until that ends.
 * @example
 * const hosts = new KeyedBreakers({ name: 'hosts', maxKeys: 500 });
 * await hosts.for('eu-1').call(ping, 'eu-1');
 */
export class KeyedBreakers {
  readonly #settings: BreakerSettings;
  readonly #maxKeys: number;
  readonly #context: BreakerContext;
  /** Made with the first key: it sets room for all of them aside. */
  #members: LRUCache<string, CircuitBreaker> | undefined = undefined;
  /** Members that somebody has acted on: they are not forgotten for want of room. */
  readonly #heldByHand = new Map<string, CircuitBreaker>();
  #forgotten = 0;
  #acting: 'on one' | 'on all' = 'on one';

  constructor(options: CircuitBreakerOptions = {}, context: BreakerContext = {}) {
    this.#context = context;
    this.#settings = new BreakerSettings(options, {
      name: context.name,
      clock: context.clock,
      random: context.random,
      classify: context.classify,
      captureStack: context.captureStack,
      onWouldReject: (call) => context.onWouldReject?.(call),
      onAct: (act) => this.#noteAct(act),
      onTransition: (change) => this.#noteTransition(change),
    });
    this.#maxKeys = this.#settings.options.maxKeys ?? 1_000;
  }

  get name(): string {
    return this.#settings.name;
  }

  /** The options of each breaker, defaults filled in; frozen. */
  get options(): CheckedBreakerOptions {
    return this.#settings.options;
  }

  /** The worst that a breaker of the family is in; what all of them are under, where somebody has acted on all. */
  get state(): BreakerState {
    const { standing, clock } = this.#settings;
    if (standing !== undefined && standing.leftMs(clock.now()) !== 0) return standing.state;
    return worstOf(this.keys().map((key) => this.#kept(key)?.state ?? 'closed'));
  }

  /** How many breakers are kept. */
  get size(): number {
    return this.keys().length;
  }

  /** The breaker of a key, made when it is asked for first. */
  for(key: string): CircuitBreaker {
    return this.#members?.get(key) ?? this.#enter(key);
  }

  /** Whether a breaker is kept for a key; asking does not count as use. */
  has(key: string): boolean {
    return (this.#members?.has(key) ?? false) || this.#heldByHand.has(key);
  }

  /** All keys for which a breaker is kept, sorted. */
  keys(): string[] {
    return [...new Set([...(this.#members?.keys() ?? []), ...this.#heldByHand.keys()])].sort();
  }

  /** What all have counted together, and each breaker as it is; asking does not count as use. */
  snapshot(): KeyedSnapshot {
    const keys = Object.fromEntries(this.keys().map((key) => [key, this.#kept(key)?.snapshot()]));
    const family = { state: this.state, maxKeys: this.#maxKeys, forgotten: this.#forgotten };
    return familySnapshot(keys as KeyedSnapshot['keys'], family);
  }

  /** Does the same to every breaker, see `CircuitBreaker.reset`. */
  reset(options: Given<ActOptions> = {}): void {
    this.#actOnAll('reset', options);
  }

  /** Does the same to every breaker, those to come included, see `CircuitBreaker.isolate`. */
  isolate(options: Given<ActOptions> = {}): void {
    this.#actOnAll('isolate', options);
  }

  /** Does the same to every breaker, those to come included, see `CircuitBreaker.disable`. */
  disable(options: Given<ActOptions> = {}): void {
    this.#actOnAll('disable', options);
  }

  /** Does the same to every breaker, those to come included, see `CircuitBreaker.shadow`. */
  shadow(options: Given<ActOptions> = {}): void {
    this.#actOnAll('shadow', options);
  }

  /** Does the same to every breaker, see `CircuitBreaker.release`. */
  release(options: Given<ActOptions> = {}): void {
    this.#actOnAll('release', options);
  }

  /**
   * All breakers of the family go by other options from now on; see `CircuitBreaker.reconfigure`.
   * @throws {TypeError | RangeError} for options that are not as they should be
   * @throws {Error} for other `maxKeys`: room for them was set aside; then nothing has changed
   */
  reconfigure(options: CircuitBreakerOptions): void {
    if ((checkBreakerOptions(options).maxKeys ?? 1_000) !== this.#maxKeys) {
      throw new Error('`maxKeys` cannot change while it runs: room for as many keys was set aside');
    }
    this.#settings.take(options);
    for (const key of this.keys()) this.#kept(key)?.heed();
  }

  #kept(key: string): CircuitBreaker | undefined {
    return this.#members?.peek(key) ?? this.#heldByHand.get(key);
  }

  #enter(given: string): CircuitBreaker {
    // A key from untyped code may be a number; it must not be told apart from the text that a snapshot shows.
    const key = String(given);
    const { standing, clock } = this.#settings;
    if (standing?.leftMs(clock.now()) === 0) this.#settings.standing = undefined;
    const member = this.#kept(key) ?? new CircuitBreaker(this.#settings.options, this.#settings, key);
    this.#members ??= new LRUCache({ max: this.#maxKeys, dispose: (_, old, why) => this.#noteGone(old, why) });
    this.#members.set(key, member);
    return member;
  }

  #noteGone(key: string, why: string): void {
    if (why === 'evict' && !this.#heldByHand.has(key)) this.#forgotten++;
  }

  #actOnAll(act: ActName, given: Given<ActOptions>): void {
    const options = checkAct(act, given);
    this.#actOnStanding(act, options);
    this.#acting = 'on all';
    try {
      for (const key of this.keys()) this.#kept(key)?.[act](options);
    } finally {
      this.#acting = 'on one';
    }
    if (overrideOf[act] === undefined) this.#heldByHand.clear();
  }

  /** What breakers to come are born under; told as an act on the family, which may have no breaker yet. */
  #actOnStanding(act: ActName, options: Given<ActOptions>): void {
    const { clock, standing, name } = this.#settings;
    const at = clock.now();
    const state = overrideOf[act];
    this.#settings.standing = state && new Override(state, options, at);
    const { reason = act, owner = null, ttlMs = null } = options;
    const from = standing?.state ?? 'closed';
    const to = state ?? 'closed';
    const change = { ...NO_NUMBERS, name, key: undefined, from, to, cause: 'act', reason, at, owner } as const;
    tell((done: BreakerAct) => this.#context.onAct?.(done), {
      ...change,
      nextAttemptAt: null,
      lastError: null,
      effect: 'real',
      act,
      ttlMs,
    });
  }

  #noteTransition(change: BreakerTransition): void {
    // Its time is up: like any other it may be forgotten again.
    if (change.cause === 'ttl-over' && change.key !== undefined) this.#heldByHand.delete(change.key);
    this.#context.onTransition?.(change);
  }

  #noteAct(act: BreakerAct): void {
    const { key } = act;
    const member = key === undefined ? undefined : this.#kept(key);
    if (key !== undefined && member !== undefined && this.#acting === 'on one') {
      if (overrideOf[act.act] !== undefined) this.#heldByHand.set(key, member);
      else this.#heldByHand.delete(key);
    }
    this.#context.onAct?.(act);
  }
}

const NO_NUMBERS = { consecutiveFailures: 0, calls: 0, failureRate: 0, slowCallRate: 0 };
