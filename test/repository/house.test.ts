import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { missingCompanions, unionMembers, unlistedCodes } from './companions.js';
import { cycles, foreignImports, wrongArrows } from './layers.js';
import { tooLong } from './sizes.js';
import { filesOf, readTree } from './source-tree.js';
import { strayTimeAndChance } from './time-and-chance.js';

const source = readTree('src');
const paths = ['src', 'test', 'docs', 'examples'].flatMap(filesOf);

describe('the house', () => {
  test('imports run one way: base ← rooms ← registry ← engine ← policies ← mixins ← edges', () => {
    expect(wrongArrows(source)).toEqual([]);
  });

  test('has no cycle of imports, types included', () => {
    expect(cycles(source)).toEqual([]);
  });

  test('imports node: modules and other packages in the edges alone', () => {
    expect(foreignImports(source)).toEqual([]);
  });

  test('takes time and chance from a clock and a random', () => {
    expect(strayTimeAndChance(source)).toEqual([]);
  });

  test('keeps files and functions short', () => {
    expect(tooLong(source)).toEqual([]);
  });

  test('has a test, a docs page and an example for each policy', () => {
    expect(missingCompanions(paths)).toEqual([]);
  });

  test('lists every error code in the docs', () => {
    const errors = source.filter(({ path }) => path === 'src/base/errors.ts');
    const codes = errors.flatMap((file) => unionMembers(file, 'ErrorCode'));

    expect(codes).toContain('ERR_TIMEOUT');
    expect(unlistedCodes(codes, readFileSync('docs/errors.md', 'utf8'))).toEqual([]);
  });
});
