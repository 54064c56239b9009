import { type Clock, systemClock } from '../base/clock.js';
import { CircuitOpenError, ClosedError } from '../base/errors.js';
import { checkOptions } from '../base/options.js';
import { systemRandom } from '../base/random.js';
import { tell } from '../base/tell.js';
import type { BufferAct, BufferEvent, BufferKeeps, FlushCause, FlushReport } from './buffer-event.js';
import { Backlog } from './backlog.js';
import { type BufferSnapshot, type BufferTotals, noTotals } from './buffer-snapshot.js';
import { flushItems } from './flush-run.js';
import { FlushTimer } from './flush-timer.js';
import { ItemIds } from './item-ids.js';
import {
  actRules,
  checkSendBuffer,
  type EnableOptions,
  enableRules,
  type SendBufferContext,
  type SendBufferOptions,
} from './send-buffer-options.js';
import { SendHealth } from './send-health.js';

/** Sends items, and keeps those that could not be sent until they can. */
export class ItemBuffer<T> {
  readonly name: string;
  /** Its options, defaults filled in; frozen. */
  options: Readonly<SendBufferOptions<T>>;
  readonly #context: SendBufferContext;
  readonly #clock: Clock;
  readonly #backlog: Backlog<T>;
  readonly #health: SendHealth = new SendHealth();
  readonly #timer: FlushTimer;
  readonly #totals: BufferTotals = noTotals();
  #keeps: BufferKeeps | 'nothing' = 'nothing';
  readonly #adding = new Set<Promise<unknown>>();
  #flushing: Promise<FlushReport> | undefined = undefined;
  #closing: Promise<void> | undefined = undefined;

