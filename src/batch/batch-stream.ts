import { type Cancellation, cancellationOf } from '../base/cancellation.js';
import { withCause } from '../base/cause.js';
import type { Clock } from '../base/clock.js';
import { tell } from '../base/tell.js';
import { isThenable } from '../base/thenable.js';
import type { BatchItem, BatchOperation, BatchOutcome, BatchProgress, BatchStatus, SkipCause } from './batch-item.js';
import type { Fault } from './item-check.js';
import { ItemChecks } from './item-checks.js';
import { type Entry, type RunItem, runItem } from './item-run.js';
import type { ItemSource } from './item-source.js';
import type { CheckedStreamingOptions } from './process-options.js';
import { ProgressCount } from './progress-count.js';
import { Rounds, type RoundRules } from './rounds.js';
import { TurnStream } from './turn-stream.js';

/** What surrounds a batch: its time, how an item is run, and how many may be on their way. */
export interface BatchStreamContext {
  readonly batchId: string;
  readonly clock: Clock;
  readonly run: RunItem;
  readonly rounds: RoundRules;
  /** Items that are run, or are done and wait to be taken. */
  readonly window: number;
}

/**
 * What comes of the items of a batch, as it comes, to be iterated once. Nothing is run before the first is asked for, and
 * no more than can be taken; leaving the loop cancels the batch.
 */
export class BatchStream<In, Out> extends TurnStream<BatchOutcome<In, Out>> {
  readonly batchId: string;
  readonly #source: ItemSource<In>;
  readonly #operation: BatchOperation<In, Out>;
  readonly #options: CheckedStreamingOptions<In, Out>;
  readonly #context: BatchStreamContext;
  readonly #controller: AbortController = new AbortController();
  readonly #progress: ProgressCount;
  readonly #rounds: Rounds<In>;
  readonly #checks: ItemChecks<In, Out>;
  #ready: BatchOutcome<In, Out>[] = [];
  #wake: () => void = () => {};
  #state: 'new' | 'open' | 'done' = 'new';
  #end: Exclude<BatchStatus, 'running'> = 'completed';
  #seen = 0;
  #inFlight = 0;
  #isPulling = false;
  #isDry = false;
  #broken: { readonly error: unknown } | undefined = undefined;

  /** @internal */
  constructor(
    source: ItemSource<In>,
    operation: BatchOperation<In, Out>,
    options: CheckedStreamingOptions<In, Out>,
    context: BatchStreamContext,
  ) {
    super();
    this.batchId = context.batchId;
    this.#source = source;
    this.#operation = operation;
    this.#options = options;
    this.#context = context;
    this.#progress = new ProgressCount(context.clock, source.list?.length);
    this.#rounds = new Rounds(context.rounds);
    this.#checks = new ItemChecks(source.list, options);
  }

  /** How far it is, at this moment. */
  get progress(): BatchProgress {
    return this.#progress.snapshot();
  }

  /** Whether it runs still; if not, how it ended. */
  get status(): BatchStatus {
    return this.#state === 'done' ? this.#end : 'running';
  }

