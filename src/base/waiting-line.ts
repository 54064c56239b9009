import { Deadline } from './deadline.js';

/**
 * One who waits in line, for leave to go on or for something that is handed over. Who leaves it for another reason than
 * the end of its time cancels the deadline himself.
 */
export class Waiter<Gift = void> extends Deadline {
  before: Waiter<Gift> | undefined = undefined;
  after: Waiter<Gift> | undefined = undefined;
  readonly #expired: (waiter: Waiter<Gift>) => void;
  /** Lets the waiter go on, with what it has waited for. */
  readonly admit: (gift: Gift) => void;
  /** Sends the waiter away. */
  readonly refuse: (reason: unknown) => void;

  /** The function that is to be called, as it stands in errors. */
  readonly site: string | undefined;

  /** @param expired What is done when the time to wait is up. */
  constructor(
    admit: (gift: Gift) => void,
    refuse: (reason: unknown) => void,
    expired: (waiter: Waiter<Gift>) => void,
    site?: string,
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
export class WaitingLine<Gift = void> {
  #first: Waiter<Gift> | undefined = undefined;
  #last: Waiter<Gift> | undefined = undefined;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get first(): Waiter<Gift> | undefined {
    return this.#first;
  }

  /** Puts a waiter at the end. */
  join(waiter: Waiter<Gift>): void {
    waiter.before = this.#last;
    if (this.#last === undefined) this.#first = waiter;
    else this.#last.after = waiter;
    this.#last = waiter;
    this.#length++;
  }

  /** Takes out a waiter who stands in the line. */
  leave(waiter: Waiter<Gift>): void {
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
