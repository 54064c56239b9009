import { describe, expect, test } from 'vitest';
import { nearest } from '../../src/base/nearest.js';
import {
  amount,
  anything,
  callback,
  count,
  durationMs,
  either,
  flag,
  having,
  oneOf,
  ratio,
  text,
} from '../../src/base/option-rules.js';
import { checkOption, checkOptions, type OptionRule, refuseTogether, show } from '../../src/base/options.js';

const rules = { ms: durationMs({ default: 5 }), name: text(), mode: oneOf(['fast', 'slow'], { required: true }) };
const check = (given: object) => checkOptions('thing', rules, given);

describe('checkOptions', () => {
  test('gives a frozen copy with the defaults filled in, and leaves out what is not there', () => {
    const given = { mode: 'fast' as const };
    const checked = check(given);

    expect(checked).toEqual({ ms: 5, mode: 'fast' });
    expect('name' in checked).toBe(false);
    expect([Object.isFrozen(checked), checked === (given as unknown)]).toEqual([true, false]);
  });

  test.each<[string, object | null, ErrorConstructor, string]>([
    ['an unknown name', { mode: 'fast', mss: 5 }, TypeError, 'thing: unknown option `mss`; did you mean `ms`?'],
    ['one that is near to none', { zzzzzzzzzzzzzzz: 5 }, TypeError, 'it takes ms, name, mode'],
    ['a name of every object', { toString: 5 }, TypeError, 'unknown option `toString`'],
    ['a wrong type', { mode: 'fast', ms: '5' }, TypeError, 'thing: `ms` takes a time in ms from 0, got "5"'],
    ['out of range', { mode: 'fast', ms: -1 }, RangeError, 'thing: `ms` takes a time in ms from 0, got -1'],
    ['a missing one', {}, TypeError, "thing: `mode` must be given; it takes 'fast' or 'slow'"],
    ['null', null, TypeError, 'thing takes its options as one object, got null'],
    ['an array', [], TypeError, 'thing takes its options as one object, got an array'],
  ])('refuses %s', (_, given, type, message) => {
    expect(() => check(given as object)).toThrow(type);
    expect(() => check(given as object)).toThrow(message);
  });

  test('takes undefined as not given', () => {
    expect(check({ mode: 'fast', ms: undefined })).toEqual({ ms: 5, mode: 'fast' });
  });

  test('refuses two that exclude each other, unless one of them is undefined', () => {
    expect(() => refuseTogether('thing', { a: 1, b: 0 }, 'a', 'b')).toThrow('thing: `a` and `b` exclude each other');
    expect(() => refuseTogether('thing', { a: 1, b: undefined }, 'a', 'b')).not.toThrow();
  });
});

describe('rules', () => {
  const NaNs = Number.NaN;
  test.each<[string, OptionRule<never>, unknown[], unknown[]]>([
    ['count', count(), [1, 2, 2 ** 53 - 1], [0, -1, 1.5, NaNs, Infinity, 2 ** 53]],
    ['count from 0, or none', count({ min: 0, infinity: 'taken' }), [0, Infinity], [-1, -Infinity, NaNs, 0.5]],
    ['amount', amount({ min: 1 }), [1, 1.5], [0.9, NaNs, Infinity]],
    ['duration', durationMs(), [0, 0.5, 1e9], [-0.1, NaNs, Infinity]],
    ['duration, or none', durationMs({ min: 1, infinity: 'taken' }), [1, Infinity], [0, NaNs, -Infinity]],
    ['share', ratio(), [0, 0.5, 1], [-0.1, 1.1, NaNs]],
    ['share above 0', ratio({ above: 0 }), [0.01, 1], [0, NaNs]],
    ['word', oneOf(['a', 'b']), ['a', 'b'], ['c', '']],
    ['text', text(), ['x'], ['']],
    ['either', either(count(), oneOf(['all'])), [1, 'all'], [0, 'none']],
  ] as unknown as [string, OptionRule<never>, unknown[], unknown[]][])('%s', (_, rule, taken, refused) => {
    for (const value of taken) expect(() => checkOption('o', 'n', rule, value)).not.toThrow();
    for (const value of refused) expect(() => checkOption('o', 'n', rule, value)).toThrow(RangeError);
  });

  test.each<[string, OptionRule<never>, unknown[], unknown[]]>([
    ['number', count(), [1], ['1', 1n, null, {}, true]],
    ['flag', flag(), [true, false], [0, 'true', null]],
    ['callback', callback(), [() => 1, class {}], [{}, 'f', null]],
    ['having', having('a store', ['get'] as never[]), [{ get: () => 1 }, new Map()], [{}, { get: 1 }, null, () => 1]],
    ['anything', anything(), [null, 0, ''], []],
    ['either', either(count(), callback()), [1, () => 1], ['1', null]],
  ] as unknown as [string, OptionRule<never>, unknown[], unknown[]][])('%s goes by type', (_, rule, taken, refused) => {
    for (const value of taken) expect(() => checkOption('o', 'n', rule, value)).not.toThrow();
    for (const value of refused) expect(() => checkOption('o', 'n', rule, value)).toThrow(TypeError);
  });
});

test.each([
  ['maxAttempt', 'maxAttempts'],
  ['MAXATTEMPTS', 'maxAttempts'],
  ['ttl', 'ttlMs'],
  ['tlMs', 'ttlMs'],
  ['retryable', undefined],
  ['', undefined],
])('nearest to %o is %o', (typed, meant) => {
  expect(
    nearest(
      typed,
      ['maxAttempts', 'ttlMs', 'key'].filter((name) => typed !== '' || name !== 'key'),
    ),
  ).toBe(meant);
});

test('nothing is near where nothing is known', () => {
  expect(nearest('a', [])).toBeUndefined();
});

test.each<[unknown, string]>([
  ['a', '"a"'],
  ['x'.repeat(70), `"${'x'.repeat(60)}…"`],
  ['a\nb', '"a\\nb"'],
  [5n, '5n'],
  [Symbol('s'), 'Symbol(s)'],
  [null, 'null'],
  [undefined, 'undefined'],
  [-0, '0'],
  [[1], 'an array'],
  [Object.create(null), 'an object'],
  [function f() {}, 'function f'],
  [() => 1, 'function (anonymous)'],
])('an error shows %o as %s', (value, shown) => {
  expect(show(value)).toBe(shown);
});
