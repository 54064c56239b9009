/** The signal by which a caller may give up: an `AbortSignal` among the arguments, or as `signal` of one. */
export function signalOf(args: readonly unknown[]): AbortSignal | undefined {
  for (const arg of args) {
    if (arg instanceof AbortSignal) return arg;
    const signal: unknown = typeof arg === 'object' && arg !== null ? Reflect.get(arg, 'signal') : undefined;
    if (signal instanceof AbortSignal) return signal;
  }
  return undefined;
}
