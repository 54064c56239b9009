import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PageRequest } from '../../src/batch/page-source.js';
import { PageStream } from '../../src/batch/page-stream.js';
import { settled } from '../pool/world.js';
import { numbers } from './sources.js';

const MOST_FETCHES = 2_000;

const source = fc.record({
  count: fc.nat(120),
  kind: fc.constantFrom('array', 'hasMore', 'total', 'cursor', 'capped'),
  batchSize: fc.integer({ min: 1, max: 15 }),
  prefetch: fc.nat(5),
  concurrency: fc.integer({ min: 1, max: 6 }),
  // How many turns each fetch takes, so that pages arrive in any order.
  turns: fc.array(fc.nat(3), { minLength: 1, maxLength: 7 }),
  // Which fetches fail once.
  failing: fc.array(fc.boolean(), { minLength: 1, maxLength: 9 }),
  cap: fc.integer({ min: 1, max: 10 }),
  stopAfter: fc.nat(12),
});

test('whatever the source and the order in which pages arrive, each item comes once, in order', async () => {
  await fc.assert(
    fc.asyncProperty(source, async ({ count, kind, turns, failing, cap, stopAfter, ...options }) => {
      const all = numbers(count);
      // More would mean that the stream does not end.
      let fetches = 0;
      const fetchPage = async ({ offset, limit, cursor }: PageRequest) => {
        const nth = fetches++;
        if (nth > MOST_FETCHES) return [];
        for (let turn = turns[nth % turns.length] ?? 0; turn > 0; turn--) await settled();
        if (failing[nth % failing.length] && nth % 3 === 0) throw new Error('once');
        const from = kind === 'cursor' ? Number(cursor ?? 0) : offset;
        const items = all.slice(from, from + (kind === 'capped' ? Math.min(cap, limit) : limit));
        const end = from + items.length;
        if (kind === 'array') return items;
        if (kind === 'total') return { items, total: count };
        if (kind === 'cursor') return { items, nextCursor: end < count ? `${end}` : null };
        return { items, hasMore: end < count };
      };
      const run = async <T>(fetch: () => Promise<T>): Promise<T> => fetch().catch(() => run(fetch));

      const got: number[] = [];
      let batches = 0;
      let stream = new PageStream(fetchPage, options, { run });
      let isOver = false;
      while (!isOver) {
        isOver = true;
        for await (const { items, batchNumber, checkpoint, hasMore } of stream) {
          expect(batchNumber).toBe(++batches);
          expect(items).not.toEqual([]);
          got.push(...items);
          if (!hasMore) expect(got).toHaveLength(count);
          expect(got.length).toBeLessThanOrEqual(count);
          expect(fetches).toBeLessThan(MOST_FETCHES);
          if (batches !== stopAfter) continue;
          // Left in the middle, and taken up again by its checkpoint.
          stream = new PageStream(
            fetchPage,
            { ...options, resumeFrom: JSON.parse(JSON.stringify(checkpoint)) },
            { run },
          );
          isOver = false;
          break;
        }
      }

      expect(got).toEqual(all);
    }),
    { numRuns: 300 },
  );
});
