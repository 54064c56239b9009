import { type Clock, type TimerHandle, unref } from '../../base/clock.js';
import type { BatchFolder } from './batch-folder.js';
import type { OperationRecord } from './operation.js';
import { RecordQueue } from './record-queue.js';

/** The pause after a write that has failed, doubled with each that follows, up to the longest. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/** What surrounds a writer; none of the callbacks may throw. */
export interface BatchWriterContext {
  readonly clock: Clock;
  readonly folder: BatchFolder;
  readonly maxBatchSize: number;
  onWritten: (records: number, file: string) => void;
  onFailed: (failure: { error: unknown; failures: number; retryInMs: number }) => void;
  onRecovered: (failures: number) => void;
}

/** Writes records in batches, one after the other. One that cannot be written is kept, and tried again after a pause. */
export class BatchWriter {
  readonly queue: RecordQueue = new RecordQueue();
  readonly #context: BatchWriterContext;
  #batch: OperationRecord[] = [];
  /** Records that are to be written although they fill no batch. */
  #owed = 0;
  #running: Promise<void> | undefined = undefined;
  #failures = 0;
  #pause: TimerHandle | undefined = undefined;

  constructor(context: BatchWriterContext) {
    this.#context = context;
  }

  /** Records that are not on the disk. */
  get size(): number {
    return this.#batch.length + this.queue.size;
  }

  /** A record was added: a full batch is written. */
  added(): void {
    const isIdle = this.#running === undefined && this.#pause === undefined;
    if (isIdle && this.queue.size >= this.#context.maxBatchSize) this.#begin();
  }

  /** It is time: all that waits now is written, unless writing is at a pause. */
  due(): void {
    this.#owed = this.size;
    if (this.#owed > 0 && this.#pause === undefined) this.#begin();
  }

  /**
   * Writes all that waits now; at once, although writing is at a pause.
   * @throws what the file system does not allow
   */
  async flush(): Promise<void> {
    this.#endPause();
    this.#owed = this.size;
    while (this.#owed > 0) await this.#run();
  }

  /** Takes away records that are picked, once nothing is being written; gives how many. */
  async remove(isPicked: (record: OperationRecord) => boolean): Promise<number> {
    while (this.#running !== undefined) await this.#running.catch(() => {});
    const before = this.size;
    this.#batch = this.#batch.filter((record) => !isPicked(record));
    this.queue.remove(isPicked);
    return before - this.size;
  }

  /** Ends the pause that it may be at: nothing is tried again by itself. */
  rest(): void {
    this.#endPause();
  }

  #begin(): void {
    // What fails has been told of, and is tried again.
    this.#run().catch(() => {});
  }

  #run(): Promise<void> {
    this.#running ??= this.#writeBatches().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #writeBatches(): Promise<void> {
    const { clock, folder, maxBatchSize, onWritten, onRecovered } = this.#context;
    for (;;) {
      const isFull = this.queue.size >= maxBatchSize;
      if (this.#batch.length === 0 && (isFull || this.#owed > 0)) this.#batch = this.queue.take(maxBatchSize);
      if (this.#batch.length === 0) break;
      let file = '';
      try {
        file = await folder.write(this.#batch, microsOf(clock));
      } catch (error) {
        this.#failed(error);
        throw error;
      }
      const written = this.#batch.length;
      this.#batch = [];
      this.#owed = Math.max(0, this.#owed - written);
      onWritten(written, file);
      if (this.#failures > 0) onRecovered(this.#failures);
      this.#failures = 0;
    }
    this.#owed = 0;
  }

  #failed(error: unknown): void {
    const { clock, onFailed } = this.#context;
    const retryInMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#failures);
    this.#failures++;
    this.#pause = clock.setTimeout(() => {
      this.#pause = undefined;
      this.due();
    }, retryInMs);
    unref(this.#pause);
    onFailed({ error, failures: this.#failures, retryInMs });
  }

  #endPause(): void {
    if (this.#pause !== undefined) this.#context.clock.clearTimeout(this.#pause);
    this.#pause = undefined;
  }
}

/** The time of day in microseconds: its ms, and what the monotonic clock knows below them. */
function microsOf(clock: Clock): number {
  return Math.floor(clock.wallNow()) * 1_000 + Math.floor((clock.now() % 1) * 1_000);
}
