import { withCause } from '../base/cause.js';
import { tell } from '../base/tell.js';
import type { PageFetch, RunFetch } from './page-fetch.js';
import { PageMemory } from './page-memory.js';
import { checkpointAt, firstPosition, type Position } from './page-position.js';
import { PageQueue } from './page-queue.js';
import type { PageRead } from './page-reading.js';
import type { Checkpoint, FetchPage, PageBatch, PageFailure } from './page-source.js';
import { type CheckedStreamOptions, checkChoice, checkStream, type PageStreamOptions } from './stream-options.js';
import { TurnStream } from './turn-stream.js';

/** What surrounds a stream: how a page is fetched again when it fails, and who hears of one that is left out. */
export interface StreamContext<Cursor> {
  /** @default each page is fetched once */
  run?: RunFetch | undefined;
  /** Is told of each page that is skipped; what it throws is lost. */
  onSkip?: ((failure: PageFailure<Cursor>) => void) | undefined;
}

type Batch<Item, Cursor> = { -readonly [Field in keyof PageBatch<Item, Cursor>]: PageBatch<Item, Cursor>[Field] };

/**
 * Batches of a source that gives its items page by page, to be iterated once. Nothing is fetched before the first batch
 * is asked for; leaving the loop ends it, and aborts what is on its way.
 */
export class PageStream<Item, Cursor = string> extends TurnStream<PageBatch<Item, Cursor>> {
  /** Its options, defaults filled in; frozen. */
  readonly options: CheckedStreamOptions<Cursor>;
  readonly #context: StreamContext<Cursor>;
  readonly #queue: PageQueue<Item, Cursor>;
  /** Pages that may wait while a batch is worked on. */
  readonly #ahead: number;
  #state: 'new' | 'open' | 'aborted' | 'done' = 'new';
  // Whether nothing was left when it ended.
  #isComplete = false;
  #position: Position<Cursor>;
  #batchNumber: number;
  #last: Batch<Item, Cursor> | undefined = undefined;
  #skipped: PageFailure<Cursor>[] = [];

