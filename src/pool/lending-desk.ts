import type { Cancellation } from '../base/cancellation.js';
import type { Clock } from '../base/clock.js';
import { deadlinesOf } from '../base/deadlines.js';
import { Line } from '../base/line.js';
import { Waiter } from '../base/waiter.js';
import { Drain } from './drain.js';
import type { PoolEvent } from './pool-event.js';
import type { CheckedPoolOptions } from './pool-options.js';
import type { PoolSnapshot } from './pool-snapshot.js';
import { Rejections } from './rejections.js';
import type { Slot } from './slot.js';
import { Stock } from './stock.js';

/** What surrounds a desk. */
interface DeskContext {
  readonly name: string;
  readonly clock: Clock;
  readonly captureStack: boolean;
  told(event: PoolEvent): void;
}

/** Where resources of the stock are lent, first come first served, and given back. */
export class LendingDesk<R> {
  readonly #options: CheckedPoolOptions<R>;
  readonly #clock: Clock;
  readonly #stock: Stock<R>;
  readonly #rejections: Rejections;
  readonly #line: Line<Waiter<R>> = new Line();
  // Destroyed under those who had them: that these give them back is no mistake.
  readonly #seized = new Set<R>();
  #drain: Drain | undefined = undefined;
  #acquired = 0;

  constructor(options: CheckedPoolOptions<R>, { name, clock, captureStack, told }: DeskContext) {
    const { maxSize, maxQueue } = options;
    this.#options = options;
    this.#clock = clock;
    this.#rejections = new Rejections({
      name,
      maxSize,
      maxQueue,
      captureStack,
      told: (error) => told({ type: 'rejected', error }),
    });
    this.#stock = new Stock(name, options, clock, {
      ready: (slot) => this.#ready(slot),
      createFailed: (error) => this.#createFailed(error),
      freed: () => this.#freed(),
      told,
    });
  }

  /** Lends a resource, now or when one comes free. */
  lend(timeoutMs: number, cancellation: Cancellation | undefined): Promise<R> {
    if (cancellation?.cancelled) return Promise.reject(cancellation.reason);
    if (this.#drain !== undefined) return Promise.reject(this.#rejections.closed());
    return new Promise((resolve, reject) => this.#queueUp(resolve, reject, timeoutMs, cancellation));
  }

  /** Hands a resource that came back to the next in line, or keeps it. */
  giveBack(slot: Slot<R>): void {
    if (this.#drain !== undefined) this.#stock.destroy(slot, 'closed');
    else if (this.#line.length > this.#stock.checking) this.#offer(slot);
    else this.#stock.keep(slot);
  }

  /** Ends a resource that came back broken. */
  throwAway(slot: Slot<R>): void {
    this.#stock.destroy(slot, 'broken');
  }

  /** The slot of a resource that is out; undefined for one that was seized; else why there is none. */
  slotOf(resource: R): Slot<R> | string | undefined {
    const slot = this.#stock.slotOf(resource);
    if (slot?.state === 'borrowed') return slot;
    if (this.#seized.delete(resource)) return undefined;
    return slot === undefined ? 'it is none of this pool, or was destroyed' : 'it was given back before';
  }

  async fill(): Promise<void> {
    if (this.#drain !== undefined) throw this.#rejections.closed();
    await this.#stock.fill();
  }

  close(): Promise<void> {
    if (this.#drain !== undefined) return this.#drain.done;
    this.#drain = new Drain(this.#clock, this.#options.drainTimeoutMs, () => this.#seize());
    for (let waiter = this.#line.first; waiter !== undefined; waiter = this.#line.first) {
      this.#sendAway(waiter, this.#rejections.closed());
    }
    this.#stock.windUp(this.#rejections.closing());
    this.#finishWhenEmpty();
    return this.#drain.done;
  }

  snapshot(): PoolSnapshot {
    const { minSize, maxSize, maxQueue } = this.#options;
    const { timedOut, rejected } = this.#rejections;
    return {
      ...this.#stock.counts(),
      waiting: this.#line.length,
      minSize,
      maxSize,
      maxQueue: maxQueue === Infinity ? null : maxQueue,
      acquired: this.#acquired,
      timedOut,
      rejected,
      closed: this.#drain !== undefined,
    };
  }

  #queueUp(
    resolve: (resource: R) => void,
    reject: (reason: unknown) => void,
    timeoutMs: number,
    cancellation: Cancellation | undefined,
  ): void {
    let isWaiting = true;
    const ending =
      <Value>(settle: (value: Value) => void) =>
      (value: Value) => {
        isWaiting = false;
        stopListening?.();
        settle(value);
      };
    const waiter = new Waiter<R>(ending(resolve), ending(reject), (late) =>
      this.#sendAway(late, this.#rejections.late(timeoutMs)),
    );
    const stopListening = cancellation?.onCancel((reason) => this.#sendAway(waiter, reason));
    this.#line.join(waiter);
    this.#supply();
    this.#stock.keepMinimum();
    if (!isWaiting) return;
    // Those for whom a resource, or the place of one that ends, is on its way are as good as served.
    if (this.#line.length - this.#stock.underway - this.#stock.comingFree > this.#options.maxQueue) {
      this.#sendAway(waiter, this.#rejections.full());
      return;
    }
    deadlinesOf(this.#clock).arm(waiter, timeoutMs, this.#clock.now());
  }

  /** Sees to it that everyone in line has a resource on its way, as far as there may be so many. */
  #supply(): void {
    if (this.#drain !== undefined) return;
    const stock = this.#stock;
    while (this.#line.length > stock.checking) {
      const slot = stock.takeIdle();
      if (slot === undefined) break;
      this.#offer(slot);
    }
    while (this.#line.length > stock.underway && stock.size < this.#options.maxSize) stock.create();
  }

  #offer(slot: Slot<R>): void {
    if (this.#options.validate === undefined) this.#ready(slot);
    else this.#stock.check(slot);
  }

  #ready(slot: Slot<R>): void {
    const waiter = this.#line.first;
    if (this.#drain !== undefined) this.#stock.destroy(slot, 'closed');
    else if (waiter === undefined) this.#stock.keep(slot);
    else {
      this.#line.leave(waiter);
      deadlinesOf(this.#clock).cancel(waiter);
      slot.state = 'borrowed';
      this.#acquired++;
      waiter.admit(slot.resource);
    }
  }

  #createFailed(error: unknown): void {
    // Whoever is first hears of it: nobody is served, or told, before one who came earlier.
    const waiter = this.#line.first;
    if (waiter !== undefined) this.#sendAway(waiter, error);
    this.#supply();
    this.#finishWhenEmpty();
  }

  #freed(): void {
    if (this.#drain !== undefined) return this.#finishWhenEmpty();
    this.#supply();
    this.#stock.keepMinimum();
    if (this.#line.length === 0) this.#stock.abandonRuns();
  }

  #sendAway(waiter: Waiter<R>, reason: unknown): void {
    this.#line.leave(waiter);
    deadlinesOf(this.#clock).cancel(waiter);
    if (this.#line.length === 0) this.#stock.abandonRuns();
    waiter.refuse(reason);
  }

  #seize(): void {
    for (const resource of this.#stock.seize(this.#rejections.closing())) this.#seized.add(resource);
    this.#finishWhenEmpty();
  }

  #finishWhenEmpty(): void {
    if (this.#stock.size === 0) this.#drain?.finish();
  }
}
