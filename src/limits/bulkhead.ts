import { type Clock, systemClock } from '../base/clock.js';
import { deadlinesOf } from '../base/deadlines.js';
import {
  BulkheadFullError,
  ClosedError,
  type ErrorSource,
  QueueTimeoutError,
  type RejectedError,
} from '../base/errors.js';
import { checkOptions } from '../base/options.js';
import type { LimitGrounds } from '../base/rejection-grounds.js';
import { Line } from '../base/line.js';
import { Waiter } from '../base/waiter.js';
import { grouped, plural } from '../base/wording.js';
import { Answers } from './answers.js';
import { type BulkheadOptions, bulkheadRules, type CheckedBulkheadOptions } from './bulkhead-options.js';
import type { BulkheadCaller } from './bulkhead-caller.js';
import { runInSlot, runWhenFree } from './slot-call.js';
import { type LimitContext, makeRejection } from './limit-context.js';

/** A bulkhead as it is at a moment: JSON all the way down. */
export interface BulkheadSnapshot {
  /** Calls that run now. */
  readonly active: number;
  /** Calls that wait now. */
  readonly queued: number;
  readonly maxConcurrent: number;
  /** `null` for no limit, which JSON cannot say otherwise. */
  readonly maxQueue: number | null;
  /** Calls that were turned away at once. */
  readonly rejected: number;
  /** Calls that waited as long as they may, in vain. */
  readonly timedOut: number;
  /** All calls, also those that gave up while they waited. */
  readonly totalCalls: number;
}

/**
 * Lets at most `maxConcurrent` calls run at once; the next wait in line or are rejected, so that one slow dependency
 * does not take all there is. A call holds its slot until its work has really settled.
 * @example
 * const bulkhead = new Bulkhead({ maxConcurrent: 4, maxQueue: 20 });
 * const image = await bulkhead.call(render, page); // BulkheadFullError when 4 run and 20 wait
 */
export class Bulkhead {
  readonly name: string;
  /** Its options, defaults filled in; frozen. */
  options: CheckedBulkheadOptions;
  readonly #clock: Clock;
  readonly #captureStack: boolean;
  readonly #line: Line<Waiter> = new Line();
  readonly #answers: Answers = new Answers();
  #grounds: LimitGrounds;
  // Slots that there are: none once it is closed, so that the fast path has one thing to look at.
  #slots: number;
  #closed = false;
  #active = 0;
  #rejected = 0;
  #timedOut = 0;
  #totalCalls = 0;

  /**
   * @throws {TypeError} for an unknown option, or a value of the wrong type
   * @throws {RangeError} for a value out of range
   */
  constructor(options: BulkheadOptions = {}, context: LimitContext = {}) {
    this.options = checkOptions<BulkheadOptions>('bulkhead', bulkheadRules, options) as CheckedBulkheadOptions;
    this.name = context.name ?? this.options.name ?? 'bulkhead';
    this.#clock = context.clock ?? systemClock;
    this.#captureStack = context.captureStack ?? false;
    const { maxConcurrent, maxQueue } = this.options;
    this.#grounds = Object.freeze({ maxConcurrent, maxQueue });
    this.#slots = maxConcurrent;
  }

