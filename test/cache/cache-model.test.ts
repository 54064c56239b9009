import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LoadingCache } from '../../src/cache/loading-cache.js';
import { ManualClock } from '../../src/edges/testing/index.js';

const MAX = 3;
const TTL = 10;

interface Held {
  value: number;
  expiresAt: number;
}

/** The rules in a few lines: a Map in order of use. */
class Model {
  now = 0;
  held = new Map<string, Held>();
  counts = { hits: 0, misses: 0, evictions: 0, expirations: 0, invalidations: 0 };

  use(key: string): number | undefined {
    const entry = this.held.get(key);
    const isFresh = entry !== undefined && this.now < entry.expiresAt;
    if (entry !== undefined) this.held.delete(key);
    if (isFresh) this.held.set(key, entry);
    else if (entry !== undefined) this.counts.expirations++;
    this.counts[isFresh ? 'hits' : 'misses']++;
    return isFresh ? entry.value : undefined;
  }

  set(key: string, value: number, ttlMs = TTL): void {
    this.held.delete(key);
    this.held.set(key, { value, expiresAt: this.now + ttlMs });
    const [oldest] = this.held.keys();
    if (this.held.size <= MAX || oldest === undefined) return;
    this.held.delete(oldest);
    this.counts.evictions++;
  }

  sweep(): void {
    for (const [key, entry] of this.held) {
      if (this.now < entry.expiresAt) continue;
      this.held.delete(key);
      this.counts.expirations++;
    }
  }

  delete(key: string): boolean {
    const entry = this.held.get(key);
    if (entry === undefined) return false;
    this.held.delete(key);
    this.counts[this.now < entry.expiresAt ? 'invalidations' : 'expirations']++;
    return this.now < entry.expiresAt;
  }

  remove(picks: (key: string) => boolean): number {
    this.sweep();
    const doomed = [...this.held.keys()].filter(picks);
    for (const key of doomed) this.held.delete(key);
    this.counts.invalidations += doomed.length;
    return doomed.length;
  }
}

interface Real {
  cache: LoadingCache<string, number>;
  clock: ManualClock;
}

interface Step {
  name: string;
  run(model: Model, real: Real): void;
}

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e1', 'e2');
const step: fc.Arbitrary<Step> = fc.oneof(
  key.map((k) => ({
    name: `get ${k}`,
    run: (model: Model, { cache }: Real) => expect(cache.get(k)).toBe(model.use(k)),
  })),
  fc.tuple(key, fc.nat(99), fc.constantFrom(undefined, 1, 5, Infinity)).map(([k, value, ttlMs]) => ({
    name: `set ${k} ${value} ${ttlMs}`,
    run: (model: Model, { cache }: Real) => {
      model.set(k, value, ttlMs);
      cache.set(k, value, ttlMs === undefined ? {} : { ttlMs });
    },
  })),
  fc.tuple(key, fc.nat(99)).map(([k, value]) => ({
    name: `read through ${k}`,
    run: (model: Model, { cache }: Real) => {
      const expected = model.use(k);
      if (expected === undefined) model.set(k, value);
      expect(cache.readThrough(k, () => ({ result: value }))).toBe(expected ?? value);
    },
  })),
  fc.nat(12).map((ms) => ({
    name: `wait ${ms}`,
    run: (model: Model, { clock }: Real) => {
      model.now += ms;
      void clock.advance(ms);
    },
  })),
  key.map((k) => ({
    name: `delete ${k}`,
    run: (model: Model, { cache }: Real) => expect(cache.delete(k)).toBe(model.delete(k)),
  })),
  fc.constantFrom('e*', '?', '*', 'a').map((pattern) => ({
    name: `invalidate ${pattern}`,
    run: (model: Model, { cache }: Real) => {
      const picks = { 'e*': /^e/, '?': /^.$/, '*': /^/, a: /^a$/ }[pattern] as RegExp;
      expect(cache.invalidate(pattern)).toBe(model.remove((held) => picks.test(held)));
    },
  })),
);

test('it holds, counts and forgets as the model does, whatever is done in whatever order', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const clock = new ManualClock();
      const options = { maxEntries: MAX, ttlMs: TTL, cleanupIntervalMs: Infinity };
      const real = { clock, cache: new LoadingCache<string, number>(options, { clock }) };
      const model = new Model();

      for (const { run } of steps) {
        run(model, real);
        expect(real.cache.snapshot()).toMatchObject({ ...model.counts, size: model.held.size });
      }
    }),
    { numRuns: 1_000 },
  );
});
