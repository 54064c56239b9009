import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batchFileOf, batchIdOf, isTemporary, writtenAt } from '../../../src/edges/durable/batch-file.js';
import { RecordQueue } from '../../../src/edges/durable/record-queue.js';

describe('the name of a file', () => {
  test('has date, time and microseconds, in UTC', () => {
    const micros = Date.UTC(2025, 11, 16, 8, 0, 5) * 1_000 + 123_456;

    expect(batchFileOf(batchIdOf(micros))).toBe('metrics_20251216_080005_123456.json');
  });

  test('says when it was written, and sorts by it', () => {
    const moment = fc.integer({ min: 0, max: Date.UTC(2200, 0) * 1_000 });
    fc.assert(
      fc.property(moment, moment, (one, other) => {
        const [first, second] = [one, other].map((micros) => batchFileOf(batchIdOf(micros))) as [string, string];
        expect(writtenAt(first)).toBe(Math.floor(one / 1_000));
        expect(Math.sign(one - other)).toBe(first < second ? -1 : first > second ? 1 : 0);
      }),
    );
  });

  test.each([
    'metrics_20251216_080005_123456.json.tmp',
    'metrics_20251316_080005_123456.json',
    'metrics_20250231_080005_123456.json',
    'metrics_20251216.json',
    'metrics_20251216_080005_12345.json',
    'notes.json',
    'old_metrics_20251216_080005_123456.json',
  ])('%s is none of ours', (file) => {
    expect(writtenAt(file)).toBeUndefined();
  });

  test('of a file that is being written is another', () => {
    expect(isTemporary('metrics_20251216_080005_123456.json.tmp')).toBe(true);
    expect(isTemporary('notes.tmp')).toBe(false);
  });
});

test('the queue of records does what a plain list does', () => {
  const act = fc.oneof(
    { weight: 3, arbitrary: fc.record({ what: fc.constant('add' as const), count: fc.nat(2_000) }) },
    { weight: 3, arbitrary: fc.record({ what: fc.constant('take' as const), count: fc.nat(2_500) }) },
    { weight: 1, arbitrary: fc.record({ what: fc.constantFrom('dropOldest', 'removeEven'), count: fc.nat(30) }) },
  );
  fc.assert(
    fc.property(fc.array(act, { maxLength: 25 }), (acts) => {
      const queue = new RecordQueue();
      let list: number[] = [];
      let next = 0;
      const at = (taken: readonly { at: number }[]) => taken.map((record) => record.at);
      for (const { what, count } of acts) {
        if (what === 'add') {
          for (let index = 0; index < count; index++) {
            list.push(++next);
            queue.add({ at: next } as never);
          }
        } else if (what === 'take') expect(at(queue.take(count))).toEqual(list.splice(0, count));
        else if (what === 'removeEven') {
          const left = list.filter((one) => one % 2 !== 0);
          expect(queue.remove((record) => record.at % 2 === 0)).toBe(list.length - left.length);
          list = left;
        } else if (list.length > 0) {
          queue.dropOldest();
          list.shift();
        }
        expect(queue.size).toBe(list.length);
      }
    }),
    { numRuns: 60 },
  );
});
