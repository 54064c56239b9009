/**
 * Gives an error the one before as its `cause`, where it can bear one and has none, and does not stand among the causes of
 * that one: chains of causes have an end. It returns the error.
 */
export function withCause(error: unknown, cause: unknown): unknown {
  if (!(error instanceof Error) || error.cause !== undefined || !Object.isExtensible(error)) return error;
  if (isAmongCauses(error, cause)) return error;
  Object.defineProperty(error, 'cause', { value: cause, configurable: true, writable: true });
  return error;
}

function isAmongCauses(error: Error, of: unknown): boolean {
  const seen = new Set<unknown>();
  for (let cause = of; cause instanceof Error && !seen.has(cause); cause = cause.cause) {
    if (cause === error) return true;
    seen.add(cause);
  }
  return false;
}