  /**
   * Waits for the next item that is done with.
   * @internal
   */
  protected override async advance(): Promise<IteratorResult<BatchOutcome<In, Out>, undefined>> {
    if (this.#state === 'new') await this.#open();
    for (;;) {
      if (this.#state === 'done') return { done: true, value: undefined };
      this.#fill();
      const outcome = this.#ready.shift();
      if (outcome !== undefined) {
        this.#fill();
        return { done: false, value: outcome };
      }
      if (this.#isDry && this.#inFlight === 0 && this.#rounds.isEmpty) {
        this.#finish();
        if (this.#broken !== undefined) throw this.#broken.error;
        continue;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async #open(): Promise<void> {
    const { signal } = this.#options;
    this.#state = 'open';
    this.#progress.start();
    if (signal?.aborted) this.#abort();
    else signal?.addEventListener('abort', this.#abort, { once: true });
    await this.#checks.lookAtAll(() => this.#end === 'completed' && this.#state === 'open');
    if (this.#checks.isRefused && this.#end === 'completed') this.#end = 'refused';
  }

  /** Begins as many items as there is room for. */
  #fill(): void {
    while (this.#state === 'open' && !this.#isPulling && this.#inFlight + this.#ready.length < this.#context.window) {
      const again = this.#rounds.next();
      if (again !== undefined) this.#beginAgain(again);
      else if (!this.#isDry) this.#pull();
      else return this.#turnRound();
    }
  }

  #pull(): void {
    try {
      const step = this.#source.next();
      if (!isThenable(step)) return this.#take(step as IteratorResult<In, unknown>);
      this.#isPulling = true;
      (step as PromiseLike<IteratorResult<In, unknown>>).then(
        (late) => this.#arrive(() => this.#take(late)),
        (error: unknown) => this.#arrive(() => this.#break(error)),
      );
    } catch (error) {
      this.#break(error);
    }
  }

  #arrive(take: () => void): void {
    this.#isPulling = false;
    // Dry since it was asked: the batch was cancelled meanwhile, and the item comes too late.
    if (!this.#isDry) take();
    this.#fill();
    this.#wake();
  }

  #take(step: IteratorResult<In, unknown>): void {
    if (step.done) {
      this.#isDry = true;
      this.#progress.total ??= this.#seen;
      return;
    }
    const index = this.#seen++;
    const entry: Entry<In> = { item: step.value, index, attempts: 0, error: undefined };
    const earlier = this.#checks.earlier(index);
    if (earlier !== undefined) return this.#carry(entry, earlier);
    if (this.#end === 'cancelled') return this.#skip(entry, this.#controller.signal.reason, 'cancelled');
    const fault = this.#checks.faultOf(step.value, index);
    if (!isThenable(fault)) return this.#judge(entry, fault);
    this.#inFlight++;
    void (fault as Promise<Fault>).then((late) => {
      this.#inFlight--;
      this.#judge(entry, late);
      this.#fill();
      this.#wake();
    });
  }

  #judge(entry: Entry<In>, fault: Fault): void {
    if (fault !== undefined) this.#skip(entry, fault.error, 'invalid');
    else if (this.#end === 'refused') this.#skip(entry, undefined, 'refused');
    else this.#begin(entry);
  }

  #begin(entry: Entry<In>): void {
    const { run, batchId } = this.#context;
    const { signal } = this.#controller;
    this.#inFlight++;
    void runItem(entry, this.#operation, run, { signal, batchId }).then((result) => {
      this.#inFlight--;
      this.#conclude(entry.item, result);
      this.#fill();
      this.#wake();
    });
  }

  /** Begins an item of a later round; one that is not to be run any more has failed. */
  #beginAgain(entry: Entry<In>): void {
    const { item, index, attempts, error } = entry;
    if (this.#end === 'completed' && this.#broken === undefined) this.#begin(entry);
    else this.#settle(item, { index, status: 'failed', error, attempts });
  }

  #conclude(item: In, result: BatchItem<Out>): void {
    if (result.status !== 'failed' || this.#end !== 'completed') return this.#settle(item, result);
    const { index, attempts, error } = result;
    try {
      if (!this.#rounds.keep({ item, index, attempts, error })) this.#settle(item, result);
    } catch (thrown) {
      this.#settle(item, { ...result, error: withCause(thrown, error) });
    }
  }

  /** All items have had their round: those that failed get another one. */
  #turnRound(): void {
    if (this.#inFlight > 0 || !this.#rounds.isReady) return;
    if (this.#end !== 'completed' || this.#broken !== undefined) {
      this.#rounds.end();
      return this.#fill();
    }
    const cancellation: Cancellation = cancellationOf(this.#controller.signal);
    void this.#rounds.begin(this.#context.clock, cancellation).then(() => {
      this.#fill();
      this.#wake();
    });
  }

  #skip({ item, index }: Entry<In>, error: unknown, because: SkipCause): void {
    this.#settle(item, { index, status: 'skipped', error, because, attempts: 0 });
  }

  #carry({ item }: Entry<In>, result: BatchItem<Out>): void {
    this.#progress.carry();
    this.#hand(item, result);
  }

  #settle(item: In, result: BatchItem<Out>): void {
    this.#progress.count(result);
    this.#hand(item, result);
  }

  #hand(item: In, result: BatchItem<Out>): void {
    this.#ready.push({ item, result });
    const { onProgress } = this.#options;
    if (onProgress !== undefined) tell((progress: BatchProgress) => onProgress(progress), this.progress);
  }

  /** The source itself has failed: what is on its way comes to its end, and then the error is thrown. */
  #break(error: unknown): void {
    this.#broken = { error };
    this.#isDry = true;
  }

  readonly #abort = (): void => this.#cancel(this.#options.signal?.reason);

  #cancel(reason?: unknown): void {
    if (this.#state === 'done' || this.#end === 'cancelled') return;
    this.#end = 'cancelled';
    // What is left of a list is told item by item; of a source without a known end nobody knows what is left.
    if (this.#source.list === undefined && !this.#isDry) {
      this.#isDry = true;
      this.#isPulling = false;
      this.#source.close();
    }
    this.#controller.abort(reason);
    this.#wake();
  }

  /**
   * Cancels what is not done with.
   * @internal
   */
  protected override leave(): void {
    if (this.#state !== 'done') this.#cancel();
    this.#finish();
  }

  #finish(): void {
    this.#state = 'done';
    this.#ready = [];
    this.#progress.end();
    this.#options.signal?.removeEventListener('abort', this.#abort);
    this.#wake();
  }
}
