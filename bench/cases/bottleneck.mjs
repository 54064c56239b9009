import Bottleneck from 'bottleneck';
import { casesOf } from '../jobs.mjs';
import { proveJobs } from '../proofs.mjs';

const through = (fn, options) => {
  const limiter = new Bottleneck(options);
  return limiter.wrap(fn);
};
/** Rejects what it cannot begin at once. */
const rejecting = { highWater: 0, strategy: Bottleneck.strategy.OVERFLOW };

export const jobs = {
  bulkhead: (fn, limit) => through(fn, { ...rejecting, maxConcurrent: limit }),
  queue: (fn, limit) => through(fn, { maxConcurrent: limit }),
  throttle: (fn, limit) => through(fn, { maxConcurrent: limit }),
  rateLimit: (fn, limit) =>
    through(fn, {
      ...rejecting,
      reservoir: limit,
      reservoirRefreshAmount: limit,
      reservoirRefreshInterval: 1_000,
    }),
};

export const prove = () => proveJobs('bottleneck', jobs);
export const cases = async () => casesOf(jobs);
