/** Marks of an outcome, to be joined with `|`; without any it is a success in good time. */
export const FAILED = 1;
/** It took `slowCallMs` or longer. */
export const SLOW = 2;

/** The latest outcomes, and how many of them were bad; older ones have left it. */
export interface OutcomeWindow {
  readonly calls: number;
  readonly failedCalls: number;
  readonly slowCalls: number;
  /**
   * Books one outcome.
   * @param marks `FAILED | SLOW`, or 0
   */
  record(marks: number, nowMs: number): void;
  /** Lets go what is too old by now. */
  expire(nowMs: number): void;
  clear(): void;
}
