import { createCache } from 'async-cache-dedupe';
import { casesOf } from '../jobs.mjs';
import { proveJobs } from '../proofs.mjs';

const through = (fn, ttl, size) => {
  const cache = createCache({ ttl, storage: { type: 'memory', options: { size } } });
  cache.define('call', async (x) => fn(x));
  return (x) => cache.call(x);
};

export const jobs = {
  cached: (fn, size) => through(fn, 300, size),
  coalesce: (fn) => through(fn, 0, 1),
};

export const prove = () => proveJobs('async-cache-dedupe', jobs);
export const cases = async () => casesOf(jobs);
