import { LRUCache } from 'lru-cache';
import { casesOf } from '../jobs.mjs';
import { proveJobs } from '../proofs.mjs';

export const jobs = {
  cached: (fn, max) => {
    const cache = new LRUCache({ max, ttl: 300_000, fetchMethod: fn });
    return (x) => cache.fetch(x);
  },
};

export const prove = () => proveJobs('lru-cache', jobs);
export const cases = async () => casesOf(jobs);
