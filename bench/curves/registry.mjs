/** More and more listeners, and entries of a registry. */
import { asyncTarget } from '../loops.mjs';
import { decades } from './chance.mjs';

const listeners = [0, 1, 10, 100];
const entries = decades(1, 10_000);
const everyKind = ['breaker', 'cache', 'limiter', 'timing', 'deadLetter'];

export const curves = {
  'listeners that hear the call': {
    of: 'listeners of `cache:hit`',
    order: 'O(n)',
    sizes: listeners,
    make({ cached, Registry }, n) {
      const registry = new Registry();
      for (let index = 0; index < n; index++) registry.on('cache:hit', () => {});
      return { kind: 'async', call: cached({ registry, maxEntries: 2_048 })(asyncTarget('heard')) };
    },
  },
  'listeners that hear something else': {
    of: 'listeners of `breaker:state`',
    order: 'O(1)',
    sizes: listeners,
    make({ circuitBreaker, Registry }, n) {
      const registry = new Registry();
      for (let index = 0; index < n; index++) registry.on('breaker:state', () => {});
      return { kind: 'async', call: circuitBreaker({ registry })(asyncTarget('unheard')) };
    },
  },
  'a call': {
    of: 'entries of the registry',
    order: 'O(1)',
    sizes: entries,
    async make(library, n) {
      const registry = await registryOf(library, n);
      return { kind: 'async', call: library.circuitBreaker({ registry })(asyncTarget('one of many')) };
    },
  },
  'wrapping a function': {
    of: 'functions of one name wrapped before',
    order: 'O(1)',
    sizes: entries,
    share: true,
    make: ({ circuitBreaker, Registry }, n) => ({
      kind: 'sync',
      call() {
        const registry = new Registry();
        const policy = circuitBreaker({ registry });
        for (let index = 0; index < n; index++) policy((x) => x)(index);
        return registry;
      },
    }),
  },
  'snapshot()': snapshotOf(everyKind),
  'snapshot(), breakers': snapshotOf(['breaker']),
  'snapshot(), caches': snapshotOf(['cache']),
  'snapshot(), limiters': snapshotOf(['limiter']),
  'snapshot(), timings': snapshotOf(['timing']),
  'snapshot(), dead letters': snapshotOf(['deadLetter']),
};

function snapshotOf(kinds) {
  return {
    of: 'entries of the registry',
    order: 'O(n)',
    sizes: entries,
    mostMs: 10,
    async make(library, n) {
      const registry = await registryOf(library, n, kinds);
      return { kind: 'sync', call: () => registry.snapshot() };
    },
  };
}

/** A registry of `n` entries, in turn of each kind, each called twice. */
async function registryOf(library, n, kinds = everyKind) {
  const registry = new library.Registry();
  const { circuitBreaker, cached, bulkhead, timed, deadLetter } = library;
  const make = {
    breaker: (name) => circuitBreaker({ name, registry }),
    cache: (name) => cached({ name, registry }),
    limiter: (name) => bulkhead({ name, registry }),
    timing: (name) => timed({ name, registry }),
    deadLetter: (name) => deadLetter({ name, registry }),
  };
  for (let index = 0; index < n; index++) {
    const call = make[kinds[index % kinds.length]](`entry-${index}`)(async (x) => x);
    await call(1);
    await call(2);
  }
  return registry;
}
