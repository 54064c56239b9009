import CircuitBreaker from 'opossum';
import { casesOf } from '../jobs.mjs';
import { proveJobs } from '../proofs.mjs';

const off = { timeout: false, volumeThreshold: 1e9, rollingCountTimeout: 10_000, enableSnapshots: false };
const fire = (breaker) => (x) => breaker.fire(x);

export const jobs = {
  breaker: (fn, failures) =>
    fire(
      new CircuitBreaker(fn, { ...off, volumeThreshold: failures, errorThresholdPercentage: 50, resetTimeout: 60_000 }),
    ),
  timeout: (fn, ms) => fire(new CircuitBreaker(fn, { ...off, timeout: ms })),
  fallback: (fn, value) => fire(new CircuitBreaker(fn, off).fallback(() => value)),
  coalesce: (fn) =>
    fire(
      new CircuitBreaker(fn, { ...off, coalesce: true, coalesceTTL: 60_000, coalesceResetOn: ['success', 'error'] }),
    ),
  bulkhead: (fn, limit) => fire(new CircuitBreaker(fn, { ...off, capacity: limit })),
};

export const prove = () => proveJobs('opossum', jobs);
export const cases = async () => casesOf(jobs);
