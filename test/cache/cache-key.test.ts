import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cacheKey } from '../../src/cache/cache-key.js';

class Money {
  readonly amount: number;
  constructor(amount: number) {
    this.amount = amount;
  }
}
class Amount extends Money {
  toJSON(): number {
    return this.amount;
  }
}

const value = fc.letrec((tie) => ({
  leaf: fc.oneof(
    fc.constantFrom<unknown>(
      undefined,
      null,
      true,
      false,
      NaN,
      0,
      1,
      '1',
      '',
      'a',
      1n,
      'undefined',
      Infinity,
      -Infinity,
    ),
    fc.string({ maxLength: 3 }),
    fc.integer({ min: -3, max: 3 }),
    fc.double(),
    fc.bigInt({ min: -3n, max: 3n }),
    fc.date({ noInvalidDate: false }),
    fc.uint8Array({ maxLength: 2 }),
    fc.int16Array({ maxLength: 2 }),
    fc.float64Array({ maxLength: 2 }),
  ),
  set: fc.array(tie('primitive'), { maxLength: 3 }).map((items) => new Set(items)),
  map: fc.array(fc.tuple(tie('primitive'), tie('any')), { maxLength: 3 }).map((entries) => new Map(entries)),
  primitive: fc.constantFrom<unknown>(undefined, null, true, 0, 1, '1', 'a', 1n, NaN),
  object: fc.dictionary(fc.constantFrom('a', 'b', '1', '__proto', ''), tie('any'), {
    maxKeys: 3,
    noNullPrototype: true,
  }),
  array: fc.oneof(fc.array(tie('any'), { maxLength: 3 }), fc.sparseArray(tie('leaf'), { maxLength: 3 })),
  any: fc.oneof({ maxDepth: 3 }, tie('leaf'), tie('array'), tie('object'), tie('map'), tie('set')),
})).any;

/** `-0` is `0`, as it is to `===`, arrays' `includes` and Maps; `isDeepStrictEqual` alone tells them apart. */
function withoutNegativeZero(item: unknown): unknown {
  if (Object.is(item, -0)) return 0;
  if (item instanceof Float64Array) return item.map((number) => (number === 0 ? 0 : number));
  if (Array.isArray(item)) return item.map(withoutNegativeZero);
  if (item instanceof Map) return new Map([...item].map(([key, held]) => [key, withoutNegativeZero(held)]));
  if (item instanceof Set || item instanceof Date || ArrayBuffer.isView(item)) return item;
  if (typeof item !== 'object' || item === null) return item;
  return Object.fromEntries(Object.entries(item).map(([name, held]) => [name, withoutNegativeZero(held)]));
}

/** The same value, built anew and with the order of its names reversed. */
function rebuilt(item: unknown): unknown {
  if (item instanceof Map) return new Map([...item].reverse().map(([key, held]) => [key, rebuilt(held)]));
  if (item instanceof Set) return new Set([...item].reverse());
  if (Array.isArray(item)) return item.map(rebuilt);
  if (typeof item !== 'object' || item === null || item instanceof Date || ArrayBuffer.isView(item)) {
    return structuredClone(item);
  }
  const entries = Object.entries(item).reverse();
  return Object.fromEntries(entries.map(([name, held]) => [name, rebuilt(held)]));
}

