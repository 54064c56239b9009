import type { Cancellation } from './cancellation.js';
import type { Clock } from './clock.js';
import { Deadline } from './deadline.js';
import { deadlinesOf } from './deadlines.js';

/**
 * Waits `delayMs`; a cancellation ends the wait at once. It keeps the process alive while it lasts.
 * @throws the `reason` of the cancellation
 */
export function wait(clock: Clock, delayMs: number, cancellation?: Cancellation): Promise<void> {
  if (cancellation?.cancelled) return Promise.reject(cancellation.reason);
  return new Promise((resolve, reject) => {
    const pause = new Pause(() => {
      forget?.();
      resolve();
    });
    const forget = cancellation?.onCancel((reason) => {
      deadlinesOf(clock).cancel(pause);
      reject(reason);
    });
    deadlinesOf(clock).armComputed(pause, delayMs, clock.now());
  });
}

class Pause extends Deadline {
  readonly expire: () => void;

  constructor(expire: () => void) {
    super();
    this.expire = expire;
  }
}
