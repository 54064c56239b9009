/** Gives an error the one before as its `cause`, where it can bear one and has none; returns the error. */
export function withCause(error: unknown, cause: unknown): unknown {
  if (!(error instanceof Error) || error === cause || error.cause !== undefined || !Object.isExtensible(error))
    return error;
  Object.defineProperty(error, 'cause', { value: cause, configurable: true, writable: true });
  return error;
}
