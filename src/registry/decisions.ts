import { type ErrorFacts, factsOf } from '../base/error-facts.js';
import type { Clock } from '../base/clock.js';
import { type RejectedError, ResilienceError } from '../base/errors.js';
import type { RejectionGrounds } from '../base/rejection-grounds.js';
import type { EventBase, EventDetails } from './events.js';
import { NestedRetries } from './nested-retries.js';

/** The events in which something was decided: they are kept whether or not anyone listens. */
export type DecisionType =
  | 'breaker:state'
  | 'breaker:act'
  | 'breaker:shadowed'
  | 'call:rejected'
  | 'call:retry'
  | 'call:recovered'
  | 'call:exhausted'
  | 'call:hedge'
  | 'call:hedgeWon'
  | 'call:timeout'
  | 'call:deadline'
  | 'call:fallback'
  | 'call:slow'
  | 'cache:stale'
  | 'cache:storeFailed'
  | 'deadLetter:added'
  | 'deadLetter:dropped'
  | 'deadLetter:argsError'
  | 'deadLetter:redriven'
  | 'deadLetter:redriveFailed'
  | 'deadLetter:storeFailed'
  | 'retry:budgetEmpty'
  | 'hedge:budgetEmpty'
  | 'limiter:storeFailed'
  | 'batch:sent'
  | 'chaos:injected'
  | 'error:critical';

/** What a record keeps of an event: of an error its name, message and code, and nothing that it holds. */
export type RecordedDetails<Details> = {
  [Field in keyof Details]: Field extends 'error' ? ErrorFacts : Details[Field];
};

/** What a record adds to its event. */
export interface DecisionExtras {
  /** The same in words. */
  text: string;
  /** For a rejection, the numbers of the limit or of the circuit's opening. */
  grounds?: RejectionGrounds;
}

/** Something that was decided, with the numbers that it was decided on. */
export type Decision<Type extends DecisionType = DecisionType> = {
  [Name in Type]: EventBase & { type: Name } & RecordedDetails<EventDetails[Name]> & DecisionExtras;
}[Type];

/** Which decisions are wanted: all that meet every one of these. */
export interface DecisionFilter {
  /** Of the part in the registry, or of the function or method. */
  name?: string;
  /** Of the policy or part that decided: `'circuitBreaker'`. */
  kind?: string;
  /** From this moment on, in ms since 1970. */
  since?: number;
}

/** Where an event comes from, as it is told. */
export type Source = Omit<EventBase, 'at'>;

/** A decision as it is kept, until somebody reads it. */
export interface KeptDecision {
  readonly type: DecisionType;
  readonly source: Source;
  /** In ms of the registry's clock. */
  readonly at: number;
  /** Counts up: several may be of one moment. */
  readonly serial: number;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What comes with every call or batch where it comes at all: it must not push out what happens seldom. */
const ROUTINE: ReadonlySet<DecisionType> = new Set(['batch:sent', 'chaos:injected']);

/** As many as there is room for, the oldest going first. */
class Ring {
  readonly kept: KeptDecision[] = [];
  readonly #max: number;
  #next = 0;

  constructor(max: number) {
    this.#max = max;
  }

  keep(decision: KeptDecision): void {
    this.kept[this.#next] = decision;
    this.#next = this.#next + 1 === this.#max ? 0 : this.#next + 1;
  }

  /** Oldest first. */
  inOrder(): KeptDecision[] {
    return [...this.kept.slice(this.#next), ...this.kept.slice(0, this.#next)];
  }
}

/** The last decisions. Keeping one is an object and a slot: it stands in the way of every rejection. */
export class Decisions {
  /** How many are kept at most. */
  readonly max: number;
  readonly #clock: Clock;
  readonly #ring: Ring;
  readonly #routine: Ring;
  #serial = 0;
  // An error leads to its call, for as long as somebody else holds it.
  readonly #callOf = new WeakMap<object, string>();
  readonly #retries = new NestedRetries();

  constructor(max: number, clock: Clock) {
    this.max = max;
    this.#clock = clock;
    this.#ring = new Ring(max);
    this.#routine = new Ring(max);
  }

  /** Keeps a decision; the oldest goes when there is no room. */
  keep(type: DecisionType, source: Source, details: object): void {
    const { error } = details as { error?: unknown };
    // The toolkit's own errors hold nothing: what they say is put together when it is read.
    const rejected = type === 'call:rejected';
    if (type === 'call:exhausted') this.#retries.gaveUp(error, source.site);
    if (type === 'call:retry') this.#retries.retried(error, source.site);
    const isOwn = rejected || error instanceof ResilienceError;
    const at = (rejected ? momentOf(error as RejectedError) : undefined) ?? this.#clock.now();
    if (!isOwn && source.callId !== undefined) this.link(error, source.callId);
    const kept = isOwn || error === undefined ? details : { ...details, error: factsOf(error) };
    const ring = ROUTINE.has(type) ? this.#routine : this.#ring;
    ring.keep({ type, source, at, serial: this.#serial++, details: kept as KeptDecision['details'] });
  }

  /** Notes that a call ends with this error, where no record of the call bears it. */
  link(error: unknown, callId: string): void {
    if (this.max > 0 && typeof error === 'object' && error !== null) this.#callOf.set(error, callId);
  }

  /** The functions with retries of their own whose failures a site has retried. */
  retriedAgain(site: string): Iterable<string> {
    return this.#retries.inside(site);
  }

  /** The call that an error belongs to, as far as that is known. */
  callOf(error: unknown): string | undefined {
    if (typeof error !== 'object' || error === null) return undefined;
    const bearing = this.#ring.kept.find(
      ({ source, details }) => source.callId !== undefined && details['error'] === error,
    );
    return this.#callOf.get(error) ?? bearing?.source.callId;
  }

  /** Oldest first. */
  *[Symbol.iterator](): IterableIterator<KeptDecision> {
    const [rare, routine] = [this.#ring.inOrder(), this.#routine.inOrder()];
    if (routine.length === 0) return yield* rare;
    yield* [...rare, ...routine].sort((left, right) => left.serial - right.serial);
  }
}

/** When a call was rejected, where that follows from the numbers: the clock has been read for them. */
function momentOf({ grounds, retryAfterMs }: RejectedError): number | undefined {
  if (grounds === undefined || retryAfterMs === undefined || !('openReason' in grounds)) return undefined;
  const { openedAt, waitMs } = grounds as { openedAt: number; waitMs: number };
  return openedAt + waitMs - retryAfterMs;
}
