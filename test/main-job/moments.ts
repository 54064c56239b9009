import type { Moment } from '../../examples/main-job/moment.js';

/** A moment in the middle of an outage. */
export function momentOf(changes: Partial<Moment> = {}): Moment {
  const results = { fresh: 80, cached: 0, stale: 0, fallback: 0, failed: 20 };
  const measured = { calls: 100, succeeded: 80, successRatio: 0.8, p50Ms: 12.34, p95Ms: 150, p99Ms: 1_234.5, results };
  return {
    seed: 3,
    seconds: 30,
    startedAt: 0,
    elapsedMs: 12_400,
    upstream: {
      phase: 'outage',
      phaseLeftMs: 3_100,
      bare: { requests: 100, whileDown: 15, orders: 8 },
      protected: { requests: 70, whileDown: 4, orders: 9 },
    },
    bare: measured,
    protected: {
      ...measured,
      succeeded: 90,
      successRatio: 0.9,
      results: { fresh: 50, cached: 40, stale: 4, fallback: 3, failed: 3 },
    },
    protection: { retries: 11, rejected: 7, cacheHits: 40, timeouts: 2, deadLettered: 3 },
    breakers: [
      { name: 'orders-api', state: 'closed', reason: undefined, probeInMs: undefined },
      { name: 'quotes-api', state: 'open', reason: '5 failures in a row', probeInMs: 800 },
    ],
    decisions: [{ at: 10_500, text: 'quotes-api: closed → open, 5 failures in a row', times: 1 }],
    ...changes,
  };
}
