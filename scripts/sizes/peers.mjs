import { existsSync } from 'node:fs';
import { gzippedBytes, loadedBy } from './bundle.mjs';

const folder = 'bench';

/** What does the same job alone, by policy: the exports that a user would import. */
const jobs = {
  circuitBreaker: {
    cockatiel: '{ circuitBreaker, ConsecutiveBreaker, handleAll }',
    opossum: '{ default }',
    mollitia: '{ Circuit, SlidingCountBreaker }',
  },
  retryWithBackoff: {
    cockatiel: '{ retry, handleAll, ExponentialBackoff }',
    mollitia: '{ Circuit, Retry }',
    'p-retry': '{ default }',
    effect: '{ Effect, Schedule }',
  },
  timeout: {
    cockatiel: '{ timeout, TimeoutStrategy }',
    mollitia: '{ Circuit, Timeout }',
    'p-timeout': '{ default }',
    effect: '{ Effect }',
  },
  fallback: { cockatiel: '{ fallback, handleAll }', effect: '{ Effect }' },
  bulkhead: {
    cockatiel: '{ bulkhead }',
    mollitia: '{ Circuit, Bulkhead }',
    'p-limit': '{ default }',
    bottleneck: '{ default }',
    effect: '{ Effect, Semaphore }',
  },
  rateLimit: {
    mollitia: '{ Circuit, Ratelimit }',
    'rate-limiter-flexible': '{ RateLimiterMemory }',
    bottleneck: '{ default }',
  },
  cached: {
    'lru-cache': '{ LRUCache }',
    'p-memoize': '{ default }',
    'async-cache-dedupe': '{ createCache }',
    effect: '{ Effect, Cache }',
  },
  coalesce: { 'p-memoize': '{ default }', 'async-cache-dedupe': '{ createCache }' },
  timed: { 'prom-client': '{ Summary }' },
};

/** The peers that are installed; all of them after `npm ci` in `bench`. */
export function installedPeers() {
  const all = [...new Set(Object.values(jobs).flatMap(Object.keys))];
  return all.filter((name) => existsSync(`${folder}/node_modules/${name}`));
}

/** What the installed peers weigh that do the job of a policy, in bytes gzipped, the lightest first. */
export async function peersOf(policy) {
  const installed = new Set(installedPeers());
  const peers = Object.entries(jobs[policy] ?? {}).filter(([name]) => installed.has(name));
  const weighed = await Promise.all(
    peers.map(async ([name, imports]) => [name, await gzippedBytes(`export ${imports} from '${name}';`, folder)]),
  );
  return Object.fromEntries(weighed.sort(([, left], [, right]) => left - right));
}

/** A peer as a whole: bytes gzipped, and what its import loads. */
export async function wholePeer(name) {
  const gzipped = await gzippedBytes(`import * as all from '${name}'; export { all };`, folder);
  return { gzipped, ...(await loadedBy(name, folder)) };
}
