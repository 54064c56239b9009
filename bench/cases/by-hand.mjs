import { casesOf } from '../jobs.mjs';
import { proveJobs } from '../proofs.mjs';

/** What a careful developer would write without a library. */
export const jobs = {
  timeout: handTimeout,
  retry: handRetry,
  fallback: handFallback,
  breaker: handBreaker,
  timed: handTimed,
  five: (fn, ms) => handTimed(handFallback(handBreaker(handRetry(handTimeout(fn, ms), 3), 5), -1)),
};

export const prove = () => proveJobs('by-hand', jobs);
export const cases = async () => casesOf(jobs);

function handTimeout(fn, ms) {
  return (x) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('late')), ms);
      fn(x).then(
        (value) => {
          clearTimeout(timer);
          resolve(value);
        },
        (error) => {
          clearTimeout(timer);
          reject(error);
        },
      );
    });
}

function handRetry(fn, attempts) {
  return async (x) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await fn(x);
      } catch (error) {
        if (attempt === attempts) throw error;
        await new Promise((resolve) => setTimeout(resolve, 5 * 2 ** attempt));
      }
    }
  };
}

function handFallback(fn, value) {
  return async (x) => {
    try {
      return await fn(x);
    } catch {
      return value;
    }
  };
}

function handBreaker(fn, threshold) {
  let failures = 0;
  let openUntil = 0;
  return async (x) => {
    if (failures >= threshold && performance.now() < openUntil) throw new Error('open');
    try {
      const value = await fn(x);
      failures = 0;
      return value;
    } catch (error) {
      if (++failures >= threshold) openUntil = performance.now() + 60_000;
      throw error;
    }
  };
}

function handTimed(fn) {
  let calls = 0;
  let total = 0;
  const call = async (x) => {
    const begin = performance.now();
    try {
      return await fn(x);
    } finally {
      calls++;
      total += performance.now() - begin;
    }
  };
  call.counted = () => calls;
  return call;
}
