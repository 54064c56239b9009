import { expect, test } from 'vitest';
import { roughSize } from '../../src/batch/rough-size.js';

const cyclic: { self?: unknown; text: string } = { text: 'x'.repeat(1_000) };
cyclic.self = cyclic;
const shared = 'y'.repeat(1_000);
const part = { shared };
const touchy = Object.defineProperty({}, 'bad', {
  enumerable: true,
  get() {
    throw new Error('do not look');
  },
});

// Between the bytes that the contents must take and three times as many, or a little for what is small.
test.each<[string, unknown, number, number]>([
  ['a number', 5, 8, 8],
  ['nothing', undefined, 8, 8],
  ['null', null, 8, 8],
  ['a text of 1 000 letters', 'x'.repeat(1_000), 1_000, 3_000],
  ['an object', { id: 1, name: 'web1' }, 24, 100],
  ['1 000 numbers', Array.from({ length: 1_000 }, (_, index) => index), 8_000, 24_000],
  ['1 000 texts of 100 letters', Array.from({ length: 1_000 }, (_, index) => `${index}`.padEnd(100)), 100_000, 300_000],
  ['bytes', new Uint8Array(5_000), 5_000, 5_100],
  ['a buffer of bytes', new ArrayBuffer(5_000), 5_000, 5_100],
  ['a Set', new Set(['x'.repeat(1_000)]), 1_000, 3_000],
  ['a Map', new Map([['k'.repeat(1_000), 'v'.repeat(1_000)]]), 2_000, 6_000],
  ['an empty list', [], 8, 50],
  ['what holds itself', cyclic, 1_000, 3_000],
  ['what is held twice, once', [part, part], 1_000, 3_000],
  ['what does not let itself be looked at', touchy, 8, 50],
])('%s', (_, value, least, most) => {
  expect(roughSize(value)).toBeGreaterThanOrEqual(least);
  expect(roughSize(value)).toBeLessThanOrEqual(most);
});

test('a value without end is looked at for a while only', () => {
  let chain: object = {};
  for (let link = 0; link < 5_000; link++) chain = { chain };

  expect(roughSize(chain)).toBeGreaterThan(10_000);
});
