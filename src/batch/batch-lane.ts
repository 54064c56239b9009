import type { Clock } from '../base/clock.js';
import { Deadline } from '../base/deadline.js';
import { deadlinesOf } from '../base/deadlines.js';
import { BatchCall, type BatchRequest } from './batch-call.js';
import { Bulk } from './bulk.js';
import type { CheckedMicroBatchOptions } from './micro-batch-options.js';

/** Why a batch went out. */
export type BatchCause = 'full' | 'waited' | 'flushed';

/** What a lane tells of. */
export interface LaneHooks {
  /** The function, as it stands in errors. */
  readonly name: string;
  readonly clock: Clock;
  sent(bulk: { items: number; calls: number; because: BatchCause; caller: unknown }): void;
  /** Nothing waits and nothing runs any more. */
  idle(): void;
}

/** Items that may be merged with each other: those who wait, first come first served, and the bulk calls that run. */
export class BatchLane<T> extends Deadline {
  readonly #options: CheckedMicroBatchOptions;
  readonly #hooks: LaneHooks;
  // In the order in which they came; who leaves is taken out at once.
  readonly #line: Set<BatchCall<T>> = new Set();
  #queued = 0;
  #running = 0;
  #isFlushing = false;
  #isSending = false;
  /** The first in line when the timer was armed, and when it last went off. */
  #watched: BatchCall<T> | undefined = undefined;
  #expired: BatchCall<T> | undefined = undefined;

  constructor(options: CheckedMicroBatchOptions, hooks: LaneHooks) {
    super();
    this.#options = options;
    this.#hooks = hooks;
  }

  /** Items that wait. */
  get queued(): number {
    return this.#queued;
  }

  /** Bulk calls that run. */
  get running(): number {
    return this.#running;
  }

  /** Whether that many more items find room: sent at once, or in the queue. */
  hasRoomFor(items: number): boolean {
    const { maxSize, maxConcurrent, maxQueue } = this.#options;
    const all = this.#queued + items;
    const sentAtOnce = Math.min(Math.floor(all / maxSize), maxConcurrent - this.#running) * maxSize;
    return all - sentAtOnce <= maxQueue;
  }

  /** Takes a caller's items in; gives what it waits for. */
  add(request: BatchRequest<T>): Promise<unknown[]> {
    const { cancellation } = request;
    if (cancellation?.cancelled) return Promise.reject(cancellation.reason);
    const call = new BatchCall(request, this.#hooks.clock.now());
    const stay = cancellation?.onCancel((reason) => this.#fail(call, reason));
    this.#line.add(call);
    this.#queued += call.waiting;
    this.#send();
    if (stay !== undefined) call.promise.then(stay, stay);
    return call.promise;
  }

  /** Sends what waits, now or as soon as a bulk call may run. */
  flush(): void {
    this.#isFlushing = true;
    this.#send();
  }

  override expire(): void {
    this.#expired = this.#first;
    this.#send();
  }

  get #first(): BatchCall<T> | undefined {
    for (const call of this.#line) return call;
    return undefined;
  }

  #send(): void {
    // What a bulk function gives at once comes back here in the midst of sending: the loop below goes on with it.
    if (this.#isSending) return;
    this.#isSending = true;
    for (let because = this.#cause(); because !== undefined; because = this.#cause()) this.#sendOne(because);
    this.#isSending = false;
    if (this.#queued === 0) this.#isFlushing = false;
    this.#watch();
    if (this.#queued === 0 && this.#running === 0) this.#hooks.idle();
  }

  /** Why a batch goes out now; undefined when none does. */
  #cause(): BatchCause | undefined {
    const { maxSize, maxConcurrent } = this.#options;
    if (this.#queued === 0 || this.#running >= maxConcurrent) return undefined;
    if (this.#queued >= maxSize) return 'full';
    if (this.#first === this.#expired) return 'waited';
    return this.#isFlushing ? 'flushed' : undefined;
  }

  #sendOne(because: BatchCause): void {
    const bulk = new Bulk<T>();
    const { run, caller } = this.#first as BatchCall<T>;
    for (const call of this.#line) {
      bulk.load(call, this.#options.maxSize - bulk.items.length);
      if (call.waiting === 0) this.#line.delete(call);
      if (bulk.items.length === this.#options.maxSize) break;
    }
    this.#queued -= bulk.items.length;
    this.#running++;
    this.#hooks.sent({ items: bulk.items.length, calls: bulk.calls, because, caller });
    bulk.send(
      run,
      this.#hooks.name,
      (call, error) => this.#fail(call, error),
      () => {
        this.#running--;
        this.#send();
      },
    );
  }

  /** Answers a caller with an error; what of its items has not gone out never does. */
  #fail(call: BatchCall<T>, error: unknown): void {
    if (call.settled) return;
    call.fail(error);
    if (this.#line.delete(call)) this.#queued -= call.waiting;
    for (const bulk of call.bulks) bulk.lose(error);
    this.#send();
  }

  /** Keeps the timer at the moment when the first in line has waited long enough. */
  #watch(): void {
    const first = this.#first;
    if (first === this.#watched) return;
    this.#watched = first;
    const { clock } = this.#hooks;
    deadlinesOf(clock).cancel(this);
    if (first === undefined) return;
    const nowMs = clock.now();
    const leftMs = Math.max(0, first.addedAt + this.#options.maxWaitMs - nowMs);
    deadlinesOf(clock).armComputed(this, leftMs, nowMs);
  }
}
