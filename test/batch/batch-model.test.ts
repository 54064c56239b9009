import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BatchItem, BatchProgress } from '../../src/batch/batch-item.js';
import { ManualClock } from '../../src/edges/testing/manual-clock.js';
import { BatchProcessor } from '../../src/registry/batch-processor.js';
import { Registry } from '../../src/registry/registry.js';

/** What one item does: whether it is valid, how often it fails, how long a run takes. */
const plan = fc.record({
  isValid: fc.boolean(),
  failures: fc.nat(5),
  isPermanent: fc.boolean(),
  ms: fc.constantFrom(0, 1, 30, 400),
});

const batch = fc.record({
  plans: fc.array(plan, { maxLength: 25 }),
  maxConcurrent: fc.integer({ min: 1, max: 6 }),
  maxRetries: fc.nat(2),
  maxRounds: fc.integer({ min: 1, max: 3 }),
  rateLimit: fc.constantFrom(3, 10, Infinity),
  isStream: fc.boolean(),
  cancelAfterMs: fc.option(fc.integer({ min: 0, max: 3_000 }), { nil: undefined }),
});

const GONE = Object.assign(new Error('gone'), { status: 404 });

test('whatever items do, each is told of once, within the limits, and a resumed batch does the rest alone', async () => {
  await fc.assert(
    fc.asyncProperty(batch, async ({ plans, isStream, cancelAfterMs, ...options }) => {
      const clock = new ManualClock();
      const registry = new Registry({ clock, random: () => 0.5 });
      const processor = new BatchProcessor<number, number>({ registry, ...options });
      const runs = plans.map(() => 0);
      const startedAt: number[] = [];
      let [running, most] = [0, 0];
      const operation = async (index: number): Promise<number> => {
        const { failures, isPermanent, ms } = plans[index] as (typeof plans)[number];
        runs[index] = (runs[index] ?? 0) + 1;
        startedAt.push(clock.now());
        most = Math.max(most, ++running);
        if (ms > 0) await new Promise<void>((resolve) => clock.setTimeout(resolve, ms));
        running--;
        if ((runs[index] ?? 0) <= failures) throw isPermanent ? GONE : new Error('503');
        return index;
      };
      const validate = (index: number) => plans[index]?.isValid;
      const controller = new AbortController();
      const told: BatchProgress[] = [];
      const list = [...plans.keys()];

      const call = processor.process(isStream ? list.values() : list, operation, {
        validate,
        signal: controller.signal,
        onProgress: (progress) => told.push(progress),
      });
      if (cancelAfterMs !== undefined) {
        await clock.advance(cancelAfterMs);
        controller.abort();
      }
      await clock.advance(120_000);
      const { items, progress, status } = await call;

      // Each item once, in order; all of them, unless a source was closed.
      expect(items.map(({ index }) => index)).toEqual(list.slice(0, items.length));
      if (status === 'completed' || !isStream) expect(items).toHaveLength(plans.length);
      expect(items.map(({ attempts }) => attempts)).toEqual(runs.slice(0, items.length));
      // The limits.
      expect(most).toBeLessThanOrEqual(options.maxConcurrent);
      startedAt.forEach((ms, at) => {
        const later = startedAt[at + options.rateLimit];
        if (later !== undefined) expect(later - ms).toBeGreaterThanOrEqual(1_000);
      });
      const mostRuns = (options.maxRetries + 1) * options.maxRounds;
      for (const item of items) {
        const { failures, isPermanent, isValid } = plans[item.index] as (typeof plans)[number];
        expect(item.attempts).toBeLessThanOrEqual(failures > 0 && isPermanent ? 1 : mostRuns);
        if (!isValid) expect(item).toMatchObject({ status: 'skipped' });
        if (status === 'completed' && isValid) {
          const isGood = failures === 0 || (!isPermanent && failures < mostRuns);
          expect(item.status).toBe(isGood ? 'success' : 'failed');
        }
      }
      // The numbers.
      const countOf = (wanted: BatchItem<number>['status']) => items.filter((item) => item.status === wanted).length;
      expect(progress).toMatchObject({
        completed: items.length,
        success: countOf('success'),
        failed: countOf('failed'),
        skipped: countOf('skipped'),
      });
      expect(told.map(({ completed }) => completed)).toEqual(items.map((_, at) => at + 1));
      await clock.advance(120_000);
      expect(clock.pendingTimers).toBe(0);

      // Taken up again, only what was not good is run.
      const good = new Set(items.filter((item) => item.status === 'success').map(({ index }) => index));
      const again: number[] = [];
      const resumed = processor.process(
        list,
        (index) => {
          again.push(index);
          return index;
        },
        { resumeFrom: JSON.parse(JSON.stringify({ items, progress })) },
      );
      await clock.advance(120_000);
      expect((await resumed).progress).toMatchObject({ success: plans.length });
      expect(again.toSorted((one, other) => one - other)).toEqual(list.filter((index) => !good.has(index)));
    }),
    { numRuns: 150 },
  );
}, 60_000);
