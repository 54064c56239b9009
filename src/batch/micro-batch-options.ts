import { count, durationMs } from '../base/option-rules.js';
import { checkOptions, type OptionRules } from '../base/options.js';

/** When the items of single calls go out as one bulk call. */
export interface MicroBatchOptions {
  /** Items in a bulk call at most; a call with more is split. @default 100 */
  maxSize?: number;
  /** How long an item waits for others at most, in ms; 0 merges what is asked for in one turn. @default 1_000 */
  maxWaitMs?: number;
  /** Bulk calls that may run at once; meanwhile items wait, and go out in fuller batches. @default Infinity */
  maxConcurrent?: number;
  /** Items that may wait, from `maxSize`; a call that brings more is rejected. @default Infinity */
  maxQueue?: number;
}

/** What each option takes. */
export const microBatchRules: OptionRules<MicroBatchOptions> = {
  maxSize: count({ default: 100 }),
  maxWaitMs: durationMs({ default: 1_000 }),
  maxConcurrent: count({ infinity: 'taken', default: Infinity }),
  maxQueue: count({ infinity: 'taken', default: Infinity }),
};

/** Options with the defaults filled in. */
export type CheckedMicroBatchOptions = Readonly<Required<MicroBatchOptions>>;

/**
 * Checks the options by rules that have these among them, and that a batch finds room in the queue.
 * @throws {TypeError | RangeError} for options that are not as they should be
 */
export function checkBatchOptions<Options extends MicroBatchOptions>(
  rules: OptionRules<Options>,
  given: Partial<Options>,
): Readonly<Options> {
  const checked = checkOptions<Options>('batched', rules, given);
  const { maxSize, maxQueue } = checked as CheckedMicroBatchOptions;
  if (maxQueue >= maxSize) return checked;
  throw new RangeError(`batched: \`maxQueue\` takes at least \`maxSize\`, which is ${maxSize}, got ${maxQueue}`);
}
