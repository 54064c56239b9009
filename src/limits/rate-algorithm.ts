/** A way to hold a rate. Time is an argument; it may stand still but not go back. */
export interface RateAlgorithm {
  /** Takes a permit without a look at the clock, where that is safe; false where it is not, or there is none. */
  takeUnseen(): boolean;
  /** Takes a permit and returns 0, or takes none and returns in how many whole ms there will be one. */
  take(nowMs: number): number;
  /** Begins, before the first permit, with so many taken at this moment: no more than it has. */
  beginWith(taken: number, nowMs: number): void;
  /** Permits that could be taken now. */
  available(nowMs: number): number;
}

/** Sums of binary fractions are off by less than this, in ms: a permit due by so little is due. */
export const TOLERANCE_MS = 1e-6;

/** A wait in whole ms, as timers have it: after it there is a permit, and 1 ms earlier there was none. */
export function wholeMs(waitMs: number): number {
  return Math.ceil(waitMs - TOLERANCE_MS);
}
