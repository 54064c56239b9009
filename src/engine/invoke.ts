import type { Callable } from './any-function.js';

/** Calls a function with as many arguments as were given, without an array of them. */
export function invoke(fn: Callable, self: unknown, a: unknown, b: unknown, c: unknown, count: number): unknown {
  // One is what most calls have; the others apart, for this is part of what V8 has to inline in each caller.
  return count === 1 ? fn.call(self, a) : invokeAny(fn, self, a, b, c, count);
}

function invokeAny(fn: Callable, self: unknown, a: unknown, b: unknown, c: unknown, count: number): unknown {
  if (count === 0) return fn.call(self);
  return count === 2 ? fn.call(self, a, b) : fn.call(self, a, b, c);
}
