/** What a function may know of the call it serves. Read it before the first `await`. */
export interface CallContext {
  /** Aborted when nobody waits for the result any more: a timeout, a deadline, a lost hedge, the caller's own signal. */
  readonly signal: AbortSignal;
  /** Which run of the function this is, from 1. */
  readonly attempt: number;
  /** In a retry, why the attempt before failed; in a fallback, the failure it answers; otherwise undefined. */
  readonly error: unknown;
  /** Names the call in events and explanations. */
  readonly callId: string;
  /** The function or method, such as `'Quotes.price'`. */
  readonly name: string;
  /** When the time for the call is up, in ms since 1970; `Infinity` where there is no limit. */
  readonly deadlineAt: number;
  /** How much of its time the call has left, in ms; `Infinity` where there is no limit. */
  remainingMs(): number;
}

/** What `callContext()` gives where no policy's call is running, so that a decorated method can be tested bare. */
export const neutralContext: CallContext = Object.freeze({
  get signal(): AbortSignal {
    return new AbortController().signal;
  },
  attempt: 1,
  error: undefined,
  callId: '',
  name: '',
  deadlineAt: Infinity,
  remainingMs: () => Infinity,
});
