import { asyncTarget } from '../loops.mjs';

/** What a careful developer would write without a library. */
export async function cases() {
  return [
    { name: 'timeout', kind: 'async', call: handTimeout(asyncTarget(), 2_000) },
    { name: 'retry', kind: 'async', call: handRetry(asyncTarget(), 3) },
    { name: 'fallback', kind: 'async', call: handFallback(asyncTarget()) },
    { name: 'breaker', kind: 'async', call: handBreaker(asyncTarget()) },
    { name: 'timed', kind: 'async', call: handTimed(asyncTarget()) },
    { name: 'five', kind: 'async', call: fiveByHand() },
  ];
}

function fiveByHand() {
  return handTimed(handFallback(handBreaker(handRetry(handTimeout(asyncTarget(), 2_000), 3))));
}

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
        await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** attempt));
      }
    }
  };
}

function handFallback(fn) {
  return async (x) => {
    try {
      return await fn(x);
    } catch {
      return -1;
    }
  };
}

function handBreaker(fn) {
  let failures = 0;
  let openUntil = 0;
  return async (x) => {
    if (failures >= 5 && performance.now() < openUntil) throw new Error('open');
    try {
      const value = await fn(x);
      failures = 0;
      return value;
    } catch (error) {
      if (++failures >= 5) openUntil = performance.now() + 60_000;
      throw error;
    }
  };
}

function handTimed(fn) {
  let calls = 0;
  let total = 0;
  return async (x) => {
    const begin = performance.now();
    try {
      return await fn(x);
    } finally {
      calls++;
      total += performance.now() - begin;
    }
  };
}
