import type { Cancellation } from '../base/cancellation.js';
import type { Clock } from '../base/clock.js';
import { wait } from '../base/wait.js';
import { MAX_TIMER_MS } from '../base/clock.js';
import type { Entry } from './item-run.js';

/** How often the items that failed are run again, all together. */
export interface RoundRules {
  /** Rounds of a batch, the first too. */
  readonly maxRounds: number;
  /** Before the second round, in ms; doubled before each later one. */
  readonly roundDelayMs: number;
  /** Whether an item that failed so is worth another round. */
  isWorthIt(error: unknown, attempts: number): boolean;
}

/** Keeps the items that failed until all others are done with, and then gives them once more. */
export class Rounds<In> {
  readonly #rules: RoundRules;
  #round = 1;
  #failed: Entry<In>[] = [];
  #due: Entry<In>[] = [];
  #isResting = false;

  constructor(rules: RoundRules) {
    this.#rules = rules;
  }

  /** Whether items wait for another round, or in one. */
  get isEmpty(): boolean {
    return this.#failed.length === 0 && this.#due.length === 0 && !this.#isResting;
  }

  /** Whether a round could be begun. */
  get isReady(): boolean {
    return this.#failed.length > 0 && this.#due.length === 0 && !this.#isResting;
  }

  /**
   * Keeps an item that failed for the next round, if there is one for it.
   * @throws what the rule throws
   */
  keep(entry: Entry<In>): boolean {
    if (this.#round >= this.#rules.maxRounds || !this.#rules.isWorthIt(entry.error, entry.attempts)) return false;
    this.#failed.push(entry);
    return true;
  }

  /** The next item of the round, if one is due. */
  next(): Entry<In> | undefined {
    return this.#due.pop();
  }

  /** Rests, then begins the next round, in the order of the batch. */
  async begin(clock: Clock, cancellation: Cancellation): Promise<void> {
    const due = this.#failed.sort((one, other) => other.index - one.index);
    const delayMs = Math.min(this.#rules.roundDelayMs * 2 ** (this.#round - 1), MAX_TIMER_MS);
    this.#failed = [];
    this.#isResting = true;
    this.#round++;
    try {
      await wait(clock, delayMs, cancellation);
    } catch {
      // Cancelled: they are due all the same, to be told so.
    }
    this.#isResting = false;
    this.#due = due;
  }

  /** There are no more rounds: what waits is due at once. */
  end(): void {
    this.#round = Infinity;
    this.#due.push(...this.#failed);
    this.#failed = [];
  }
}
