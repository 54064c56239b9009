import type { Clock } from '../base/clock.js';
import { grouped } from '../base/wording.js';
import { CheckRun } from './check-run.js';
import type { CheckedCheckOptions, HealthFinding } from './check-options.js';

/** What a check has last come to. */
export interface CheckResult extends HealthFinding {
  /** How long it took, in ms; of one that did not end in time, how long it was waited for. */
  durationMs: number;
  /** When it ended, in ms since 1970. */
  checkedAt: number;
}

/**
 * One check: its result is kept for a while, all who ask meanwhile share one run, and one that hangs is given up in time,
 * and has no others begun on top of it.
 */
export class Checkup {
  readonly options: CheckedCheckOptions;
  readonly #clock: Clock;
  #last: CheckResult | undefined = undefined;
  #freshUntil = -Infinity;
  /** What has begun and not ended, given up or not. */
  #run: CheckRun | undefined = undefined;
  #closed = false;

  constructor(options: CheckedCheckOptions, clock: Clock) {
    this.options = options;
    this.#clock = clock;
  }

  /** The last result, however old it is. */
  get last(): CheckResult | undefined {
    return this.#last;
  }

  /** The result that holds: the last one, or that of a run. It never fails, and never takes longer than its time. */
  look(): CheckResult | Promise<CheckResult> {
    const nowMs = this.#clock.now();
    if (this.#last !== undefined && nowMs < this.#freshUntil) return this.#last;
    if (this.#closed) return this.#lastOfAll();
    const run = this.#run;
    if (run?.givenUp === false) return this.#whileRunning(run);
    if (run !== undefined && nowMs - run.startedAt < this.options.retryHungAfterMs) {
      return this.#keep({ status: 'down', reason: `has not answered for ${grouped(nowMs - run.startedAt)} ms` }, run);
    }
    return this.#whileRunning(this.#begin(nowMs));
  }

  /** Asks nothing any more: what runs is told to end, and who waits has an answer. */
  close(): void {
    this.#closed = true;
    this.#run?.giveUp('closed');
  }

  #whileRunning(run: CheckRun): CheckResult | Promise<CheckResult> {
    // One that answered at once has been kept already.
    if (this.#run !== run && this.#last !== undefined) return this.#last;
    return this.options.whileChecking === 'stale' ? (this.#last ?? this.#resultOf(run)) : this.#resultOf(run);
  }

  #begin(nowMs: number): CheckRun {
    const { check, timeoutMs } = this.options;
    const run = new CheckRun({
      clock: this.#clock,
      startedAt: nowMs,
      timeoutMs,
      onEnd: (finding) => {
        // What was ended by closing says nothing of what it looked at.
        if (this.#run === run && !this.#closed) this.#keep(finding, run);
      },
      onSettled: () => {
        if (this.#run === run) this.#run = undefined;
      },
    });
    this.#run = run;
    run.start(check);
    return run;
  }

  async #resultOf(run: CheckRun): Promise<CheckResult> {
    await run.ended;
    return this.#lastOfAll();
  }

  #keep(finding: HealthFinding, run: CheckRun): CheckResult {
    const nowMs = this.#clock.now();
    const { critical, cacheMs } = this.options;
    const status = finding.status === 'down' && !critical ? 'degraded' : finding.status;
    const checkedAt = this.#clock.wallNow();
    this.#freshUntil = nowMs + cacheMs;
    this.#last = Object.freeze({ ...finding, status, durationMs: nowMs - run.startedAt, checkedAt });
    return this.#last;
  }

  #lastOfAll(): CheckResult {
    const never = { status: 'down', reason: 'was never checked', durationMs: 0 } as const;
    return this.#last ?? { ...never, checkedAt: this.#clock.wallNow() };
  }
}
