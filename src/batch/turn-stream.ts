/**
 * What is iterated once, step by step: each step begins when the one before has ended, also for callers who have not
 * waited for that. Leaving is no step, and waits for none.
 */
export abstract class TurnStream<Value> implements AsyncIterableIterator<Value, undefined> {
  #turn: Promise<unknown> = Promise.resolve();

  /** What comes next. */
  next(): Promise<IteratorResult<Value, undefined>> {
    const result = this.#turn.then(() => this.advance());
    this.#turn = result.catch(() => {});
    return result;
  }

  /** Leaves it; who waits for what comes next is told that there is nothing. */
  async return(): Promise<IteratorResult<Value, undefined>> {
    this.leave();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.leave();
  }

  /**
   * Takes a step.
   * @internal
   */
  protected abstract advance(): Promise<IteratorResult<Value, undefined>>;

  /**
   * Ends it where it stands: nobody wants more.
   * @internal
   */
  protected abstract leave(): void;
}
