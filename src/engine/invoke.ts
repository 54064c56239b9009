import type { Callable } from './any-function.js';

/** Calls a function with as many arguments as were given, without an array of them. */
export function invoke(fn: Callable, self: unknown, a: unknown, b: unknown, c: unknown, count: number): unknown {
  if (count === 1) return fn.call(self, a);
  if (count === 0) return fn.call(self);
  return count === 2 ? fn.call(self, a, b) : fn.call(self, a, b, c);
}
