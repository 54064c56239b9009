import { isPlain, tagOf } from './plain.js';

/** What one call of {@link canonicalText} knows. */
interface Walk {
  /** Which argument it is, from 1; 0 when it is none. */
  readonly argument: number;
  /** What the value at hand stands in, to find cycles. */
  readonly inside: Set<object>;
}

/** Nothing that is a key is nested deeper, and the stack bears it. */
const DEEPEST = 200;

/**
 * A value as text that is typed and free of collisions. What JSON knows is written as JSON, with sorted names; what it
 * does not know stands outside of its grammar, so it equals nothing else: `undefined`, `NaN`, `12n`, `Date(0)`, `Set[1]`.
 * @param argument Which argument of a call the value is, from 1, for the error.
 * @throws {TypeError} for what has no value to go by
 */
export function canonicalText(value: unknown, argument = 0): string {
  return textOf(value, { argument, inside: new Set() });
}

function textOf(value: unknown, walk: Walk): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'bigint':
      return `${value}n`;
    case 'number': // `-0` becomes `0`
    case 'boolean':
    case 'undefined':
      return String(value);
    case 'object':
      return value === null ? 'null' : nestedText(value, walk);
    default:
      return refuse(typeof value === 'function' ? `function ${value.name || '(anonymous)'}` : String(value), walk);
  }
}

function nestedText(value: object, walk: Walk): string {
  if (walk.inside.has(value)) refuse('a cycle', walk);
  if (walk.inside.size >= DEEPEST) refuse(`a value nested more than ${DEEPEST} deep`, walk);
  walk.inside.add(value);
  const text = objectText(value, walk);
  walk.inside.delete(value);
  return text;
}

function objectText(value: object, walk: Walk): string {
  const name: string = Object.getPrototypeOf(value)?.constructor?.name ?? '';
  const tag = tagOf(value);
  if (Array.isArray(value) && name === 'Array') return arrayText(value, walk);
  if (name === tag && tag === 'Date') return `Date(${Number(value)})`;
  if (name === tag && tag === 'Map') return `Map{${entriesText(value as Map<unknown, unknown>, walk)}}`;
  if (name === tag && tag === 'Set')
    return `Set[${[...(value as Set<unknown>)].map((item) => textOf(item, walk)).sort()}]`;
  const bytes = bytesText(value);
  if (bytes !== undefined) return `${name}[${bytes}]`;
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === 'function') return `${name}(${textOf(toJSON.call(value, ''), walk)})`;
  return isPlain(value) ? membersText(value, walk) : refuse(`an instance of ${name || 'an unnamed class'}`, walk);
}

function arrayText(array: readonly unknown[], walk: Walk): string {
  // Names that are no places come last.
  const last = Object.keys(array).at(-1);
  if (last !== undefined && String(Number(last) >>> 0) !== last) refuse(`an array with a property \`${last}\``, walk);
  const parts: string[] = [];
  for (let place = 0; place < array.length; place++) {
    parts.push(Object.hasOwn(array, place) ? textOf(array[place], walk) : 'empty');
  }
  return `[${parts.join(',')}]`;
}

function membersText(object: object, walk: Walk): string {
  if (Object.getOwnPropertySymbols(object).length > 0) refuse('an object with a symbol for a name', walk);
  const names = Object.keys(object).sort();
  const member = (name: string) => textOf((object as Record<string, unknown>)[name], walk);
  return `{${names.map((name) => `${JSON.stringify(name)}:${member(name)}`).join(',')}}`;
}

function entriesText(map: Map<unknown, unknown>, walk: Walk): string {
  const entries = [...map].map(([key, value]) => `${textOf(key, walk)}:${textOf(value, walk)}`);
  return entries.sort().join(',');
}

/** What a buffer, or a view of one, holds; undefined for anything else. */
function bytesText(value: object): string | undefined {
  if (value instanceof DataView) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).join(',');
  }
  if (ArrayBuffer.isView(value)) return Array.prototype.join.call(value, ',');
  return tagOf(value).endsWith('ArrayBuffer') ? new Uint8Array(value as ArrayBuffer).join(',') : undefined;
}

function refuse(what: string, { argument }: Walk): never {
  const where = argument === 0 ? 'a cache key' : `argument ${argument} of a call`;
  throw new TypeError(
    `${where} holds ${what}, which has no value to go by; pass \`key\`, a function that gives the key`,
  );
}
