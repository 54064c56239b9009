import { classify as defaultClassify } from '../base/classify.js';
import { type Clock, systemClock } from '../base/clock.js';
import type { Classify } from '../base/severity.js';
import { HedgeBudget } from './hedge-budget.js';
import type { BeginRun, HedgeMeans, HedgeSurroundings, ObservedLatency } from './hedge-context.js';
import { type CheckedHedgeOptions, checkHedgeOptions, DEFAULT_DELAY_MS, type HedgeOptions } from './hedge-options.js';
import { HedgeRace } from './hedge-race.js';

/** What surrounds a hedger. */
export interface HedgerContext {
  clock?: Clock | undefined;
  classify?: Classify | undefined;
  /** What `delayMs` reads when it is a percentile; without it, it stays at 100 ms. */
  latency?: ObservedLatency | undefined;
}

/**
 * Begins a call once more when it takes long, and takes the first answer: the few slow ones among many no longer decide
 * how long callers wait.
 * @see Dean and Barroso, "The Tail at Scale", Communications of the ACM 56(2), 2013
 */
export class Hedger implements HedgeMeans {
  /** Its options, defaults filled in; frozen. */
  readonly options: CheckedHedgeOptions;
  readonly clock: Clock;
  readonly classify: Classify;
  readonly budget: HedgeBudget;
  readonly latency: ObservedLatency | undefined;

  /** @throws {TypeError | RangeError} for options that are not as they should be */
  constructor(options: HedgeOptions = {}, context: HedgerContext = {}) {
    this.options = checkHedgeOptions(options);
    this.clock = context.clock ?? systemClock;
    this.classify = context.classify ?? defaultClassify;
    this.latency = typeof this.options.delayMs === 'number' ? undefined : context.latency;
    this.budget = new HedgeBudget(this.options.budget, this.clock.now());
  }

  /** How long an attempt is waited for at this moment, in ms. */
  get delayMs(): number {
    const { delayMs } = this.options;
    return typeof delayMs === 'number' ? delayMs : (this.latency?.value ?? DEFAULT_DELAY_MS);
  }

  /**
   * Runs a call, in one attempt or several; resolves to the first answer.
   * @throws the last error, when all attempts have failed
   */
  run(begin: BeginRun, surroundings: HedgeSurroundings): Promise<unknown> {
    this.budget.noteCall();
    return new Promise((resolve, reject) => {
      new HedgeRace(this, begin, surroundings, { resolve, reject }).start();
    });
  }
}
