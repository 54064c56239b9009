import { QueueFullError } from '../../base/errors.js';
import { grouped } from '../../base/wording.js';
import type { BatchWriter } from './batch-writer.js';
import type { OperationRecord } from './operation.js';

/** What surrounds an intake; none of the callbacks may throw. */
export interface IntakeContext {
  readonly name: () => string;
  readonly writer: BatchWriter;
  readonly maxQueueSize: number;
  readonly onFull: 'throw' | 'wait' | 'drop-oldest' | 'drop-newest';
  recorded: () => void;
  dropped: () => void;
  /** More than half of the queue is taken, or all of it; told once, until half of it is free again. */
  filled: (level: 'half' | 'whole', queueSize: number) => void;
}

/** A record that waits for room. */
interface Waiter {
  readonly record: OperationRecord;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const DONE: Promise<void> = Promise.resolve();

/** Lets records into the queue of a writer as far as there is room. */
export class Intake {
  readonly #context: IntakeContext;
  readonly #half: number;
  #waiters: Waiter[] = [];
  #level: 'free' | 'half' | 'whole' = 'free';
  #turn: Promise<void> | undefined = undefined;

  constructor(context: IntakeContext) {
    this.#context = context;
    this.#half = context.maxQueueSize / 2;
  }

  /** Callers that wait for room. */
  get waiting(): number {
    return this.#waiters.length;
  }

  /**
   * Takes a record in. While the queue is less than half full nobody waits. Above that, who waits for the promise waits for
   * a turn of the event loop, and above three quarters for a ms, in which the writer can do its work.
   * @throws {QueueFullError} when it is full, and that is what it does then
   */
  take(record: OperationRecord): Promise<void> {
    const { writer, maxQueueSize } = this.#context;
    const { size } = writer;
    if (size >= maxQueueSize || this.#waiters.length > 0) return this.#full(record);
    this.#add(record);
    if (size < this.#half) return DONE;
    if (size + 1 > this.#half) this.#rose('half', size + 1);
    return this.#turnOf(size);
  }

  /** Something was written: there is room. */
  admit(): void {
    const { writer, maxQueueSize } = this.#context;
    const admitted = this.#waiters.splice(0, maxQueueSize - writer.size);
    for (const { record, resolve } of admitted) {
      this.#add(record);
      resolve();
    }
    if (writer.size <= this.#half) this.#level = 'free';
  }

  /** Nobody who waits will get in. */
  refuse(error: unknown): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const { reject } of waiters) reject(error);
  }

  #full(record: OperationRecord): Promise<void> {
    const { name, writer, maxQueueSize, onFull, dropped } = this.#context;
    this.#rose('whole', writer.size);
    if (onFull === 'wait') return new Promise((resolve, reject) => this.#waiters.push({ record, resolve, reject }));
    if (onFull === 'throw') {
      const message = `'${name()}' has ${grouped(maxQueueSize)} records that wait to be written, and no room for more`;
      throw new QueueFullError(message, { policy: 'metricsManager', policyName: name() });
    }
    dropped();
    // What is being written cannot be let go any more: if that is all there is, the new one goes.
    if (onFull === 'drop-oldest' && writer.queue.size > 0) {
      writer.queue.dropOldest();
      this.#add(record);
    }
    return this.#turnOf(writer.size);
  }

  #add(record: OperationRecord): void {
    const { writer, recorded } = this.#context;
    writer.queue.add(record);
    recorded();
    writer.added();
  }

  #rose(level: 'half' | 'whole', queueSize: number): void {
    if (this.#level === level || this.#level === 'whole') return;
    this.#level = level;
    this.#context.filled(level, queueSize);
  }

  /** One for all who ask for it in the same turn. */
  #turnOf(size: number): Promise<void> {
    this.#turn ??= new Promise((resolve) => {
      const begin = () => {
        this.#turn = undefined;
        resolve();
      };
      if (size < 1.5 * this.#half) setImmediate(begin);
      else setTimeout(begin, 1);
    });
    return this.#turn;
  }
}
