const LONGEST_MESSAGE = 1_000;

/** An error as it stands in a snapshot. */
export interface ErrorFacts {
  readonly name: string;
  readonly message: string;
  readonly code?: string | number;
}

/** HTTP status of an error: from `status`, `statusCode` or `response.status`, whichever is a number first. */
export function statusOf(error: unknown): number | undefined {
  const numbers = [member(error, 'status'), member(error, 'statusCode'), member(member(error, 'response'), 'status')];
  return numbers.find((value) => typeof value === 'number');
}

/** System code of an error (`'ECONNRESET'`); a `fetch` that failed bears it on its `cause`. */
export function networkCodeOf(error: unknown): string | undefined {
  const codes = [member(error, 'code'), ...causeCodes(member(error, 'cause'))];
  return codes.find((value) => typeof value === 'string');
}

/**
 * How long the one who failed asks to be left alone, in ms: `retryAfterMs` of the error, or a `Retry-After` header
 * (seconds or an HTTP date) in `headers` or `response.headers`.
 * @param wallNow Time of day in ms, against which an HTTP date is read.
 * @see RFC 9110, section 10.2.3
 */
export function retryAfterOf(error: unknown, wallNow: number): number | undefined {
  const retryAfterMs = member(error, 'retryAfterMs');
  if (typeof retryAfterMs === 'number' && retryAfterMs >= 0) return retryAfterMs;
  const text = headerOf(member(error, 'headers')) ?? headerOf(member(member(error, 'response'), 'headers'));
  if (text === undefined || text.trim() === '') return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - wallNow);
}

/** Name, message and code of anything that can be thrown; the error itself, and all it holds, is let go. */
export function factsOf(error: unknown): ErrorFacts {
  try {
    if (typeof error !== 'object' || error === null) return { name: typeof error, message: cut(String(error)) };
    const { name, message, code: own } = error as Record<string, unknown>;
    const code = typeof own === 'number' ? own : networkCodeOf(error);
    const facts = { name: typeof name === 'string' ? name : 'Error', message: cut(String(message ?? '')) };
    return code === undefined ? facts : { ...facts, code };
  } catch {
    return { name: 'Error', message: 'the error cannot be read' };
  }
}

/** Connecting to several addresses fails with an AggregateError, whose own parts bear the codes. */
function causeCodes(cause: unknown): unknown[] {
  const parts = member(cause, 'errors');
  return [member(cause, 'code'), ...readable(() => (Array.isArray(parts) ? parts.map(codeOf) : []), [])];
}

function codeOf(error: unknown): unknown {
  return member(error, 'code');
}

function headerOf(headers: unknown): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined;
  return readable(() => {
    const get = member(headers, 'get');
    const value =
      typeof get === 'function'
        ? get.call(headers, 'retry-after')
        : Object.entries(headers).find(([name]) => name.toLowerCase() === 'retry-after')?.[1];
    if (value === undefined || value === null) return undefined;
    return String(Array.isArray(value) ? value[0] : value);
  }, undefined);
}

/** What a property holds; undefined where it cannot be read. Anything can be thrown: a getter or a proxy may throw. */
export function member(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return readable(() => (value as Record<string, unknown>)[key], undefined);
}

function readable<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

function cut(message: string): string {
  return message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message;
}
