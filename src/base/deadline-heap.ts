import type { Deadline, DeadlineQueue } from './deadline.js';

/** Deadlines of any durations, in a binary heap: adding and removing cost O(log n). */
export class DeadlineHeap implements DeadlineQueue {
  readonly #heap: Deadline[] = [];

  get first(): Deadline | undefined {
    return this.#heap[0];
  }

  add(deadline: Deadline): void {
    this.#heap.push(deadline);
    this.#rise(deadline, this.#heap.length - 1);
  }

  remove(deadline: Deadline): void {
    const { place } = deadline;
    const last = this.#heap.pop();
    deadline.place = -1;
    if (last === undefined || last === deadline) return;
    this.#sink(last, place);
    this.#rise(last, last.place);
  }

  #rise(deadline: Deadline, from: number): void {
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

  #sink(deadline: Deadline, from: number): void {
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

  #put(deadline: Deadline, place: number): void {
    this.#heap[place] = deadline;
    deadline.place = place;
  }
}
