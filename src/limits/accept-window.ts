const BUCKETS = 10;

/**
 * Requests of the last while, and those of them that were accepted, in ten buckets: the oldest leaves as a whole, so what
 * counts is between nine and ten tenths of the window old at most.
 */
export class AcceptWindow {
  requests = 0;
  accepts = 0;
  readonly #bucketMs: number;
  readonly #requests: number[] = Array.from({ length: BUCKETS }, () => 0);
  readonly #accepts: number[] = Array.from({ length: BUCKETS }, () => 0);
  /** The number of the youngest bucket's tenth since the clock's zero. */
  #tenth = 0;

  constructor(windowMs: number) {
    this.#bucketMs = windowMs / BUCKETS;
  }

  /** Counts a request, by whether it was accepted. */
  record(accepted: 0 | 1, nowMs: number): void {
    this.expire(nowMs);
    const place = this.#placeOf(this.#tenth);
    this.requests++;
    this.accepts += accepted;
    this.#requests[place] = (this.#requests[place] as number) + 1;
    this.#accepts[place] = (this.#accepts[place] as number) + accepted;
  }

  /** Lets go of what is too old. */
  expire(nowMs: number): void {
    const tenth = Math.floor(nowMs / this.#bucketMs);
    // A clock that was set back: what comes joins the youngest bucket.
    if (tenth <= this.#tenth) return;
    const leaving = Math.min(BUCKETS, tenth - this.#tenth);
    for (let step = 1; step <= leaving; step++) this.#empty(this.#placeOf(this.#tenth + step));
    this.#tenth = tenth;
  }

  #empty(place: number): void {
    this.requests -= this.#requests[place] as number;
    this.accepts -= this.#accepts[place] as number;
    this.#requests[place] = 0;
    this.#accepts[place] = 0;
  }

  #placeOf(tenth: number): number {
    return ((tenth % BUCKETS) + BUCKETS) % BUCKETS;
  }
}
