import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/base/random.js';
import { EntryIds } from '../../src/dead-letter/entry-id.js';

const NOON = Date.UTC(2026, 0, 1, 12);

describe('EntryIds', () => {
  test('ids sort as they were given, whatever the clock does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 10 })), (wobble) => {
        const ids = new EntryIds(seededRandom(1));
        const given = wobble.map((ms) => ids.next(NOON + ms));
        expect(new Set(given).size).toBe(given.length);
        expect([...given].sort()).toEqual(given);
      }),
    );
  });

  test('more than 36⁴ of one moment still sort', () => {
    const ids = new EntryIds(() => 0);
    let last = ids.next(NOON);
    for (let count = 0; count < 36 ** 4 + 10; count++) {
      const id = ids.next(NOON);
      if (id <= last) throw new Error(`${id} comes after ${last}`);
      last = id;
    }
    expect(last).toHaveLength(19);
  });

  test('two that know nothing of each other do not meet', () => {
    const [left, right] = [new EntryIds(seededRandom(1)), new EntryIds(seededRandom(2))];

    expect(left.next(NOON)).not.toBe(right.next(NOON));
  });

  test.each([NOON - 5, NOON, NOON + 5])('goes on behind the id it is told to follow', (before) => {
    const other = new EntryIds(seededRandom(1));
    other.next(before);
    const told = other.next(before);
    const ids = new EntryIds(seededRandom(2));
    ids.next(NOON);
    ids.follow(told);

    expect(ids.next(NOON) > told).toBe(true);
  });

  test.each(['', 'a', '1-2-3', 'zzzzzzzz!-0-0', '---------'])('takes no notice of %j', (id) => {
    const [told, untold] = [new EntryIds(() => 0), new EntryIds(() => 0)];
    told.follow(id);

    expect(told.next(NOON)).toBe(untold.next(NOON));
  });
});
