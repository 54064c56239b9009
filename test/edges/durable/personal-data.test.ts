import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { copyMetadata, isPersonal } from '../../../src/edges/durable/personal-data.js';

const FORBIDDEN = [
  ['email'],
  ['name'],
  ['username'],
  ['password'],
  ['token'],
  ['key'],
  ['secret'],
  ['api', 'key'],
  ['user', 'id'],
  ['client', 'id'],
  ['session', 'id'],
];

describe('a key', () => {
  test.each(FORBIDDEN)('%s %s is refused in any case, with any separators, at any depth', (...words) => {
    const separator = fc.constantFrom('', '_', '-', ' ', '.', ':', '__');
    const casing = fc.constantFrom(
      (word: string) => word,
      (word: string) => word.toUpperCase(),
      (word: string) => word[0]?.toUpperCase() + word.slice(1),
    );
    const wrapping = fc.array(fc.constantFrom('object', 'list', 'toJSON'), { maxLength: 6 });
    fc.assert(
      fc.property(separator, casing, wrapping, (between, cased, wrappings) => {
        const key = words.filter(Boolean).map(cased).join(between);
        let metadata: object = { [key]: 'x' };
        for (const wrapping of wrappings) {
          if (wrapping === 'object') metadata = { deep: metadata };
          else if (wrapping === 'list') metadata = { deep: [1, metadata] };
          else
            metadata = {
              deep: {
                toJSON: (
                  (inner) => () =>
                    inner
                )(metadata),
              },
            };
        }
        expect(() => copyMetadata(metadata)).toThrow(/stands for personal data/);
      }),
    );
  });

  test.each(['user_hash', 'query_hash', 'rows_returned', 'cache_hit', 'database', 'status_code', 'region', 'hostname'])(
    '%s is taken',
    (key) => {
      expect(copyMetadata({ [key]: 1 })).toEqual({ [key]: 1 });
    },
  );

  test.each(['ｅｍａｉｌ', 'e-mail', '_token_', 'Api  Key', 'userID'])('%s is one of them', (key) => {
    expect(isPersonal(key)).toBe(true);
    expect(isPersonal(key)).toBe(true);
  });

  test('is named in the error, with the way to it, and its value is not', () => {
    const copy = () => copyMetadata({ request: { users: [{ Email: 'ann@example.org' }] } });

    expect(copy).toThrow(/`metadata\.request\.users\.0\.Email`/);
    expect(copy).not.toThrow(/ann@/);
  });

  test('of which there are very many costs no memory for each', () => {
    for (let index = 0; index < 11_000; index++) copyMetadata({ [`k${index}`]: 1 });

    expect(isPersonal('User Name')).toBe(true);
    expect(isPersonal('unheard-of')).toBe(false);
  });
});

describe('metadata', () => {
  test('is what JSON would have made of it', () => {
    const metadata = { at: new Date(0), list: [1, undefined, 'a', [null]], deep: { on: true }, gone: undefined };

    expect(copyMetadata(metadata)).toEqual(JSON.parse(JSON.stringify(metadata)));
  });

  test('is a copy: later changes do not show', () => {
    const deep = { count: 1 };
    const copy = copyMetadata({ deep });
    deep.count = 2;

    expect(copy).toEqual({ deep: { count: 1 } });
  });

  const ring: Record<string, unknown> = {};
  ring['ring'] = ring;
  const list: unknown[] = [];
  list.push(list);
  test.each([
    ['a list', [], /takes an object, got an array/],
    ['a function', { f: () => 1 }, /`metadata\.f` is a function/],
    ['a bigint', { n: 5n }, /is a bigint/],
    ['a Map, in which anything may stand', { map: new Map([['email', 'x']]) }, /is an instance of a class/],
    ['a ring', ring, /nested too deep/],
    ['a ring of lists', { list }, /nested too deep/],
    ['a __proto__', JSON.parse('{"__proto__": {"a": 1}}'), /__proto__/],
  ])('refuses %s', (_, metadata, message) => {
    expect(() => copyMetadata(metadata as object)).toThrow(TypeError);
    expect(() => copyMetadata(metadata as object)).toThrow(message);
  });
});
