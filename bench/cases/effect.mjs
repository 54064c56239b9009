import { Cache, Effect, Option, Schedule, Semaphore } from 'effect';
import { casesOf } from '../jobs.mjs';
import { proveJobs } from '../proofs.mjs';

const calling = (fn, x) => Effect.tryPromise({ try: () => fn(x), catch: (error) => error });
const retried = (effect, attempts) => Effect.retry(effect, { times: attempts - 1, schedule: Schedule.exponential(5) });

export const jobs = {
  timeout: (fn, ms) => (x) => Effect.runPromise(Effect.timeout(calling(fn, x), ms)),
  retry: (fn, attempts) => (x) => Effect.runPromise(retried(calling(fn, x), attempts)),
  fallback: (fn, value) => (x) => Effect.runPromise(Effect.orElseSucceed(calling(fn, x), () => value)),
  bulkhead: (fn, limit) => {
    const free = Semaphore.makeUnsafe(limit);
    return async (x) => {
      const outcome = await Effect.runPromise(free.withPermitsIfAvailable(1)(calling(fn, x)));
      return Option.getOrThrow(outcome);
    };
  },
  queue: (fn, limit) => {
    const free = Semaphore.makeUnsafe(limit);
    return (x) => Effect.runPromise(free.withPermits(1)(calling(fn, x)));
  },
  cached: (fn, capacity) => {
    const cache = Effect.runSync(Cache.make({ capacity, timeToLive: 300_000, lookup: (x) => calling(fn, x) }));
    return (x) => Effect.runPromise(Cache.get(cache, x));
  },
  three: (fn, { ms, attempts, limit }) => {
    const free = Semaphore.makeUnsafe(limit);
    return (x) => Effect.runPromise(free.withPermits(1)(retried(Effect.timeout(calling(fn, x), ms), attempts)));
  },
  // It has no circuit breaker: one by hand stands in its place.
  five: (fn, ms) => {
    const guarded = breakerByHand(5);
    return async (x) => {
      const inside = guarded(retried(Effect.timeout(calling(fn, x), ms), 3));
      const [duration, value] = await Effect.runPromise(Effect.timed(Effect.orElseSucceed(inside, () => -1)));
      last = duration;
      return value;
    };
  },
};
let last;

function breakerByHand(threshold) {
  let failures = 0;
  let openUntil = 0;
  const outcome = {
    onSuccess(value) {
      failures = 0;
      return Effect.succeed(value);
    },
    onFailure(error) {
      if (++failures >= threshold) openUntil = performance.now() + 60_000;
      return Effect.fail(error);
    },
  };
  return (effect) =>
    Effect.suspend(() => {
      if (failures >= threshold && performance.now() < openUntil) return Effect.fail(new Error('open'));
      return Effect.matchEffect(effect, outcome);
    });
}

export const prove = () => proveJobs('effect', jobs);
export const cases = async () => casesOf(jobs);
