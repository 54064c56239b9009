import type { StoredItem } from './buffer-store.js';

/** An item that waits, between its neighbours. */
export interface Waiting<T> extends StoredItem<T> {
  /** Whether it waits still. */
  present: boolean;
  before: Waiting<T> | undefined;
  behind: Waiting<T> | undefined;
}

/** Items in the order in which they came. Adding, taking the oldest and taking any cost the same at every length. */
export class WaitingItems<T> {
  #oldest: Waiting<T> | undefined = undefined;
  #newest: Waiting<T> | undefined = undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get oldest(): Waiting<T> | undefined {
    return this.#oldest;
  }

  add({ id, item }: StoredItem<T>): Waiting<T> {
    const waiting: Waiting<T> = { id, item, present: true, before: this.#newest, behind: undefined };
    if (this.#newest === undefined) this.#oldest = waiting;
    else this.#newest.behind = waiting;
    this.#newest = waiting;
    this.#size++;
    return waiting;
  }

  /** Takes one away; one that has gone is no error. */
  remove(waiting: Waiting<T>): void {
    if (!waiting.present) return;
    const { before, behind } = waiting;
    waiting.present = false;
    if (before === undefined) this.#oldest = behind;
    else before.behind = behind;
    if (behind === undefined) this.#newest = before;
    else behind.before = before;
    this.#size--;
  }

  /** All that wait now, oldest first; a list of its own. */
  all(): Waiting<T>[] {
    const list: Waiting<T>[] = [];
    for (let waiting = this.#oldest; waiting !== undefined; waiting = waiting.behind) list.push(waiting);
    return list;
  }
}
