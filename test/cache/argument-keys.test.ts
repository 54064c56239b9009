import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ArgumentKeys } from '../../src/cache/argument-keys.js';
import { cacheKey } from '../../src/cache/cache-key.js';

const primitive = fc.oneof(
  fc.string(),
  fc.constantFrom('', '\0', '\0["a"]', '\0[]', 'hosts:[]', '[]', '1', 'null'),
  fc.double(),
  fc.integer(),
  fc.bigInt(),
  fc.boolean(),
  fc.constantFrom(null, undefined, NaN, -0, Infinity, -Infinity),
);
const args = fc.oneof(
  fc.array(primitive, { maxLength: 1 }),
  fc.array(
    fc.oneof(
      fc.constantFrom<unknown>(1, 'a', undefined),
      primitive,
      fc.constantFrom<unknown>({ a: 1 }, [1], new AbortController().signal, { signal: undefined }),
    ),
    { maxLength: 3 },
  ),
);

describe.each([undefined, 'hosts', ''])('ArgumentKeys with prefix %j', (prefix) => {
  const keys = new ArgumentKeys(prefix);

  test('a key reads as the text of cacheKey', () => {
    fc.assert(
      fc.property(args, (list) => {
        expect(keys.textOf(keys.of(list))).toBe(cacheKey(list, prefix));
      }),
    );
  });

  test('the text leads back to the key', () => {
    fc.assert(
      fc.property(args, (list) => {
        const key = keys.of(list);
        // As a Map compares: `-0` is `0`, `NaN` is `NaN`.
        expect(new Set([keys.keyOf(keys.textOf(key)), key]).size).toBe(1);
      }),
    );
  });

  test('two calls have one key only if they have one text', () => {
    fc.assert(
      fc.property(args, args, (left, right) => {
        const haveOneKey = new Set([keys.of(left), keys.of(right)]).size === 1;
        expect(haveOneKey).toBe(cacheKey(left, prefix) === cacheKey(right, prefix));
      }),
    );
  });

  test('one primitive is its own key', () => {
    expect(['web1', 1, true, 2n, null].map((argument) => keys.of([argument]))).toEqual(['web1', 1, true, 2n, null]);
  });

  test.each(['', 'other', 'hosts:[', 'hosts:[1', 'hosts:[ 1]', 'hosts:[01]', '[1.0]', 'hosts:["a" ]', '[[1]]'])(
    'a text that no call has, %j, stands for itself',
    (text) => {
      expect(keys.textOf(keys.keyOf(text))).toBe(text);
    },
  );
});
