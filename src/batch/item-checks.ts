import { isThenable } from '../base/thenable.js';
import type { BatchItem } from './batch-item.js';
import { checkItem, type Fault } from './item-check.js';
import type { CheckedStreamingOptions } from './process-options.js';

/** What is known of items before they are run: what an earlier run of the batch has left, and which are not valid. */
export class ItemChecks<In, Out> {
  readonly #list: readonly In[] | undefined;
  readonly #options: CheckedStreamingOptions<In, Out>;
  readonly #earlier: ReadonlyMap<number, BatchItem<Out>>;
  readonly #faults: Map<number, Fault> = new Map();

  constructor(list: readonly In[] | undefined, options: CheckedStreamingOptions<In, Out>) {
    this.#list = list;
    this.#options = options;
    const good = (options.resumeFrom?.items ?? []).filter(({ status }) => status === 'success');
    this.#earlier = new Map(
      good.map(({ index, value, attempts = 1 }) => [
        index,
        { index, status: 'success', value: value as Out, attempts },
      ]),
    );
  }

  /** What an earlier run has made of an item that was good. */
  earlier(index: number): BatchItem<Out> | undefined {
    return this.#earlier.get(index);
  }

  /** Looks at all items of a list, before one of them is run, as long as somebody wants to know. */
  async lookAtAll(isWanted: () => boolean): Promise<void> {
    const { validate } = this.#options;
    if (validate === undefined || this.#list === undefined) return;
    for (const [index, item] of this.#list.entries()) {
      if (!isWanted()) return;
      if (this.#earlier.has(index)) continue;
      const answer = checkItem(validate, item, index);
      const fault = isThenable(answer) ? await answer : answer;
      if (fault !== undefined) this.#faults.set(index, fault);
    }
  }

  /** Whether the batch is not to be run, for an item that is not valid. */
  get isRefused(): boolean {
    return this.#options.onInvalid === 'refuse' && this.#faults.size > 0;
  }

  /** What is wrong with an item: known already of a list, asked for now of a source. */
  faultOf(item: In, index: number): Fault | Promise<Fault> {
    const { validate } = this.#options;
    if (this.#list !== undefined || validate === undefined) return this.#faults.get(index);
    return checkItem(validate, item, index);
  }
}
