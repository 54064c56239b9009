import type { Callable } from './any-function.js';
import { enterLight } from './light-call.js';
import type { Wrapped } from './wrapped.js';

type Shape = (wrapped: Wrapped, name: string) => Record<string, Callable>;

/**
 * A function that stands for a wrapped one, with its name and its length, as far as it is a usual one.
 *
 * A name or a length that is defined anew turns the properties of a function into a table of its own, 0.3 kB each. So the
 * name is given as a method gets it, and each usual length has a text of its own, all with the same body. That body cannot
 * be shared: an arguments object that is handed to anyone is allocated for every call, 0.2 of a bare one.
 */
export function shapeOf(wrapped: Wrapped, name: string, length: number): Callable {
  const shape = shapes[length] ?? (shapes[3] as Shape);
  return shape(wrapped, name)[name] as Callable;
}

/** By length. */
const shapes: readonly Shape[] = [
  (wrapped, name) => ({
    [name]: function (this: unknown, a: unknown = undefined, b: unknown = undefined, c: unknown = undefined): unknown {
      const count = arguments.length;
      return count <= 3 ? enter(wrapped, this, a, b, c, count) : enterMany(wrapped, this, ...arguments);
    },
  }),
  (wrapped, name) => ({
    [name]: function (this: unknown, a: unknown, b: unknown = undefined, c: unknown = undefined): unknown {
      const count = arguments.length;
      return count <= 3 ? enter(wrapped, this, a, b, c, count) : enterMany(wrapped, this, ...arguments);
    },
  }),
  (wrapped, name) => ({
    [name]: function (this: unknown, a: unknown, b: unknown, c: unknown = undefined): unknown {
      const count = arguments.length;
      return count <= 3 ? enter(wrapped, this, a, b, c, count) : enterMany(wrapped, this, ...arguments);
    },
  }),
  (wrapped, name) => ({
    [name]: function (this: unknown, a: unknown, b: unknown, c: unknown): unknown {
      const count = arguments.length;
      return count <= 3 ? enter(wrapped, this, a, b, c, count) : enterMany(wrapped, this, ...arguments);
    },
  }),
];

function enterMany(wrapped: Wrapped, self: unknown, ...all: unknown[]): unknown {
  return wrapped.enter(wrapped, self, all[0], all[1], all[2], all.length, all);
}

function enter(wrapped: Wrapped, self: unknown, a: unknown, b: unknown, c: unknown, count: number): unknown {
  const { light } = wrapped;
  return light !== undefined && !light.gate.closed
    ? enterLight(wrapped, light, self, a, b, c, count)
    : wrapped.enter(wrapped, self, a, b, c, count, undefined);
}
