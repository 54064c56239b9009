import { type InLine, Line } from '../base/line.js';
import type { StoredItem } from './buffer-store.js';

/** An item that waits, between its neighbours. */
export interface Waiting<T> extends StoredItem<T>, InLine<Waiting<T>> {
  /** Whether it waits still. */
  present: boolean;
}

/** Items in the order in which they came. Adding, taking the oldest and taking any cost the same at every length. */
export class WaitingItems<T> {
  readonly #line: Line<Waiting<T>> = new Line();

  get size(): number {
    return this.#line.length;
  }

  get oldest(): Waiting<T> | undefined {
    return this.#line.first;
  }

  add({ id, item }: StoredItem<T>): Waiting<T> {
    const waiting: Waiting<T> = { id, item, present: true, before: undefined, after: undefined };
    this.#line.join(waiting);
    return waiting;
  }

  /** Takes one away; one that has gone is no error. */
  remove(waiting: Waiting<T>): void {
    if (!waiting.present) return;
    waiting.present = false;
    this.#line.leave(waiting);
  }

  /** All that wait now, oldest first; a list of its own. */
  all(): Waiting<T>[] {
    return [...this.#line];
  }
}
