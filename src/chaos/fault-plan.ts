import type { Random } from '../base/random.js';
import { type ChaosOptions, type CheckedChaosOptions, checkChaosOptions } from './chaos-options.js';

/** What is done to one call. */
export interface Fault {
  /** How long it waits first, in ms. */
  readonly latencyMs: number;
  /** What it comes to: a failure, the given result, or what the function gives. */
  readonly outcome: 'error' | 'result' | 'untouched';
}

/**
 * Draws what is done to each call of one place. Every call inside the time window takes three numbers of chance, whatever
 * the ratios: a call that fails at one `errorRatio` fails at every higher one, and latency added later moves no error.
 * @example
 * const plan = new FaultPlan({ errorRatio: 0.1, latencyMs: 200, latencyRatio: 0.05 }, seededRandom(7));
 * plan.next(clock.now()); // undefined, or { latencyMs: 200, outcome: 'untouched' }, or …
 */
export class FaultPlan {
  readonly #options: CheckedChaosOptions;
  readonly #random: Random;
  #firstCallAt: number | undefined = undefined;

  /** @throws {TypeError | RangeError} for options that are not as they should be */
  constructor(options: ChaosOptions, random: Random) {
    this.#options = checkChaosOptions(options);
    this.#random = random;
  }

  /** What is done to a call that begins now; undefined when nothing is. The first call starts the clock of `between`. */
  next(nowMs: number): Fault | undefined {
    this.#firstCallAt ??= nowMs;
    const { errorRatio, latencyMs, latencyRatio = 1, result, resultRatio = 1 } = this.#options;
    if (!this.#inWindow(nowMs - this.#firstCallAt)) return undefined;
    const [error, latency, answer] = [this.#random(), this.#random(), this.#random()];
    const delayMs = latency < latencyRatio ? latencyMs : 0;
    if (error < errorRatio) return { latencyMs: delayMs, outcome: 'error' };
    if (result !== undefined && answer < resultRatio) return { latencyMs: delayMs, outcome: 'result' };
    return delayMs > 0 ? { latencyMs: delayMs, outcome: 'untouched' } : undefined;
  }

  #inWindow(sinceFirstMs: number): boolean {
    const [fromMs, toMs] = this.#options.between ?? [0, Infinity];
    return sinceFirstMs >= fromMs && sinceFirstMs < toMs;
  }
}
