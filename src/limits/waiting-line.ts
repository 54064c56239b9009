import { Deadline } from '../base/deadline.js';

/** One who waits in line. Who leaves it for another reason than the end of its time cancels the deadline himself. */
export class Waiter extends Deadline {
  before: Waiter | undefined = undefined;
  after: Waiter | undefined = undefined;
  readonly #expired: (waiter: Waiter) => void;
  /** Lets the waiter go on. */
  readonly admit: () => void;
  /** Sends the waiter away. */
  readonly refuse: (reason: unknown) => void;

  /** The function that is to be called, as it stands in errors. */
  readonly site: string | undefined;

  /** @param expired What is done when the time to wait is up. */
  constructor(
    admit: () => void,
    refuse: (reason: unknown) => void,
    expired: (waiter: Waiter) => void,
    site: string | undefined,
  ) {
    super();
    this.admit = admit;
    this.refuse = refuse;
    this.#expired = expired;
    this.site = site;
  }

  override expire(): void {
    this.#expired(this);
  }
}

/** A line of waiters, first come first served; anyone may leave it at the same small cost, wherever he stands. */
export class WaitingLine {
  #first: Waiter | undefined = undefined;
  #last: Waiter | undefined = undefined;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get first(): Waiter | undefined {
    return this.#first;
  }

  /** Puts a waiter at the end. */
  join(waiter: Waiter): void {
    waiter.before = this.#last;
    if (this.#last === undefined) this.#first = waiter;
    else this.#last.after = waiter;
    this.#last = waiter;
    this.#length++;
  }

  /** Takes out a waiter who stands in the line. */
  leave(waiter: Waiter): void {
    const { before, after } = waiter;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    waiter.before = undefined;
    waiter.after = undefined;
    this.#length--;
  }
}
