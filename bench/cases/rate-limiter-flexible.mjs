import { RateLimiterMemory } from 'rate-limiter-flexible';
import { casesOf } from '../jobs.mjs';
import { proveJobs } from '../proofs.mjs';

export const jobs = {
  rateLimit: (fn, limit) => {
    const limiter = new RateLimiterMemory({ points: limit, duration: 1 });
    return async (x) => {
      await limiter.consume('all');
      return fn(x);
    };
  },
};

export const prove = () => proveJobs('rate-limiter-flexible', jobs);
export const cases = async () => casesOf(jobs);
