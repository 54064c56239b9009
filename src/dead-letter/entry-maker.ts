import type { Classify } from '../base/severity.js';
import type { DeadLetterEntry, DeadLetterFailure } from './dead-letter-entry.js';
import type { DeadLetterOptions } from './dead-letter-options.js';
import { faultOf } from './fault.js';
import { keepArgs } from './kept-args.js';
import { redacted } from './redaction.js';

/** What an entry is called and when it is made. */
export interface EntryStamp {
  id: string;
  name: string;
  /** ms since 1970 */
  at: number;
}

/** Makes entries of failures: copied, serialized and redacted, so that what it gives can be stored as it is. */
export class EntryMaker {
  readonly #options: Pick<DeadLetterOptions, 'serialize' | 'redact'>;
  readonly #classify: Classify;

  constructor(options: Pick<DeadLetterOptions, 'serialize' | 'redact'>, classify: Classify) {
    this.#options = options;
    this.#classify = classify;
  }

  /** The entry of a call that has failed. */
  make(failure: DeadLetterFailure, { id, name, at }: EntryStamp): DeadLetterEntry {
    const { args, argsError } = keepArgs(failure.args, this.#options.serialize);
    const entry: DeadLetterEntry = {
      id,
      name,
      site: failure.site,
      args,
      error: faultOf(failure.error),
      severity: this.#classify(failure.error),
      attempts: failure.attempts,
      redrives: 0,
      firstAt: at,
      lastAt: at,
    };
    if (argsError !== undefined) entry.argsError = argsError;
    return redacted(entry, this.#options.redact);
  }

  /** The same entry after a redrive that failed. */
  remake(entry: DeadLetterEntry, error: unknown, runs: number, at: number): DeadLetterEntry {
    const changed: DeadLetterEntry = {
      ...entry,
      error: faultOf(error),
      severity: this.#classify(error),
      attempts: entry.attempts + runs,
      redrives: entry.redrives + 1,
      lastAt: at,
    };
    return redacted(changed, this.#options.redact, entry.args);
  }
}
