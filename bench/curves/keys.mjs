/** More and more keys: breakers and limits by key, cached values, kept dead letters. */
import { LRUCache } from 'lru-cache';
import { asyncTarget } from '../loops.mjs';
import { decades, scattered } from './chance.mjs';

const keyNames = (n) => Array.from({ length: n }, (_, index) => `tenant-${index}`);

export const curves = {
  'keyed breakers': {
    of: 'keys',
    order: 'O(1)',
    sizes: decades(1, 100_000),
    make: ({ circuitBreaker, Registry }, n) =>
      byKey(({ key }) => circuitBreaker({ key, maxKeys: n, registry: new Registry() }), n),
    control: mapOf,
  },
  'keyed rate limits': {
    of: 'keys',
    order: 'O(1)',
    sizes: decades(1, 100_000),
    make: ({ rateLimit, Registry }, n) =>
      byKey(({ key }) => rateLimit({ limit: 1e9, key, maxKeys: n, registry: new Registry() }), n),
    control: mapOf,
  },
  'cached, a hit': {
    of: 'entries',
    order: 'O(1)',
    sizes: decades(100, 1_000_000),
    make: ({ cached, Registry }, n) =>
      byKey(({ key }) => cached({ key, maxEntries: n, ttlMs: Infinity, registry: new Registry() }), n),
    control: mapOf,
  },
  'cached, a miss that evicts': {
    of: 'entries, as many as there may be',
    order: 'O(1)',
    sizes: decades(100, 1_000_000),
    async make({ cached, Registry }, n) {
      const call = cached({ maxEntries: n, ttlMs: 300_000, registry: new Registry() })(asyncTarget('loaded'));
      let newest = 0;
      while (newest < n) await call(newest++);
      return { kind: 'async', call: () => call(newest++) };
    },
    control: fullStore,
  },
  'deadLetter, a failure kept': {
    of: 'entries, as many as there may be',
    order: 'O(1)',
    sizes: decades(10, 100_000),
    async make({ deadLetter, Registry }, n) {
      const error = new Error('down');
      const call = deadLetter({ maxEntries: n, registry: new Registry() })(async (_x) => {
        throw error;
      });
      for (let kept = 0; kept < n; kept++) await call(kept).catch(() => {});
      return { kind: 'rejects', call };
    },
  },
  'invalidate by a pattern': {
    of: 'entries',
    order: 'O(n)',
    sizes: decades(100, 1_000_000),
    async make({ Cache }, n) {
      const cache = new Cache({ name: 'many', maxEntries: n, ttlMs: Infinity });
      for (const key of keyNames(n)) cache.set(key, key);
      return { kind: 'sync', call: () => cache.invalidate('nobody-*') };
    },
    control: walkOf,
  },
};

/** Calls of any of `n` keys, each called before. */
async function byKey(policyOf, n) {
  const keys = keyNames(n);
  const call = policyOf({ key: (index) => keys[index] })(asyncTarget('keyed'));
  for (let index = 0; index < n; index++) await call(index);
  const next = scattered(n);
  return { kind: 'async', call: () => call(next()) };
}

/** What the machine's own caches make of a plain map of so many keys. */
function mapOf(n) {
  const keys = keyNames(n);
  const map = new Map(keys.map((key) => [key, { key }]));
  const target = asyncTarget('mapped');
  const next = scattered(n);
  return {
    kind: 'async',
    call() {
      const index = next();
      return map.get(keys[index]) === undefined ? undefined : target(index);
    },
  };
}

/** The same without a time to live, loads or events: each new entry makes the oldest go. */
function fullStore(max) {
  const store = new LRUCache({ max });
  let newest = 0;
  while (newest < max) store.set(newest, { value: newest++ });
  const target = asyncTarget('loaded');
  return {
    kind: 'async',
    call() {
      store.set(newest, { value: newest++ });
      return target(newest);
    },
  };
}

/** A walk over the keys of the same store, each looked at and none taken away. */
function walkOf(n) {
  const store = new LRUCache({ maxSize: n, sizeCalculation: () => 1 });
  for (const key of keyNames(n)) store.set(key, { value: key });
  return {
    kind: 'sync',
    call() {
      let picked = 0;
      for (const key of store.keys()) if (key.startsWith('nobody-')) picked++;
      return picked;
    },
  };
}
