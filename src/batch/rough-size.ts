/** Values looked at in one estimate; what is beyond is taken to be like what was seen. */
const MOST_VALUES = 2_000;
/** Members of one list that are looked at. */
const MOST_MEMBERS = 64;
const POINTER = 8;
const HEADER = 16;

/**
 * About how many bytes a value takes in memory, itself and all it holds; an estimate on the high side. What it shares
 * with itself counts once.
 */
export function roughSize(value: unknown): number {
  const seen = new Set<object>();
  let left = MOST_VALUES;
  const sizeOf = (part: unknown): number => {
    if (typeof part === 'string') return HEADER + 2 * part.length;
    if (typeof part !== 'object' || part === null) return POINTER;
    if (seen.has(part) || left-- <= 0) return POINTER;
    seen.add(part);
    if (ArrayBuffer.isView(part) || part instanceof ArrayBuffer) return HEADER + part.byteLength;
    if (Array.isArray(part)) return HEADER + sumOf(part, part.length);
    if (part instanceof Set) return HEADER + POINTER * part.size + sumOf(part, part.size);
    if (part instanceof Map)
      return HEADER + POINTER * part.size + sumOf(part.keys(), part.size) + sumOf(part.values(), part.size);
    return HEADER + membersOf(part).reduce((sum: number, member) => sum + POINTER + sizeOf(member), 0);
  };
  const sumOf = (members: Iterable<unknown>, length: number): number => {
    let sum = 0;
    let looked = 0;
    for (const member of members) {
      if (looked === MOST_MEMBERS) break;
      sum += POINTER + sizeOf(member);
      looked++;
    }
    return looked === 0 ? 0 : (sum / looked) * length;
  };
  return sizeOf(value);
}

function membersOf(part: object): unknown[] {
  try {
    return Object.values(part);
  } catch {
    // A getter or a proxy that throws: it is about a size, not worth an error.
    return [];
  }
}
