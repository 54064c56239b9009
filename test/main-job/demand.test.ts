import { expect, test } from 'vitest';
import { type Arrival, demand } from '../../examples/main-job/demand.js';

function first(count: number, seed: number, kinds: 'all' | 'reads' = 'all'): Arrival[] {
  const arrivals = demand(seed, 100, kinds);
  return Array.from({ length: count }, () => arrivals.next().value);
}

test('the same seed asks for the same, another for something else', () => {
  expect(first(50, 3)).toEqual(first(50, 3));
  expect(first(50, 3)).not.toEqual(first(50, 4));
});

test('calls come in order, at the rate that is asked for on average', () => {
  const arrivals = first(20_000, 1);

  expect(arrivals.every(({ atMs }, index) => atMs >= (arrivals[index - 1]?.atMs ?? 0))).toBe(true);
  expect(arrivals.at(-1)?.atMs).toBeGreaterThan(195_000);
  expect(arrivals.at(-1)?.atMs).toBeLessThan(205_000);
});

test('seven in ten ask for a price, one in ten places an order', () => {
  const kinds = first(20_000, 1).map(({ kind }) => kind);
  const shareOf = (wanted: string) => kinds.filter((kind) => kind === wanted).length / kinds.length;

  expect(shareOf('price')).toBeCloseTo(0.7, 1);
  expect(shareOf('order')).toBeCloseTo(0.1, 1);
});

test('where nothing may be written there is no order, and all else is as it was', () => {
  const all = first(500, 1);
  const reads = first(500, 1, 'reads');

  expect(reads.some(({ kind }) => kind === 'order')).toBe(false);
  expect(reads.map(({ atMs, symbol }) => [atMs, symbol])).toEqual(all.map(({ atMs, symbol }) => [atMs, symbol]));
});
