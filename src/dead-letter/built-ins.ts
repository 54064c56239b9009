const TypedArray = Object.getPrototypeOf(Uint8Array) as { prototype: { slice(this: object): object } };
const ERRORS: ReadonlySet<object | null> = new Set(
  [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, AggregateError].map(
    (errorClass) => errorClass.prototype,
  ),
);

/** A signal of any origin: a polyfill's, or one of another realm. */
export function isSignal(value: object): boolean {
  const { aborted, addEventListener } = value as Partial<AbortSignal>;
  return typeof aborted === 'boolean' && typeof addEventListener === 'function';
}

/** Whether an object of this prototype is a plain one; one of another realm too, as test runners make them. */
export function isPlain(prototype: object | null): boolean {
  if (prototype === null || prototype === Object.prototype) return true;
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf');
}

/** Whether it is an error of the language's own classes: others may hold what cannot be seen. */
export function isBuiltInError(value: object, prototype: object | null): value is Error {
  return value instanceof Error && ERRORS.has(prototype);
}

/** A copy of a built-in object that holds no other; undefined for all else. */
export function copyOfBuiltIn(value: object, prototype: object | null): object | undefined {
  if (value instanceof Date && prototype === Date.prototype) return new Date(value.getTime());
  if (value instanceof RegExp && prototype === RegExp.prototype) return copyOfPattern(value);
  if (value instanceof ArrayBuffer && prototype === ArrayBuffer.prototype) return value.slice(0);
  if (value instanceof DataView && prototype === DataView.prototype) {
    return new DataView(value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength));
  }
  // Not `value.slice()`: a Buffer's shares its memory.
  return ArrayBuffer.isView(value) && isTypedArray(prototype) ? TypedArray.prototype.slice.call(value) : undefined;
}

/** The class of an object, as its author called it. */
export function classOf(value: object): string {
  const { constructor } = value as { constructor?: unknown };
  return typeof constructor === 'function' && constructor.name !== '' ? constructor.name : 'class instance';
}

function copyOfPattern(pattern: RegExp): RegExp {
  const copy = new RegExp(pattern.source, pattern.flags);
  copy.lastIndex = pattern.lastIndex;
  return copy;
}

function isTypedArray(prototype: object | null): boolean {
  const { Buffer } = globalThis as { Buffer?: { prototype: object } };
  if (prototype === null) return false;
  return prototype === Buffer?.prototype || Object.getPrototypeOf(prototype) === TypedArray.prototype;
}
