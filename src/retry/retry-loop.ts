import type { Cancellation } from '../base/cancellation.js';
import { withCause } from '../base/cause.js';
import type { Clock } from '../base/clock.js';
import { RejectedError } from '../base/errors.js';
import type { Random } from '../base/random.js';
import type { Classify } from '../base/severity.js';
import { tell } from '../base/tell.js';
import { wait } from '../base/wait.js';
import { noteAttempts, ranBy } from './attempts.js';
import type { RetryBudget } from './retry-budget.js';
import {
  type BadOutcome,
  decideRetry,
  type NoRetryReason,
  type RetryDecision,
  type RetryMeans,
  type RetrySituation,
} from './retry-decision.js';
import type { CheckedRetryOptions, RetryEvent } from './retry-options.js';
import type { ExhaustedEvent, RecoverContext, Retried } from './recover-context.js';

/** The part of a retry that exists only once a run was not good. */
export class RetryLoop {
  readonly #options: CheckedRetryOptions;
  readonly #clock: Clock;
  readonly #means: RetryMeans;
  readonly #budget: RetryBudget | undefined;

  constructor(
    options: CheckedRetryOptions,
    means: { clock: Clock; random: Random; classify: Classify; budget: RetryBudget | undefined },
  ) {
    const { clock, random, classify, budget } = means;
    this.#options = options;
    this.#clock = clock;
    this.#budget = budget;
    this.#means = { random, classify, budget, clock };
  }

  /** Runs a call again until it is good or retries end; what the last run came to is what comes of it. */
  async run<T>(first: BadOutcome<T>, run: Retried<T>, context: RecoverContext): Promise<T> {
    const { observe } = context;
    // What was rejected has put no load on anybody, so it earns no retries.
    if (!(errorOf(first) instanceof RejectedError)) this.#budget?.noteFailure();
    let outcome = first;
    let runs = ranFor(first);
    let previousMs: number | undefined;
    for (let attempt = 1; ; attempt++) {
      const error = errorOf(outcome);
      const tries = { attempts: attempt, runs };
      const decision = this.#decide(outcome, tries, previousMs, context);
      if (!decision.retry) return end(outcome, tries, decision, context);
      const { retry: _, ...pace } = decision;
      const event: RetryEvent = { attempt, ...pace, error };
      tell((retry: RetryEvent) => this.#options.onRetry?.(retry), event);
      tell((retry: RetryEvent) => observe?.retry?.(retry), event);
      await this.#pause(tries, decision.delayMs, context.cancellation);
      if (decision.delayMs > 0) previousMs = decision.delayMs;
      outcome = await runOnce(run, attempt + 1, error);
      runs += ranFor(outcome);
      // A rejection says nothing of what went wrong before it: the attempt's own error does.
      if ('error' in outcome && outcome.error instanceof RejectedError) withCause(outcome.error, error);
      if ('value' in outcome && !this.#refuses(outcome.value, { attempts: attempt + 1, runs }, error)) {
        tell((recovered: { attempts: number }) => observe?.recovered?.(recovered), { attempts: attempt + 1 });
        return outcome.value;
      }
    }
  }

  #decide(
    outcome: BadOutcome,
    tries: Tries,
    previousMs: number | undefined,
    { startedAt, cancellation, remainingMs }: RecoverContext,
  ): RetryDecision {
    const situation: RetrySituation = {
      outcome,
      attempt: tries.attempts,
      previousMs,
      elapsedMs: this.#clock.now() - startedAt,
      remainingMs: remainingMs?.() ?? Infinity,
      cancelled: cancellation?.cancelled ?? false,
    };
    try {
      return decideRetry(situation, this.#options, this.#means);
    } catch (thrown) {
      throw broken(thrown, errorOf(outcome), tries);
    }
  }

  #refuses(value: unknown, tries: Tries, lastError: unknown): boolean {
    try {
      return this.#options.retryIfResult?.(value, tries.attempts) ?? false;
    } catch (thrown) {
      throw broken(thrown, lastError, tries);
    }
  }

  async #pause(tries: Tries, delayMs: number, cancellation: Cancellation | undefined): Promise<void> {
    // Runs without a delay that fail in a microtask would shut out everything else, the abort included.
    if (delayMs === 0 && tries.attempts % RUNS_IN_A_ROW !== 0) return;
    try {
      await wait(this.#clock, delayMs, cancellation);
    } catch (reason) {
      throw ending(reason, tries);
    }
  }
}

/** How far a call has come: its attempts, and how many of them ran the function. */
type Tries = Pick<ExhaustedEvent, 'attempts' | 'runs'>;

/** After so many runs without a delay, timers and I/O get their turn. */
const RUNS_IN_A_ROW = 50;

async function runOnce<T>(run: Retried<T>, attempt: number, lastError: unknown): Promise<BadOutcome<T>> {
  try {
    return { value: await run(attempt, lastError) };
  } catch (error) {
    return { error };
  }
}

function end<T>(
  outcome: BadOutcome<T>,
  tries: Tries,
  { retry: _, ...why }: RetryDecision & { retry: false },
  context: RecoverContext,
): T {
  const { cancellation, observe } = context;
  const { reason } = why;
  const { attempts } = tries;
  if (reason === 'cancelled') throw ending(cancellation?.reason, tries);
  if (reason === 'budget-empty') {
    tell((empty: { attempt: number }) => observe?.budgetEmpty?.(empty), { attempt: attempts });
  }
  if (attempts > 1 || !ASKS_FOR_NONE.has(reason)) {
    const event = { ...tries, ...why, error: errorOf(outcome) };
    tell((exhausted: ExhaustedEvent) => observe?.exhausted?.(exhausted), event);
  }
  if ('error' in outcome) throw ending(outcome.error, tries);
  return outcome.value;
}

const ASKS_FOR_NONE: ReadonlySet<NoRetryReason> = new Set(['not-retryable', 'rejection']);

/** What a user's function has thrown, with the error that it was asked about. */
function broken(thrown: unknown, about: unknown, tries: Tries): unknown {
  return ending(about === undefined ? thrown : withCause(thrown, about), tries);
}

function ending(error: unknown, { attempts, runs }: Tries): unknown {
  noteAttempts(error, attempts, runs);
  return error;
}

/** Whether an attempt has run the function, as a number to add. */
function ranFor(outcome: BadOutcome): number {
  return ranBy(errorOf(outcome));
}

function errorOf(outcome: BadOutcome): unknown {
  return 'error' in outcome ? outcome.error : undefined;
}
