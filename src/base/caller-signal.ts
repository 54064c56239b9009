/** The caller's own signal: an `AbortSignal` among the arguments, or `signal` of an options object or of a `Request`. */
export function callerSignal(args: readonly unknown[]): AbortSignal | undefined {
  for (const argument of args) {
    if (argument instanceof AbortSignal) return argument;
    const signal = signalIn(argument);
    if (signal instanceof AbortSignal) return signal;
  }
  return undefined;
}

/** A getter is not called: who knows what it does. */
function signalIn(argument: unknown): unknown {
  if (typeof argument !== 'object' || argument === null) return undefined;
  if (typeof Request === 'function' && argument instanceof Request) return argument.signal;
  return Object.getOwnPropertyDescriptor(argument, 'signal')?.value;
}

/** Whether an error says no more than that the caller has given up: its signal was aborted, and the error is that. */
export function isCallersAbort(error: unknown, signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true && isAbort(error, signal.reason);
}

/** Whether an error says that work was aborted for a reason. */
export function isAbort(error: unknown, reason: unknown): boolean {
  return error === reason || (error instanceof Error && error.name === 'AbortError');
}
