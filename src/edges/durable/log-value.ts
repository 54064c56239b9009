import { deserialize, serialize } from 'node:v8';

/** A value as it stands in a line: itself where JSON can say it, else what Node's structured clone makes of it. */
export type LogValue = { json: unknown } | { clone: string };

/**
 * A value in a form that JSON can say. A Date, Map, Set, bigint, typed array or `undefined` comes back as it was.
 * @throws what cannot be cloned, such as a function
 */
export function encodeValue(value: unknown): LogValue {
  return isJson(value) ? { json: value } : { clone: serialize(value).toString('base64') };
}

/** What `encodeValue` was given. */
export function decodeValue(value: LogValue): unknown {
  return 'json' in value ? value.json : deserialize(Buffer.from(value.clone, 'base64'));
}

/** Whether JSON gives a value back as it was. */
function isJson(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  if (Array.isArray(value)) return !isSparse(value) && value.every(isJson);
  if (typeof value !== 'object') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype || Object.hasOwn(value, '__proto__') || 'toJSON' in value) return false;
  return Object.values(value).every(isJson);
}

function isSparse(list: readonly unknown[]): boolean {
  return Object.keys(list).length !== list.length;
}
