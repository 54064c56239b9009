import type { Clock } from '../../src/base/clock.js';

interface Handle {
  readonly at: number;
  readonly delayMs: number;
  readonly callback: () => void;
  held: boolean;
  ref(): void;
  unref(): void;
}

/** A clock whose timers, as a runtime's, hold the process until they are unref'ed; each fires when it is told to. */
export class HoldingClock implements Clock {
  nowMs = 0;
  /** How many timers were armed in all. */
  armed = 0;
  readonly timers = new Set<Handle>();
  /** The delays that were asked for. */
  readonly delays: number[] = [];

  now(): number {
    return this.nowMs;
  }

  wallNow(): number {
    return this.nowMs;
  }

  setTimeout(callback: () => void, delayMs: number): Handle {
    this.armed++;
    this.delays.push(delayMs);
    const handle: Handle = {
      at: this.nowMs + delayMs,
      delayMs,
      callback,
      held: true,
      ref: () => void (handle.held = true),
      unref: () => void (handle.held = false),
    };
    this.timers.add(handle);
    return handle;
  }

  clearTimeout(handle: unknown): void {
    this.timers.delete(handle as Handle);
  }

  /** Whether the process would stay alive. */
  get holds(): boolean {
    return [...this.timers].some(({ held }) => held);
  }

  /** Moves time on; each timer fires at its own moment. */
  advance(ms: number): void {
    const end = this.nowMs + ms;
    for (;;) {
      const [next] = [...this.timers].filter(({ at }) => at <= end).sort((left, right) => left.at - right.at);
      if (next === undefined) break;
      this.timers.delete(next);
      this.nowMs = Math.max(this.nowMs, next.at);
      next.callback();
    }
    this.nowMs = end;
  }
}
