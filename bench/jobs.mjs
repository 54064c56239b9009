import { asyncTarget } from './loops.mjs';

/** The sizes that every library is given for timing. */
const sizes = {
  timeout: 2_000,
  retry: 3,
  breaker: 5,
  fallback: -1,
  bulkhead: 10,
  rateLimit: 1e9,
  cached: 2_048,
  timed: 0,
  five: 2_000,
};

/** The cases of a library: for each job that it does, a protected function. */
export function casesOf(jobs) {
  const named = Object.entries(jobs).filter(([name]) => name in sizes);
  const cases = named.map(([name, job]) => ({ name, kind: 'async', call: job(asyncTarget(name), sizes[name]) }));
  return jobs.breaker === undefined ? cases : [...cases, openCircuit(jobs.breaker)];
}

function openCircuit(breaker) {
  const call = breaker(async () => {
    throw new Error('down');
  }, 5);
  const ready = async () => {
    for (let failures = 0; failures < 6; failures++) await call(0).catch(() => {});
  };
  return { name: 'open circuit', kind: 'rejects', call, ready };
}

/** Has a library show that it does each job, before it is timed at it. */
export async function proveJobs(library, jobs) {
  for (const [name, job] of Object.entries(jobs)) {
    const holds = await proofs[name]?.(job);
    if (holds === false) throw new Error(`${library} does not do the job '${name}'`);
  }
}

const proofs = {
  async timeout(job) {
    const late = job(() => new Promise((resolve) => setTimeout(resolve, 200)), 20);
    return isRejected(late(1));
  },
  async retry(job) {
    let runs = 0;
    const flaky = job(async (x) => {
      if (++runs < 3) throw new Error('flaky');
      return x;
    }, 3);
    return (await flaky(7)) === 7 && runs === 3;
  },
  async breaker(job) {
    let runs = 0;
    const down = job(async () => {
      runs++;
      throw new Error('down');
    }, 5);
    for (let calls = 0; calls < 8; calls++) await down(1).catch(() => {});
    return runs === 5;
  },
  async fallback(job) {
    const down = job(async () => {
      throw new Error('down');
    }, -1);
    return (await down(1)) === -1;
  },
  async bulkhead(job) {
    const busy = job(() => new Promise((resolve) => setTimeout(resolve, 50)), 2);
    const first = [busy(1), busy(2)];
    const third = await isRejected(busy(3));
    await Promise.all(first);
    return third;
  },
  async rateLimit(job) {
    const call = job(async (x) => x, 1);
    await call(1);
    return isRejected(call(2));
  },
  async cached(job) {
    let runs = 0;
    const call = job(async (x) => {
      runs++;
      return x;
    }, 10);
    await call(1);
    await call(1);
    return runs === 1;
  },
  /** A function that hangs is answered all the same. */
  async five(job) {
    const hangs = job(() => new Promise(() => {}), 20);
    return (await hangs(1)) === -1;
  },
};

function isRejected(promise) {
  return promise.then(
    () => false,
    () => true,
  );
}
