import { count, durationMs, text } from '../base/option-rules.js';
import type { OptionRules } from '../base/options.js';

/** How many calls may run at once, and how many may wait. */
export interface BulkheadOptions {
  /** The name of the bulkhead in the registry and in errors; who uses the same name shares the slots. */
  name?: string;
  /** Calls that may run at once, from 1. @default 10 */
  maxConcurrent?: number;
  /** Calls that may wait for a slot, first come first served; `Infinity` for no limit. @default 0 */
  maxQueue?: number;
  /** How long a call may wait for a slot, in ms. @default Infinity */
  queueTimeoutMs?: number;
}

/** What each option takes. */
export const bulkheadRules: OptionRules<BulkheadOptions> = {
  name: text(),
  maxConcurrent: count({ default: 10 }),
  maxQueue: count({ min: 0, infinity: 'taken', default: 0 }),
  queueTimeoutMs: durationMs({ min: 1, infinity: 'taken', default: Infinity }),
};

/** Options with the defaults filled in. */
export type CheckedBulkheadOptions = Readonly<BulkheadOptions & Required<Omit<BulkheadOptions, 'name'>>>;
