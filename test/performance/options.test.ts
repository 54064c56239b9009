import { describe, expect, test } from 'vitest';

// The benchmark is plain JavaScript, without declarations.
interface Options {
  readOptions(
    words: readonly string[],
    parts: Record<string, { takes: readonly string[] }>,
  ): { part: string; options: Record<string, unknown> };
  chosen(option: string, wanted: readonly string[], known: readonly string[]): string[];
}
const { readOptions, chosen } = (await import(
  new URL('../../bench/options.mjs', import.meta.url).href
)) as unknown as Options;

const parts = { policies: { takes: ['quick', 'case', 'seed'] }, soak: { takes: ['calls'] } };
const read = (line: string) => readOptions(line === '' ? [] : line.split(' '), parts);

describe('an option of the benchmark', () => {
  test('goes to the part that is named, to policies where none is', () => {
    expect(read('--quick --case five --case timed')).toMatchObject({
      part: 'policies',
      options: { quick: true, case: ['five', 'timed'], seed: 1 },
    });
    expect(read('soak --calls 500')).toMatchObject({ part: 'soak', options: { calls: 500 } });
  });

  test.each([
    ['soak --quick', 'soak does not read --quick; it takes --calls'],
    ['--calls 5', 'policies does not read --calls; it takes --quick, --case, --seed'],
    ['--frob', "Unknown option '--frob'; the options are --quick, --case, "],
    ['--seed', "Option '--seed <value>' argument missing; the options are --quick, --case, "],
    ['disk', 'npm run bench takes one part of policies, soak; got disk'],
    ['soak policies', 'npm run bench takes one part of policies, soak; got soak policies'],
  ])('is refused where nobody would read it: %s', (line, message) => {
    expect(() => read(line)).toThrow(message);
  });

  test.each(['0', '1.5', '1e6', 'many', ' 5', '-1'])('that takes a number refuses %j', (text) => {
    expect(() => readOptions([`--seed=${text}`], parts)).toThrow(`--seed takes a whole number from 1, got ${text}`);
  });

  test('that takes names refuses one that there is not, and tells which there are', () => {
    expect(chosen('group', [], ['effect', 'opossum'])).toEqual(['effect', 'opossum']);
    expect(chosen('group', ['opossum'], ['effect', 'opossum'])).toEqual(['opossum']);
    expect(() => chosen('group', ['nobody'], ['effect', 'opossum'])).toThrow(
      "--group takes 'effect', 'opossum'; got 'nobody'",
    );
  });
});
