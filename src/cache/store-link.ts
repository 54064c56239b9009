import type { Clock } from '../base/clock.js';
import { tell } from '../base/tell.js';
import type { CacheCounters } from './cache-counters.js';
import type { EventSink, StoreOperation } from './cache-events.js';
import type { CacheStore, StoredValue } from './cache-store.js';
import { within } from './time-limit.js';
import type { Matcher } from './wildcard.js';

const TIMEOUT_MS = 1_000;

/** What a link counts and tells, and its clock. */
export interface LinkContext {
  readonly clock: Clock;
  readonly sink: EventSink;
  readonly counters: CacheCounters;
}

/**
 * The way to a remote store. It keeps the order of what concerns one key, so that a read never overtakes a removal, and
 * never rejects: what fails is counted and told.
 */
export class StoreLink<V> {
  readonly #store: CacheStore<V>;
  readonly #context: LinkContext;
  /** The last thing under way for each key. */
  readonly #underWay = new Map<string, Promise<unknown>>();
  /** The last thing under way that concerns many keys: what comes later waits for it. */
  #barrier: Promise<unknown> | undefined = undefined;
  /** What was stored until then is not believed, because a removal has failed. Time of day. */
  #believedAfter = -Infinity;

  constructor(store: CacheStore<V>, context: LinkContext) {
    this.#store = store;
    this.#context = context;
  }

  /** What the store holds; undefined when it holds nothing, or does not answer. */
  async read(key: string): Promise<StoredValue<V> | undefined> {
    const before = this.#underWay.get(key) ?? this.#barrier;
    if (before !== undefined) await before;
    const stored = await this.#guarded('get', key, () => this.#store.get(key));
    if (stored === undefined || stored === null || stored.storedAt <= this.#believedAfter) return undefined;
    return stored;
  }

  /** Stores a value that was loaded because the store had none, behind. */
  add(key: string, stored: StoredValue<V>, keepMs: number): void {
    this.#inOrder(key, () => this.#guarded('set', key, () => this.#store.set(key, stored, keepMs)));
  }

  /** Stores a value in place of whatever the store has, behind: a failure leaves there what must not be believed. */
  replace(key: string, stored: StoredValue<V>, keepMs: number): void {
    this.#inOrder(key, () => this.#guarded('set', key, () => this.#store.set(key, stored, keepMs), this.#distrust));
  }

  /** Takes one key away, behind. */
  remove(key: string): void {
    this.#inOrder(key, () => this.#delete(key));
  }

  /** Takes every key away that matches, behind. */
  invalidate(matches: Matcher): void {
    const { keys } = this.#store;
    if (keys === undefined) return this.clear();
    this.#afterAll(async () => {
      const list = () => listed(keys.call(this.#store), matches);
      const doomed = (await this.#guarded('invalidate', undefined, list, this.#distrust)) ?? [];
      await Promise.all(doomed.map((key) => this.#delete(key)));
    });
  }

  /** Takes everything away, behind. */
  clear(): void {
    this.#afterAll(() => this.#guarded('clear', undefined, () => this.#store.clear(), this.#distrust));
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    while (this.#barrier !== undefined || this.#underWay.size > 0) {
      await Promise.all([this.#barrier, ...this.#underWay.values()]);
    }
  }

  #inOrder(key: string, act: () => Promise<unknown>): void {
    const before = this.#underWay.get(key) ?? this.#barrier;
    const done = (before === undefined ? act() : before.then(act)).then(() => {
      if (this.#underWay.get(key) === done) this.#underWay.delete(key);
    });
    this.#underWay.set(key, done);
  }

  #afterAll(act: () => Promise<unknown>): void {
    const done = Promise.all([this.#barrier, ...this.#underWay.values()])
      .then(act)
      .then(() => {
        if (this.#barrier === done) this.#barrier = undefined;
      });
    this.#underWay.clear();
    this.#barrier = done;
  }

  #delete(key: string): Promise<unknown> {
    return this.#guarded('delete', key, () => this.#store.delete(key), this.#distrust);
  }

  readonly #distrust = (): void => {
    this.#believedAfter = this.#context.clock.wallNow();
  };

  async #guarded<T>(
    operation: StoreOperation,
    key: string | undefined,
    act: () => Promise<T>,
    onFailure?: () => void,
  ): Promise<T | undefined> {
    const { clock, counters, sink } = this.#context;
    try {
      return await within(clock, this.#store.timeoutMs ?? TIMEOUT_MS, act());
    } catch (error) {
      onFailure?.();
      counters.storeFailures++;
      const listener = sink.onEvent ?? sink.onDecision;
      if (listener !== undefined) {
        tell(listener, { type: 'storeFailed', operation, error, ...(key !== undefined && { key }) });
      }
      return undefined;
    }
  }
}

async function listed(keys: AsyncIterable<string>, matches: Matcher): Promise<string[]> {
  const found: string[] = [];
  for await (const key of keys) if (matches(key)) found.push(key);
  return found;
}
