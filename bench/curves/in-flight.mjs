/** More and more calls that run, or wait, at once. */
import { decades, scattered } from './chance.mjs';

const sizes = decades(1, 100_000);
const long = 3_600_000;
const unprotected = (n) => churn((fn) => fn, n);

export const curves = {
  'timeouts, one duration': {
    of: 'calls in flight',
    order: 'O(1)',
    sizes,
    make: ({ timeout, Registry }, n) => churn(timeout({ ms: long, registry: new Registry() }), n),
    control: unprotected,
  },
  'timeouts, computed durations': {
    of: 'calls in flight',
    order: 'O(log n)',
    sizes,
    make({ timeout, Registry }, n) {
      const ms = () => long + Math.random() * long;
      return churn(timeout({ ms, registry: new Registry() }), n);
    },
    control: unprotected,
  },
  'breaker that watches slow calls': {
    of: 'calls in flight',
    order: 'O(1)',
    sizes,
    make: ({ circuitBreaker, Registry }, n) => churn(circuitBreaker({ ...slowRule, registry: new Registry() }), n),
    control: unprotected,
  },
  'bulkhead, slots taken': {
    of: 'calls in flight',
    order: 'O(1)',
    sizes,
    make: ({ bulkhead, Registry }, n) => churn(bulkhead({ maxConcurrent: n + 1, registry: new Registry() }), n),
    control: unprotected,
  },
  'bulkhead, next in line': {
    of: 'calls in line',
    order: 'O(1)',
    sizes,
    make({ bulkhead, Registry }, n) {
      return line(bulkhead({ maxConcurrent: 1, maxQueue: Infinity, registry: new Registry() }), n);
    },
  },
  'bulkhead, one in line gives up': {
    of: 'calls in line',
    order: 'O(1)',
    sizes,
    make({ bulkhead, Registry }, n) {
      const policy = bulkhead({ maxConcurrent: 1, maxQueue: Infinity, registry: new Registry() });
      const call = policy(() => new Promise(() => {}));
      call();
      return leavers(call, n);
    },
    control: (n) => leavers(waits, n),
  },
  coalesce: {
    of: 'calls in flight, each of its own key',
    order: 'O(1)',
    sizes,
    make: ({ coalesce, Registry }, n) => churn(coalesce({ registry: new Registry() }), n),
    control: unprotected,
  },
  hedge: {
    of: 'calls in flight',
    order: 'O(1)',
    sizes,
    make: ({ hedge, Registry }, n) => churn(hedge({ delayMs: long, registry: new Registry() }), n),
    control: unprotected,
  },
};

const slowRule = { window: { type: 'count', size: 100 }, slowCallMs: long };

/** Holds `n` calls in flight; each measured call ends any one of them, and begins another. */
function churn(policy, n) {
  let settleNewest;
  const call = policy((_slot) => new Promise((resolve) => (settleNewest = resolve)));
  const calls = [];
  const settle = [];
  const begin = (slot) => {
    calls[slot] = call(slot);
    settle[slot] = settleNewest;
  };
  for (let slot = 0; slot < n; slot++) begin(slot);
  const next = scattered(n);
  return {
    kind: 'async',
    call() {
      const slot = next();
      const ended = calls[slot];
      settle[slot](slot);
      // Its key is free again only when it has ended.
      return ended.then(() => begin(slot));
    },
  };
}

/** Holds `n` calls in line behind one that runs; each measured call ends that one, and joins the line. */
function line(policy, n) {
  const running = { end: undefined };
  const call = policy(() => new Promise((resolve) => (running.end = resolve)));
  const calls = Array.from({ length: n + 1 }, () => call());
  let first = 0;
  return {
    kind: 'async',
    async call() {
      const { end } = running;
      running.end = undefined;
      end();
      await calls[first];
      calls[first] = call();
      first = (first + 1) % calls.length;
      while (running.end === undefined) await undefined;
    },
  };
}

/** Holds `n` calls that wait; in each measured call any one of them gives up, and another comes. */
function leavers(call, n) {
  const waiting = Array.from({ length: n }, () => join(call));
  const next = scattered(n);
  return {
    kind: 'async',
    call() {
      const place = next();
      const { controller, gone } = waiting[place];
      controller.abort();
      waiting[place] = join(call);
      return gone;
    },
  };
}

function join(call) {
  const controller = new AbortController();
  return { controller, gone: call(controller.signal).catch(() => {}) };
}

function waits(signal) {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
}
