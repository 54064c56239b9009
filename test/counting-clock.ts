import { ManualClock } from '../src/edges/testing/index.js';

/** Moved by hand; counts what is asked of it. */
export class CountingClock extends ManualClock {
  reads = 0;
  timers = 0;

  override now(): number {
    this.reads++;
    return super.now();
  }

  override setTimeout(fn: () => void, ms: number): ReturnType<ManualClock['setTimeout']> {
    this.timers++;
    return super.setTimeout(fn, ms);
  }
}