describe('cacheKey', () => {
  test.each([
    [[], '[]'],
    [['web1'], '["web1"]'],
    [[1], '[1]'],
    [['1'], '["1"]'],
    [[-0], '[0]'],
    [[NaN], '[NaN]'],
    [[null], '[null]'],
    [[12n], '[12n]'],
    [[undefined], '[]'],
    [[1, undefined, undefined], '[1]'],
    [[undefined, 1], '[undefined,1]'],
    [[{ b: 1, a: [true, undefined] }], '[{"a":[true,undefined],"b":1}]'],
    [[new Date(5)], '[Date(5)]'],
    [[new Date(NaN)], '[Date(NaN)]'],
    [[new Set([2, 1])], '[Set[1,2]]'],
    [
      [
        new Map<unknown, unknown>([
          ['b', 1],
          ['a', { x: 1 }],
        ]),
      ],
      '[Map{"a":{"x":1},"b":1}]',
    ],
    [[new Uint8Array([1, 2])], '[Uint8Array[1,2]]'],
    [[Buffer.from([1, 2])], '[Buffer[1,2]]'],
    [[new Uint8Array([1, 2]).buffer], '[ArrayBuffer[1,2]]'],
    [[new DataView(new Uint8Array([1, 2]).buffer, 1)], '[DataView[2]]'],
    [[new URL('http://a/')], '[URL("http://a/")]'],
    [[new Amount(3)], '[Amount(3)]'],
    [[Object.assign(Object.create(null), { a: 1 })], '[{"a":1}]'],
    [['a"b'], '["a\\"b"]'],
  ])('the key of %o is %s', (args, key) => {
    expect(cacheKey(args)).toBe(key);
  });

  test('the prefix stands before it', () => {
    expect([cacheKey([], 'hosts'), cacheKey(['web1'], 'hosts'), cacheKey([1, 2], 'hosts')]).toEqual([
      'hosts:[]',
      'hosts:["web1"]',
      'hosts:[1,2]',
    ]);
  });

  test('different values have different keys, equal values the same', () => {
    fc.assert(
      fc.property(value, value, (left, right) => {
        const areEqual = isDeepStrictEqual(withoutNegativeZero(left), withoutNegativeZero(right));
        expect(cacheKey([left, 0]) === cacheKey([right, 0])).toBe(areEqual);
      }),
      { numRuns: 3_000 },
    );
  });

  test('different lists of arguments have different keys', () => {
    const args = fc.array(value, { maxLength: 3 });
    const passed = (list: unknown[]) => withoutNegativeZero([...list, 'end']);

    fc.assert(
      fc.property(args, args, (left, right) => {
        const areEqual = isDeepStrictEqual(passed(left), passed(right));
        expect(cacheKey([...left, 'end']) === cacheKey([...right, 'end'])).toBe(areEqual);
      }),
    );
  });

  test('the order of names, of a Map and of a Set does not matter', () => {
    fc.assert(
      fc.property(value, (item) => {
        expect(cacheKey([rebuilt(item)])).toBe(cacheKey([item]));
      }),
    );
  });

  test('an undefined member of an array is not a missing one', () => {
    expect(new Set([[], [undefined], [, undefined], [undefined, ,], [, ,]].map((list) => cacheKey([list]))).size).toBe(
      5,
    );
  });

  test('an AbortSignal is left out, as an argument and as `signal` of an options object', () => {
    const { signal } = new AbortController();

    expect(cacheKey([1, signal])).toBe('[1]');
    expect(cacheKey([signal, 1])).toBe('[undefined,1]');
    expect(cacheKey([1, { signal }])).toBe('[1]');
    expect(cacheKey([1, { limit: 2, signal }])).toBe('[1,{"limit":2}]');
    expect(cacheKey([1, { limit: 2, signal: undefined }])).toBe('[1,{"limit":2}]');
    expect(cacheKey([{ signal: 'SIGTERM' }])).toBe('[{"signal":"SIGTERM"}]');
  });

  const cycle: unknown[] = [];
  cycle.push([cycle]);
  let deep: unknown = 1;
  for (let depth = 0; depth < 5_000; depth++) deep = [deep];

  test.each([
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['a cycle', cycle],
    ['a very deep value', deep],
    ['an instance without toJSON', new Money(1)],
    ['a RegExp', /a/],
    ['a Promise', Promise.resolve()],
    ['a subclass of Map', new (class Index extends Map {})()],
    ['a symbol for a name', { [Symbol('s')]: 1 }],
    ['an array with a name', Object.assign([1], { index: 1 })],
    ['an AbortSignal inside', { nested: { signal: new AbortController().signal } }],
  ])('%s is refused with the advice to pass `key`', (_, bad) => {
    expect(() => cacheKey([1, { bad }])).toThrow(/argument 2 .*pass `key`/);
    expect(() => cacheKey([bad])).toThrow(TypeError);
  });

  test('a value that comes twice is no cycle', () => {
    const shared = { a: 1 };

    expect(cacheKey([[shared, shared]])).toBe('[[{"a":1},{"a":1}]]');
  });
});
