/** A breaker over more and more outcomes. */
import { asyncTarget } from '../loops.mjs';
import { decades } from './chance.mjs';

const sizes = decades(10, 100_000);

export const curves = {
  'count window': {
    of: 'outcomes that the window holds',
    order: 'O(1)',
    sizes,
    mostTimes: { from: 10, to: 10_000, times: 1.1 },
    async make({ circuitBreaker, Registry }, size) {
      return filled(circuitBreaker({ window: { type: 'count', size }, registry: new Registry() }), size);
    },
  },
  'time window': {
    of: 'outcomes within the window',
    order: 'O(1)',
    sizes,
    async make({ circuitBreaker, Registry }, size) {
      return filled(circuitBreaker({ window: { type: 'time', ms: 600_000 }, registry: new Registry() }), size);
    },
  },
  'sliding-window rate limit': {
    of: 'permits within the interval',
    order: 'O(1)',
    sizes,
    async make({ rateLimit, Registry }, limit) {
      let nowMs = 0;
      const clock = { now: () => ++nowMs, wallNow: () => nowMs, setTimeout, clearTimeout };
      // One permit runs out with each call: the log stays as long as it is.
      const rules = { algorithm: 'sliding-window', limit, intervalMs: limit };
      return filled(rateLimit({ ...rules, registry: new Registry({ clock }) }), limit);
    },
  },
};

async function filled(policy, outcomes) {
  const call = policy(asyncTarget('windowed'));
  for (let made = 0; made < outcomes; made++) await call(made);
  return { kind: 'async', call };
}
