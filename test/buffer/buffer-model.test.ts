import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SendHealth } from '../../src/buffer/send-health.js';
import { setUp } from './buffer-set-up.js';

const MAX_SIZE = 5;
const down = new Error('down');

/** What may be done to a buffer; an item is sent while `reachable` says so. */
const act = fc.oneof(
  { weight: 6, arbitrary: fc.constant('add' as const) },
  { weight: 2, arbitrary: fc.constant('flush' as const) },
  { weight: 1, arbitrary: fc.constantFrom('enable', 'enableAll', 'disable', 'clear') },
  { weight: 2, arbitrary: fc.array(fc.nat(9), { maxLength: 6 }) },
);

test('does what a plain list of items would do', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 40 }), async (acts) => {
      const { buffer, upstream } = setUp({ maxSize: MAX_SIZE, flushAbove: Infinity, autoEnableFailureRatio: 1 });
      let waiting: number[] = [];
      let keeps = 'nothing' as 'nothing' | 'failed' | 'all';
      let broken: readonly number[] = [];
      const sent: number[] = [];
      const fails = (item: number) => broken.includes(item % 10);
      upstream.answer = (item) => (fails(item) ? down : undefined);
      let item = 0;

      for (const next of acts) {
        if (Array.isArray(next)) broken = next;
        else if (next === 'add') {
          item++;
          const isTried = keeps !== 'all';
          const comesThrough = isTried && !fails(item);
          if (comesThrough) sent.push(item);
          else if (keeps !== 'nothing') waiting = [...waiting, item].slice(-MAX_SIZE);
          const expected = comesThrough ? 'sent' : keeps === 'nothing' ? down : 'buffered';
          expect(await buffer.add(item).catch((error: unknown) => error)).toBe(expected);
        } else if (next === 'flush') {
          const flushed = waiting.filter((one) => !fails(one));
          sent.push(...flushed);
          const before = waiting.length;
          waiting = waiting.filter(fails);
          expect(await buffer.flush()).toEqual({ flushed: flushed.length, failed: before - flushed.length });
        } else if (next === 'clear') {
          expect(buffer.clear()).toBe(waiting.length);
          waiting = [];
        } else {
          keeps = next === 'disable' ? 'nothing' : next === 'enableAll' ? 'all' : 'failed';
          if (next === 'disable') buffer.disable();
          else buffer.enable({ keeps: next === 'enableAll' ? 'all' : 'failed' });
        }
        expect(buffer.size).toBe(waiting.length);
        expect(upstream.sent).toEqual(sent);
      }
      const { buffered, flushed, dropped } = buffer.snapshot();
      expect(buffered).toBeGreaterThanOrEqual(flushed + dropped + buffer.size);
    }),
  );
});

test('the share of failures is that of the last 100, once there are more than 10', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 350 }), (failures) => {
      const health = new SendHealth();
      failures.forEach((failed, index) => {
        health.count(failed ? 'failed' : 'sent');
        const last = failures.slice(0, index + 1).slice(-100);
        const share = last.length > 10 ? last.filter(Boolean).length / last.length : 0;
        expect(health.failureRatio).toBeCloseTo(share, 10);
      });
    }),
  );
});
