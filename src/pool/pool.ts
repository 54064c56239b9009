import { cancellationOf } from '../base/cancellation.js';
import { withCause } from '../base/cause.js';
import { classify as classifyByDefault } from '../base/classify.js';
import { type Clock, systemClock } from '../base/clock.js';
import { outcomeOf } from '../base/outcome.js';
import type { Classify } from '../base/severity.js';
import { tell } from '../base/tell.js';
import { Lease } from './lease.js';
import { LendingDesk } from './lending-desk.js';
import type { PoolEvent } from './pool-event.js';
import {
  type AcquireOptions,
  type CheckedPoolOptions,
  checkAcquire,
  checkPool,
  type PoolOptions,
} from './pool-options.js';
import type { PoolSnapshot } from './pool-snapshot.js';
import type { Slot } from './slot.js';

/** What surrounds a pool: its name, its time, how it judges errors, and who hears of it. */
export interface PoolContext {
  /** @default the option `name`, or 'pool' */
  name?: string | undefined;
  clock?: Clock | undefined;
  /** Judges errors where there is no `isBroken`. @default the toolkit's `classify` */
  classify?: Classify | undefined;
  /** Whether rejections bear stack frames, at fifteen times the cost. @default false */
  captureStack?: boolean | undefined;
  /** Is told what happens; what it throws is lost. */
  onEvent?: ((event: PoolEvent) => void) | undefined;
}

/** Resources that are dear to make, lent one caller at a time. It stands by itself; `ResourcePool` stands in a registry. */
export class Pool<R> {
  readonly name: string;
  /** Its options, defaults filled in; frozen. */
  readonly options: CheckedPoolOptions<R>;
  readonly #desk: LendingDesk<R>;
  readonly #classify: Classify;

  /**
   * @throws {TypeError} for an unknown option, or a value of the wrong type
   * @throws {RangeError} for a value out of range
   */
  constructor(options: PoolOptions<R>, context: PoolContext = {}) {
    const { clock = systemClock, classify = classifyByDefault, captureStack = false, onEvent } = context;
    this.options = checkPool(options);
    this.name = context.name ?? this.options.name ?? 'pool';
    this.#classify = classify;
    const told = (event: PoolEvent) => tell(onEvent, event);
    this.#desk = new LendingDesk(this.options, { name: this.name, clock, captureStack, told });
  }

  /**
   * Runs a function with a resource, and takes the resource back, whatever comes of it: one that is broken by the error
   * is destroyed. What the function gives or throws comes back as it is.
   * @param fn Gets the resource, and the lease, by which it may discard the resource.
   * @throws what `acquire` throws, when the function was not run
   * @example const rows = await pool.use((connection) => connection.query('select 1'));
   */
  async use<Result>(fn: (resource: R, lease: Lease<R>) => Result, options?: AcquireOptions): Promise<Awaited<Result>> {
    const lease = await this.lease(options);
    // Given up between the resource and this turn.
    if (options?.signal?.aborted) {
      lease.release();
      throw options.signal.reason;
    }
    try {
      return await fn(lease.resource, lease);
    } catch (error) {
      if (!lease.isOver && this.#isBroken(error, lease)) lease.discard();
      throw error;
    } finally {
      lease[Symbol.dispose]();
    }
  }

  /**
   * Borrows a resource until its block is left.
   * @throws what `acquire` throws
   * @example await using lease = await pool.lease();
   */
  async lease(options?: AcquireOptions): Promise<Lease<R>> {
    return new Lease(await this.acquire(options), this);
  }

  /**
   * Borrows a resource, to be given back by `release` or `discard`: one that lies idle and is good, or a new one, or
   * the next that comes free, first come first served. `use` and `lease` give it back by themselves.
   * @throws {BulkheadFullError} when `maxQueue` others wait
   * @throws {QueueTimeoutError} after `acquireTimeoutMs`
   * @throws {ClosedError} when the pool is closed, or was closed meanwhile
   * @throws {TimeoutError} when `create` took too long
   * @throws what `create` has thrown, or the reason of the signal
   */
  async acquire(options?: AcquireOptions): Promise<R> {
    const { signal, timeoutMs = this.options.acquireTimeoutMs } = options === undefined ? {} : checkAcquire(options);
    return this.#desk.lend(timeoutMs, signal && cancellationOf(signal));
  }

  /**
   * Gives a resource back; the next in line gets it.
   * @throws {TypeError} when it is not out: it was given back before, or is none of this pool's
   */
  release(resource: R): void {
    const slot = this.#borrowed(resource, 'release');
    if (slot !== undefined) this.#desk.giveBack(slot);
  }

  /**
   * Gives back a resource that is broken: it is destroyed, and nobody gets it again.
   * @throws {TypeError} when it is not out: it was given back before, or is none of this pool's
   */
  discard(resource: R): void {
    const slot = this.#borrowed(resource, 'discard');
    if (slot !== undefined) this.#desk.throwAway(slot);
  }

  /**
   * Makes resources ahead of need, up to `minSize`; a pool that is used does so by itself.
   * @throws {ClosedError} when the pool is closed
   * @throws what `create` has thrown
   */
  fill(): Promise<void> {
    return this.#desk.fill();
  }

  /**
   * Sends everyone in line away, destroys what is idle, and what is out as it comes back; resolves when nothing is left.
   * After `drainTimeoutMs` the rest is destroyed where it is. A second close waits for the first.
   */
  close(): Promise<void> {
    return this.#desk.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** What is idle, out and on its way, and what it has counted, as JSON. */
  snapshot(): PoolSnapshot {
    return this.#desk.snapshot();
  }

  #borrowed(resource: R, act: string): Slot<R> | undefined {
    const slot = this.#desk.slotOf(resource);
    if (typeof slot !== 'string') return slot;
    throw new TypeError(`resourcePool.${act}: '${this.name}' has not lent out this resource; ${slot}`);
  }

  #isBroken(error: unknown, lease: Lease<R>): boolean {
    const { isBroken } = this.options;
    if (isBroken === undefined) return outcomeOf(error, this.#classify) === 'failure';
    try {
      return isBroken(error, lease.resource);
    } catch (thrown) {
      // Nobody knows what state it is in.
      lease.discard();
      throw withCause(thrown, error);
    }
  }
}
