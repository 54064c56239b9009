/** What a call costs the server that it does, and one that it refuses, in ms; and the calls that may wait for it. */
const WORK_MS = 10;
const REFUSAL_MS = 2;
const PLACES = 20;

/**
 * A server that does one call after the other, 100 a second, and has a short queue. What finds no place in it is refused;
 * but that too is work, and comes first: a call must be read before it can be refused.
 */
export class RefusingServer {
  /** Calls that it was sent. */
  received = 0;
  readonly #queue: (() => void)[] = [];
  #refusals = 0;
  #spareMs = 0;

  /** Takes in a call, or refuses it. */
  call(): Promise<void> {
    this.received++;
    if (this.#queue.length < PLACES) return new Promise((resolve) => this.#queue.push(resolve));
    this.#refusals++;
    return Promise.reject(Object.assign(new Error('503'), { status: 503 }));
  }

  /** Works for a time, in ms. */
  work(ms: number): void {
    this.#spareMs += ms;
    const refused = Math.min(this.#refusals, Math.floor(this.#spareMs / REFUSAL_MS));
    this.#refusals -= refused;
    this.#spareMs -= refused * REFUSAL_MS;
    while (this.#refusals === 0 && this.#spareMs >= WORK_MS && this.#queue.length > 0) {
      this.#spareMs -= WORK_MS;
      this.#queue.shift()?.();
    }
    // Who has nothing to do saves no time for later.
    if (this.#refusals === 0 && this.#queue.length === 0) this.#spareMs = 0;
  }
}
