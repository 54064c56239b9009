/** Sends that are looked back on. */
const WINDOW = 100;
/** Sends of which there must be more before their failures say something. */
const FEW = 10;

/** How many of the last sends have failed. */
export class SendHealth {
  #outcomes: ('sent' | 'failed')[] = [];
  #next = 0;
  #failures = 0;

  /** The share of the last sends that have failed; 0 as long as too few were made to tell. */
  get failureRatio(): number {
    return this.#outcomes.length > FEW ? this.#failures / this.#outcomes.length : 0;
  }

  count(outcome: 'sent' | 'failed'): void {
    if (this.#outcomes[this.#next] === 'failed') this.#failures--;
    if (outcome === 'failed') this.#failures++;
    this.#outcomes[this.#next] = outcome;
    this.#next = (this.#next + 1) % WINDOW;
  }

  /** Forgets what was counted. */
  reset(): void {
    this.#outcomes = [];
    this.#next = 0;
    this.#failures = 0;
  }
}
