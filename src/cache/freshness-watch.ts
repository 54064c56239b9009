import { type Clock, systemClock, type TimerHandle, unref } from '../base/clock.js';

/** For how long the clock goes unread once hits come thick, in ms: it makes one timer of a thousand hits at 1 000 a second. */
const HORIZON_MS = 1_000;
/** Reads within a horizon from which a timer is cheaper than reading on. */
const READS_BEFORE_TIMER = 64;
/** In a loop that never lets timers run, the clock is still read once in so many hits. */
const UNREAD_AT_MOST = 64;

/**
 * Tells that a moment is still to come without reading the clock, which costs as much as a whole hit. It arms one timer a
 * second ahead: until that has fired, whatever lies beyond it has not come. Nearer moments are compared with the clock.
 *
 * That pays only for the machine's own clock. Any other is read each time, so that time moved by hand is exact.
 */
export class FreshnessWatch {
  readonly #clock: Clock;
  readonly #reads: { count: number; since: number } | undefined;
  #horizonAt = Infinity;
  #unread = 0;
  #timer: TimerHandle | undefined = undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#reads = clock === systemClock ? { count: 0, since: 0 } : undefined;
  }

  /** Whether it is sure, without a look at the clock, that `moment` is still to come. */
  isBefore(moment: number): boolean {
    return moment >= this.#horizonAt && this.#unread++ < UNREAD_AT_MOST;
  }

  /** Reads the clock. */
  now(): number {
    const now = this.#clock.now();
    this.#unread = 0;
    if (this.#reads !== undefined) this.#note(this.#reads, now);
    return now;
  }

  #note(reads: { count: number; since: number }, now: number): void {
    if (this.#timer !== undefined) {
      // The timer is late, or time was set back (fake timers).
      if (now >= this.#horizonAt || now < this.#horizonAt - HORIZON_MS) this.#disarm();
      return;
    }
    const isPast = now - reads.since >= HORIZON_MS || now < reads.since;
    if (isPast) reads.since = now;
    reads.count = isPast ? 1 : reads.count + 1;
    if (reads.count < READS_BEFORE_TIMER) return;
    reads.count = 0;
    this.#arm(now);
  }

  #arm(now: number): void {
    this.#horizonAt = now + HORIZON_MS;
    this.#timer = this.#clock.setTimeout(() => {
      this.#timer = undefined;
      this.#horizonAt = Infinity;
    }, HORIZON_MS);
    unref(this.#timer);
  }

  #disarm(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#horizonAt = Infinity;
  }
}

const byClock = new WeakMap<Clock, FreshnessWatch>();

/** The watch of a clock: all caches that share the clock share its timer. */
export function freshnessWatchOf(clock: Clock): FreshnessWatch {
  let watch = byClock.get(clock);
  if (watch === undefined) byClock.set(clock, (watch = new FreshnessWatch(clock)));
  return watch;
}
