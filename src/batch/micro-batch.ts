import { type Clock, systemClock } from '../base/clock.js';
import { BulkheadFullError, ClosedError, type ErrorSource, type RejectedError, withoutStack } from '../base/errors.js';
import type { LimitGrounds } from '../base/rejection-grounds.js';
import type { BatchRequest } from './batch-call.js';
import { type BatchCause, BatchLane } from './batch-lane.js';
import {
  type CheckedMicroBatchOptions,
  checkBatchOptions,
  type MicroBatchOptions,
  microBatchRules,
} from './micro-batch-options.js';

/** What surrounds micro-batches: their name, their time, and who is told when one goes out. */
export interface MicroBatchContext {
  /** As it stands in errors. @default 'batched' */
  name?: string | undefined;
  /** The function, as it stands in errors. @default the name */
  site?: string | undefined;
  clock?: Clock | undefined;
  /** Whether rejections bear stack frames, at fifteen times the cost. @default false */
  captureStack?: boolean | undefined;
  onSent?: ((batch: SentBatch) => void) | undefined;
}

/** A bulk call that has gone out. */
export interface SentBatch {
  readonly items: number;
  /** Whose items they are. */
  readonly calls: number;
  readonly because: BatchCause;
  /** The `caller` of the request whose items came first. */
  readonly caller?: unknown;
}

/** Which calls may be merged with each other: those with the same function, object and key. */
export interface BatchLot {
  readonly fn: object;
  readonly self: object;
  readonly key: string;
}

/** Micro-batches as they are at a moment: JSON all the way down. */
export interface MicroBatchSnapshot {
  /** Items that wait. */
  readonly queued: number;
  /** Bulk calls that run. */
  readonly running: number;
  readonly totalCalls: number;
  readonly rejected: number;
  /** Bulk calls that have gone out, and the items in them. */
  readonly batches: number;
  readonly items: number;
}

/**
 * Merges the items of calls that come at about the same time into bulk calls, and gives each caller its own results. Calls
 * of different lots are kept apart.
 * @example
 * const hosts = new MicroBatch<string>({ maxSize: 50, maxWaitMs: 10 });
 * const run = (names: string[]) => ({ result: fetchHosts(names) });
 * const [[web1], [web2]] = await Promise.all([hosts.add({ items: ['web1'], run }), hosts.add({ items: ['web2'], run })]);
 */
export class MicroBatch<T> {
  readonly name: string;
  /** Its options, defaults filled in; frozen. */
  readonly options: CheckedMicroBatchOptions;
  readonly #context: MicroBatchContext;
  readonly #grounds: LimitGrounds;
  readonly #lanes: WeakMap<object, WeakMap<object, Map<string, BatchLane<T>>>> = new WeakMap();
  /** Lanes in which something waits or runs. */
  readonly #busy: Set<BatchLane<T>> = new Set();
  #closing: (() => void) | undefined = undefined;
  #closed: Promise<void> | undefined = undefined;
  #totalCalls = 0;
  #rejected = 0;
  #batches = 0;
  #items = 0;

  /** @throws {TypeError | RangeError} for options that are not as they should be */
  constructor(options: MicroBatchOptions = {}, context: MicroBatchContext = {}) {
    this.options = checkBatchOptions(microBatchRules, options) as CheckedMicroBatchOptions;
    this.name = context.name ?? 'batched';
    this.#context = context;
    const { maxSize, maxWaitMs, maxConcurrent, maxQueue } = this.options;
    this.#grounds = Object.freeze({ maxSize, maxWaitMs, maxConcurrent, maxQueue });
  }

  /**
   * Takes in a caller's items, and gives their results. The bulk call is made by the `run` of the first whose items are in
   * it.
   * @throws {BulkheadFullError} as a rejected promise, when more items would wait than may
   * @throws {ClosedError} as a rejected promise, once it is closed
   * @throws {TypeError} as a rejected promise, for another number of results than of items
   * @throws as a rejected promise: what the bulk call throws, an `Error` among the caller's own results, or the reason of
   * its cancellation
   */
  add(request: BatchRequest<T>, lot: Partial<BatchLot> = {}): Promise<unknown[]> {
    this.#totalCalls++;
    if (this.#closed !== undefined) return this.#reject(ClosedError, 'is closed');
    if (request.items.length === 0) return Promise.resolve([]);
    const lane = this.#laneOf({ fn: this, self: this, key: '', ...lot });
    const { maxQueue } = this.options;
    if (request.cancellation?.cancelled) {
      this.#forgetUnused(lane);
      return Promise.reject(request.cancellation.reason);
    }
    if (lane.hasRoomFor(request.items.length)) {
      this.#busy.add(lane);
      return lane.add(request);
    }
    this.#forgetUnused(lane);
    return this.#reject(BulkheadFullError, `has ${lane.queued} of ${maxQueue} items in line, and no room for more`);
  }

  /** Sends all that waits, without waiting for more. */
  flush(): void {
    for (const lane of this.#busy) lane.flush();
  }

  /** Sends all that waits, takes nothing more in, and resolves when all bulk calls have settled. */
  close(): Promise<void> {
    this.#closed ??= new Promise((resolve) => {
      this.#closing = resolve;
    });
    this.flush();
    if (this.#busy.size === 0) this.#closing?.();
    return this.#closed;
  }

  /** What waits and runs, and what it has counted, as JSON. */
  snapshot(): MicroBatchSnapshot {
    const lanes = [...this.#busy];
    return {
      queued: lanes.reduce((sum, lane) => sum + lane.queued, 0),
      running: lanes.reduce((sum, lane) => sum + lane.running, 0),
      totalCalls: this.#totalCalls,
      rejected: this.#rejected,
      batches: this.#batches,
      items: this.#items,
    };
  }

  /** A lane that was made for a call that does not enter it: an empty one goes when it is flushed. */
  #forgetUnused(lane: BatchLane<T>): void {
    if (!this.#busy.has(lane)) lane.flush();
  }

  #laneOf({ fn, self, key }: BatchLot): BatchLane<T> {
    const bySelf = obtain(this.#lanes, fn, () => new WeakMap<object, Map<string, BatchLane<T>>>());
    const byKey = obtain(bySelf, self, () => new Map<string, BatchLane<T>>());
    return obtain(byKey, key, () => this.#makeLane(() => byKey.delete(key)));
  }

  /** @param forget Takes the lane out of its map, once it is idle: keys come and go. */
  #makeLane(forget: () => void): BatchLane<T> {
    const lane: BatchLane<T> = new BatchLane(this.options, {
      name: this.#context.site ?? this.name,
      clock: this.#context.clock ?? systemClock,
      sent: (bulk) => {
        this.#batches++;
        this.#items += bulk.items;
        this.#context.onSent?.(bulk);
      },
      idle: () => {
        forget();
        this.#busy.delete(lane);
        if (this.#busy.size === 0) this.#closing?.();
      },
    });
    return lane;
  }

  #reject(type: new (message: string, source: ErrorSource) => RejectedError, what: string): Promise<never> {
    this.#rejected++;
    const { site, captureStack } = this.#context;
    const source = { policy: 'batched', policyName: this.name, site, grounds: this.#grounds };
    const make = () => new type(`'${this.name}' ${what}`, source);
    return Promise.reject(captureStack ? make() : withoutStack(make));
  }
}

interface MapLike<Key, Value> {
  get(key: Key): Value | undefined;
  set(key: Key, value: Value): unknown;
}

function obtain<Key, Value>(map: MapLike<Key, Value>, key: Key, make: () => Value): Value {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
