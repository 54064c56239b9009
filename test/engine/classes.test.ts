import { describe, expect, test } from 'vitest';
import { protect, timed } from '../../src/index.js';
import { isClass } from '../../src/engine/faces.js';
import { world } from '../policies/world.js';

const named = {
  class() {
    return 1;
  },
  // biome-ignore format: a method may be written so
  'class spaced': { class () { return 1; } }.class,
};

describe('a class', () => {
  test.each<[string, Function]>([
    ['with a name', class Service {}],
    ['without one', class {}],
    ['that extends another', class extends Map {}],
  ])('%s is one', (_, made) => {
    expect(isClass(made)).toBe(true);
  });

  test.each<[string, Function]>([
    ['a method called `class`', named.class],
    ['a method called `class`, with a space', named['class spaced']],
    ['a function', function service() {}],
    ['an arrow', () => 1],
    ['a function whose name begins so', function classify() {}],
    ['an async method called `class`', { async class() {} }.class],
  ])('%s is none', (_, made) => {
    expect(isClass(made)).toBe(false);
  });
});

test('a method called `class` is wrapped, and protected, like any other', () => {
  const { registry } = world();
  const client = {
    class() {
      return 1;
    },
  };

  expect(timed({ registry })(client.class)()).toBe(1);
  protect(client, { class: timed({ registry }) });
  expect(client.class()).toBe(1);
});
