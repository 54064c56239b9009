import { expect, test } from 'vitest';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import {
  cached,
  callContext,
  circuitBreaker,
  deadLetter,
  fallback,
  Registry,
  retryWithBackoff,
  timed,
  timeout,
} from '../../src/index.js';

test('a full stack on a method', async () => {
  const clock = new ManualClock();
  const registry = new Registry({ clock, random: () => 0.5 });
  const events: string[] = [];
  registry.on('*', (event) => events.push(event.type));
  let mode: 'ok' | 'down' | 'hang' = 'ok';
  let runs = 0;
  class Quotes {
    @timed({ registry })
    @fallback((symbol: string) => ({ symbol, price: null as number | null, why: String(callContext().error) }), {
      registry,
    })
    @deadLetter({ registry, name: 'dead' })
    @cached({ ttlMs: 5_000, registry })
    @circuitBreaker({ name: 'quotes-api', failureThreshold: 3, recoveryTimeoutMs: 30_000, registry })
    @retryWithBackoff({ maxAttempts: 2, baseDelayMs: 100, jitter: 'none', registry })
    @timeout({ ms: 1_000, registry })
    async price(symbol: string): Promise<{ symbol: string; price: number | null; why?: string }> {
      runs++;
      if (mode === 'down') throw new Error('down');
      if (mode === 'hang') return new Promise(() => {});
      return { symbol, price: 1 };
    }
  }
  const quotes = new Quotes();
  expect(await quotes.price('A')).toEqual({ symbol: 'A', price: 1 });
  expect(await quotes.price('A')).toEqual({ symbol: 'A', price: 1 });
  expect(runs).toBe(1);
  mode = 'down';
  const b = quotes.price('B');
  await clock.advance(100);
  expect(await b).toEqual({ symbol: 'B', price: null, why: 'Error: down' });
  expect(runs).toBe(3);
  mode = 'hang';
  const c = quotes.price('C');
  await clock.advance(2_100);
  expect((await c).why).toMatch(/within 1000 ms/);
  mode = 'down';
  const d = quotes.price('D');
  await clock.advance(100);
  await d;
  expect(registry.breakers.get('quotes-api')?.state).toBe('open');
  expect((await quotes.price('E')).why).toMatch(/open after 3 failures/);
  mode = 'ok';
  await clock.advance(30_000);
  expect(registry.breakers.get('quotes-api')?.state).toBe('half-open');
  const report = await registry.deadLetters.get('dead')?.redrive();
  expect(report).toMatchObject({ attempted: 4, succeeded: 4 });
  expect(registry.breakers.get('quotes-api')?.state).toBe('closed');
  expect(registry.snapshot()).toMatchInlineSnapshot(`
    {
      "breakers": {
        "quotes-api": {
          "consecutiveFailures": 0,
          "failedCalls": 3,
          "failureRate": 0.375,
          "ignoredCalls": 0,
          "lastError": {
            "message": "down",
            "name": "Error",
          },
          "nextAttemptAt": null,
          "openedAt": null,
          "override": null,
          "rejectedCalls": 1,
          "slowCalls": 0,
          "state": "closed",
          "successfulCalls": 5,
          "totalCalls": 9,
          "wouldRejectCalls": 0,
        },
      },
      "buffers": {},
      "caches": {
        "Quotes.price": {
          "coalesced": 0,
          "evictions": 0,
          "expirations": 0,
          "hitRate": 0.1,
          "hits": 1,
          "invalidations": 0,
          "loadFailures": 4,
          "maxEntries": 1000,
          "misses": 9,
          "size": 5,
          "staleServed": 0,
          "storeFailures": 0,
          "utilization": 0.005,
        },
      },
      "deadLetters": {
        "dead": {
          "byFunction": {
            "Quotes.price": 4,
          },
          "bySeverity": {
            "recoverable": 4,
          },
          "dropped": 0,
          "expired": 0,
          "oldestAt": null,
          "parked": 0,
          "size": 0,
          "totalFailures": 4,
          "unsaved": 0,
        },
      },
      "extensions": {},
      "limiters": {},
      "metrics": {
        "calls": {
          "Quotes.price": {
            "answered": 4,
            "avgMs": 383.3333333333333,
            "cacheHitRate": 0.1111111111111111,
            "cacheHits": 1,
            "cacheMisses": 8,
            "errorRate": 0,
            "errors": 0,
            "exhausted": 3,
            "hedgesWon": 0,
            "maxMs": 2100,
            "minMs": 0,
            "p50Ms": 0,
            "p95Ms": 2096,
            "p99Ms": 2096,
            "ratePerSecond": 0.1,
            "recovered": 0,
            "retries": 3,
            "slowCalls": 0,
            "timedOut": 2,
            "totalCalls": 6,
          },
        },
      },
      "pools": {},
      "takenAt": 1767225632300,
      "version": 1,
    }
  `);
  expect([...new Set(events)].sort()).toMatchInlineSnapshot(`
    [
      "breaker:state",
      "cache:hit",
      "cache:loadFailed",
      "cache:miss",
      "call:exhausted",
      "call:fallback",
      "call:rejected",
      "call:retry",
      "call:timeout",
      "deadLetter:added",
      "deadLetter:redriveEnded",
      "deadLetter:redriven",
    ]
  `);
  expect(clock.pendingTimers).toBeLessThan(4);
});
