/** What a timer function returned; the registry's clock alone knows what it is. */
export type TimerHandle = unknown;

/** Where time comes from. Everything in the toolkit asks a clock, so that a test can move time by hand. */
export interface Clock {
  /** Monotonic time in ms; its zero means nothing. */
  now(): number;
  /** Time of day in ms since 1970, for display only. */
  wallNow(): number;
  /** Calls `callback` once, `delayMs` from now. The handle may have `ref()` and `unref()`. */
  setTimeout(callback: () => void, delayMs: number): TimerHandle;
  /** Forgets a timer; one that has fired is no error. */
  clearTimeout(handle: TimerHandle): void;
}

/** The longest delay a JavaScript timer can hold, in ms; a longer one would fire at once. */
export const MAX_TIMER_MS = 2_147_483_647;

// Reading the global `performance` costs 12 ns on Node 20, where it is an accessor. Fake timers replace `setTimeout` too,
// and that is a plain property: while it is the one of before, so is the other.
const loaded = { performance: globalThis.performance, setTimeout: globalThis.setTimeout };

/** The machine's own clock. It asks the globals at each call, so that fake timers work. */
export const systemClock: Clock = {
  now: () => (setTimeout === loaded.setTimeout ? loaded.performance.now() : performance.now()),
  wallNow: () => Date.now(),
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
  clearTimeout: (handle) => clearTimeout(handle as Parameters<typeof clearTimeout>[0]),
};

/** Lets the process exit although this timer is armed, where the runtime can. */
export function unref(handle: TimerHandle): void {
  (handle as { unref?: () => void } | undefined)?.unref?.();
}

/** Keeps the process alive until this timer has fired, where the runtime can. */
export function ref(handle: TimerHandle): void {
  (handle as { ref?: () => void } | undefined)?.ref?.();
}