  /**
   * @throws {TypeError} for an unknown option and for a value of the wrong type
   * @throws {RangeError} for a value out of range
   */
  constructor(options: SendBufferOptions<T>, context: SendBufferContext = {}) {
    this.options = checkSendBuffer(options);
    this.name = this.options.name ?? 'buffer';
    this.#context = context;
    this.#clock = context.clock ?? systemClock;
    const { store, maxSize, flushIntervalMs } = this.options;
    this.#timer = new FlushTimer(this.#clock, flushIntervalMs as number, (because) => void this.#flush(because));
    this.#backlog = new Backlog({
      ids: new ItemIds(this.#clock, context.random ?? systemRandom),
      maxSize: maxSize as number,
      store,
      onRestored: (count) => this.#restored(count),
      onDropped: (count) => this.#dropped(count),
      onStoreFailed: (failure) => this.#emit({ type: 'storeFailed', ...failure }),
    });
  }

  /** Resolves when the store has been read, or has failed; nothing is kept before. */
  get ready(): Promise<void> {
    return this.#backlog.ready;
  }

  /** How many items wait. */
  get size(): number {
    return this.#backlog.size;
  }

  /** Whether items are kept: asked for by `enable`, or because too many sends have failed. */
  get enabled(): boolean {
    return this.#keeps !== 'nothing';
  }

  /** Whether `close` was called. */
  get closed(): boolean {
    return this.#closing !== undefined;
  }

  /**
   * From now on a send that fails keeps its item, in the place of an error; with `keeps: 'all'` nothing is sent but by a flush.
   * @throws {TypeError | RangeError} for options that are not as they should be
   */
  enable(options: EnableOptions = {}): void {
    const { keeps = 'failed', reason, owner } = checkOptions('enable', enableRules, options);
    this.#keeps = keeps;
    const { failureRatio } = this.#health;
    this.#emit({ type: 'enabled', because: 'asked', keeps, failureRatio, reason, owner });
  }

  /** From now on a send that fails throws; what waits goes on waiting for a flush. Failures are counted anew. */
  disable(act: BufferAct = {}): void {
    const { reason, owner } = checkOptions('disable', actRules, act);
    this.#keeps = 'nothing';
    this.#health.reset();
    this.#emit({ type: 'disabled', reason, owner });
  }

  /**
   * Sends an item, or keeps it where the buffer is enabled. `'buffered'` is answered when the store has it, where there is one.
   * @throws the send's error, the same object, while the buffer is disabled
   * @throws {ClosedError} once it is closed
   */
  add(item: T): Promise<'sent' | 'buffered'> {
    if (this.closed) {
      const source = { policy: 'sendBuffer', policyName: this.name };
      return Promise.reject(new ClosedError(`'${this.name}' is closed, and takes nothing more`, source));
    }
    const adding = this.#add(item);
    this.#adding.add(adding);
    const done = () => void this.#adding.delete(adding);
    adding.then(done, done);
    return adding;
  }

  /**
   * Sends what waits, one item after the other, in order; what fails stays in its place. One at a time: while one is under
   * way, it is that one's outcome. It never rejects.
   */
  flush(): Promise<FlushReport> {
    return this.#flush('asked');
  }

  /** Throws away what waits; gives how many items that were. */
  clear(act: BufferAct = {}): number {
    const { reason, owner } = checkOptions('clear', actRules, act);
    const removed = this.#backlog.all();
    void this.#backlog.remove(removed);
    this.#timer.emptied();
    this.#emit({ type: 'cleared', removed: removed.length, reason, owner });
    return removed.length;
  }

  /**
   * Goes by other options from now on, unless it is closed. What waits goes on waiting; of more than `maxSize` the oldest go.
   * @throws {TypeError | RangeError} for options that are not as they should be
   * @throws {Error} for another `store`: what waits is in the one that there is; then nothing has changed
   */
  reconfigure(options: SendBufferOptions<T>): void {
    const checked = checkSendBuffer(options);
    if (this.closed) return;
    if (checked.store !== this.options.store) throw new Error('`store` cannot change while something may wait in it');
    this.options = checked;
    this.#timer.retime(checked.flushIntervalMs as number);
    this.#backlog.resize(checked.maxSize as number);
    if (this.size > 0) this.#timer.arm();
  }

  /** The buffer at this moment, as JSON. */
  snapshot(): BufferSnapshot {
    const { maxSize } = this.options;
    return {
      size: this.size,
      maxSize: maxSize === Infinity ? null : (maxSize as number),
      keeps: this.#keeps,
      flushing: this.#flushing !== undefined,
      failureRatio: this.#health.failureRatio,
      ...this.#totals,
      unsaved: this.#backlog.unsaved,
    };
  }

  /** Takes nothing more in, tries once to send what waits, and ends its timer and its store. What is left stays in the store. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    await Promise.allSettled([this.ready, ...this.#adding]);
    // One that is under way may have begun before the last items came.
    await this.#flushing;
    if (this.size > 0) await this.#flush('closing');
    this.#timer.disarm();
    await this.#backlog.close();
  }

  async #add(item: T): Promise<'sent' | 'buffered'> {
    if (this.#keeps === 'all') return this.#keep(item);
    try {
      await this.options.send(item);
    } catch (error) {
      this.#sendFailed();
      if (!this.enabled) throw error;
      return this.#keep(item, error);
    }
    this.#health.count('sent');
    this.#totals.sent++;
    return 'sent';
  }

  async #keep(item: T, error?: unknown): Promise<'buffered'> {
    await this.#backlog.keep(item, () => {
      this.#totals.buffered++;
      this.#emit({ type: 'added', size: this.size, ...(error !== undefined && { error }) });
      this.#tend();
    });
    return 'buffered';
  }

  /** Sees to the next flush. */
  #tend(): void {
    if (this.closed) return;
    this.#timer.arm();
    const isMany = this.size > (this.options.flushAbove as number);
    if (isMany && this.#flushing === undefined && this.#timer.mayFlushForSize) void this.#flush('size');
  }

  #restored(count: number): void {
    this.#emit({ type: 'restored', count, size: this.size });
    this.#tend();
  }

  #dropped(count: number): void {
    this.#totals.dropped += count;
    this.#emit({ type: 'dropped', count, size: this.size });
  }

  #sendFailed(): void {
    this.#health.count('failed');
    this.#totals.failed++;
    const { failureRatio } = this.#health;
    if (this.enabled || failureRatio <= (this.options.autoEnableFailureRatio as number)) return;
    this.#keeps = 'failed';
    this.#emit({ type: 'enabled', because: 'failures', keeps: 'failed', failureRatio });
  }

  #flush(because: FlushCause): Promise<FlushReport> {
    this.#flushing ??= this.#run(because).finally(() => {
      this.#flushing = undefined;
    });
    return this.#flushing;
  }

  async #run(because: FlushCause): Promise<FlushReport> {
    await this.ready;
    const waited = this.#backlog.all();
    const writes = [this.#backlog.retry()];
    const { send } = this.options;
    const { flushed, stoppedBy } = await flushItems(
      { clock: this.#clock, send, sent: (waiting) => void writes.push(this.#backlog.remove([waiting])) },
      waited,
    );
    await Promise.all(writes);
    const failed = waited.filter(({ present }) => present).length;
    this.#totals.flushed += flushed;
    this.#totals.lastFlushAt = this.#clock.wallNow();
    const retryAfterMs = stoppedBy instanceof CircuitOpenError ? stoppedBy.retryAfterMs : undefined;
    if (failed > 0) this.#timer.left(flushed, retryAfterMs);
    else this.#timer.emptied();
    if (this.size > 0 && !this.closed) this.#timer.arm();
    this.#emit({ type: 'flushed', because, size: this.size, flushed, failed, ...(stoppedBy && { stoppedBy }) });
    return { flushed, failed };
  }

  #emit(event: BufferEvent): void {
    tell(this.#context.onEvent, event);
  }
}
