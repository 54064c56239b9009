/** A value as it is; but what only behaves like a promise as one that is: it settles once, and never before it is asked. */
export function truePromise(value: unknown): unknown {
  return value instanceof Promise || !isThenable(value) ? value : Promise.resolve(value);
}

/** Whether a value is a promise, or behaves like one. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (value instanceof Promise) return true;
  if (isPlain(value) || value === null) return false;
  return typeof (value as { then?: unknown }).then === 'function';
}

/** Whether a value is no promise for sure, at one look: an object or a function may behave like one, so `null` is not. */
export function isPlain(value: unknown): boolean {
  return typeof value !== 'object' && typeof value !== 'function';
}
