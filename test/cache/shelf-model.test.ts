import fc from 'fast-check';
import { expect, test } from 'vitest';
import { partsOf } from '../../src/cache/cache-context.js';
import { Entry } from '../../src/cache/cache-entry.js';
import { checkCache } from '../../src/cache/cache-options.js';
import { Fill } from '../../src/cache/fill.js';
import { Shelf } from '../../src/cache/shelf.js';
import { ManualClock } from '../../src/edges/testing/index.js';

interface Held {
  tags: string[];
  weight: number;
  at: number;
}

interface Bounds {
  maxEntries: number;
  maxWeight: number | undefined;
}

/** The rules in a few lines: a Map in order of use, and nothing kept beside it. */
class Model {
  readonly held = new Map<string, Held>();
  readonly bounds: Bounds;

  constructor(bounds: Bounds) {
    this.bounds = bounds;
  }

  get weight(): number {
    return [...this.held.values()].reduce((sum, { weight }) => sum + weight, 0);
  }

  get tags(): Set<string> {
    return new Set([...this.held.values()].flatMap(({ tags }) => tags));
  }

  put(key: string, entry: Held): void {
    const { maxEntries, maxWeight = Infinity } = this.bounds;
    this.held.delete(key);
    if (entry.weight > maxWeight) return;
    const isTooMuch = () => this.weight + entry.weight > maxWeight || this.held.size + 1 > maxEntries;
    for (const oldest of this.held.keys()) if (isTooMuch()) this.held.delete(oldest);
    this.held.set(key, entry);
  }

  use(key: string): void {
    const entry = this.held.get(key);
    if (entry === undefined) return;
    this.held.delete(key);
    this.held.set(key, entry);
  }

  remove(picks: (key: string, entry: Held) => boolean): number {
    const doomed = [...this.held].filter(([key, entry]) => picks(key, entry));
    for (const [key] of doomed) this.held.delete(key);
    return doomed.length;
  }
}

interface World {
  shelf: Shelf<number>;
  fill: Fill;
  model: Model;
}

function worldOf({ maxEntries, maxWeight }: Bounds): World {
  const weighing = maxWeight === undefined ? {} : { maxWeight, weigh: () => 1 };
  const fill = new Fill();
  const settings = checkCache<number>({ maxEntries, cleanupIntervalMs: Infinity, ...weighing });
  const shelf = new Shelf<number>(partsOf(settings, { clock: new ManualClock() }, fill));
  return { shelf, fill, model: new Model({ maxEntries, maxWeight }) };
}

type Step = (world: World) => void;

const windows = { staleWhileRevalidateMs: 0, staleIfErrorMs: 0 };
const key = fc.constantFrom('a', 'b', 'c', 'd1', 'd2', 'e1', 'e2');
const tags = fc.uniqueArray(fc.constantFrom('x', 'y', 'z', 'w'), { maxLength: 3 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(key, tags, fc.integer({ min: 1, max: 8 }), fc.constantFrom(5, 20, Infinity)).map(
      ([k, worn, weight, ttlMs]): Step =>
        ({ shelf, model }) => {
          const isWeighed = model.bounds.maxWeight !== undefined;
          const entry = new Entry(k, 1, 1, { storedAt: 0, ttlMs, loadMs: 0 }, windows);
          shelf.put(entry, { ...(isWeighed && { weight }), ...(worn.length > 0 && { tags: worn }) });
          model.put(k, { tags: worn, weight: isWeighed ? weight : 1, at: ttlMs });
        },
    ),
  },
  key.map(
    (k): Step =>
      ({ shelf, model }) => {
        shelf.get(k);
        model.use(k);
      },
  ),
  key.map(
    (k): Step =>
      ({ shelf, model }) => {
        expect(shelf.remove(k)).toBe(model.remove((held) => held === k) === 1);
      },
  ),
  fc.constantFrom('a', 'd', 'e', '').map(
    (start): Step =>
      ({ shelf, model }) => {
        const picks = (held: unknown) => (held as string).startsWith(start);
        expect(shelf.removeWhere(picks)).toBe(model.remove(picks));
      },
  ),
  fc.tuple(fc.constantFrom('x', 'y', 'z', 'w')).map(
    ([tag]): Step =>
      ({ shelf, model }) => {
        const bearers = shelf.bearersOf(tag).map((entry) => entry.key);
        for (const bearer of bearers) shelf.remove(bearer);
        expect(bearers).toHaveLength(model.remove((_, entry) => entry.tags.includes(tag)));
      },
  ),
  fc.constantFrom(4, 5, 20).map(
    (now): Step =>
      ({ shelf, model }) => {
        expect(shelf.sweep(now, Infinity)).toBe(model.remove((_, { at }) => at <= now));
      },
  ),
  fc.constant<Step>(({ shelf, model }) => {
    expect(shelf.clear()).toBe(model.remove(() => true));
  }),
);

test.each<[string, Bounds]>([
  ['entries', { maxEntries: 4, maxWeight: undefined }],
  ['weight', { maxEntries: Infinity, maxWeight: 12 }],
  ['both', { maxEntries: 3, maxWeight: 12 }],
])('bounded by %s it holds what the model holds, and no tag of what has gone', (_, bounds) => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
      const world = worldOf(bounds);
      const { shelf, fill, model } = world;
      for (const run of steps) {
        run(world);
        expect([fill.entries, fill.weight, shelf.tagCount]).toEqual([model.held.size, model.weight, model.tags.size]);
        for (const k of ['a', 'b', 'c', 'd1', 'd2', 'e1', 'e2']) {
          expect(shelf.peek(k) !== undefined).toBe(model.held.has(k));
        }
        expect(shelf.hasAgeing).toBe([...model.held.values()].some(({ at }) => at !== Infinity));
      }
    }),
    { numRuns: 500 },
  );
});
