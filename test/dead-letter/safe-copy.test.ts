import fc from 'fast-check';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { safeCopy } from '../../src/dead-letter/safe-copy.js';

class Order {
  id = 1;
}

const circle: { self?: unknown } = {};
circle.self = circle;
const shared = { id: 1 };
const buffer = new Uint8Array([1, 2, 3, 4]).buffer;

const copied: [string, unknown][] = [
  ['a text', 'a'],
  ['a number', 1],
  ['NaN', Number.NaN],
  ['a bigint', 5n],
  ['undefined', undefined],
  ['null', null],
  ['a plain object', { a: 1, b: { c: [1, 2] } }],
  ['an object without a prototype', Object.assign(Object.create(null), { a: 1 })],
  ['an array', [1, [2, { a: 3 }]]],
  ['a sparse array', Object.assign(new Array(5), { 3: 'x' })],
  ['an array with keys of its own', Object.assign(['a'], { index: 3 })],
  ['a Date', new Date(5)],
  ['a RegExp', /a+/gi],
  ['a Map', new Map<unknown, unknown>([[{ a: 1 }, new Set([1])]])],
  ['a Set', new Set([{ a: 1 }])],
  ['an ArrayBuffer', buffer],
  ['a Uint8Array', new Uint8Array(buffer, 1, 2)],
  ['a Float64Array', new Float64Array([1.5])],
  ['a BigInt64Array', new BigInt64Array([5n])],
  ['a DataView', new DataView(buffer, 1, 2)],
  ['a Buffer', Buffer.from('abc')],
  ['an error with a code and a cause', Object.assign(new TypeError('a', { cause: { b: 1 } }), { code: 'E' })],
  ['a cycle', circle],
  ['a key called __proto__', JSON.parse('{"__proto__": {"a": 1}}')],
  ['an object of another realm', runInNewContext('({ a: { b: 1 } })')],
];

const lost: [string, unknown, string][] = [
  ['a function', () => {}, '[function]'],
  ['a named function', function notify() {}, '[function notify]'],
  ['a symbol', Symbol('a'), '[symbol]'],
  ['a class instance', new Order(), '[Order]'],
  ['an instance of a class without a name', new (class {})(), '[class instance]'],
  ['an object with a prototype of its own', Object.create({ a: 1 }), '[Object]'],
  ['Request', new Request('http://a.test/'), '[Request]'],
  ['Response', new Response('a'), '[Response]'],
  ['Headers', new Headers({ a: '1' }), '[Headers]'],
  ['URL', new URL('http://a.test/'), '[URL]'],
  ['URLSearchParams', new URLSearchParams('a=1'), '[URLSearchParams]'],
  ['FormData', new FormData(), '[FormData]'],
  ['Blob', new Blob(['a']), '[Blob]'],
  ['ReadableStream', new ReadableStream(), '[ReadableStream]'],
  ['AbortController', new AbortController(), '[AbortController]'],
  ['a promise', Promise.resolve(1), '[Promise]'],
  ['a WeakMap', new WeakMap(), '[WeakMap]'],
  ['a boxed number', Object(5), '[Number]'],
  ['an error of a class of its own', new (class Down extends Error {})('a'), '[Down]'],
  ['an array of a class of its own', new (class List extends Array {})(), '[List]'],
  ['a Map of a class of its own', new (class Index extends Map {})(), '[Index]'],
  ['a shared buffer', new SharedArrayBuffer(8), '[SharedArrayBuffer]'],
];

