import type { TimedPermit } from './permit.js';

/**
 * The calls that are running, in the order in which they began, which is the order in which they become slow. So those
 * that are slow stand in front, and each is looked at once: they count as slow before they end.
 */
export class CallsInFlight {
  /** How many have run for `slowCallMs` and are still running. */
  overdue = 0;
  readonly #slowCallMs: number;
  #first: TimedPermit | undefined = undefined;
  #last: TimedPermit | undefined = undefined;

  constructor(slowCallMs: number) {
    this.#slowCallMs = slowCallMs;
  }

  enter(permit: TimedPermit): void {
    permit.previous = this.#last;
    if (this.#last === undefined) this.#first = permit;
    else this.#last.next = permit;
    this.#last = permit;
  }

  leave(permit: TimedPermit): void {
    if (permit.overdue) this.overdue--;
    else this.#unlink(permit);
  }

  /** Finds those that have become slow by now; returns how many there are. */
  findOverdue(nowMs: number): number {
    let found = 0;
    for (let permit = this.#first; permit !== undefined && this.#isSlow(permit, nowMs); permit = this.#first) {
      permit.overdue = true;
      this.#unlink(permit);
      found++;
    }
    this.overdue += found;
    return found;
  }

  clear(): void {
    this.overdue = 0;
    this.#first = undefined;
    this.#last = undefined;
  }

  #isSlow(permit: TimedPermit, nowMs: number): boolean {
    return nowMs - permit.startedAt >= this.#slowCallMs;
  }

  #unlink(permit: TimedPermit): void {
    const { previous, next } = permit;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    permit.previous = undefined;
    permit.next = undefined;
  }
}
