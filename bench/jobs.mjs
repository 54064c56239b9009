import { asyncTarget } from './loops.mjs';

/** The sizes that every library is given for timing. */
export const sizes = {
  timeout: 2_000,
  retry: 3,
  breaker: 5,
  fallback: -1,
  bulkhead: 10,
  queue: 10,
  throttle: 10,
  rateLimit: 1e9,
  cached: 2_048,
  coalesce: undefined,
  timed: undefined,
  three: { ms: 2_000, attempts: 3, limit: 10 },
  five: 2_000,
};

/** The cases of a library: for each job that it does, a protected function. */
export function casesOf(jobs) {
  const named = Object.entries(jobs).filter(([name]) => name in sizes);
  const cases = named.map(([name, job]) => ({ name, kind: 'async', call: job(asyncTarget(name), sizes[name]) }));
  return jobs.breaker === undefined ? cases : [...cases, openCircuit(jobs.breaker)];
}

function openCircuit(breaker) {
  let runs = 0;
  const call = breaker(async () => {
    runs++;
    throw new Error('down');
  }, 5);
  const ready = async () => {
    for (let failures = 0; failures < 8; failures++) await call(0).catch(() => {});
    if (runs !== 5) throw new Error(`the circuit opened after ${runs} failures and not after 5`);
  };
  return { name: 'open circuit', kind: 'rejects', call, ready };
}
