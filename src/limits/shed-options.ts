import { amount, durationMs, text } from '../base/option-rules.js';
import type { OptionRules } from '../base/options.js';

/** When calls are shed. */
export interface ShedOptions {
  /** The name of what is shared, in the registry and in errors: all that call one dependency should use the same. */
  name?: string;
  /**
   * How many calls are sent for each that the dependency accepts, from 1. At 2 half of what it gets in an overload is in
   * vain, and it is soon seen when it accepts more; the nearer to 1, the more it is spared. @default 2
   */
  k?: number;
  /**
   * How far back it looks, in ms, from 1: about as long as it takes to shed what it should, and to send all again when the
   * overload is over. @default 120_000
   */
  windowMs?: number;
}

/** What each option takes. */
export const shedRules: OptionRules<ShedOptions> = {
  name: text(),
  k: amount({ min: 1, default: 2 }),
  windowMs: durationMs({ min: 1, default: 120_000 }),
};

/** Options with the defaults filled in. */
export type CheckedShedOptions = Readonly<ShedOptions & Required<Omit<ShedOptions, 'name'>>>;
