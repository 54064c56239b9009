import { callback, count, text } from '../base/option-rules.js';
import type { OptionRules } from '../base/options.js';
import type { Severity } from '../base/severity.js';
import type { DeadLetterEntry } from './dead-letter-entry.js';

/** Which entries are listed. */
export interface ListOptions {
  /** @default all */
  filter?: (entry: DeadLetterEntry) => boolean;
  /** @default Infinity */
  limit?: number;
  /** The id behind which the list begins: the last one of the page before. */
  after?: string;
}

/** A queue at a moment; plain JSON. */
export interface DeadLetterSnapshot {
  /** Failures kept so far, those found in the store among them; redriving and clearing does not lower it. */
  totalFailures: number;
  /** Entries there are now. */
  size: number;
  /** Entries that went because there were too many. */
  dropped: number;
  /** Entries that went for their age. */
  expired: number;
  /** Entries there are now that a redrive passes by: it has failed too often. */
  parked: number;
  /** `totalFailures` by site, and by severity. */
  byFunction: Record<string, number>;
  bySeverity: Partial<Record<Severity, number>>;
  /** When the oldest entry was kept, in ms since 1970; `null` when there is none. */
  oldestAt: number | null;
  /** Changes that the store has not taken yet. */
  unsaved: number;
}

/** What each option takes, and its default. */
export const listRules: OptionRules<ListOptions> = {
  filter: callback(),
  limit: count({ infinity: 'taken', default: Infinity }),
  after: text(),
};
