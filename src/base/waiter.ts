import { Deadline } from './deadline.js';
import type { InLine } from './line.js';

/**
 * One who waits in line, for leave to go on or for something that is handed over. Who leaves it for another reason than
 * the end of its time cancels the deadline himself.
 */
export class Waiter<Gift = void> extends Deadline implements InLine<Waiter<Gift>> {
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
