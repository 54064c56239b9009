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
   * Moves time forward and fires each timer at its own moment, in order; resolves when all that was set off has settled.
   * Where no timer is due the time has moved when this returns, so a test that only reads the clock need not wait.
   */
  async advance(ms: number): Promise<void> {
    const end = this.#nowMs + ms;
    let fired = this.#fireNext(end);
    if (!fired) this.#moveTo(end);
    await settled();
    for (;;) {
      fired = this.#fireNext(end);
      if (!fired) break;
      await settled();
    }
    if (this.#nowMs < end) {
      this.#moveTo(end);
      await settled();
    }
  }

  /** Sets the time of day, as an operator or NTP would; the monotonic clock does not move. */
  setWallTime(wallMs: number): void {
    this.#wallMs = wallMs;
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

/** A turn of the event loop: every promise that could settle has settled. */
function settled(): Promise<void> {
  return new Promise((resolve) => nextTurn(resolve));
}
