import { describe, expect, test } from 'vitest';
import { Registry } from '../../src/index.js';
import { everyPolicy, type Takes } from './every-policy.js';

const registry = new Registry();

/** For each sort of option: what is of the wrong type, and what is of the right one and makes no sense. */
const wrong: Readonly<Record<Takes, { types: readonly unknown[]; ranges: readonly unknown[] }>> = {
  number: { types: ['5', null, [], {}, true], ranges: [Number.NaN, -1, Infinity, -Infinity] },
  'number or Infinity': { types: ['5', null, [], {}, true], ranges: [Number.NaN, -1, -Infinity] },
  'number or function': { types: ['5', null, [], {}, true], ranges: [Number.NaN, -1, -Infinity] },
  'number or word': { types: [null, [], {}, true], ranges: [Number.NaN, -1, Infinity, '', 'no such word'] },
  share: { types: ['0.5', null, {}, true], ranges: [Number.NaN, -0.1, 1.1, Infinity] },
  function: { types: ['5', null, 5, {}, true], ranges: [] },
  text: { types: [null, 5, {}, true, () => ''], ranges: [''] },
  'text or function': { types: [null, 5, {}, true], ranges: [''] },
  word: { types: [null, 5, {}, true], ranges: ['', 'no such word'] },
  'word or function': { types: [null, 5, {}, true], ranges: ['', 'no such word'] },
  flag: { types: ['true', null, 5, {}], ranges: [] },
  names: { types: ['Quotes.*', null, 5, {}, [5]], ranges: [[], ['']] },
  window: {
    types: ['5', null, 5, {}, [5], [5, '6'], [1, 2, 3]],
    ranges: [
      [5, 5],
      [-1, 5],
      [Number.NaN, 5],
    ],
  },
  part: { types: ['5', null, 5], ranges: [] },
  object: { types: ['5', null, 5, [], true], ranges: [] },
};
const commonOptions: readonly [string, unknown][] = [
  ['registry', {}],
  ['registry', 'shared'],
  ['classify', 'transient'],
  ['async', 1],
];
const policies = everyPolicy.filter(({ kind }) => kind !== 'compose');
const cases = policies.flatMap(({ kind, make, options }) =>
  Object.entries(options).flatMap(([option, takes]) => [
    ...wrong[takes].types.map((value) => ({ kind, make, option, value, type: TypeError })),
    ...wrong[takes].ranges.map((value) => ({ kind, make, option, value, type: RangeError })),
  ]),
);

describe.each(policies)('$kind', ({ kind, make, misspelt }) => {
  const owner = kind.split('.')[0] as string;

  test('has frozen options, with what was given', () => {
    const given = { registry };
    const { options } = make(given);

    expect(Object.isFrozen(options)).toBe(true);
    expect(options).toMatchObject(given);
  });

  test('does not see later changes of the object that it was given', () => {
    const given: { registry: Registry; async?: boolean } = { registry };
    const { options } = make(given);

    given.async = true;

    expect(options).not.toHaveProperty('async', true);
  });

  test.each(commonOptions)('refuses a wrong `%s`: %o', (option, value) => {
    expect(() => make({ [option]: value })).toThrow(TypeError);
    expect(() => make({ [option]: value })).toThrow(`: \`${option}\` takes `);
  });

  test('suggests the nearest name for an option that it does not know', () => {
    const [typed, meant] = misspelt ?? ['', ''];

    expect(() => make({ [typed]: 1 })).toThrow(TypeError);
    expect(() => make({ [typed]: 1 })).toThrow(`: unknown option \`${typed}\`; did you mean \`${meant}\`?`);
  });

  test('is named for its kind', () => {
    const policy = make({ registry });

    expect(policy.kind).toBe(owner);
    expect(policy.name).toBe(owner);
  });
});

test.each(cases)('$kind refuses $value for `$option`', ({ make, option, value, type }) => {
  expect(() => make({ registry, [option]: value })).toThrow(type);
  expect(() => make({ registry, [option]: value })).toThrow(`: \`${option}\` takes `);
});
