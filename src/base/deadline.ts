/** A moment at which something is to be done, unless it is cancelled before. */
export abstract class Deadline {
  /** The moment, in ms of the clock; `Infinity` until it is armed. */
  at: number;
  /** Where it waits; undefined once it has expired or was cancelled. */
  alarm: Alarm | undefined;
  /** Whether nobody waits for it any more: it expires all the same, and does not keep the process alive. */
  abandoned: boolean;
  previous: Deadline | undefined;
  next: Deadline | undefined;
  /** Its place in a heap. */
  place: number;

  // Fields that are initialized where they are declared would be a call of their own, and this is made for every call.
  constructor() {
    this.at = Infinity;
    this.alarm = undefined;
    this.abandoned = false;
    this.previous = undefined;
    this.next = undefined;
    this.place = -1;
  }

  /** What is done when time is up; it must not throw. */
  abstract expire(): void;
}

/** Where deadlines wait. */
interface Alarm {
  remove(deadline: Deadline): void;
  abandon(deadline: Deadline): void;
}

/** Deadlines in the order in which they expire. */
export interface DeadlineQueue {
  readonly first: Deadline | undefined;
  add(deadline: Deadline): void;
  remove(deadline: Deadline): void;
}
