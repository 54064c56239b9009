import type { Cancellation } from '../../base/cancellation.js';
import { systemClock } from '../../base/clock.js';
import { Deadline } from '../../base/deadline.js';
import { deadlinesOf } from '../../base/deadlines.js';
import { ClosedError, type ErrorSource, RateLimitedError, type RejectedError } from '../../base/errors.js';
import type { LimitGrounds } from '../../base/rejection-grounds.js';
import { wait } from '../../base/wait.js';
import { Line } from '../../base/line.js';
import { Waiter } from '../../base/waiter.js';
import { grouped, plural } from '../../base/wording.js';
import { makeRejection } from '../../limits/limit-context.js';
import type { ThrottleSnapshot } from '../../limits/throttle-snapshot.js';
import { type Limiter, loadBottleneck } from './bottleneck.js';
import { Pace } from './pace.js';
import type { CheckedThrottleOptions } from './throttle-options.js';

/** Who wants to come in. */
interface Caller {
  /** Tells when the caller has given up; it leaves the line at once. */
  readonly cancellation: Cancellation;
  /** The function that is to be called, as it stands in errors. */
  readonly site: string;
}

/** How long before its time bottleneck is asked for a turn: it takes three timers to give one. */
const LEAD_MS = 10;

/**
 * Calls that wait their turn. Bottleneck says when a turn is there, and this line whose turn it is: a job of bottleneck
 * cannot be taken back, so there is one at a time, for whoever is first in line when it begins.
 */
export class Shaper {
  readonly name: string;
  readonly #options: CheckedThrottleOptions;
  readonly #captureStack: boolean;
  #limiter: Limiter;
  #askedAt = -Infinity;
  readonly #pace: Pace;
  readonly #grounds: LimitGrounds;
  readonly #line: Line<Waiter> = new Line();
  /** Ends a job of bottleneck, for each call that runs. */
  readonly #ends: (() => void)[] = [];
  readonly #wake: Wake = new Wake(() => this.#ask());
  #hasAsked = false;
  #closed = false;
  #rejected = 0;
  #totalCalls = 0;

  constructor(options: CheckedThrottleOptions, { name, captureStack }: { name: string; captureStack: boolean }) {
    this.name = name;
    this.#options = options;
    this.#captureStack = captureStack;
    this.#limiter = this.#makeLimiter();
    this.#pace = new Pace(options, systemClock.now());
    const { name: _name, ...limits } = options;
    this.#grounds = Object.freeze(limits as Record<string, number>);
  }

