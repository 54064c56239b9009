import { Deadline } from '../base/deadline.js';

/** A resource's place in its pool. While it lies idle it is a deadline: the moment at which it has lain too long. */
export class Slot<R> extends Deadline {
  readonly resource: R;
  state: 'idle' | 'checking' | 'borrowed' = 'checking';
  readonly #expired: (slot: Slot<R>) => void;

  constructor(resource: R, expired: (slot: Slot<R>) => void) {
    super();
    this.resource = resource;
    this.#expired = expired;
  }

  override expire(): void {
    this.#expired(this);
  }
}
