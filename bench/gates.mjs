/** The most each job may cost on Node 20, in times of a bare `await asyncFn(x)`; what stands in ns is over a bare call. */
export const gates = {
  breaker: 1.7,
  retry: 1.8,
  bulkhead: 1.7,
  fallback: 1.7,
  timeout: 4.2,
  timed: 3.6,
  rateLimit: 1.9,
  cached: 1.5,
  five: 5.8,
  'open circuit': 8,
};

/** Gates in ns over the bare synchronous call. */
export const gatesNs = { 'sync breaker': 6 };

/** The most CPU that a request to a decorated handler may take at a fixed rate, in times of the bare one's. */
export const httpGate = 1.04;

/** The most bytes that may be kept. */
export const memoryGates = { 'a wrapped function': 600, 'a key of a breaker': 200, 'a key that has failed': 200 };

/** How many times less than the best peer's stack of five the library's own must take. */
export const bestPeerGates = { 'node 20': 15, later: 8 };

/** The most that a stack may add, in times of what its policies add alone. */
export const stackGate = 1.2;

/** A run is void when the same function twice reads as two, or when this copy of Node is a slow one. */
export const sound = {
  again: [0.97, 1.03],
  asyncLayer: 2.2,
  sharedThen: 1.5,
};
