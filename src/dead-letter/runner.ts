/** A function, and how it is run again: with what stands round it inside of the queue, on an object, with arguments. */
export interface Runner<Fn extends object = object> {
  readonly fn: Fn;
  run(fn: Fn, self: unknown, args: unknown[]): unknown;
}
