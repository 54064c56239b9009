import type { ErrorFacts } from './error-facts.js';

/** What an open circuit rejects a call on; the same object for all calls of one opening. */
export interface CircuitGrounds {
  /** Why it was opened: `'5 failures in a row'`. */
  readonly openReason: string;
  /** When it was opened, in ms of the registry's clock. */
  readonly openedAt: number;
  /** How long it stays open, in ms. */
  readonly waitMs: number;
  readonly consecutiveFailures: number;
  /** The last failure that it counted. */
  readonly lastError: ErrorFacts | null;
}

/** The limit that a call is rejected on; the same object for all of its calls. */
export type LimitGrounds = Readonly<Record<string, number>>;

/** The numbers that a call was rejected on, beyond those that its error tells. */
export type RejectionGrounds = CircuitGrounds | LimitGrounds;
