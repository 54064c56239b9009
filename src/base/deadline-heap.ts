import type { Deadline } from './deadline.js';

/** What a heap orders: a moment, and its own place. */
export interface Placed {
  readonly at: number;
  place: number;
}

/** Deadlines of any durations, in a binary heap: adding and removing cost O(log n). */
export class DeadlineHeap<D extends Placed = Deadline> {
  readonly #heap: D[] = [];

  get first(): D | undefined {
    return this.#heap[0];
  }

  add(deadline: D): void {
    this.#heap.push(deadline);
    this.#rise(deadline, this.#heap.length - 1);
  }

  remove(deadline: D): void {
    const { place } = deadline;
    const last = this.#heap.pop();
    deadline.place = -1;
    if (last === undefined || last === deadline) return;
    this.#sink(last, place);
    this.#rise(last, last.place);
  }

  #rise(deadline: D, from: number): void {
    let place = from;
    while (place > 0) {
      const parentPlace = (place - 1) >> 1;
      const parent = this.#heap[parentPlace];
      if (parent === undefined || parent.at <= deadline.at) break;
      this.#put(parent, place);
      place = parentPlace;
    }
    this.#put(deadline, place);
  }

  #sink(deadline: D, from: number): void {
    let place = from;
    for (;;) {
      const left = this.#heap[2 * place + 1];
      const right = this.#heap[2 * place + 2];
      const child = right !== undefined && left !== undefined && right.at < left.at ? right : left;
      if (child === undefined || child.at >= deadline.at) break;
      const childPlace = child.place;
      this.#put(child, place);
      place = childPlace;
    }
    this.#put(deadline, place);
  }

  #put(deadline: D, place: number): void {
    this.#heap[place] = deadline;
    deadline.place = place;
  }
}
