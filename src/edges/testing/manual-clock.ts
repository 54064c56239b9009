import type { Clock, TimerHandle } from '../../base/clock.js';

// Taken at load, before a test may fake the globals.
const runtime = globalThis as { setImmediate?: (callback: () => void) => void };
const nextTurn = runtime.setImmediate ?? ((callback: () => void) => setTimeout(callback, 0));

interface Timer {
  readonly id: number;
  readonly at: number;
  readonly callback: () => void;
}

/**
 * A clock that stands still until it is moved: for tests of anything that waits.
 * @example
 * const clock = new ManualClock();
 * const registry = new Registry({ clock });
 * const call = retryWithBackoff({ registry, jitter: 'none' })(flaky)();
 * await clock.advance(1_000); // the first retry has run when this resolves
 */
export class ManualClock implements Clock {
  #nowMs: number;
  #wallMs: number;
  #timers: Timer[] = [];
  #lastId = 0;

  /**
   * @param start `nowMs`, where the monotonic clock starts, and `wallMs`, the time of day then.
   */
  constructor(start: { nowMs?: number; wallMs?: number } = {}) {
    this.#nowMs = start.nowMs ?? 0;
    this.#wallMs = start.wallMs ?? Date.UTC(2026, 0, 1);
  }

  now(): number {
    return this.#nowMs;
  }

  wallNow(): number {
    return this.#wallMs;
  }

  setTimeout(callback: () => void, delayMs: number): TimerHandle {
    const timer = { id: ++this.#lastId, at: this.#nowMs + Math.max(0, delayMs), callback };
    this.#timers.push(timer);
    return timer.id;
  }

  clearTimeout(handle: TimerHandle): void {
    this.#timers = this.#timers.filter((timer) => timer.id !== handle);
  }

  /** How many timers are armed. */
  get pendingTimers(): number {
    return this.#timers.length;
  }

  /**
   * Moves time forward: first all that is under way settles, then each timer fires at its own moment, in order, and what
   * it sets off settles before the next. Resolves when all is done. Code that does not wait sees the new time at once, and
   * no timer fired yet: `clock.advance(1_000); expect(breaker.state)…`.
   * @param ms How far; below 0 sets the clock back, as a broken one would be.
   * @throws {RangeError} for a time that is no finite number
   */
  advance(ms: number): Promise<void> {
    if (!Number.isFinite(ms)) throw new RangeError(`advance takes a time in ms, got ${ms}`);
    const start = this.#nowMs;
    const end = start + ms;
    const isDue = this.#timers.some((timer) => timer.at <= end);
    this.#moveTo(end);
    let begun: Promise<void> | undefined;
    const begin = () => {
      // Whoever waits has work under way that began before: it settles at the old time.
      if (begun === undefined) this.#moveTo(start);
      begun ??= this.#step(end);
      return begun;
    };
    if (isDue) queueMicrotask(begin);
    return whenAwaited(begin);
  }

  /** Sets the time of day, as an operator or NTP would; the monotonic clock does not move. */
  setWallTime(wallMs: number): void {
    this.#wallMs = wallMs;
  }

  async #step(end: number): Promise<void> {
    do await settled();
    while (this.#fireNext(end));
    if (this.#nowMs >= end) return;
    this.#moveTo(end);
    await settled();
  }

  #fireNext(end: number): boolean {
    const due = this.#timers.filter((timer) => timer.at <= end);
    const first = due.sort((left, right) => left.at - right.at || left.id - right.id)[0];
    if (first === undefined) return false;
    this.clearTimeout(first.id);
    this.#moveTo(Math.max(this.#nowMs, first.at));
    first.callback();
    return true;
  }

  #moveTo(nowMs: number): void {
    this.#wallMs += nowMs - this.#nowMs;
    this.#nowMs = nowMs;
  }
}

/**
 * A promise that starts its work when somebody begins to wait for it: `await` and `then` both ask a promise for its
 * `constructor` at that moment (ECMAScript, PromiseResolve and SpeciesConstructor).
 */
function whenAwaited(begin: () => Promise<void>): Promise<void> {
  let resolve: (value: Promise<void>) => void = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  Object.defineProperty(promise, 'constructor', {
    get() {
      resolve(begin());
      return Promise;
    },
  });
  return promise;
}

/** A turn of the event loop: every promise that could settle has settled. */
function settled(): Promise<void> {
  return new Promise((resolve) => nextTurn(resolve));
}
