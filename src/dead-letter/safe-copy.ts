import { classOf, copyOfBuiltIn, isBuiltInError, isPlain, isSignal } from './built-ins.js';
import { faultOf } from './fault.js';

/** A copy that shares nothing with what was copied. */
export interface SafeCopy<T> {
  value: T;
  /** What could not be copied, each as `args[0].headers is a Headers`; empty when the copy is whole. */
  losses: string[];
}

/**
 * Copies a value so that later changes do not show, and says what cannot be copied. `structuredClone` would not: it turns
 * AbortSignal, Request, Headers and URL into `{}` without a word (Node 20), class instances into plain objects and a
 * Buffer into a Uint8Array.
 *
 * Plain objects, arrays, Date, RegExp, Map, Set, ArrayBuffer, typed arrays, Buffer, DataView and the built-in errors are
 * copied, cycles and shared parts kept; an AbortSignal becomes `undefined`, because nobody waits for a redriven call;
 * anything else becomes a text such as `[Headers]`, and a loss.
 * @param path How the value is called in `losses`.
 * @param depth How deeply what is copied may be nested; deeper is a loss.
 * @example safeCopy([{ id: 1, signal }], 'args'); // { value: [{ id: 1, signal: undefined }], losses: [] }
 */
export function safeCopy<T>(value: T, path: string, depth = 1_000): SafeCopy<T> {
  const copier = new Copier(depth);
  try {
    return { value: copier.copy(value, path) as T, losses: copier.losses };
  } catch (error) {
    // A getter that throws, a proxy, or a stack that was nearly full before.
    const empty = Array.isArray(value) ? [] : undefined;
    return { value: empty as T, losses: [`${path} cannot be read: ${faultOf(error).name}`] };
  }
}

class Copier {
  readonly losses: string[] = [];
  readonly #copies = new Map<object, unknown>();
  #depthLeft: number;

  constructor(depth: number) {
    this.#depthLeft = depth;
  }

  copy(value: unknown, path: string): unknown {
    if (typeof value === 'function') return this.#lose(path, value.name === '' ? 'function' : `function ${value.name}`);
    if (typeof value === 'symbol') return this.#lose(path, 'symbol');
    if (typeof value !== 'object' || value === null) return value;
    if (this.#copies.has(value)) return this.#copies.get(value);
    if (isSignal(value)) return undefined;
    if (this.#depthLeft === 0) return this.#lose(path, 'value nested too deeply');
    this.#depthLeft--;
    const copy = this.#copyOf(value, path);
    this.#depthLeft++;
    this.#copies.set(value, copy);
    return copy;
  }

  #copyOf(value: object, path: string): unknown {
    const prototype: object | null = Object.getPrototypeOf(value);
    if (Array.isArray(value) && prototype === Array.prototype) return this.#fill(new Array(value.length), value, path);
    if (isPlain(prototype)) return this.#fill(prototype === null ? Object.create(null) : {}, value, path);
    if (isBuiltInError(value, prototype)) return this.#copyError(value, path);
    const copy = this.#copyOfBuiltIn(value, prototype, path);
    if (copy === undefined) return this.#lose(path, classOf(value));
    // The keys of a typed array are what it holds.
    if (!ArrayBuffer.isView(value)) this.#loseKeys(Object.keys(value), path);
    return copy;
  }

  #copyOfBuiltIn(value: object, prototype: object | null, path: string): object | undefined {
    if (value instanceof Map && prototype === Map.prototype) return this.#copyMap(value, path);
    if (value instanceof Set && prototype === Set.prototype) return this.#copySet(value, path);
    return copyOfBuiltIn(value, prototype);
  }

  #fill(copy: object, value: object, path: string): object {
    this.#copies.set(value, copy);
    for (const key of Object.keys(value)) this.#copyMember(copy, value, key, path);
    const symbols = Object.getOwnPropertySymbols(value);
    this.#loseKeys(
      symbols.filter((symbol) => Object.prototype.propertyIsEnumerable.call(value, symbol)),
      path,
    );
    return copy;
  }

  #copyError(value: Error, path: string): Error {
    const copy: Error = Object.setPrototypeOf(new Error(), Object.getPrototypeOf(value));
    this.#copies.set(value, copy);
    for (const key of Object.getOwnPropertyNames(value)) this.#copyMember(copy, value, key, path);
    return copy;
  }

  #copyMap(value: Map<unknown, unknown>, path: string): Map<unknown, unknown> {
    const copy = new Map<unknown, unknown>();
    this.#copies.set(value, copy);
    for (const [key, member] of value) copy.set(this.copy(key, `${path} key`), this.copy(member, `${path} value`));
    return copy;
  }

  #copySet(value: Set<unknown>, path: string): Set<unknown> {
    const copy = new Set<unknown>();
    this.#copies.set(value, copy);
    for (const member of value) copy.add(this.copy(member, `${path} member`));
    return copy;
  }

  #copyMember(copy: object, value: object, key: string, path: string): void {
    const member = this.copy(
      (value as Record<string, unknown>)[key],
      Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`,
    );
    const enumerable = Object.prototype.propertyIsEnumerable.call(value, key);
    // Defined, not assigned: a key called `__proto__` is a key like others.
    Object.defineProperty(copy, key, { value: member, writable: true, enumerable, configurable: true });
  }

  #loseKeys(keys: readonly PropertyKey[], path: string): void {
    for (const key of keys) this.losses.push(`${path} has the key ${String(key)}`);
  }

  #lose(path: string, what: string): string {
    this.losses.push(`${path} is a ${what}`);
    return `[${what}]`;
  }
}
