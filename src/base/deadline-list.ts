import type { Deadline, DeadlineQueue } from './deadline.js';

/** Deadlines of one duration: the first to come is the first to expire, so adding and removing cost the same at any length. */
export class DeadlineList implements DeadlineQueue {
  first: Deadline | undefined = undefined;
  #last: Deadline | undefined = undefined;

  add(deadline: Deadline): void {
    let before = this.#last;
    // A clock read by the caller may be older than the last one's: keep the order, mostly in one step.
    while (before !== undefined && before.at > deadline.at) before = before.previous;
    const after = before === undefined ? this.first : before.next;
    deadline.previous = before;
    deadline.next = after;
    if (before === undefined) this.first = deadline;
    else before.next = deadline;
    if (after === undefined) this.#last = deadline;
    else after.previous = deadline;
  }

  remove(deadline: Deadline): void {
    const { previous, next } = deadline;
    if (previous === undefined) this.first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    deadline.previous = undefined;
    deadline.next = undefined;
  }
}
