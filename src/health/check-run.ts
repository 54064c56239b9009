import type { Clock } from '../base/clock.js';
import { Deadline } from '../base/deadline.js';
import { deadlinesOf } from '../base/deadlines.js';
import { isThenable } from '../base/thenable.js';
import { grouped } from '../base/wording.js';
import type { HealthCheck, HealthFinding } from './check-options.js';
import { findingOf, findingOfError } from './finding.js';

/** How one run of a check is bounded, and who is told of it. */
interface RunOptions {
  readonly clock: Clock;
  /** In ms of the clock. */
  readonly startedAt: number;
  readonly timeoutMs: number;
  /** What it has come to, in its time. */
  onEnd(finding: HealthFinding): void;
  /** The check itself has ended, in its time or not; told after `onEnd`. */
  onSettled(): void;
}

/** One run of a check. It ends in its time, whatever the check does; the check itself may go on. */
export class CheckRun extends Deadline {
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
  readonly #options: RunOptions;
  readonly #controller = new AbortController();
  #end: (() => void) | undefined = undefined;

  constructor(options: RunOptions) {
    super();
    this.#options = options;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** In ms of the clock. */
  get startedAt(): number {
    return this.#options.startedAt;
  }

  /** Whether it has ended, although the check has not. */
  get givenUp(): boolean {
    return this.#end === undefined;
  }

  start(check: HealthCheck): void {
    const { clock, timeoutMs, startedAt } = this.#options;
    let given: unknown;
    let isLater: boolean;
    try {
      given = check({ signal: this.#controller.signal });
      isLater = isThenable(given);
    } catch (error) {
      this.#settle(findingOfError(error));
      return;
    }
    if (!isLater) {
      this.#settle(findingOf(given));
      return;
    }
    deadlinesOf(clock).arm(this, timeoutMs, startedAt);
    Promise.resolve(given).then(
      (value) => this.#settle(findingOf(value)),
      (error: unknown) => this.#settle(findingOfError(error)),
    );
  }

  override expire(): void {
    this.giveUp(`did not answer within ${grouped(this.#options.timeoutMs)} ms`);
  }

  /** Ends it before the check has: that is told to end, and not waited for. */
  giveUp(reason: string): void {
    if (this.givenUp) return;
    this.#finish({ status: 'down', reason });
    this.#controller.abort(new Error(reason));
  }

  #settle(finding: HealthFinding): void {
    if (!this.givenUp) this.#finish(finding);
    this.#options.onSettled();
  }

  #finish(finding: HealthFinding): void {
    const end = this.#end;
    this.#end = undefined;
    deadlinesOf(this.#options.clock).cancel(this);
    this.#options.onEnd(finding);
    end?.();
  }
}
