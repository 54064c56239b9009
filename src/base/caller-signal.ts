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

/** An argument with another signal in the place of the caller's: the signal itself, or that of an options object, copied. */
export function withSignal(argument: unknown, from: AbortSignal, to: AbortSignal): unknown {
  if (argument === from) return to;
  if (typeof argument !== 'object' || argument === null) return argument;
  if (Object.getOwnPropertyDescriptor(argument, 'signal')?.value !== from) return argument;
  const copy: object = Object.create(Object.getPrototypeOf(argument) as object | null) as object;
  return Object.defineProperties(copy, {
    ...Object.getOwnPropertyDescriptors(argument),
    signal: { value: to, enumerable: true, writable: true, configurable: true },
  });
}

/** Whether an error says no more than that the caller has given up: its signal was aborted, and the error is that. */
export function isCallersAbort(error: unknown, signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true && isAbort(error, signal.reason);
}

/** Whether an error says that work was aborted for a reason. */
export function isAbort(error: unknown, reason: unknown): boolean {
  return error === reason || (error instanceof Error && error.name === 'AbortError');
}
