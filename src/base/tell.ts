import { isThenable } from './thenable.js';

/** Tells a listener; what it throws, now or by a promise, is its own affair. */
export function tell<Event>(listener: ((event: Event) => unknown) | undefined, event: Event): void {
  try {
    const answer = listener?.(event);
    if (isThenable(answer)) answer.then(undefined, () => {});
  } catch {
    // It must not reach the caller, who has nothing to do with it.
  }
}
