/** Whether a value has properties and an identity: an object, a function or a class. */
export function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
