import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { literalOf, wildcard } from '../../src/cache/wildcard.js';

/** The definition itself, as slow as it likes. */
function matches(pattern: string[], text: string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return text.length === 0;
  if (first === '*') return matches(rest, text) || (text.length > 0 && matches(pattern, text.slice(1)));
  if (text.length === 0) return false;
  if (first === '?') return matches(rest, text.slice(1));
  if (first === '\\' && rest.length > 0) return rest[0] === text[0] && matches(rest.slice(1), text.slice(1));
  return first === text[0] && matches(rest, text.slice(1));
}

describe('wildcard', () => {
  test.each([
    ['hosts:*web1*', 'hosts:["web1"]', true],
    ['hosts:*web1*', 'hosts:["web2"]', false],
    ['hosts:*', 'hosts:', true],
    ['*', '', true],
    ['', '', true],
    ['', 'a', false],
    ['?', '', false],
    ['?', '😀', true],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['a\\*c', 'a*c', true],
    ['a\\*c', 'abc', false],
    ['a\\?', 'a?', true],
    ['a\\\\b', 'a\\b', true],
    ['a\\', 'a\\', true],
    ['a.c', 'abc', false],
    ['[a-z]*', 'b', false],
    ['***', 'x', true],
    ['*a*b', 'xaxbxb', true],
    ['ab', 'abc', false],
  ])('%j against %j is %s', (pattern, text, expected) => {
    expect(wildcard(pattern)(text)).toBe(expected);
  });

  test('agrees with the definition', () => {
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '\\'), maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '\\'), maxLength: 10 });

    fc.assert(
      fc.property(pattern, text, (glob, subject) => {
        expect(wildcard(glob)(subject)).toBe(matches([...glob], [...subject]));
      }),
      { numRuns: 2_000 },
    );
  });

  test('agrees with the definition where a pattern is longer than a machine word', () => {
    const places = fc.array(fc.constantFrom('a', 'b', '?'), { minLength: 25, maxLength: 75 });

    fc.assert(
      fc.property(places, fc.nat(80), fc.boolean(), (symbols, star, change) => {
        const glob = [...symbols.slice(0, star), '*', ...symbols.slice(star)].join('');
        const text: string[] = symbols.map((symbol) => (symbol === '?' ? 'x' : symbol));
        if (change) text[star % text.length] = 'z';
        const subject = text.join('');
        const expected = !change || symbols[star % symbols.length] === '?';
        expect(wildcard(glob)(subject)).toBe(expected);
      }),
    );
  });

  test('keeps nothing of one text for the next', () => {
    const matcher = wildcard('a*b');

    expect(['ab', 'a', 'b', 'aab'].map(matcher)).toEqual([true, false, false, true]);
  });

  test.each([
    ['many stars', `${'a*'.repeat(15)}b`],
    ['one long part', `*${'a'.repeat(2_000)}b`],
    ['question marks between', `*${'?a'.repeat(1_000)}b`],
  ])('reads each character of the text once: %s', (_, pattern) => {
    let characters = 0;
    const length = 20_000;
    // A text that counts what is read of it.
    const text = {
      *[Symbol.iterator]() {
        for (; characters < length; characters++) yield 'a';
      },
    } as unknown as string;

    expect(wildcard(pattern)(text)).toBe(false);
    expect(characters).toBe(length);
  });
});

test('a pattern without wildcards names one key', () => {
  expect(['abc', 'a\\*c', 'a*', 'a?', '\\'].map(literalOf)).toEqual(['abc', 'a*c', undefined, undefined, '\\']);
});

test.each([
  [/hosts/, 'an object'],
  [null, 'null'],
  [undefined, 'undefined'],
])('%s is no pattern', (pattern, shown) => {
  expect(() => wildcard(pattern as unknown as string)).toThrow(`a pattern is text with * and ?, got ${shown}`);
});
