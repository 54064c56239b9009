import { describe, expect, test } from 'vitest';

// The benchmark is plain JavaScript, without declarations.
interface Statistics {
  median(values: readonly number[]): number;
  estimate(series: readonly (readonly number[])[]): { value: number; low: number; high: number };
  slopeOf(points: readonly { size: number; ns: number; control?: number }[]): number;
}
interface Row {
  readonly group: string;
  readonly name: string;
  readonly ratio: number;
}
interface Stacks {
  randomStacks(kinds: readonly string[], count: number, seed: number): string[][];
  stackRows(rows: readonly Omit<Row, 'group'>[]): {
    name: string;
    added: number;
    alone: number;
    times: number;
    met: boolean;
  }[];
}
interface Processes {
  isHonest(canary: { again: number }): boolean;
  isSound(canary: { again: number; asyncLayer: number; sharedThen: number }): boolean;
}
const bench = async (file: string): Promise<unknown> => import(new URL(`../../bench/${file}`, import.meta.url).href);
const { median, estimate, slopeOf } = (await bench('statistics.mjs')) as Statistics;
const { randomStacks, stackRows } = (await bench('stacks.mjs')) as Stacks;
const { isHonest, isSound } = (await bench('processes.mjs')) as Processes;

describe('a figure of the benchmark', () => {
  test('is the median over all processes', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(estimate([[1, 2, 3], [2]]).value).toBe(2);
  });

  test('has an interval that shows how far processes differ, though each agrees with itself', () => {
    const { low, high } = estimate([
      [1, 1, 1],
      [2, 2, 2],
    ]);

    expect([low, high]).toEqual([1, 2]);
  });

  test('comes out the same each time it is made from the same rounds', () => {
    const rounds = [[1.1, 1.2, 1.5, 1.3]];

    expect(estimate(rounds)).toEqual(estimate(rounds));
  });

  test.each([
    ['stays', (n: number) => 50 + n * 0, 0],
    ['is in proportion', (n: number) => 3 * n, 1],
    ['is in proportion to the square', (n: number) => n * n, 2],
  ])('that %s has the slope of its order', (_, cost, slope) => {
    const points = [1, 10, 100, 1_000].map((size) => ({ size, ns: cost(size) }));

    expect(slopeOf(points)).toBeCloseTo(slope, 10);
  });

  test('that grows as its control does has the slope of one that stays', () => {
    const points = [10, 100, 1_000].map((size) => ({ size, ns: 5 * size, control: size }));

    expect(slopeOf(points)).toBeCloseTo(0, 10);
  });
});

describe('a process of the benchmark', () => {
  test.each([
    [0.969, false],
    [0.97, true],
    [1.03, true],
    [1.031, false],
  ])('whose bare call reads %f of itself counts: %s', (again, counts) => {
    expect(isHonest({ again })).toBe(counts);
  });

  test('is not sound with a dear async layer or a dear shared then', () => {
    expect(isSound({ again: 1, asyncLayer: 2.2, sharedThen: 1.5 })).toBe(true);
    expect(isSound({ again: 1, asyncLayer: 2.21, sharedThen: 1.5 })).toBe(false);
    expect(isSound({ again: 1, asyncLayer: 2.2, sharedThen: 1.51 })).toBe(false);
  });
});

describe('random stacks', () => {
  const kinds = ['a', 'b', 'c', 'd', 'e', 'f'];

  test('are of two to five kinds, none twice, and no two alike', () => {
    const stacks = randomStacks(kinds, 60, 1);

    expect(new Set(stacks.map((stack) => stack.join())).size).toBe(60);
    expect(new Set(stacks.map(({ length }) => length))).toEqual(new Set([2, 3, 4, 5]));
    for (const stack of stacks) expect(new Set(stack).size).toBe(stack.length);
  });

  test('are the same for the same seed, and others for another', () => {
    expect(randomStacks(kinds, 10, 3)).toEqual(randomStacks(kinds, 10, 3));
    expect(randomStacks(kinds, 10, 3)).not.toEqual(randomStacks(kinds, 10, 4));
  });

  test('are compared with the sum of what their policies add alone, the dearest first', () => {
    const rows = Object.entries({ a: 1.5, b: 2, 'a + b': 2.2, 'b + a': 2.8 });
    const compared = stackRows(rows.map(([name, ratio]) => ({ name, ratio })));

    expect(compared.map(({ name }) => name)).toEqual(['b + a', 'a + b']);
    expect(compared[0]?.alone).toBeCloseTo(1.5, 10);
    expect(compared[0]?.times).toBeCloseTo(1.2, 10);
    expect(compared.map(({ met }) => met)).toEqual([true, true]);
  });
});
