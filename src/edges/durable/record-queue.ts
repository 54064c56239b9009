import type { OperationRecord } from './operation.js';

/** Used slots at the front are given back when there are more of them than this, and than of the others. */
const SLACK = 1_024;

/** Records in the order in which they came. Adding one and taking the oldest cost the same at every length. */
export class RecordQueue {
  #records: (OperationRecord | undefined)[] = [];
  #head = 0;

  get size(): number {
    return this.#records.length - this.#head;
  }

  add(record: OperationRecord): void {
    this.#records.push(record);
  }

  /** Takes the oldest, up to a number of them. */
  take(most: number): OperationRecord[] {
    const taken = this.#records.slice(this.#head, this.#head + most) as OperationRecord[];
    this.#records.fill(undefined, this.#head, this.#head + taken.length);
    this.#leave(taken.length);
    return taken;
  }

  dropOldest(): void {
    this.#records[this.#head] = undefined;
    this.#leave(1);
  }

  /** Takes away those that are picked; gives how many. */
  remove(isPicked: (record: OperationRecord) => boolean): number {
    const before = this.size;
    this.#records = this.#records.slice(this.#head).filter((record) => !isPicked(record as OperationRecord));
    this.#head = 0;
    return before - this.size;
  }

  #leave(count: number): void {
    this.#head += count;
    if (this.#head <= SLACK || this.#head <= this.size) return;
    this.#records = this.#records.slice(this.#head);
    this.#head = 0;
  }
}
