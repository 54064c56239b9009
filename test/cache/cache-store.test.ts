import { describe, expect, test, vi } from 'vitest';
import { LoadingCache } from '../../src/cache/loading-cache.js';
import type { CacheEvent } from '../../src/cache/cache-events.js';
import type { CacheOptions } from '../../src/cache/cache-options.js';
import type { CacheStore, StoredValue } from '../../src/cache/cache-store.js';
import { ManualClock } from '../../src/edges/testing/index.js';
import { deferred, settled } from './deferred.js';

/** A store that is another process's memory: JSON goes in and out. */
class MemoryStore implements CacheStore<string> {
  readonly held = new Map<string, string>();
  readonly keptFor = new Map<string, number>();
  /** What happens before each operation: nothing, an error, a wait. */
  before: (operation: string) => Promise<void> = async () => undefined;

  async get(key: string): Promise<StoredValue<string> | undefined> {
    await this.before('get');
    const text = this.held.get(key);
    return text === undefined ? undefined : JSON.parse(text);
  }

  async set(key: string, stored: StoredValue<string>, keepMs: number): Promise<void> {
    await this.before('set');
    this.held.set(key, JSON.stringify(stored));
    this.keptFor.set(key, keepMs);
  }

  async delete(key: string): Promise<void> {
    await this.before('delete');
    this.held.delete(key);
  }

  async clear(): Promise<void> {
    await this.before('clear');
    this.held.clear();
  }

  async *keys(): AsyncGenerator<string> {
    await this.before('keys');
    yield* this.held.keys();
  }
}

function make(options: CacheOptions<string> = {}) {
  const clock = new ManualClock();
  const store = new MemoryStore();
  const events: CacheEvent[] = [];
  const context = { clock, onEvent: (event: CacheEvent) => void events.push(event) };
  /** A process of its own: memory empty, the store shared. */
  const process = () => new LoadingCache<string, string>({ store, ttlMs: 100, ...options }, context);
  return { clock, store, events, process, cache: process() };
}

const value = (text: string) => vi.fn(async () => text);
const down = async () => {
  throw new Error('store down');
};
const hang = () => new Promise<void>(() => undefined);

