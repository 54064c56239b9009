import { expect, test } from 'vitest';
import { TagIndex } from '../../src/cache/tag-index.js';

test('knows who bears a tag, and keeps nothing of who has gone', () => {
  const index = new TagIndex<{ id: number }>();
  const [one, two] = [{ id: 1 }, { id: 2 }];
  index.add(one, ['a', 'b']);
  index.add(two, ['b']);
  expect([index.bearersOf('a'), index.bearersOf('b'), index.bearersOf('c')]).toEqual([[one], [one, two], []]);

  index.remove(one);
  index.remove(one);
  expect([index.bearersOf('a'), index.bearersOf('b'), index.size]).toEqual([[], [two], 1]);

  index.remove(two);
  expect(index.size).toBe(0);
});
