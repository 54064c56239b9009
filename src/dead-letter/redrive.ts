import { type Cancellation, cancellationOf } from '../base/cancellation.js';
import type { Clock } from '../base/clock.js';
import { CircuitOpenError, RejectedError } from '../base/errors.js';
import { amount, callback, count, flag, having, oneOf, text } from '../base/option-rules.js';
import type { OptionRules } from '../base/options.js';
import { wait } from '../base/wait.js';
import type { DeadLetterEntry } from './dead-letter-entry.js';

/** How a redrive goes. */
export interface RedriveOptions {
  /** Runs that may start in a second. @default Infinity: one after the other, without a pause */
  ratePerSecond?: number;
  /** Which entries are run. @default all */
  filter?: (entry: DeadLetterEntry) => boolean;
  /** Says what would be run, and runs nothing. @default false */
  dryRun?: boolean;
  /** Entries that are run at most. @default Infinity */
  limit?: number;
  /**
   * What is done when the circuit is open: `'stop'` ends the redrive; `'wait'` waits until it may let through again, as for a
   * limit that says when it has room, and goes on with the same entry. @default 'stop'
   */
  whenOpen?: 'stop' | 'wait';
  /** Whether entries that are parked are run too. @default 'skipped' */
  parked?: 'skipped' | 'run';
  /** Ends the redrive; a run that has begun is waited for. */
  signal?: AbortSignal;
  /** Why, for the events. */
  reason?: string;
  /** Who, for the events. */
  owner?: string;
}

/** What each option takes, and its default. */
export const redriveRules: OptionRules<RedriveOptions> = {
  ratePerSecond: {
    ...amount({ infinity: 'taken', default: Infinity }),
    takes: 'a number above 0',
    range: (rate) => rate > 0,
  },
  filter: callback(),
  dryRun: flag({ default: false }),
  limit: count({ infinity: 'taken', default: Infinity }),
  whenOpen: oneOf(['stop', 'wait'], { default: 'stop' }),
  parked: oneOf(['skipped', 'run'], { default: 'skipped' }),
  signal: having('an AbortSignal', ['addEventListener']),
  reason: text(),
  owner: text(),
};

/**
 * `succeeded` is removed; `failed` was run and stays; `planned` would have been run, had it not been a dry run;
 * `skipped` stays untouched: its arguments or its `this` are not to be had, it is parked, or the circuit is open; `unbound` stays: its
 * site has no function.
 */
export type RedriveOutcome = 'succeeded' | 'failed' | 'planned' | 'skipped' | 'unbound';

/** What became of one entry. */
export interface RedriveResult {
  id: string;
  outcome: RedriveOutcome;
  /** What the run threw, or an error that says why there was none. */
  error?: unknown;
}

/** What became of a redrive. `attempted`, `skipped` and `unbound` add up to the number of results. */
export interface RedriveReport {
  /** Entries that were run, or would have been in a dry run. */
  attempted: number;
  succeeded: number;
  failed: number;
  skipped: number;
  unbound: number;
  /** Why it ended before it was through; `'busy'`: another one is running, so this one did nothing. */
  stoppedBy?: 'circuit-open' | 'cancelled' | 'busy';
  results: RedriveResult[];
}

/** What can be done with an entry now. */
export type RedrivePlan = { run: () => unknown } | { obstacle: 'skipped' | 'unbound'; why: string };

/** What a redrive needs of its queue. */
export interface RedriveWork {
  readonly clock: Clock;
  /** Undefined when the entry has gone. */
  planFor(id: string): RedrivePlan | undefined;
  succeeded(id: string): void;
  failedAgain(id: string, error: unknown): void;
}

/** A redrive that did nothing, to begin with. */
export function emptyReport(): RedriveReport {
  return { attempted: 0, succeeded: 0, failed: 0, skipped: 0, unbound: 0, results: [] };
}

