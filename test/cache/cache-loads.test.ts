import { describe, expect, test, vi } from 'vitest';
import { cancellationOf } from '../../src/base/cancellation.js';
import { LoadingCache } from '../../src/cache/loading-cache.js';
import { ManualClock } from '../../src/edges/testing/index.js';
import { deferred, settled } from './deferred.js';

describe('Cache.readThrough', () => {
  test('every hit is handed the very promise of the load', async () => {
    const cache = new LoadingCache<string, string>();
    const load = vi.fn(() => ({ result: Promise.resolve('v') }));
    const first = cache.readThrough('a', load);
    await first;

    expect(cache.readThrough('a', load)).toBe(first);
    expect(cache.readThrough('a', load)).toBe(first);
    expect(load).toHaveBeenCalledTimes(1);
  });

  test('a synchronous load gives synchronous values', () => {
    const cache = new LoadingCache<string, number>();
    const load = vi.fn(() => ({ result: 7 }));

    expect([cache.readThrough('a', load), cache.readThrough('a', load)]).toEqual([7, 7]);
    expect(load).toHaveBeenCalledTimes(1);
  });

  test('a synchronous load that throws is not kept', () => {
    const cache = new LoadingCache<string, number>();
    const down = new Error('down');
    const failing = () => {
      throw down;
    };

    expect(() => cache.readThrough('a', failing)).toThrow(down);
    expect(cache.readThrough('a', () => ({ result: 1 }))).toBe(1);
  });

  test('a rejected load is not kept, and all who wait get the same error', async () => {
    const cache = new LoadingCache<string, string>();
    const { promise, reject } = deferred<string>();
    const down = new Error('down');
    const calls = [1, 2].map(() => cache.readThrough('a', () => ({ result: promise })));
    reject(down);

    for (const call of calls) await expect(call).rejects.toBe(down);
    expect(await cache.readThrough('a', () => ({ result: Promise.resolve('v') }))).toBe('v');
  });

  test('a value that was set by hand is handed out as loads are: as a promise', async () => {
    const cache = new LoadingCache<string, string>();
    await cache.readThrough('a', () => ({ result: Promise.resolve('v') }));
    cache.set('b', 'w');

    expect(cache.readThrough('b', () => ({ result: 'never' }))).toBeInstanceOf(Promise);
  });

  test('a hit answers a caller who has left, a miss does not', async () => {
    const cache = new LoadingCache<string, string>();
    const gone = cancellationOf(AbortSignal.abort('bye'));
    const load = vi.fn(() => ({ result: Promise.resolve('v') }));
    expect(() => cache.readThrough('a', load, gone)).toThrow('bye');
    expect(load).not.toHaveBeenCalled();
    await cache.readThrough('a', load);

    expect(await cache.readThrough('a', load, gone)).toBe('v');
  });

  test('what `cacheIf` refuses is handed out and not kept', async () => {
    const cache = new LoadingCache<string, string | null>({ cacheIf: (value) => value !== null });
    const load = vi.fn(() => ({ result: Promise.resolve(null) }));

    expect([await cache.readThrough('a', load), await cache.readThrough('a', load)]).toEqual([null, null]);
    expect(load).toHaveBeenCalledTimes(2);
    expect(cache.size).toBe(0);
  });

  test('a `cacheIf` that throws ends the call with its error', async () => {
    const broken = new Error('cacheIf');
    const cacheIf = () => {
      throw broken;
    };
    const cache = new LoadingCache<string, string>({ cacheIf });

    await expect(cache.readThrough('a', () => ({ result: Promise.resolve('v') }))).rejects.toBe(broken);
    expect(() => cache.readThrough('b', () => ({ result: 'v' }))).toThrow(broken);
    expect(cache.size).toBe(0);
  });
});

