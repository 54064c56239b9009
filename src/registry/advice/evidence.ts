import type { BreakerSnapshot } from '../../breaker/breaker-snapshot.js';
import type { CacheSnapshot } from '../../cache/cache-counters.js';
import type { TimingStats } from '../../metrics/family.js';
import type { Collector } from '../../metrics/collector.js';
import type { Collection } from '../collection.js';
import type { Decision, DecisionType } from '../decisions.js';
import type { BreakerEntry, CacheEntry } from '../entries.js';
import type { StackedPolicy } from '../members.js';
import type { Layer } from './layer.js';

/** What a registry lets the rules look at. */
export interface Counted {
  readonly breakers: Collection<BreakerEntry>;
  readonly caches: Collection<CacheEntry>;
  readonly metrics: Collection<Collector>;
  decisions(): Decision[];
  /** The functions with retries of their own whose failures a function has retried, as far as it was seen. */
  retriedAgain(site: string): Iterable<string>;
}

/** What has been counted and decided, read once for all rules. */
export class Evidence {
  readonly #registry: Counted;
  readonly #decisions: Map<string, Decision[]> = new Map();
  readonly #timings: Map<Collector, Record<string, TimingStats>> = new Map();
  readonly #asked: Set<object> = new Set();

  constructor(registry: Counted) {
    this.#registry = registry;
    for (const decision of registry.decisions()) {
      const ofSite = this.#decisions.get(decision.site);
      if (ofSite === undefined) this.#decisions.set(decision.site, [decision]);
      else ofSite.push(decision);
    }
  }

  /** What the breaker of a layer has counted; only once where several sites share it. */
  breaker({ policy }: Layer<'circuitBreaker'>): (BreakerSnapshot & { keyCount: number }) | undefined {
    const snapshot = this.#unasked(this.#registry.breakers, policy)?.snapshot();
    return snapshot && { ...snapshot, keyCount: Math.max(1, Object.keys(snapshot.keys ?? {}).length) };
  }

  /** What the cache of a layer has counted; only once where several sites share it. */
  cache({ policy }: Layer<'cached'>): CacheSnapshot | undefined {
    return this.#unasked(this.#registry.caches, policy)?.snapshot();
  }

  /** The functions with retries of their own whose failures a site has retried. */
  retriedAgain(site: string): Iterable<string> {
    return this.#registry.retriedAgain(site);
  }

  /** The names of all caches; undefined where the policy belongs to another registry. */
  cacheNames(policy: StackedPolicy): string[] | undefined {
    return this.#isHere(policy) ? this.#registry.caches.names() : undefined;
  }

  /** What policies have counted for a site. */
  counts(site: string): TimingStats | undefined {
    return this.#timing(this.#registry.metrics.get('calls'), site);
  }

  /** What a layer has timed. */
  timing({ options: { name, collector }, policy }: Layer<'timed'>, site: string): TimingStats | undefined {
    const own = this.#isHere(policy) ? this.#registry.metrics.get('calls') : undefined;
    return this.#timing((collector as Collector | undefined) ?? own, name ?? site);
  }

  /** The last decisions of a type on a site. */
  decisions<Type extends DecisionType>(site: string, type: Type): Decision<Type>[] {
    const ofSite = this.#decisions.get(site) ?? [];
    return ofSite.filter((decision) => decision.type === type) as unknown as Decision<Type>[];
  }

  #timing(collector: Collector | undefined, name: string): TimingStats | undefined {
    if (collector === undefined) return undefined;
    const timings = this.#timings.get(collector) ?? collector.snapshot();
    this.#timings.set(collector, timings);
    return timings[name];
  }

  #unasked<Item extends BreakerEntry | CacheEntry>(entries: Collection<Item>, policy: StackedPolicy): Item | undefined {
    const entry = this.#isHere(policy) ? entries.get(policy.part) : undefined;
    if (entry === undefined || this.#asked.has(entry)) return undefined;
    this.#asked.add(entry);
    return entry;
  }

  #isHere({ registry }: StackedPolicy): boolean {
    return registry === this.#registry;
  }
}
