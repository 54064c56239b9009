import type { Clock } from '../base/clock.js';
import { Deadline } from '../base/deadline.js';
import { deadlinesOf } from '../base/deadlines.js';

/** Waits for a promise, but no longer than `limitMs`; what it comes to later is dropped. */
export function within<T>(clock: Clock, limitMs: number, promise: PromiseLike<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const limit = new TimeLimit(() => reject(new Error(`no answer within ${limitMs} ms`)));
    deadlinesOf(clock).arm(limit, limitMs, clock.now());
    promise.then(
      (value) => {
        deadlinesOf(clock).cancel(limit);
        resolve(value);
      },
      (error) => {
        deadlinesOf(clock).cancel(limit);
        reject(error);
      },
    );
  });
}

class TimeLimit extends Deadline {
  readonly expire: () => void;

  constructor(expire: () => void) {
    super();
    this.expire = expire;
  }
}
