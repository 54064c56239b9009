/** A handler: it gets the arguments of the call it answers. */
export type FallbackHandler = (...args: never[]) => unknown;

/**
 * Fallbacks by the name of the operation that they answer for.
 * @example fallbacks.register('Hosts.status', (host: string) => ({ host, status: 'unknown' }));
 */
export class FallbackHandlers {
  readonly #handlers = new Map<string, FallbackHandler>();

  /**
   * Registers the handler of an operation; a later one takes its place.
   * @throws {TypeError} when the handler is not a function
   */
  register(name: string, handler: FallbackHandler): void {
    if (typeof handler !== 'function') {
      throw new TypeError(`fallbacks.register: the handler of '${name}' must be a function, got ${typeof handler}`);
    }
    this.#handlers.set(name, handler);
  }

  /** The handler of an operation, if there is one. */
  get(name: string): FallbackHandler | undefined {
    return this.#handlers.get(name);
  }

  /** Forgets a handler; says whether there was one. */
  unregister(name: string): boolean {
    return this.#handlers.delete(name);
  }

  /** All names, sorted. */
  names(): string[] {
    return [...this.#handlers.keys()].sort();
  }
}