describe('a remote store', () => {
  test('is asked after memory has missed, and spares the load', async () => {
    const { process, cache } = make();
    await cache.getOrLoad('a', value('v'));
    await cache.close();
    const load = value('other');

    expect(await process().getOrLoad('a', load)).toBe('v');
    expect(load).not.toHaveBeenCalled();
  });

  test('what it holds is as old as it is: it does not start afresh', async () => {
    const { process, cache, clock } = make();
    await cache.getOrLoad('a', value('v'));
    await clock.advance(60);
    const other = process();
    await other.getOrLoad('a', value('w'));
    await clock.advance(39);
    expect(other.get('a')).toBe('v');
    await clock.advance(1);

    expect(other.get('a')).toBeUndefined();
    expect(await other.getOrLoad('a', value('w'))).toBe('w');
  });

  test('values that never expire stay so', async () => {
    const { process, cache, clock } = make({ ttlMs: Infinity });
    cache.set('a', 'v');
    await clock.advance(1e9);

    expect(await process().getOrLoad('a', value('w'))).toBe('v');
  });

  test('a value from a clock that runs ahead lives no longer than it was meant to', async () => {
    const { clock, store, cache } = make();
    const ahead = clock.wallNow() + 5_000;
    await store.set('a', { value: 'v', storedAt: ahead, expiresAt: ahead + 100, loadMs: 0 }, 100);
    await cache.getOrLoad('a', value('w'));
    await clock.advance(100);

    expect(cache.get('a')).toBeUndefined();
  });

  test('concurrent misses ask it once', async () => {
    const { cache, store } = make();
    const get = vi.spyOn(store, 'get');
    await Promise.all([1, 2, 3].map(() => cache.getOrLoad('a', value('v'))));

    expect(get).toHaveBeenCalledTimes(1);
  });

  test('is told how long to keep a value: its time and the stale window', async () => {
    const { cache, store } = make({ staleWhileRevalidateMs: 20, staleIfErrorMs: 50 });
    cache.set('a', 'v');
    await cache.close();

    expect(store.keptFor.get('a')).toBe(150);
  });

  test('a synchronous load gives a promise', async () => {
    const { cache } = make();

    expect(await cache.readThrough('a', () => ({ result: 'v' }))).toBe('v');
    expect(cache.readThrough('a', () => ({ result: 'w' }))).toBeInstanceOf(Promise);
  });

  test('a stale value of it is handed out while it is refreshed', async () => {
    const { cache, process, clock } = make({ staleWhileRevalidateMs: 50 });
    await cache.getOrLoad('a', value('v'));
    await clock.advance(120);
    const other = process();

    expect(await other.getOrLoad('a', value('w'))).toBe('v');
    await settled();
    expect(other.get('a')).toBe('w');
    expect(other.stats().staleServed).toBe(1);
  });

  test('a stale value of it answers for a load that fails', async () => {
    const { cache, process, clock } = make({ staleIfErrorMs: 50 });
    await cache.getOrLoad('a', value('v'));
    await clock.advance(120);

    expect(await process().getOrLoad('a', () => Promise.reject(new Error('down')))).toBe('v');
  });

  test('an early refresh loads, although the store has the value that is held', async () => {
    const clock = new ManualClock();
    const store = new MemoryStore();
    const cache = new LoadingCache<string, string>(
      { store, ttlMs: 100, refreshAheadRatio: 1 },
      { clock, random: () => 1e-9 },
    );
    const slow = deferred<string>();
    const first = cache.getOrLoad('a', () => slow.promise);
    await settled();
    await clock.advance(10);
    slow.resolve('v');
    await first;
    await cache.getOrLoad('a', value('w'));
    await settled();

    expect(cache.get('a')).toBe('w');
  });

  test('a refresh takes what another process has refreshed meanwhile', async () => {
    const { cache, process, clock } = make({ staleWhileRevalidateMs: 50 });
    await cache.getOrLoad('a', value('v'));
    await clock.advance(100);
    process().set('a', 'refreshed');
    await settled();
    const load = value('w');
    await cache.getOrLoad('a', load);
    await settled();

    expect(cache.get('a')).toBe('refreshed');
    expect(load).not.toHaveBeenCalled();
  });

  test('what is not to be kept leaves nothing old in it', async () => {
    const { cache, clock, store } = make({ staleIfErrorMs: 50, cacheIf: (text) => text !== 'gone' });
    await cache.getOrLoad('a', value('v'));
    await clock.advance(100);
    await cache.getOrLoad('a', value('gone'));
    await cache.close();

    expect(store.held.size).toBe(0);
  });

  test('a key that is no text is refused', async () => {
    const { store } = make();
    const cache = new LoadingCache<unknown, string>({ store });

    expect(() => cache.set(1, 'v')).toThrow(TypeError);
    await expect(cache.getOrLoad(1, () => 'v')).rejects.toThrow(TypeError);
  });

  test('a load whose last caller left while the store was asked does not start', async () => {
    const { cache, store } = make();
    const gate = deferred<void>();
    store.before = () => gate.promise;
    const controller = new AbortController();
    const load = value('v');
    const call = cache.getOrLoad('a', load, { signal: controller.signal });
    controller.abort('gone');
    await expect(call).rejects.toBe('gone');
    gate.resolve();
    await settled();

    expect(load).not.toHaveBeenCalled();
  });

  test('a load that has started is cancelled through it', async () => {
    const { cache } = make();
    const controller = new AbortController();
    let inner: AbortSignal | undefined;
    const load = (context: { signal: AbortSignal }) => {
      inner = context.signal;
      return new Promise<string>(() => undefined);
    };
    const call = cache.getOrLoad('a', load, { signal: controller.signal });
    await settled();
    controller.abort('gone');
    await expect(call).rejects.toBe('gone');

    expect(inner?.reason).toBe('gone');
  });
});