  /**
   * Runs a function in a slot, now or when one comes free. What it gives or throws comes back as it is; a synchronous
   * function stays synchronous, unless it has to wait. An `AbortSignal` among the arguments ends the wait.
   * @throws {BulkheadFullError | QueueTimeoutError | ClosedError} when the function was not run; as a rejected promise
   * where it waited, or the functions give promises
   */
  call<Args extends readonly unknown[], Result>(fn: (...args: Args) => Result, ...args: Args): Result {
    if (this.tryEnter()) return runInSlot(this, this.#answers, fn, args);
    if (this.options.maxQueue === 0) return this.#answers.refuse(fn, this.reject(fn.name || undefined));
    return runWhenFree(this, this.#answers, fn, args) as Result;
  }

  /** Takes a free slot, to be given back by `leave`; false when there is none: then `enter`, or `reject`. */
  tryEnter(): boolean {
    if (this.#active >= this.#slots) return false;
    this.#active++;
    this.#totalCalls++;
    return true;
  }

  /**
   * Waits for a slot, to be given back by `leave`; a caller that has given up by the time it hears of its slot gives it
   * back too.
   * @throws {BulkheadFullError} when the queue is full
   * @throws {QueueTimeoutError} after `queueTimeoutMs`
   * @throws {ClosedError} when the bulkhead is closed, or was closed meanwhile
   * @throws the reason of the cancellation
   */
  enter({ cancellation, site }: BulkheadCaller = {}): Promise<void> {
    if (cancellation?.cancelled) {
      this.#totalCalls++;
      return Promise.reject(cancellation.reason);
    }
    if (this.tryEnter()) return Promise.resolve();
    const { maxQueue, queueTimeoutMs } = this.options;
    if (this.#closed || this.#line.length >= maxQueue) return Promise.reject(this.reject(site));
    this.#totalCalls++;
    return new Promise((resolve, reject) => {
      const waiter = new Waiter(
        () => {
          stopListening?.();
          resolve();
        },
        (reason) => {
          stopListening?.();
          reject(reason);
        },
        (late) => this.#timeOut(late),
        site,
      );
      const stopListening = cancellation?.onCancel((reason) => this.#sendAway(waiter, reason));
      this.#line.join(waiter);
      if (queueTimeoutMs !== Infinity) deadlinesOf(this.#clock).arm(waiter, queueTimeoutMs, this.#clock.now());
    });
  }

  /** Gives a slot back, once for each one taken; the next in line gets it. */
  leave(): void {
    const next = this.#line.first;
    // There may be fewer slots by now than there were.
    if (next !== undefined && this.#active <= this.#slots) this.#letIn(next);
    else if (this.#active > 0) this.#active--;
  }

  /** Counts a call that is turned away, and makes the error that it gets. */
  reject(site?: string): RejectedError {
    this.#rejected++;
    this.#totalCalls++;
    if (this.#closed) return this.#closedError(site);
    const { maxConcurrent, maxQueue } = this.options;
    const slots = maxConcurrent === 1 ? 'its one slot' : `all its ${maxConcurrent} slots`;
    const queue = maxQueue === 0 ? '' : ` and ${plural(maxQueue, 'call')} in line`;
    return this.#error(BulkheadFullError, `has ${slots} taken${queue}`, site);
  }

  /**
   * Goes by other options from now on: new slots are taken by who waits, and where there are fewer than calls that run,
   * the next are let in when enough have left. Who waits already stays in line, for as long as it was to.
   * @throws {TypeError | RangeError} for options that are not as they should be; then nothing has changed
   */
  reconfigure(options: BulkheadOptions): void {
    this.options = checkOptions<BulkheadOptions>('bulkhead', bulkheadRules, options) as CheckedBulkheadOptions;
    const { maxConcurrent, maxQueue } = this.options;
    this.#grounds = Object.freeze({ maxConcurrent, maxQueue });
    if (this.#closed) return;
    this.#slots = maxConcurrent;
    for (let next = this.#line.first; next !== undefined && this.#active < this.#slots; next = this.#line.first) {
      this.#active++;
      this.#letIn(next);
    }
  }

  /** Sends everyone in line away, and lets nobody in any more; calls that run go on. A second time is no error. */
  close(): void {
    this.#closed = true;
    this.#slots = 0;
    for (let waiter = this.#line.first; waiter !== undefined; waiter = this.#line.first) {
      this.#rejected++;
      this.#sendAway(waiter, this.#closedError(waiter.site));
    }
  }

  /** What runs and waits, and what it has counted, as JSON. */
  snapshot(): BulkheadSnapshot {
    const { maxConcurrent, maxQueue } = this.options;
    return {
      active: this.#active,
      queued: this.#line.length,
      maxConcurrent,
      maxQueue: maxQueue === Infinity ? null : maxQueue,
      rejected: this.#rejected,
      timedOut: this.#timedOut,
      totalCalls: this.#totalCalls,
    };
  }

  #letIn(waiter: Waiter): void {
    this.#line.leave(waiter);
    deadlinesOf(this.#clock).cancel(waiter);
    waiter.admit();
  }

  #sendAway(waiter: Waiter, reason: unknown): void {
    this.#line.leave(waiter);
    deadlinesOf(this.#clock).cancel(waiter);
    waiter.refuse(reason);
  }

  #timeOut(waiter: Waiter): void {
    this.#timedOut++;
    const wait = grouped(this.options.queueTimeoutMs);
    this.#sendAway(waiter, this.#error(QueueTimeoutError, `had no slot free within ${wait} ms`, waiter.site));
  }

  #closedError(site: string | undefined): ClosedError {
    return this.#error(ClosedError, 'is closed', site);
  }

  #error<E extends RejectedError>(
    type: new (message: string, source: ErrorSource) => E,
    what: string,
    site: string | undefined,
  ): E {
    const source = { policy: 'bulkhead', policyName: this.name, site, grounds: this.#grounds };
    return makeRejection(this.#captureStack, () => new type(`'${this.name}' ${what}`, source));
  }
}