/** Runs entries again, one after the other; the circuit opening ends it, as does the signal. */
export async function redriveEntries(
  work: RedriveWork,
  ids: readonly string[],
  options: Readonly<RedriveOptions>,
): Promise<RedriveReport> {
  const report = emptyReport();
  const pace = new Pace(work.clock, options);
  for (const id of ids) {
    if (report.attempted >= (options.limit ?? Infinity)) break;
    const obstacle = obstacleOf(work, id);
    if (obstacle === 'gone') continue;
    if (obstacle !== undefined || options.dryRun) {
      book(report, obstacle ?? { id, outcome: 'planned' });
      continue;
    }
    const result = await runInTurn(work, id, pace, options);
    if (result === 'cancelled') {
      report.stoppedBy = 'cancelled';
      break;
    }
    if (result !== undefined) book(report, result);
    if (result?.outcome === 'skipped' && result.error instanceof CircuitOpenError) {
      report.stoppedBy = 'circuit-open';
      break;
    }
  }
  return report;
}

function obstacleOf(work: RedriveWork, id: string): RedriveResult | 'gone' | undefined {
  const plan = work.planFor(id);
  if (plan === undefined) return 'gone';
  return 'obstacle' in plan ? { id, outcome: plan.obstacle, error: new Error(plan.why) } : undefined;
}

async function runInTurn(
  work: RedriveWork,
  id: string,
  pace: Pace,
  { whenOpen = 'stop' }: Readonly<RedriveOptions>,
): Promise<RedriveResult | 'cancelled' | undefined> {
  for (;;) {
    const turn = pace.next();
    // Not awaited for nothing: the first run starts within the call of `redrive`.
    if ((typeof turn === 'string' ? turn : await turn) === 'cancelled') return 'cancelled';
    const result = await runAgain(work, id, whenOpen);
    const waitMs = whenOpen === 'wait' && result?.outcome === 'skipped' ? roomIn(result.error) : undefined;
    if (waitMs === undefined) return result;
    pace.pause(waitMs);
  }
}

/** In how many ms there may be room, for a call that was not run; at least 1, so that time goes on. */
function roomIn(error: unknown): number | undefined {
  const retryAfterMs = error instanceof RejectedError ? error.retryAfterMs : undefined;
  return retryAfterMs === undefined ? undefined : Math.max(1, retryAfterMs);
}

/** Asks for the plan again: while it waited its turn the entry may have gone, or its owner. */
async function runAgain(work: RedriveWork, id: string, whenOpen: 'stop' | 'wait'): Promise<RedriveResult | undefined> {
  const plan = work.planFor(id);
  if (plan === undefined) return undefined;
  if ('obstacle' in plan) return { id, outcome: plan.obstacle, error: new Error(plan.why) };
  try {
    await plan.run();
  } catch (error) {
    // Not run at all: the entry is as it was.
    const isWaitedFor = whenOpen === 'wait' && roomIn(error) !== undefined;
    if (isWaitedFor || error instanceof CircuitOpenError) return { id, outcome: 'skipped', error };
    work.failedAgain(id, error);
    return { id, outcome: 'failed', error };
  }
  work.succeeded(id);
  return { id, outcome: 'succeeded' };
}

function book(report: RedriveReport, result: RedriveResult): void {
  const { outcome } = result;
  report.results.push(result);
  if (outcome === 'planned') report.attempted++;
  else report[outcome]++;
  if (outcome === 'succeeded' || outcome === 'failed') report.attempted++;
}

/** Lets runs start at a rate, until it is cancelled. */
class Pace {
  readonly #clock: Clock;
  readonly #gapMs: number;
  readonly #cancellation: Cancellation | undefined;
  #nextAt = -Infinity;

  constructor(clock: Clock, { ratePerSecond = Infinity, signal }: Readonly<RedriveOptions>) {
    this.#clock = clock;
    this.#gapMs = 1_000 / ratePerSecond;
    this.#cancellation = signal === undefined ? undefined : cancellationOf(signal);
  }

  /** Whether the next run may start; later, when it has to wait. */
  next(): Turn | Promise<Turn> {
    if (this.#cancellation?.cancelled) return 'cancelled';
    const waitMs = this.#nextAt - this.#clock.now();
    return waitMs > 0 ? this.#wait(waitMs) : this.#go();
  }

  /** Nothing starts for a while, and what was begun last does not count. */
  pause(waitMs: number): void {
    this.#nextAt = this.#clock.now() + waitMs;
  }

  #wait(waitMs: number): Promise<Turn> {
    return wait(this.#clock, waitMs, this.#cancellation).then(
      () => this.#go(),
      () => 'cancelled',
    );
  }

  #go(): 'go' {
    this.#nextAt = this.#clock.now() + this.#gapMs;
    return 'go';
  }
}

type Turn = 'go' | 'cancelled';
