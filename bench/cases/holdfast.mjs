import { casesOf } from '../jobs.mjs';
import { asyncTarget, syncTarget } from '../loops.mjs';
import { proveJobs } from '../proofs.mjs';

const long = 2_000;

/** The library, one case a policy. */
export async function cases(dist) {
  const library = await libraryOf(dist);
  const registry = new library.Registry();
  return [...engineCases(library, registry), ...casesOf(jobsOf(library, registry)), ...ownCases(library, registry)];
}

/** The library, with the policy that has an entry of its own. */
export async function libraryOf(dist) {
  const { throttle } = await import(new URL('edges/throttle/index.js', dist).href);
  return { ...(await import(new URL('index.js', dist).href)), throttle };
}

/** Bare stages, to see what the engine costs by itself. */
function engineCases({ definePolicy }, registry) {
  const stage = (kind, bind) => definePolicy({ kind, summary: kind, options: {}, bind })({ registry });
  const held = { generation: 1 };
  let calls = 0;
  let totalMs = 0;
  const limit = stage('admits', () => ({ admit: () => undefined }));
  const answer = stage('answers', () => ({
    answer: (error) => {
      throw error;
    },
  }));
  const guard = stage('guards', () => ({
    admit: () => held,
    succeeded: () => {
      calls++;
    },
    failed: () => {
      calls--;
    },
  }));
  const clock = stage('times', () => ({
    admitCall: (call) => call.admittedAt,
    succeeded: (begunAt, _value, call) => {
      totalMs += call.settledAt - begunAt;
    },
    failed: (begunAt, _error, call) => {
      totalMs += call.settledAt - begunAt;
    },
  }));
  return [
    asyncCase('engine: admits', limit),
    asyncCase('engine: answers', answer),
    asyncCase('engine: guards', guard),
    asyncCase('engine: times', clock),
    asyncCase('engine: guards + answers', (fn) => guard(answer(fn))),
  ];
}

/** What the others do not do, or not so. */
function ownCases(library, registry) {
  const { adaptiveLimit, chaos, circuitBreaker, deadline, deadLetter, hedge, invalidates, shed } = library;
  return [
    asyncCase('deadline', deadline({ ms: long, registry })),
    asyncCase('adaptiveLimit', adaptiveLimit({ registry })),
    asyncCase('adaptiveLimit, aimd', adaptiveLimit({ algorithm: 'aimd', registry })),
    asyncCase('shed', shed({ registry })),
    asyncCase('hedge', hedge({ registry })),
    asyncCase('deadLetter', deadLetter({ registry })),
    asyncCase('invalidates', invalidates({ cache: 'none', pattern: '*', registry })),
    asyncCase('chaos, off', chaos({ registry })),
    methodCase('five, a method', fiveStack(library, registry)),
    syncCase('sync breaker', circuitBreaker({ name: 'sync', registry })),
  ];
}

/** timed + fallback + breaker + retry + timeout. */
function fiveStack({ timed, fallback, circuitBreaker, retryWithBackoff, timeout, compose }, registry, ms = long) {
  return compose(
    timed({ registry }),
    fallback.value(-1, { registry }),
    circuitBreaker({ registry }),
    retryWithBackoff({ baseDelayMs: 5, registry }),
    timeout({ ms, registry }),
  );
}

/** A queue of calls, each begun again if it fails or takes too long. */
function threeStack({ bulkhead, retryWithBackoff, timeout, compose }, registry, sizes = {}) {
  const { ms = long, attempts = 3, limit = 10 } = sizes;
  return compose(
    bulkhead({ maxConcurrent: limit, maxQueue: Infinity, registry }),
    retryWithBackoff({ maxAttempts: attempts, baseDelayMs: 5, registry }),
    timeout({ ms, registry }),
  );
}

function asyncCase(name, policy) {
  return { name, kind: 'async', call: policy(asyncTarget(name)) };
}

function syncCase(name, policy) {
  return { name, kind: 'sync', call: policy(syncTarget(name)) };
}

/** As a decorator compiles: the wrapper is a method, called on an instance. */
function methodCase(name, policy) {
  const prototype = { method: asyncTarget(name) };
  const decorated = policy(prototype, 'method', { value: prototype.method, configurable: true, writable: true });
  Object.defineProperty(prototype, 'method', decorated);
  const instance = Object.create(prototype);
  return { name, kind: 'async', call: (x) => instance.method(x) };
}

export async function prove(dist) {
  const library = await libraryOf(dist);
  await proveJobs('holdfast', jobsOf(library, new library.Registry()));
}

/** The jobs that others do as well, each with the sizes that it is asked for. */
export function jobsOf(library, registry) {
  const { timeout, fallback, circuitBreaker, retryWithBackoff, bulkhead, rateLimit, cached, coalesce, timed } = library;
  return {
    timeout: (fn, ms) => timeout({ ms, registry })(fn),
    retry: (fn, maxAttempts) => retryWithBackoff({ maxAttempts, baseDelayMs: 1, registry })(fn),
    breaker: (fn, failureThreshold) => circuitBreaker({ failureThreshold, registry })(fn),
    fallback: (fn, value) => fallback.value(value, { registry })(fn),
    bulkhead: (fn, maxConcurrent) => bulkhead({ maxConcurrent, registry })(fn),
    queue: (fn, maxConcurrent) => bulkhead({ maxConcurrent, maxQueue: Infinity, registry })(fn),
    throttle: (fn, maxConcurrent) => library.throttle({ maxConcurrent, registry })(fn),
    rateLimit: (fn, limit) => rateLimit({ limit, registry })(fn),
    cached: (fn, maxEntries) => cached({ maxEntries, registry })(fn),
    coalesce: (fn) => coalesce({ registry })(fn),
    timed(fn) {
      const own = new library.Registry();
      return Object.assign(timed({ registry: own })(fn), { counted: () => own.calls.stats().totalCalls });
    },
    three: (fn, sizes) => threeStack(library, registry, sizes)(fn),
    five: (fn, ms) => fiveStack(library, registry, ms)(fn),
  };
}
