/**
 * Whether an error says no more than that the caller has given up: an `AbortSignal` among the arguments, or as `signal`
 * of one, has been aborted, and the error is its reason.
 */
export function isCallersAbort(error: unknown, args: readonly unknown[]): boolean {
  return args.some((arg) => explains(arg, error) || explains(signalOf(arg), error));
}

function signalOf(arg: unknown): unknown {
  return typeof arg === 'object' && arg !== null ? Reflect.get(arg, 'signal') : undefined;
}

function explains(signal: unknown, error: unknown): boolean {
  if (!(signal instanceof AbortSignal) || !signal.aborted) return false;
  return error === signal.reason || (error instanceof Error && error.name === 'AbortError');
}
