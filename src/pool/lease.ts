/** Takes a leased resource back. */
export interface Lender<R> {
  release(resource: R): void;
  discard(resource: R): void;
}

/**
 * A resource that is out, and comes back when its block is left.
 * @example
 * await using lease = await pool.lease();
 * await lease.resource.query('select 1');
 */
export class Lease<R> {
  /** What was borrowed; not to be used once the lease is over. */
  readonly resource: R;
  readonly #lender: Lender<R>;
  #isOver = false;

  /** @internal */
  constructor(resource: R, lender: Lender<R>) {
    this.resource = resource;
    this.#lender = lender;
  }

  /** Whether the resource was given back. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /**
   * Gives the resource back.
   * @throws {TypeError} when it was given back before
   */
  release(): void {
    this.#end('release');
    this.#lender.release(this.resource);
  }

  /**
   * Gives back a resource that is broken: it is destroyed, and nobody gets it again.
   * @throws {TypeError} when it was given back before
   */
  discard(): void {
    this.#end('discard');
    this.#lender.discard(this.resource);
  }

  /** Gives the resource back, unless it was before. */
  [Symbol.dispose](): void {
    if (!this.#isOver) this.release();
  }

  /** Gives the resource back, unless it was before. */
  async [Symbol.asyncDispose](): Promise<void> {
    this[Symbol.dispose]();
  }

  #end(act: string): void {
    if (this.#isOver) throw new TypeError(`lease.${act}: the resource was given back before`);
    this.#isOver = true;
  }
}