describe('removal reaches a remote store', () => {
  test.each<[string, (cache: LoadingCache<string, string>) => unknown, string[]]>([
    ['delete', (cache) => cache.delete('a1'), ['a2', 'b']],
    ['invalidate with a pattern', (cache) => cache.invalidate('a*'), ['b']],
    ['invalidate with a key', (cache) => cache.invalidate('b'), ['a1', 'a2']],
    ['clear', (cache) => cache.clear(), []],
    ['a value of no time', (cache) => cache.set('b', 'v', { ttlMs: 0 }), ['a1', 'a2']],
  ])('%s, also for what memory does not hold', async (_, remove, left) => {
    const { cache, process, store } = make();
    for (const key of ['a1', 'a2', 'b']) cache.set(key, 'v');
    await cache.close();
    const other = process();
    remove(other);
    await other.close();

    expect([...store.held.keys()]).toEqual(left);
  });

  test('a store that cannot list its keys is cleared whole by a pattern', async () => {
    const { cache, store } = make();
    Object.assign(store, { keys: undefined });
    for (const key of ['a', 'b']) cache.set(key, 'v');
    cache.invalidate('a*');
    await cache.close();

    expect(store.held.size).toBe(0);
  });

  test.each<[string, (cache: LoadingCache<string, string>) => unknown]>([
    ['delete', (cache) => cache.delete('a')],
    ['invalidate', (cache) => cache.invalidate('a*')],
    ['clear', (cache) => cache.clear()],
  ])('no read overtakes it: %s', async (_, remove) => {
    const { cache, store } = make();
    cache.set('a', 'old');
    await cache.close();
    const gate = deferred<void>();
    store.before = (operation) => (operation === 'get' ? Promise.resolve() : gate.promise);
    remove(cache);
    const read = cache.getOrLoad('a', value('new'));
    await settled();
    gate.resolve();

    expect(await read).toBe('new');
    await cache.close();
    expect(JSON.parse(store.held.get('a') ?? '').value).toBe('new');
  });

  test('what was read before it is not believed: the load answers', async () => {
    const { cache, process, store } = make();
    await cache.getOrLoad('a', value('old'));
    await cache.close();
    const held = store.held.get('a') as string;
    const other = process();
    const gate = deferred<void>();
    store.before = (operation) => (operation === 'get' ? gate.promise : Promise.resolve());
    const read = other.getOrLoad('a', value('new'));
    other.invalidate('*');
    // The store answers with what it held when it was asked.
    await settled();
    store.held.set('a', held);
    gate.resolve();

    expect(await read).toBe('new');
    expect(other.size).toBe(0);
  });

  test('a write that comes after it stays', async () => {
    const { cache, store } = make();
    const gate = deferred<void>();
    store.before = () => gate.promise;
    cache.set('a', 'old');
    cache.clear();
    cache.set('a', 'new');
    store.before = async () => undefined;
    const clear = vi.spyOn(store, 'clear').mockImplementation(async () => {
      await settled();
      store.held.clear();
    });
    gate.resolve();
    await cache.close();

    expect(clear).toHaveBeenCalledTimes(1);
    expect(JSON.parse(store.held.get('a') ?? 'null')?.value).toBe('new');
  });

  test('a write that was under way does not outlive it', async () => {
    const { cache, store } = make();
    const gate = deferred<void>();
    store.before = (operation) => (operation === 'set' ? gate.promise : Promise.resolve());
    cache.set('a', 'old');
    cache.invalidate('*');
    gate.resolve();
    await cache.close();

    expect(store.held.size).toBe(0);
  });
});

describe('a remote store that is dead', () => {
  test.each([
    ['rejects', down],
    ['hangs', hang],
  ])('and %s: the load answers, and every failure is counted and told', async (_, before) => {
    const { cache, store, clock, events } = make({ ttlMs: Infinity });
    store.before = before;
    const answer = cache.getOrLoad('a', value('v'));
    await clock.advance(1_000);

    expect(await answer).toBe('v');
    await clock.advance(1_000);
    expect(cache.get('a')).toBe('v');
    expect(cache.stats()).toMatchObject({ storeFailures: 2, loadFailures: 0 });
    expect(events.filter(({ type }) => type === 'storeFailed')).toMatchObject([
      { operation: 'get', key: 'a', error: expect.any(Error) },
      { operation: 'set', key: 'a', error: expect.any(Error) },
    ]);
  });

  test('is waited for as long as it says itself', async () => {
    const { cache, store, clock } = make();
    Object.assign(store, { before: hang, timeoutMs: 5 });
    const load = value('v');
    const answer = cache.getOrLoad('a', load);
    await clock.advance(4);
    expect(load).not.toHaveBeenCalled();
    await clock.advance(1);

    expect(await answer).toBe('v');
  });

  test('and throws at once: the load answers', async () => {
    const { cache, store } = make();
    vi.spyOn(store, 'get').mockImplementation(() => {
      throw new Error('not connected');
    });

    expect(await cache.getOrLoad('a', value('v'))).toBe('v');
  });

  test.each<[string, (cache: LoadingCache<string, string>) => unknown]>([
    ['delete', (cache) => cache.delete('a')],
    ['invalidate', (cache) => cache.invalidate('a*')],
    ['invalidate with a key', (cache) => cache.invalidate('a')],
    ['clear', (cache) => cache.clear()],
    ['set', (cache) => (cache.set('a', 'newer', { ttlMs: 5 }), undefined)],
  ])('when asked to %s: what it held is not believed when it comes back', async (_, remove) => {
    const { cache, store, clock } = make();
    cache.set('a', 'old');
    await cache.close();
    store.before = down;
    remove(cache);
    await cache.close();
    store.before = async () => undefined;
    await clock.advance(5);

    expect(await cache.getOrLoad('a', value('new'))).toBe('new');
    await cache.close();
    cache.clear();
  });

  test('leaves no timer behind once it has answered', async () => {
    const { cache, clock } = make({ cleanupIntervalMs: Infinity });
    await cache.getOrLoad('a', value('v'));
    await cache.close();
    await clock.advance(1_000);

    expect(clock.pendingTimers).toBe(0);
  });
});
