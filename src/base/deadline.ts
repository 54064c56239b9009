/** A moment at which something is to be done, unless it is cancelled before. */
export abstract class Deadline {
  /** The moment, in ms of the clock. */
  at = 0;
  /** Where it waits; undefined once it has expired or was cancelled. */
  alarm: { remove(deadline: Deadline): void } | undefined = undefined;
  previous: Deadline | undefined = undefined;
  next: Deadline | undefined = undefined;
  /** Its place in a heap. */
  place = -1;

  /** What is done when time is up; it must not throw. */
  abstract expire(): void;
}

/** Deadlines in the order in which they expire. */
export interface DeadlineQueue {
  readonly first: Deadline | undefined;
  add(deadline: Deadline): void;
  remove(deadline: Deadline): void;
}
