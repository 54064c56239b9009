import { describe, expect, test } from 'vitest';
import {
  bulkhead,
  cached,
  circuitBreaker,
  compose,
  fallback,
  rateLimit,
  Registry,
  retryWithBackoff,
  timed,
} from '../../src/index.js';
import { ManualClock } from '../../src/edges/testing/index.js';

function home() {
  const clock = new ManualClock();
  return { clock, registry: new Registry({ clock }) };
}

describe('a hit of a cache behind other policies', () => {
  test('is a call to a rate limit outside of it, which rejects before the cache is asked', async () => {
    const { registry } = home();
    const stack = compose(rateLimit({ limit: 2, registry }), cached({ name: 'prices', registry }));
    const price = stack(async (id: string) => id.length);
    await price('ACME');
    await price('ACME');

    await expect(price('ACME')).rejects.toMatchObject({ code: 'ERR_RATE_LIMITED' });

    expect(registry.caches.get('prices')?.snapshot()).toMatchObject({ hits: 1, misses: 1 });
  });

  test('is a success to a breaker outside of it', async () => {
    const { registry } = home();
    const stack = compose(circuitBreaker({ name: 'api', registry }), cached({ registry }));
    const price = stack(async (id: string) => id.length);

    for (let made = 0; made < 3; made++) expect(await price('ACME')).toBe(4);

    expect(registry.breakers.get('api')?.snapshot()).toMatchObject({ totalCalls: 3, successfulCalls: 3 });
  });

  test('closes a half-open circuit outside of it, as any success does', async () => {
    const { clock, registry } = home();
    let isDown = false;
    const stack = compose(
      circuitBreaker({ name: 'api', failureThreshold: 1, successThreshold: 1, recoveryTimeoutMs: 1_000, registry }),
      cached({ registry }),
    );
    const price = stack(async (id: string) => {
      if (isDown) throw new Error('503');
      return id.length;
    });
    await price('ACME');
    isDown = true;
    await expect(price('OTHER')).rejects.toThrow('503');
    await expect(price('ACME')).rejects.toMatchObject({ code: 'ERR_CIRCUIT_OPEN' });
    await clock.advance(1_000);

    expect(await price('ACME')).toBe(4);

    expect(registry.breakers.get('api')?.snapshot()).toMatchObject({ state: 'closed' });
  });

  test('gives back the slot of a bulkhead outside of it', async () => {
    const { registry } = home();
    const price = compose(
      bulkhead({ maxConcurrent: 1, registry }),
      cached({ registry }),
    )(async (id: string) => id.length);

    for (let made = 0; made < 5; made++) expect(await price('ACME')).toBe(4);
  });

  test('gives back the slot of a bulkhead outside of it when no key can be made of the arguments', async () => {
    const { registry } = home();
    const price = compose(
      bulkhead({ maxConcurrent: 1, registry }),
      cached({ registry }),
    )(async (id: unknown) => String(id));
    const cyclic: { self?: unknown } = {};
    cyclic.self = cyclic;

    for (let made = 0; made < 3; made++) await expect(price(cyclic)).rejects.toThrow(TypeError);

    expect(await price('ACME')).toBe('ACME');
  });

  test('is what a fallback and a retry outside of it hand out; a load that fails is theirs to answer', async () => {
    const { clock, registry } = home();
    let runs = 0;
    const stack = compose(
      fallback.value(-1, { registry }),
      retryWithBackoff({ maxAttempts: 2, baseDelayMs: 100, jitter: 'none', registry }),
      cached({ registry }),
    );
    const price = stack(async (id: string) => {
      runs++;
      if (id === 'LOST') throw new Error('503');
      return id.length;
    });

    expect([await price('ACME'), await price('ACME')]).toEqual([4, 4]);
    expect(runs).toBe(1);
    const lost = price('LOST');
    await clock.advance(100);
    expect(await lost).toBe(-1);
    expect(runs).toBe(3);
  });

  test('counts as a hit of the member where a timing stands outside of it', async () => {
    const { registry } = home();
    const price = compose(
      timed({ name: 'price', registry }),
      fallback.value(-1, { registry }),
      cached({ registry }),
    )(async (id: string) => id.length);

    for (let made = 0; made < 4; made++) await price('ACME');

    const { price: stats } = registry.calls.stats().timings;
    expect(stats).toMatchObject({ totalCalls: 4, cacheHits: 3, cacheMisses: 1 });
  });

  test('stays synchronous on a synchronous function', () => {
    const { registry } = home();
    const square = compose(circuitBreaker({ registry }), cached({ registry }))((n: number) => n * n);

    expect([square(3), square(3), square(4)]).toEqual([9, 9, 16]);
  });

  test('is rejected once the registry is closed', async () => {
    const { registry } = home();
    const price = compose(circuitBreaker({ registry }), cached({ registry }))(async (id: string) => id.length);
    await price('ACME');

    await registry.close();

    await expect(price('ACME')).rejects.toMatchObject({ code: 'ERR_CLOSED' });
  });
});