  /**
   * Waits for a turn, to be given back by `leave`.
   * @throws {RateLimitedError} when too many wait already
   * @throws {ClosedError} when it is closed, or was closed meanwhile
   * @throws the reason of the cancellation
   */
  enter({ cancellation, site }: Caller): Promise<undefined> {
    this.#totalCalls++;
    if (cancellation.cancelled) return Promise.reject(cancellation.reason);
    if (this.#closed) return Promise.reject(this.#reject(ClosedError, 'is closed', site));
    const nowMs = systemClock.now();
    const inLine = this.#line.length + 1 - this.#ready(nowMs);
    if (inLine > this.#options.maxQueue) return Promise.reject(this.#full(site, nowMs));
    return new Promise((resolve, reject) => {
      const admit = () => {
        stopListening();
        resolve(undefined);
      };
      const refuse = (reason: unknown) => {
        stopListening();
        reject(reason);
      };
      const waiter = new Waiter(admit, refuse, () => {}, site);
      const stopListening = cancellation.onCancel((reason) => this.#giveUp(waiter, reason));
      this.#line.join(waiter);
      this.#prepare();
    });
  }

  /** Gives a turn back, once for each one taken, when the work has settled. */
  leave(): void {
    this.#ends.pop()?.();
    this.#prepare();
  }

  /** Sends everyone in line away, and lets nobody in any more; calls that run go on. A second time is no error. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const deadlines = deadlinesOf(systemClock);
    deadlines.cancel(this.#wake);
    deadlines.clearIdle();
    for (let waiter = this.#line.first; waiter !== undefined; waiter = this.#line.first) {
      this.#line.leave(waiter);
      waiter.refuse(this.#reject(ClosedError, 'is closed', waiter.site));
    }
    // A job of its queue finds nobody in line, and ends.
    void this.#limiter.disconnect();
  }

  /** What runs and waits, and what it has counted, as JSON. */
  snapshot(): ThrottleSnapshot {
    const { maxConcurrent = null, minTimeMs, maxQueue } = this.#options;
    const nowMs = systemClock.now();
    return {
      running: this.#ends.length,
      queued: Math.max(0, this.#line.length - this.#ready(nowMs)),
      reservoir: finite(this.#pace.leftAt(nowMs)),
      maxConcurrent,
      minTimeMs,
      maxQueue: finite(maxQueue),
      rejected: this.#rejected,
      totalCalls: this.#totalCalls,
    };
  }

  /** How many calls can begin without waiting for anything but bottleneck's own steps. */
  #ready(nowMs: number): number {
    return Math.min(this.#free, this.#pace.readyAt(nowMs));
  }

  get #free(): number {
    return (this.#options.maxConcurrent ?? Infinity) - this.#ends.length;
  }

  /** Sees to it that the first in line gets a turn: now, or when its time comes. */
  #prepare(): void {
    if (this.#hasAsked || this.#line.first === undefined || this.#free === 0) return;
    const nowMs = systemClock.now();
    const inMs = Math.max(this.#pace.spacingMs(nowMs) - LEAD_MS, this.#pace.refillMs(nowMs));
    deadlinesOf(systemClock).cancel(this.#wake);
    if (inMs > 0) deadlinesOf(systemClock).armComputed(this.#wake, inMs, nowMs);
    else this.#ask();
  }

  /** Asks bottleneck for a turn. */
  #ask(): void {
    this.#hasAsked = true;
    // Bottleneck goes by the time of day: when that is set back, it stands still until it is what it was.
    const wallNowMs = systemClock.wallNow();
    if (wallNowMs < this.#askedAt) this.#limiter = this.#makeLimiter();
    this.#askedAt = wallNowMs;
    // What is due comes in, and what was drawn for nobody comes back: no other job is under way now.
    const left = this.#pace.leftAt(systemClock.now());
    if (left !== Infinity) void this.#limiter.updateSettings({ reservoir: left });
    void this.#limiter.schedule(() => this.#begin());
  }

  /** A job of bottleneck: lasts as long as the call that it is for. */
  async #begin(): Promise<void> {
    const earlyMs = this.#pace.spacingMs(systemClock.now());
    if (earlyMs > 0) await wait(systemClock, earlyMs);
    const waiter = this.#line.first;
    this.#hasAsked = false;
    if (waiter === undefined) return;
    this.#line.leave(waiter);
    this.#pace.begin(systemClock.now());
    const ended = new Promise<void>((resolve) => this.#ends.push(resolve));
    waiter.admit();
    this.#prepare();
    return ended;
  }

  /** Time is kept here, not there: its timers would hold the process for callers who have gone. */
  #makeLimiter(): Limiter {
    const { maxConcurrent = null, reservoir = null } = this.#options;
    const Bottleneck = loadBottleneck();
    return new Bottleneck({ maxConcurrent, reservoir });
  }

  #giveUp(waiter: Waiter, reason: unknown): void {
    this.#line.leave(waiter);
    if (this.#line.first === undefined) deadlinesOf(systemClock).cancel(this.#wake);
    waiter.refuse(reason);
  }

  #full(site: string, nowMs: number): RejectedError {
    const { maxQueue } = this.#options;
    const inMs = Math.max(this.#pace.spacingMs(nowMs), this.#pace.refillMs(nowMs));
    // While all run, nobody can know when one of them ends.
    const retryAfterMs = this.#free === 0 || inMs === 0 || inMs === Infinity ? undefined : inMs;
    const line = maxQueue === 0 ? 'lets nobody wait' : `has ${plural(maxQueue, 'call')} in line`;
    const again = retryAfterMs === undefined ? '' : `; try again in ${grouped(retryAfterMs)} ms`;
    return this.#reject(RateLimitedError, `is at its limit and ${line}${again}`, site, retryAfterMs);
  }

  /** Counts a call that is turned away, and makes the error that it gets. */
  #reject<E extends RejectedError>(
    type: new (message: string, source: ErrorSource) => E,
    what: string,
    site: string | undefined,
    retryAfterMs?: number,
  ): E {
    this.#rejected++;
    const source = { policy: 'throttle', policyName: this.name, site, retryAfterMs, grounds: this.#grounds };
    return makeRejection(this.#captureStack, () => new type(`'${this.name}' ${what}`, source));
  }
}

/** Wakes the line when a turn is due; it keeps the process alive, for there is somebody who waits. */
class Wake extends Deadline {
  readonly expire: () => void;

  constructor(expire: () => void) {
    super();
    this.expire = expire;
  }
}

function finite(value: number): number | null {
  return value === Infinity ? null : value;
}
