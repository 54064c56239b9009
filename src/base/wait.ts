import type { Clock } from './clock.js';
import { Deadline } from './deadline.js';
import { deadlinesOf } from './deadlines.js';

/**
 * Waits `delayMs`; an abort ends the wait at once with the signal's reason. It keeps the process alive while it lasts.
 * @throws the `reason` of the signal
 */
export function wait(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const pause = new Pause(() => {
      signal?.removeEventListener('abort', aborted);
      resolve();
    });
    const aborted = () => {
      deadlinesOf(clock).cancel(pause);
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', aborted, { once: true });
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
