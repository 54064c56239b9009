/** The caller's own signal: an `AbortSignal` among the arguments, or `signal` of an options object. */
export function findSignal(args: readonly unknown[]): AbortSignal | undefined {
  for (const argument of args) {
    if (argument instanceof AbortSignal) return argument;
    if (typeof argument !== 'object' || argument === null) continue;
    const descriptor = Object.getOwnPropertyDescriptor(argument, 'signal');
    if (descriptor?.value instanceof AbortSignal) return descriptor.value;
  }
  return undefined;
}
