import { Bulkhead, Circuit, Ratelimit, Retry, SlidingCountBreaker, Timeout } from 'mollitia';
import { casesOf } from '../jobs.mjs';
import { proveJobs } from '../proofs.mjs';

const through = (fn, ...modules) => {
  const circuit = new Circuit({ func: fn, options: { modules } });
  return (x) => circuit.execute(x);
};
const breaker = (failures) =>
  new SlidingCountBreaker({
    slidingWindowSize: failures,
    minimumNumberOfCalls: failures,
    failureRateThreshold: 50,
    openStateDelay: 60_000,
  });

export const jobs = {
  timeout: (fn, ms) => through(fn, new Timeout({ delay: ms })),
  retry: (fn, attempts) => through(fn, new Retry({ attempts: attempts - 1, interval: 5 })),
  breaker: (fn, failures) => through(fn, breaker(failures)),
  bulkhead: (fn, limit) => through(fn, new Bulkhead({ concurrentSize: limit, queueSize: 0 })),
  queue: (fn, limit) => through(fn, new Bulkhead({ concurrentSize: limit, queueSize: 1e9 })),
  three: (fn, { ms, attempts, limit }) =>
    through(
      fn,
      new Bulkhead({ concurrentSize: limit, queueSize: 1e9 }),
      new Retry({ attempts: attempts - 1, interval: 5 }),
      new Timeout({ delay: ms }),
    ),
  rateLimit: (fn, limit) => through(fn, new Ratelimit({ limitPeriod: 1_000, limitForPeriod: Math.min(limit, 1e6) })),
  // Its Fallback puts another error in the place of the first: what answers with a value stands here.
  five: (fn, ms) => {
    const call = through(fn, breaker(5), new Retry({ attempts: 2, interval: 5 }), new Timeout({ delay: ms }));
    return async (x) => {
      const begin = performance.now();
      try {
        return await call(x);
      } catch {
        return -1;
      } finally {
        totalMs += performance.now() - begin;
      }
    };
  },
};
let totalMs = 0;

export const prove = () => proveJobs('mollitia', jobs);
export const cases = async () => casesOf(jobs);
