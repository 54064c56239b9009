import { proveJobs } from '../jobs.mjs';
import { asyncTarget, syncTarget } from '../loops.mjs';

const long = 2_000;

/** The library, one case a policy: those that the build at hand exports. Each has proved its behaviour before. */
export async function cases(dist) {
  const library = await import(new URL('index.js', dist).href);
  const registry = new library.Registry();
  const all = [...engineCases(library, registry), ...policyCases(library, registry)];
  return all.filter(Boolean);
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
    admitCall: (call) => (call.startedAt, call),
    succeeded: (call) => {
      totalMs += call.settledAt - call.startedAt;
    },
    failed: (call) => {
      totalMs += call.settledAt - call.startedAt;
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

function policyCases(library, registry) {
  const { timeout, deadline, fallback, circuitBreaker, retryWithBackoff, bulkhead, rateLimit, cached, timed } = library;
  const { coalesce, deadLetter, invalidates, chaos, adaptiveLimit, shed } = library;
  const stack = [timed, fallback, circuitBreaker, retryWithBackoff, timeout].every(Boolean);
  return [
    timeout && asyncCase('timeout', timeout({ ms: long, registry })),
    coalesce && asyncCase('coalesce, alone', coalesce({ registry })),
    deadLetter && asyncCase('deadLetter, unused', deadLetter({ registry })),
    invalidates && asyncCase('invalidates', invalidates({ cache: 'none', pattern: '*', registry })),
    chaos && asyncCase('chaos, off', chaos({ registry })),
    deadline && asyncCase('deadline', deadline({ ms: long, registry })),
    fallback && asyncCase('fallback', fallback.value(-1, { registry })),
    circuitBreaker && asyncCase('breaker', circuitBreaker({ registry })),
    circuitBreaker && syncCase('sync breaker', circuitBreaker({ name: 'sync', registry })),
    circuitBreaker && openCircuit(circuitBreaker({ name: 'open', failureThreshold: 1, registry })),
    retryWithBackoff && asyncCase('retry', retryWithBackoff({ registry })),
    bulkhead && asyncCase('bulkhead', bulkhead({ registry })),
    adaptiveLimit && asyncCase('adaptiveLimit', adaptiveLimit({ registry })),
    adaptiveLimit && asyncCase('adaptiveLimit, aimd', adaptiveLimit({ algorithm: 'aimd', registry })),
    shed && asyncCase('shed', shed({ registry })),
    rateLimit && asyncCase('rateLimit', rateLimit({ limit: 1e9, registry })),
    cached && asyncCase('cached', cached({ maxEntries: 2_048, registry })),
    timed && asyncCase('timed', timed({ registry })),
    stack && asyncCase('five', fiveStack(library, registry)),
    stack && methodCase('five, a method', fiveStack(library, registry)),
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

function openCircuit(policy) {
  const call = policy(async (x) => {
    throw new Error(`down ${x}`);
  });
  return {
    name: 'open circuit',
    kind: 'rejects',
    call,
    async ready() {
      await call(0).catch(() => {});
      const error = await call(0).catch((reason) => reason);
      if (error?.code !== 'ERR_CIRCUIT_OPEN') throw new Error('the circuit did not open');
    },
  };
}

/** The jobs, with sizes, for the proof that each is done. */
export async function prove(dist) {
  const library = await import(new URL('index.js', dist).href);
  const registry = new library.Registry();
  const { timeout, fallback, circuitBreaker, retryWithBackoff, bulkhead, rateLimit, cached } = library;
  await proveJobs('holdfast', {
    timeout: (fn, ms) => timeout({ ms, registry })(fn),
    retry: (fn, maxAttempts) => retryWithBackoff({ maxAttempts, baseDelayMs: 1, registry })(fn),
    breaker: (fn, failureThreshold) => circuitBreaker({ failureThreshold, registry })(fn),
    fallback: (fn, value) => fallback.value(value, { registry })(fn),
    bulkhead: (fn, maxConcurrent) => bulkhead({ maxConcurrent, registry })(fn),
    rateLimit: (fn, limit) => rateLimit({ limit, registry })(fn),
    cached: (fn, maxEntries) => cached({ maxEntries, registry })(fn),
    five: (fn, ms) => fiveStack(library, registry, ms)(fn),
  });
}
