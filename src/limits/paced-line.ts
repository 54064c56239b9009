import type { Cancellation } from '../base/cancellation.js';
import type { Clock } from '../base/clock.js';
import { wait } from '../base/wait.js';
import type { RateLimiter } from './rate-limiter.js';

/** A line before a rate limit: who comes too early waits, first come first served, and is not rejected. */
export class PacedLine {
  readonly #limiter: RateLimiter;
  readonly #clock: Clock;
  #waiting = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(limiter: RateLimiter, clock: Clock) {
    this.#limiter = limiter;
    this.#clock = clock;
  }

  /**
   * Takes a permit; a promise only where there is none at once. A caller that has given up leaves at once.
   * @throws the reason of the cancellation, as a rejected promise
   */
  take(cancellation?: Cancellation): Promise<void> | undefined {
    if (this.#waiting === 0 && this.#limiter.tryTake() === 0) return undefined;
    this.#waiting++;
    const turn = this.#last.then(() => this.#takeInTurn(cancellation));
    this.#last = turn.then(
      () => this.#passed(),
      () => this.#passed(),
    );
    if (cancellation === undefined) return turn;
    return new Promise((resolve, reject) => {
      if (cancellation.cancelled) reject(cancellation.reason);
      const stopListening = cancellation.onCancel(reject);
      turn.then(resolve, reject).finally(stopListening);
    });
  }

  /** Only the first in line waits by the clock, so that permits go round in order. */
  async #takeInTurn(cancellation: Cancellation | undefined): Promise<void> {
    for (;;) {
      if (cancellation?.cancelled) throw cancellation.reason;
      const retryAfterMs = this.#limiter.tryTake();
      if (retryAfterMs === 0) return;
      await wait(this.#clock, retryAfterMs, cancellation);
    }
  }

  #passed(): void {
    this.#waiting--;
  }
}
