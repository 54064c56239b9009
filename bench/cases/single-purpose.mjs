/** Libraries that do one job each: p-timeout, p-retry, lru-cache, rate-limiter-flexible, prom-client. */
import { LRUCache } from 'lru-cache';
import pRetry from 'p-retry';
import pTimeout from 'p-timeout';
import { Summary } from 'prom-client';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { casesOf, proveJobs } from '../jobs.mjs';

let summaries = 0;

const jobs = {
  timeout: (fn, ms) => (x) => pTimeout(fn(x), { milliseconds: ms }),
  retry: (fn, attempts) => (x) => pRetry(() => fn(x), { retries: attempts - 1, minTimeout: 5 }),
  cached: (fn, max) => {
    const cache = new LRUCache({ max, ttl: 300_000, fetchMethod: fn });
    return (x) => cache.fetch(x);
  },
  rateLimit: (fn, limit) => {
    const limiter = new RateLimiterMemory({ points: limit, duration: 1 });
    return async (x) => {
      await limiter.consume('all');
      return fn(x);
    };
  },
  timed: (fn) => {
    const summary = new Summary({ name: `calls${++summaries}`, help: 'calls', registers: [] });
    return async (x) => {
      const end = summary.startTimer();
      try {
        return await fn(x);
      } finally {
        end();
      }
    };
  },
};

export const prove = () => proveJobs('single-purpose', jobs);
export const cases = async () => casesOf(jobs);
