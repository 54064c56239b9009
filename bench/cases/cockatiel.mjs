import {
  bulkhead,
  circuitBreaker,
  ConsecutiveBreaker,
  ExponentialBackoff,
  fallback,
  handleAll,
  retry,
  timeout,
  TimeoutStrategy,
  wrap,
} from 'cockatiel';
import { casesOf } from '../jobs.mjs';
import { proveJobs } from '../proofs.mjs';

const breaker = (failures) =>
  circuitBreaker(handleAll, { halfOpenAfter: 60_000, breaker: new ConsecutiveBreaker(failures) });
const again = (attempts) =>
  retry(handleAll, { maxAttempts: attempts - 1, backoff: new ExponentialBackoff({ initialDelay: 5 }) });
const under = (policy) => (fn) => (x) => policy.execute(() => fn(x));

export const jobs = {
  timeout: (fn, ms) => under(timeout(ms, TimeoutStrategy.Aggressive))(fn),
  retry: (fn, attempts) => under(again(attempts))(fn),
  breaker: (fn, failures) => under(breaker(failures))(fn),
  fallback: (fn, value) => under(fallback(handleAll, value))(fn),
  bulkhead: (fn, limit) => under(bulkhead(limit))(fn),
  queue: (fn, limit) => under(bulkhead(limit, Infinity))(fn),
  three: (fn, { ms, attempts, limit }) =>
    under(wrap(bulkhead(limit, Infinity), again(attempts), timeout(ms, TimeoutStrategy.Aggressive)))(fn),
  five: (fn, ms) => {
    const policy = wrap(fallback(handleAll, -1), breaker(5), again(3), timeout(ms, TimeoutStrategy.Aggressive));
    return async (x) => {
      const begin = performance.now();
      try {
        return await policy.execute(() => fn(x));
      } finally {
        totalMs += performance.now() - begin;
      }
    };
  },
};
let totalMs = 0;

export const prove = () => proveJobs('cockatiel', jobs);
export const cases = async () => casesOf(jobs);
