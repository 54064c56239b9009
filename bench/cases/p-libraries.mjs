/** p-retry, p-timeout, p-limit and p-memoize: small functions of one family, meant to be put together. */
import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import pMemoize from 'p-memoize';
import pRetry from 'p-retry';
import pTimeout from 'p-timeout';
import { casesOf } from '../jobs.mjs';
import { proveJobs } from '../proofs.mjs';

const again = (run, attempts) => pRetry(run, { retries: attempts - 1, minTimeout: 5 });

export const jobs = {
  timeout: (fn, ms) => (x) => pTimeout(fn(x), { milliseconds: ms }),
  retry: (fn, attempts) => (x) => again(() => fn(x), attempts),
  queue: (fn, limit) => {
    const queue = pLimit(limit);
    return (x) => queue(fn, x);
  },
  coalesce: (fn) => pMemoize(fn, { cache: false }),
  cached: (fn, max) => pMemoize(fn, { cache: new LRUCache({ max, ttl: 300_000 }) }),
  three: (fn, { ms, attempts, limit }) => {
    const queue = pLimit(limit);
    return (x) => queue(() => again(() => pTimeout(fn(x), { milliseconds: ms }), attempts));
  },
};

export const prove = () => proveJobs('p-libraries', jobs);
export const cases = async () => casesOf(jobs);
