import { setTimeout as delay } from 'node:timers/promises';

/** Has a library show that it does each job, before it is timed at it. */
export async function proveJobs(library, jobs) {
  for (const [name, job] of Object.entries(jobs)) {
    if (!(await proofs[name](job))) throw new Error(`${library} does not do the job '${name}'`);
  }
}

const proofs = {
  async timeout(job) {
    const late = job(() => delay(200), 20);
    return isRejected(late(1));
  },
  async retry(job) {
    const { fn, seen } = flaky(2);
    return (await job(fn, 3)(7)) === 7 && seen.runs === 3;
  },
  async breaker(job) {
    const { fn, seen } = flaky(Infinity);
    const down = job(fn, 5);
    for (let calls = 0; calls < 8; calls++) await down(1).catch(() => {});
    return seen.runs === 5;
  },
  async fallback(job) {
    return (await job(flaky(Infinity).fn, -1)(1)) === -1;
  },
  async bulkhead(job) {
    const { fn, seen } = slow(50);
    const busy = job(fn, 2);
    const first = [busy(1), busy(2)];
    const third = await isRejected(busy(3));
    await Promise.all(first);
    return third && seen.runs === 2;
  },
  queue: waitsItsTurn,
  throttle: waitsItsTurn,
  async rateLimit(job) {
    const call = job(async (x) => x, 1);
    await call(1);
    return isRejected(call(2));
  },
  async cached(job) {
    const { fn, seen } = slow(1);
    const call = job(fn, 10);
    const answers = [await call(1), await call(1), await call(2)];
    return answers.join() === '1,1,2' && seen.runs === 2;
  },
  async coalesce(job) {
    const { fn, seen } = slow(5);
    const call = job(fn);
    await Promise.all([call(1), call(1)]);
    await call(1);
    return seen.runs === 2;
  },
  async timed(job) {
    const call = job(async (x) => x);
    await call(1);
    await call(2);
    return (await call.counted()) === 2;
  },
  /** No more than `limit` at once, what hangs is begun again, and what fails in the end fails. */
  async three(job) {
    const { fn, seen } = slow(200);
    const late = job(fn, { ms: 5, attempts: 2, limit: 1 });
    const failed = await isRejected(late(1));
    const queued = slow(5);
    const busy = job(queued.fn, { ms: 100, attempts: 2, limit: 1 });
    await Promise.all([busy(1), busy(2)]);
    return failed && seen.runs === 2 && queued.seen.most === 1;
  },
  /** A function that hangs is answered; one that fails is begun again, and after five failed calls begun no more. */
  async five(job) {
    const hangs = await job(() => new Promise(() => {}), 20)(1);
    const { fn, seen } = flaky(Infinity);
    const down = job(fn, 1_000);
    const answers = [];
    for (let calls = 0; calls < 8; calls++) answers.push(await down(1));
    return hangs === -1 && answers.every((answer) => answer === -1) && seen.runs > 5 && seen.runs < 24;
  },
};

/** No more than so many run at once; the next begins when one of them ends. */
async function waitsItsTurn(job) {
  const { fn, seen } = slow(20);
  const busy = job(fn, 2);
  const answers = await Promise.all([busy(1), busy(2), busy(3)]);
  return answers.join() === '1,2,3' && seen.most === 2;
}

/** Fails the first times. */
function flaky(failures) {
  const seen = { runs: 0 };
  const fn = async (x) => {
    if (++seen.runs <= failures) throw new Error('down');
    return x;
  };
  return { fn, seen };
}

/** Takes its time, and counts how many run at once. */
function slow(ms) {
  const seen = { runs: 0, now: 0, most: 0 };
  const fn = async (x) => {
    seen.runs++;
    seen.most = Math.max(seen.most, ++seen.now);
    await delay(ms);
    seen.now--;
    return x;
  };
  return { fn, seen };
}

function isRejected(promise) {
  return promise.then(
    () => false,
    () => true,
  );
}
