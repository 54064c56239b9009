import type { Severity } from '../base/severity.js';
import type { Runner } from './runner.js';

/** What is kept of an error. */
export interface DeadLetterFault {
  name: string;
  message: string;
  /** Its `code`, or that of its `cause`, where there is one. */
  code?: string;
}

/** A call that failed for its caller, as it is kept and shown. */
export interface DeadLetterEntry {
  /** Sorts by time of keeping. */
  id: string;
  /** The queue's name. */
  name: string;
  /** The function or method that was called. */
  site: string;
  /** The arguments as they were when the call failed, in a copy. */
  args: unknown[];
  error: DeadLetterFault;
  severity: Severity;
  /** How often the function was run for this call, redrives included. */
  attempts: number;
  /** How often a redrive has failed. */
  redrives: number;
  /** When the call failed first, and last; in ms since 1970. */
  firstAt: number;
  lastAt: number;
  /** Why `args` are not those of the call; an entry with this text is shown, and never run again. */
  argsError?: string;
}

/** A call that has failed for its caller. */
export interface DeadLetterFailure {
  /** The function or method that was called. */
  site: string;
  args: readonly unknown[];
  error: unknown;
  /** How often the function was run. */
  attempts: number;
  /** The `this` of the call. It is held weakly: a dead letter keeps no service alive. */
  owner?: object | undefined;
  /**
   * What a redrive runs, unless `bind` says otherwise. The function is held as weakly as the object it was called on.
   * @default the function of the site
   */
  runner?: Runner | undefined;
}

/** Whether something that comes from outside, a store or a function given, is an entry. */
export function isEntry(value: unknown): value is DeadLetterEntry {
  const { id, site, args, error } = (value ?? {}) as Partial<DeadLetterEntry>;
  const isNamed = typeof id === 'string' && typeof site === 'string' && Array.isArray(args);
  return isNamed && typeof error?.name === 'string' && typeof error.message === 'string';
}
