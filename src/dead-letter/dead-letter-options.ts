import type { Clock } from '../base/clock.js';
import { callback, count, durationMs, having, text } from '../base/option-rules.js';
import type { OptionRules } from '../base/options.js';
import type { Random } from '../base/random.js';
import type { Classify } from '../base/severity.js';
import type { DeadLetterEntry } from './dead-letter-entry.js';
import type { DeadLetterEvent } from './dead-letter-event.js';
import type { DeadLetterStore } from './dead-letter-store.js';

/** What a dead-letter queue takes. */
export interface DeadLetterOptions {
  /** Its name in the registry. @default the name of what it stands on, or 'deadLetter' */
  name?: string;
  /** Entries kept; past it the oldest goes. `Infinity` keeps all. @default 1_000 */
  maxEntries?: number;
  /** How long an entry is kept after its call has failed first, in ms; then it goes. `Infinity` keeps it. @default Infinity */
  maxAgeMs?: number;
  /**
   * Redrives of an entry that may fail; then it is parked: it is kept and listed, and a redrive passes it by, unless it asks
   * for it. @default Infinity
   */
  maxRedrives?: number;
  /** Where entries are written so that they outlive the process. @default none: memory alone */
  store?: DeadLetterStore;
  /** Gives arguments that can be copied, and that the function takes as well: for functions that take a Request, say. */
  serialize?: (args: readonly unknown[]) => readonly unknown[];
  /**
   * Takes secrets out of an entry before anything is stored, its arguments and its error's message; it gets a copy, what it
   * returns is stored, and a redrive runs with that. It runs again on the stored entry when a redrive fails. When it throws, or
   * returns no entry, the entry is kept without arguments and message, and with `argsError`.
   */
  redact?: (entry: DeadLetterEntry) => DeadLetterEntry;
  /** Which errors are kept. @default all */
  when?: (error: unknown) => boolean;
}

/** What a queue takes from its surroundings. */
export interface DeadLetterContext {
  /** The name, where the options give none. */
  name?: string | undefined;
  /** @default the machine's clock */
  clock?: Clock | undefined;
  /** @default the machine's chance */
  random?: Random | undefined;
  /** @default `classify` */
  classify?: Classify | undefined;
  /** How often the function was run in a redrive that failed with this error. @default 0 for a rejection, else 1 */
  attemptsOf?: ((error: unknown) => number) | undefined;
  /** Is told what happens; what it throws reaches nobody. */
  onEvent?: ((event: DeadLetterEvent) => void) | undefined;
}

/** What each option takes, and its default. */
export const deadLetterRules: OptionRules<DeadLetterOptions> = {
  name: text(),
  maxEntries: count({ infinity: 'taken', default: 1_000 }),
  maxAgeMs: durationMs({ min: 1, infinity: 'taken', default: Infinity }),
  maxRedrives: count({ infinity: 'taken', default: Infinity }),
  store: having('a store with load, put and remove', ['load', 'put', 'remove']),
  serialize: callback(),
  redact: callback(),
  when: callback(),
};
