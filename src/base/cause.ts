/**
 * Notes on an error what led to it, where it does not say so itself; returns the error. Anything that cannot bear a
 * cause is left as it is.
 */
export function withCause(error: unknown, cause: unknown): unknown {
  if (error instanceof Error && error !== cause && error.cause === undefined && Object.isExtensible(error)) {
    Object.defineProperty(error, 'cause', { value: cause, configurable: true, writable: true });
  }
  return error;
}