  /**
   * @throws {TypeError} for an unknown option, or a value of the wrong type
   * @throws {RangeError} for a value out of range
   * @internal
   */
  constructor(
    fetchPage: FetchPage<Item, Cursor>,
    options: PageStreamOptions<Cursor> = {},
    context: StreamContext<Cursor> = {},
  ) {
    super();
    this.options = checkStream(options);
    this.#context = context;
    const { batchSize, prefetch, concurrency, memoryLimitMb, resumeFrom = {} } = this.options;
    this.#ahead = Math.max(prefetch, concurrency - 1);
    this.#batchNumber = resumeFrom.batchNumber ?? 0;
    this.#position = firstPosition(resumeFrom, batchSize);
    this.#queue = new PageQueue<Item, Cursor>(this.#position, {
      fetchPage,
      run: context.run ?? ((run) => run()),
      memory: new PageMemory(memoryLimitMb, this.#ahead + 1),
      concurrency,
      settled: () => this.#correct(),
    });
    if (resumeFrom.done) this.#queue.close();
  }

  /** Where the stream can be taken up again: behind the last batch, or the last page that was skipped. */
  get checkpoint(): Checkpoint<Cursor> {
    const isOver = this.#state === 'open' || this.#state === 'new' ? this.#queue.isExhausted : this.#isComplete;
    return checkpointAt(this.#position, this.#batchNumber, isOver);
  }

  /** Pages skipped since the last batch; after the end, those that no batch tells of. */
  get skipped(): readonly PageFailure<Cursor>[] {
    return this.#skipped;
  }

  /** Ends the stream, and throws the error. */
  async throw(error?: unknown): Promise<IteratorResult<PageBatch<Item, Cursor>, undefined>> {
    this.leave();
    throw error;
  }

  /**
   * Waits for the next batch.
   * @internal
   */
  protected override async advance(): Promise<IteratorResult<PageBatch<Item, Cursor>, undefined>> {
    if (this.#state === 'new') this.#open();
    for (;;) {
      if (this.#state === 'aborted') throw this.#end(this.options.signal?.reason);
      if (this.#state === 'open') this.#queue.reach(this.#ahead + 1);
      const fetch = this.#queue.first;
      if (fetch === undefined) {
        this.leave();
        return { done: true, value: undefined };
      }
      const outcome = await fetch.outcome;
      if (outcome === 'dropped') continue;
      if ('error' in outcome) {
        await this.#fail(fetch, outcome.error, outcome.attempts);
        continue;
      }
      this.#queue.shift();
      this.#position = this.#queue.behind(fetch, outcome.page);
      if (outcome.page.items.length > 0) return { done: false, value: this.#handOut(outcome.page) };
    }
  }

  #handOut(page: PageRead<Item, Cursor>): PageBatch<Item, Cursor> {
    const batchNumber = ++this.#batchNumber;
    const hasMore = !this.#queue.isExhausted;
    const checkpoint = checkpointAt(this.#position, batchNumber, !hasMore);
    this.#last = { items: page.items, batchNumber, hasMore, checkpoint, skipped: this.#skipped };
    this.#skipped = [];
    this.#queue.reach(this.#ahead);
    return this.#last;
  }

  /** A page has come in: the batch that was handed out last may turn out to be the last one. */
  #correct(): void {
    if (this.#last === undefined || this.#state !== 'open' || !this.#queue.isExhausted) return;
    this.#last.hasMore = false;
    this.#last = undefined;
  }

  /** Does about a page that could not be had what was chosen; throws where that is to end. */
  async #fail(fetch: PageFetch<Item, Cursor>, error: unknown, attempts: number): Promise<void> {
    const { position } = fetch;
    const { offset, limit, page, cursor } = position;
    const checkpoint = checkpointAt(position, this.#batchNumber, false);
    const failure: PageFailure<Cursor> = { error, attempts, offset, limit, page, cursor, checkpoint };
    const choice = await this.#choose(failure);
    if (this.#state !== 'open') return;
    if (typeof choice !== 'string') {
      this.#position = firstPosition(choice.resumeFrom, choice.resumeFrom.batchSize ?? limit);
      this.#queue.restart(this.#position);
      return;
    }
    // Behind a page of a source with cursors nobody knows where the next one begins.
    const canSkip = cursor === undefined && this.#skipped.length < this.options.maxSkips;
    if (choice === 'throw' || !canSkip) throw this.#end(error);
    this.#skipped.push(failure);
    this.#position = this.#queue.skip(position);
    tell(this.#context.onSkip, failure);
  }

  async #choose(failure: PageFailure<Cursor>): Promise<ReturnType<typeof checkChoice<Cursor>>> {
    const { onError } = this.options;
    if (typeof onError === 'string') return onError;
    try {
      return checkChoice(await onError(failure));
    } catch (thrown) {
      throw this.#end(withCause(thrown, failure.error));
    }
  }

  #open(): void {
    const { signal } = this.options;
    this.#state = 'open';
    if (signal?.aborted) this.#abort();
    else signal?.addEventListener('abort', this.#abort, { once: true });
  }

  readonly #abort = (): void => {
    if (this.#state !== 'open') return;
    this.#state = 'aborted';
    this.#queue.close(this.options.signal?.reason);
  };

  /**
   * Ends the stream where it stands: nobody wants more, or there is none.
   * @internal
   */
  protected override leave(): void {
    if (this.#state === 'open') this.#isComplete = this.#queue.isExhausted;
    this.#end();
  }

  /** Ends the stream; gives back what it is given. */
  #end<Value>(value?: Value): Value {
    this.#state = 'done';
    this.#queue.close();
    this.#last = undefined;
    this.options.signal?.removeEventListener('abort', this.#abort);
    return value as Value;
  }
}
