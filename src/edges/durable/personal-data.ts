/** Keys under which personal data or secrets stand, without separators and in small letters. */
const FORBIDDEN: ReadonlySet<string> = new Set([
  'email',
  'name',
  'username',
  'password',
  'token',
  'key',
  'secret',
  'apikey',
  'userid',
  'clientid',
  'sessionid',
]);

/** Deeper than anybody means it; a cycle is deeper than this too. */
const MAX_DEPTH = 32;
/** Keys are few and come again and again: what was found of them is remembered, up to a bound. */
const MAX_VERDICTS = 10_000;
const verdicts = new Map<string, boolean>();

/**
 * A copy of metadata, as JSON will have it: what the caller changes later does not show.
 * @throws {TypeError} for a key that stands for personal data, at any depth and however it is written (`userId`, `USER-ID`),
 * and for what JSON cannot say; the error names the key, and never a value
 */
export function copyMetadata(metadata: object): Record<string, unknown> {
  if (Array.isArray(metadata)) throw new TypeError('recordOperation: `metadata` takes an object, got an array');
  return copyObject(metadata, 'metadata', 0);
}

/** Whether a key stands for personal data, in any case and with any separators. */
export function isPersonal(key: string): boolean {
  let verdict = verdicts.get(key);
  if (verdict !== undefined) return verdict;
  // NFKC: full-width letters are letters.
  verdict = FORBIDDEN.has(
    key
      .normalize('NFKC')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]/gu, ''),
  );
  if (verdicts.size < MAX_VERDICTS) verdicts.set(key, verdict);
  return verdict;
}

function copyObject(source: object, path: string, depth: number): Record<string, unknown> {
  if (depth > MAX_DEPTH) throw new TypeError(`recordOperation: \`${path}\` is nested too deep, or in a ring`);
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(source)) {
    const value = (source as Record<string, unknown>)[key];
    if (isPersonal(key)) {
      throw new TypeError(
        `recordOperation: \`${path}.${key}\` stands for personal data or a secret; leave it out, or hash it`,
      );
    }
    if (key === '__proto__') throw new TypeError(`recordOperation: \`${path}\` has a key __proto__`);
    if (value !== undefined) copy[key] = copyValue(value, path, key, depth);
  }
  return copy;
}

function copyValue(value: unknown, path: string, key: string, depth: number): unknown {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null)
    return value;
  const here = `${path}.${key}`;
  if (typeof value !== 'object')
    throw new TypeError(`recordOperation: \`${here}\` is a ${typeof value}, which JSON cannot say`);
  if (Array.isArray(value)) {
    if (depth > MAX_DEPTH) throw new TypeError(`recordOperation: \`${here}\` is nested too deep, or in a ring`);
    return value.map((item, index) => (item === undefined ? null : copyValue(item, here, String(index), depth + 1)));
  }
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === 'function') return copyValue(toJSON.call(value, key) ?? null, path, key, depth + 1);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return copyObject(value, here, depth + 1);
  throw new TypeError(
    `recordOperation: \`${here}\` is an instance of a class; metadata takes plain objects, lists and values`,
  );
}