describe('Cache.getOrLoad', () => {
  test('gives a promise, held or not', async () => {
    const cache = new LoadingCache<string, number>();
    cache.set('a', 1);

    expect(await cache.getOrLoad('a', () => 2)).toBe(1);
    expect(await cache.getOrLoad('b', () => 2)).toBe(2);
    await expect(
      cache.getOrLoad('c', () => {
        throw new Error('down');
      }),
    ).rejects.toThrow('down');
  });

  test('the value keeps the ttlMs of the call', async () => {
    const clock = new ManualClock();
    const cache = new LoadingCache<string, number>({}, { clock });
    await cache.getOrLoad('a', () => 1, { ttlMs: 10 });
    clock.advance(10);

    expect(cache.has('a')).toBe(false);
  });

  test('one abort leaves the others alone; the last one aborts the load, which is not kept', async () => {
    const cache = new LoadingCache<string, string>();
    const [one, two] = [new AbortController(), new AbortController()];
    const { promise, resolve } = deferred<string>();
    let inner: AbortSignal | undefined;
    const load = ({ signal }: { signal: AbortSignal }) => {
      inner = signal;
      return promise;
    };
    const calls = [one, two].map(({ signal }) => cache.getOrLoad('a', load, { signal }));

    one.abort('one');
    await expect(calls[0]).rejects.toBe('one');
    expect(inner?.aborted).toBe(false);
    two.abort('two');
    await expect(calls[1]).rejects.toBe('two');
    expect(inner).toMatchObject({ aborted: true, reason: 'two' });
    resolve('late');
    await settled();
    expect(cache.snapshot()).toMatchObject({ size: 0, loadFailures: 0 });
  });

  test('a signal that is read after the abort is aborted', async () => {
    const cache = new LoadingCache<string, string>();
    const controller = new AbortController();
    let context: { signal: AbortSignal } | undefined;
    const call = cache.getOrLoad(
      'a',
      (given) => {
        context = given;
        return new Promise(() => undefined);
      },
      { signal: controller.signal },
    );
    controller.abort('gone');
    await expect(call).rejects.toBe('gone');

    expect(context?.signal.reason).toBe('gone');
  });

  test('a load that its cancel made fail is no failure', async () => {
    const cache = new LoadingCache<string, string>();
    const controller = new AbortController();
    const load = ({ signal }: { signal: AbortSignal }) =>
      new Promise<string>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const call = cache.getOrLoad('a', load, { signal: controller.signal });
    controller.abort('gone');
    await expect(call).rejects.toBe('gone');
    await settled();

    expect(cache.stats().loadFailures).toBe(0);
  });
});

describe('Cache: removal during a load', () => {
  const removals: [string, (cache: LoadingCache<string, string>) => unknown][] = [
    ['invalidate', (cache) => cache.invalidate('a*')],
    ['delete', (cache) => cache.delete('a1')],
    ['clear', (cache) => cache.clear()],
  ];

  test.each(removals)('%s wins: the late value is not kept, and a later call loads anew', async (_, remove) => {
    const cache = new LoadingCache<string, string>();
    const { promise, resolve } = deferred<string>();
    const waiting = cache.getOrLoad('a1', () => promise);
    remove(cache);
    const later = cache.getOrLoad('a1', () => 'new');
    resolve('old');

    expect([await waiting, await later, cache.get('a1')]).toEqual(['old', 'new', 'new']);
  });

  test.each(removals)('%s wins over a synchronous load, too', (_, remove) => {
    const cache = new LoadingCache<string, string>();
    const load = () => {
      remove(cache);
      return { result: 'old' };
    };

    expect(cache.readThrough('a1', load)).toBe('old');
    expect(cache.size).toBe(0);
  });

  test('the removal of another key changes nothing', async () => {
    const cache = new LoadingCache<string, string>();
    const { promise, resolve } = deferred<string>();
    const waiting = cache.getOrLoad('a1', () => promise);
    cache.invalidate('b*');
    cache.delete('a2');
    resolve('v');
    await waiting;

    expect(cache.get('a1')).toBe('v');
  });

  test('a value set by hand wins', async () => {
    const cache = new LoadingCache<string, string>();
    const { promise, resolve } = deferred<string>();
    const waiting = cache.getOrLoad('a', () => promise);
    cache.set('a', 'by hand');
    resolve('loaded');
    await waiting;

    expect(cache.get('a')).toBe('by hand');
  });

  test('an act says who and why', () => {
    const onEvent = vi.fn();
    const cache = new LoadingCache<string, string>({}, { onEvent });
    cache.set('a', 'v');
    cache.set('b', 'v');
    cache.invalidate('a', { owner: 'ops', reason: 'stale price' });
    cache.delete('b');
    cache.clear({ owner: 'ops' });

    expect(onEvent.mock.calls.flat()).toEqual([
      { type: 'invalidated', pattern: 'a', count: 1, owner: 'ops', reason: 'stale price' },
      { type: 'invalidated', key: 'b', count: 1 },
      { type: 'invalidated', count: 0, owner: 'ops' },
    ]);
  });
});
