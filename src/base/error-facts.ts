/** HTTP status of an error: from `status`, `statusCode` or `response.status`, whichever is a number first. */
export function statusOf(error: object): number | undefined {
  const { status, statusCode, response } = error as Record<string, unknown>;
  return [status, statusCode, member(response, 'status')].find((value) => typeof value === 'number');
}

/** System code of an error (`'ECONNRESET'`); a `fetch` that failed bears it on its `cause`. */
export function networkCodeOf(error: object): string | undefined {
  const { code, cause } = error as Record<string, unknown>;
  const causes = causeCodes(cause);
  return [code, ...causes].find((value) => typeof value === 'string');
}

/**
 * How long the one who failed asks to be left alone, in ms: `retryAfterMs` of the error, or a `Retry-After` header
 * (seconds or an HTTP date) in `headers` or `response.headers`.
 * @param wallNow Time of day in ms, against which an HTTP date is read.
 * @see RFC 9110, section 10.2.3
 */
export function retryAfterOf(error: unknown, wallNow: number): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { retryAfterMs, headers, response } = error as Record<string, unknown>;
  if (typeof retryAfterMs === 'number' && retryAfterMs >= 0) return retryAfterMs;
  const text = headerOf(headers) ?? headerOf(member(response, 'headers'));
  if (text === undefined || text.trim() === '') return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - wallNow);
}

/** Connecting to several addresses fails with an AggregateError, whose own parts bear the codes. */
function causeCodes(cause: unknown): unknown[] {
  const parts = member(cause, 'errors');
  return [member(cause, 'code'), ...(Array.isArray(parts) ? parts.map((part) => member(part, 'code')) : [])];
}

function headerOf(headers: unknown): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined;
  const get = member(headers, 'get');
  const value =
    typeof get === 'function'
      ? get.call(headers, 'retry-after')
      : Object.entries(headers).find(([name]) => name.toLowerCase() === 'retry-after')?.[1];
  if (value === undefined || value === null) return undefined;
  return String(Array.isArray(value) ? value[0] : value);
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