describe('safeCopy', () => {
  test.each(copied)('copies %s', (_, value) => {
    const { value: copy, losses } = safeCopy(value, 'args');

    expect(losses).toEqual([]);
    expect(copy).toEqual(value);
    if (typeof value === 'object' && value !== null) {
      expect(copy).not.toBe(value);
      expect(Object.prototype.toString.call(copy)).toBe(Object.prototype.toString.call(value));
    }
  });

  test.each(lost)('loses %s, and says so', (_, value, placeholder) => {
    const { value: copy, losses } = safeCopy([{ part: value }], 'args');

    expect(copy).toEqual([{ part: placeholder }]);
    expect(losses).toEqual([`args[0].part is a ${placeholder.slice(1, -1)}`]);
  });

  test.each([
    ['an AbortSignal', new AbortController().signal],
    ['an aborted one', AbortSignal.abort()],
    ['one of a polyfill', { aborted: false, addEventListener() {}, removeEventListener() {} }],
  ])('leaves out %s, wherever it stands', (_, signal) => {
    const { value, losses } = safeCopy([signal, { signal, id: 1 }, [signal], new Map([['a', signal]])], 'args');

    expect(losses).toEqual([]);
    expect(value).toStrictEqual([undefined, { signal: undefined, id: 1 }, [undefined], new Map([['a', undefined]])]);
  });

  test('later changes of the original do not show', () => {
    const original = [{ list: [1], bytes: Buffer.from('abc'), when: new Date(5), map: new Map([['a', { b: 1 }]]) }];
    const { value } = safeCopy(original, 'args');
    const first = original[0];
    first?.list.push(2);
    first?.bytes.fill(0);
    first?.when.setTime(6);
    Object.assign(first?.map.get('a') ?? {}, { b: 2 });

    expect(value).toEqual([
      { list: [1], bytes: Buffer.from('abc'), when: new Date(5), map: new Map([['a', { b: 1 }]]) },
    ]);
  });

  test('what was one object is one in the copy, and a cycle is one', () => {
    const { value } = safeCopy({ left: shared, right: shared, circle }, 'args');

    expect(value.left).toBe(value.right);
    expect(value.left).not.toBe(shared);
    expect(value.circle.self).toBe(value.circle);
  });

  test('a Buffer stays a Buffer, with memory of its own', () => {
    const bytes = Buffer.from('abc');
    const { value } = safeCopy(bytes, 'args');

    expect(Buffer.isBuffer(value)).toBe(true);
    expect(value.toString('utf8')).toBe('abc');
    expect(value.buffer).not.toBe(bytes.buffer);
  });

  test('an error keeps class, stack, cause and code', () => {
    const error = Object.assign(new RangeError('a', { cause: new Error('b') }), { code: 'E' });
    const { value } = safeCopy(error, 'args');

    expect(value).toBeInstanceOf(RangeError);
    expect(value).toMatchObject({ message: 'a', stack: error.stack, code: 'E', cause: { message: 'b' } });
    expect(Object.keys(value)).toEqual(['code']);
  });

  test('a RegExp keeps its place', () => {
    const pattern = /a/g;
    pattern.lastIndex = 3;

    expect(safeCopy(pattern, 'args').value.lastIndex).toBe(3);
  });

  test.each([
    ['a symbol key', { [Symbol('a')]: 1 }, 'args has the key Symbol(a)'],
    ['a key on a Date', Object.assign(new Date(5), { zone: 1 }), 'args has the key zone'],
  ])('says that it loses %s', (_, value, loss) => {
    expect(safeCopy(value, 'args').losses).toEqual([loss]);
  });

  test.each([
    [
      'a getter that throws',
      {
        get a() {
          throw new RangeError('no');
        },
      },
      undefined,
    ],
    ['a revoked proxy', [revoked()], []],
  ])('survives %s', (_, value, copy) => {
    const result = safeCopy<unknown>(value, 'args');

    expect(result.value).toEqual(copy);
    expect(result.losses).toEqual([expect.stringMatching(/^args cannot be read: (Range|Type)Error$/)]);
  });

  test('says that it loses what is nested too deeply', () => {
    let deep: unknown = 'end';
    for (let level = 0; level < 100_000; level++) deep = [deep];

    expect(safeCopy(deep, 'args').losses).toEqual([expect.stringMatching(/nested too deeply$/)]);
    expect(safeCopy([[[1]]], 'args', 3).losses).toEqual([]);
    expect(safeCopy([[[1]]], 'args', 2).losses).toHaveLength(1);
  });

  test('copies whatever JSON can hold, equal and apart', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const { value: copy, losses } = safeCopy(value, 'args');
        expect(losses).toEqual([]);
        expect(JSON.stringify(copy)).toBe(JSON.stringify(value));
      }),
    );
  });
});

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
