import { isObject } from '../base/is-object.js';
import { RejectedError } from '../base/errors.js';
import { callback } from '../base/option-rules.js';
import { type Given, type OptionRules, show } from '../base/options.js';
import { checkBatchOptions, type MicroBatchOptions, microBatchRules } from '../batch/micro-batch-options.js';
import { MicroBatch, type SentBatch } from '../batch/micro-batch.js';
import { cacheKey, keyArguments } from '../cache/cache-key.js';
import type { BulkFunction } from '../engine/any-function.js';
import type { CommonOptions } from '../engine/common-options.js';
import { definePolicy } from '../engine/define-policy.js';
import { keyTextOf } from '../engine/key-text.js';
import type { ReadingPolicy } from '../engine/reading-policy.js';
import type { Site } from '../engine/site.js';
import type { StageCall } from '../engine/stage.js';
import type { SingleFunction } from './batched-types.js';

/** How `batched` behaves. */
export interface BatchedOptions extends MicroBatchOptions {
  /**
   * What calls must have in common to be merged; the bulk call gets the further arguments of the first of them.
   * @default the arguments after the items, as canonical JSON
   */
  key?(...args: never[]): string;
}

const rules: OptionRules<BatchedOptions> = { ...microBatchRules, key: callback() };

const define = definePolicy<'batched', BatchedOptions, BulkFunction>({
  kind: 'batched',
  summary: 'Merges calls that come at about the same time into one bulk call.',
  options: rules,
  check: (given) => checkBatchOptions(rules, given),
  waits: true,
  bind(site, options) {
    const batches = batchesAt(site, options);
    return {
      around(call, inside) {
        const [items, ...rest] = call.args;
        if (!Array.isArray(items)) {
          throw new TypeError(`batched: '${site.name}' takes an array of items first, got ${show(items)}`);
        }
        const { key } = options;
        const lot = {
          fn: call.fn,
          self: isObject(call.self) ? call.self : batches,
          key: key === undefined ? cacheKey(rest) : keyTextOf(site.kind, key, call),
        };
        // Without the callers' signals: the bulk call is no single caller's, and has a signal of its own.
        const run = (all: unknown[]) => inside.runShared([all, ...keyArguments(rest)]);
        const added = batches.add({ items, run, cancellation: inside, caller: call }, lot);
        return added.catch((error: unknown) => {
          // What comes from inside the bulk call has been told of there.
          if (error instanceof RejectedError && error.policy === site.kind) site.rejected(error, call);
          throw error;
        });
      },
    };
  },
});

/** The faces of `batched`. */
export interface Batched {
  /**
   * Merges calls of a function that takes a list and gives a result for each item: within `maxWaitMs`, or up to `maxSize`
   * items, they become one bulk call, and each caller gets its own results. Each instance merges its own calls.
   */
  <Key extends (...args: never[]) => string = () => string>(
    options?: Given<BatchedOptions & CommonOptions> & { key?: Key | undefined },
  ): ReadingPolicy<'batched', BatchedOptions & CommonOptions, { serves: BulkFunction; by: Key }>;
  /**
   * Makes a function for one item of one for many; a wrapper only.
   * @example const host = batched.single({ maxWaitMs: 10 })((names: string[]) => fetchHosts(names)); // (name) => Promise<Host>
   */
  single(
    options?: Given<BatchedOptions & CommonOptions>,
  ): <This, Item, Rest extends unknown[], Result>(
    bulk: (this: This, items: Item[], ...rest: Rest) => PromiseLike<readonly Result[]>,
  ) => SingleFunction<This, Item, Rest, Result>;
}

/**
 * Merges calls that come at about the same time into one bulk call. An `Error` among the results rejects the caller whose
 * item it stands for, and nobody else.
 * @throws {TypeError} to all callers of a bulk call that gives another number of results than it got items
 * @throws {BulkheadFullError} to a caller who brings more items than find room
 * @throws {TypeError | RangeError} for options that are not as they should be
 * @example const save = batched({ maxSize: 500, maxWaitMs: 50 })((rows: Row[]) => database.insert(rows));
 */
export const batched: Batched = Object.assign(merging, { single });

function merging<Key extends (...args: never[]) => string = () => string>(
  options?: Given<BatchedOptions & CommonOptions> & { key?: Key | undefined },
): ReadingPolicy<'batched', BatchedOptions & CommonOptions, { serves: BulkFunction; by: Key }> {
  type Merging = ReadingPolicy<'batched', BatchedOptions & CommonOptions, { serves: BulkFunction; by: Key }>;
  return define(options) as unknown as Merging;
}

function single(options?: Given<BatchedOptions & CommonOptions>): ReturnType<Batched['single']> {
  const policy = define(options);
  return (bulk, ...place: unknown[]) => {
    if (typeof place[0] === 'object' || typeof place[0] === 'string' || typeof place[0] === 'symbol') {
      throw new TypeError('batched.single is a wrapper only: what it makes takes another argument than the method');
    }
    if (typeof bulk !== 'function') throw new TypeError(`batched.single wraps a function, got ${show(bulk)}`);
    const many = policy(bulk as unknown as BulkFunction);
    async function one(this: unknown, item: unknown, ...rest: unknown[]): Promise<unknown> {
      const results = await many.call(this, [item], ...rest);
      return results[0];
    }
    Object.defineProperty(one, 'name', { value: bulk.name, configurable: true });
    return one as never;
  };
}

function batchesAt(site: Site, { key, ...options }: BatchedOptions): MicroBatch<unknown> {
  const { clock, captureStack } = site.registry;
  // Several callers share a batch: it is told of the one whose items came first.
  const onSent = ({ caller, ...batch }: SentBatch) => site.emit('batch:sent', batch, caller as StageCall | undefined);
  const make = (name: string) => new MicroBatch(options, { name, site: site.name, clock, captureStack, onSent });
  return site.obtain('buffers', { ...options, key }, make) as MicroBatch<unknown>;
}
