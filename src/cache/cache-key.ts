import { canonicalText } from './canonical-text.js';
import { isPlain, tagOf } from './plain.js';

/**
 * The key of a call: `prefix:` and its arguments as canonical JSON, such as `hosts:["web1",{"limit":10}]`. Different
 * arguments have different keys, and equal ones the same: `1` is not `"1"`, `{a, b}` is `{b, a}`.
 *
 * Trailing `undefined`s are as if they had not been passed. An `AbortSignal` is left out, as an argument or as `signal` of
 * an options object, for it says nothing of the result.
 * @throws {TypeError} for what has no value to go by: a function, a symbol, a cycle, an instance without `toJSON`
 * @example cacheKey(['web1'], 'hosts'); // 'hosts:["web1"]'
 */
export function cacheKey(args: readonly unknown[], prefix?: string): string {
  const head = prefix === undefined ? '[' : `${prefix}:[`;
  if (args.length === 0) return `${head}]`;
  if (args.length === 1 && isPrimitive(args[0]))
    return `${head}${args[0] === undefined ? '' : canonicalText(args[0], 1)}]`;
  const texts = keyArguments(args).map((part, index) => canonicalText(part, index + 1));
  return `${head}${texts.join(',')}]`;
}

/** The arguments that make a key: without signals and trailing `undefined`s. */
export function keyArguments(args: readonly unknown[]): unknown[] {
  const kept = args.map(withoutSignal);
  while (kept.length > 0 && kept.at(-1) === undefined) kept.pop();
  return kept;
}

function isPrimitive(value: unknown): boolean {
  return value === null || (typeof value !== 'object' && typeof value !== 'function');
}

/** An options object with nothing in it but a signal is as if it had not been passed. */
function withoutSignal(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isAbortSignal(value)) return undefined;
  if (!Object.hasOwn(value, 'signal') || !isPlain(value)) return value;
  const { signal, ...rest } = value as { signal?: unknown };
  if (signal !== undefined && !isAbortSignal(signal)) return value;
  return Reflect.ownKeys(rest).length === 0 ? undefined : rest;
}

function isAbortSignal(value: unknown): boolean {
  return typeof value === 'object' && tagOf(value) === 'AbortSignal';
}
