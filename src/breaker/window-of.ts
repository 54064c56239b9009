import type { CheckedBreakerOptions } from './breaker-options.js';
import { CountWindow } from './count-window.js';
import type { OutcomeWindow } from './outcome-window.js';
import { TimeWindow } from './time-window.js';

/**
 * The window that the options ask for; undefined where failures in a row decide.
 * @param callsBefore Successes in good time that nobody has recorded.
 */
export function windowOf({ window }: CheckedBreakerOptions, callsBefore: number): OutcomeWindow | undefined {
  if (window === undefined) return undefined;
  return window.type === 'count' ? new CountWindow(window.size, callsBefore) : new TimeWindow(window.ms);
}
