import type { Clock } from '../base/clock.js';
import { isThenable } from '../base/thenable.js';
import type { TagOptions } from './collector-options.js';

/**
 * Runs until it is stopped, or its block is left; then it records, once.
 * @example
 * using timer = collector.startTimer('report');
 * if (!(await render())) timer.fail();
 */
export class Timer implements Disposable {
  readonly #clock: Clock;
  readonly #record: (ms: number, success: boolean) => void;
  readonly #startedAt: number;
  #stoppedAt: number | undefined = undefined;
  #success = true;

  constructor(clock: Clock, record: (ms: number, success: boolean) => void) {
    this.#clock = clock;
    this.#record = record;
    this.#startedAt = clock.now();
  }

  /** For how long it runs or ran, in ms. */
  get elapsedMs(): number {
    return (this.#stoppedAt ?? this.#clock.now()) - this.#startedAt;
  }

  /** What is timed has failed; `using` alone cannot know. */
  fail(): void {
    this.#success = false;
  }

  /** Stops and records; a second time does nothing. Gives the time it ran, in ms. */
  stop(): number {
    if (this.#stoppedAt !== undefined) return this.elapsedMs;
    this.#stoppedAt = this.#clock.now();
    this.#record(this.elapsedMs, this.#success);
    return this.elapsedMs;
  }

  [Symbol.dispose](): void {
    this.stop();
  }
}

/** What timers are started by: a collector. */
export interface StartsTimers {
  startTimer(name: string, options?: TagOptions): Timer;
}

/**
 * Runs a function and records how long it took and whether it failed: a promise when it has settled. What the function
 * returns is returned, the same promise too; what it throws is thrown.
 * @example const rows = await timeContext(collector, 'query', () => database.query(sql));
 */
export function timeContext<Result>(
  collector: StartsTimers,
  name: string,
  fn: () => Result,
  options: TagOptions = {},
): Result {
  const timer = collector.startTimer(name, options);
  try {
    return settling(fn(), timer);
  } catch (error) {
    stopFailed(timer);
    throw error;
  }
}

function settling<Result>(result: Result, timer: Timer): Result {
  if (result instanceof Promise) {
    result.then(
      () => timer.stop(),
      () => stopFailed(timer),
    );
    return result;
  }
  if (!isThenable(result)) {
    timer.stop();
    return result;
  }
  // A query builder runs each time it is asked for `then`: it is asked once, and what comes of that is handed on.
  const settled = result.then(
    (value) => {
      timer.stop();
      return value;
    },
    (error: unknown) => {
      stopFailed(timer);
      throw error;
    },
  );
  return settled as Result;
}

function stopFailed(timer: Timer): void {
  timer.fail();
  timer.stop();
}
