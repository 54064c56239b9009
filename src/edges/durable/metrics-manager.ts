import { factsOf } from '../../base/error-facts.js';
import { ClosedError, TimeoutError } from '../../base/errors.js';
import { Housekeeping } from '../../base/housekeeping.js';
import { durationMs } from '../../base/option-rules.js';
import { checkOptions } from '../../base/options.js';
import { grouped } from '../../base/wording.js';
import { registry as shared } from '../../registry/default-registry.js';
import type { EventDetails, EventType } from '../../registry/events.js';
import type { Registry } from '../../registry/registry.js';
import { BatchFolder } from './batch-folder.js';
import { BatchWriter } from './batch-writer.js';
import { type EraseOptions, type ErasureReport, periodOf } from './erasure.js';
import { Intake } from './intake.js';
import {
  type CheckedMetricsManagerOptions,
  checkMetricsManager,
  type MetricsManagerOptions,
} from './metrics-manager-options.js';
import { writeLast } from './last-writes.js';
import { type MetricsManagerSnapshot, type MetricsManagerStats, noTotals } from './metrics-stats.js';
import { type Operation, recordOf } from './operation.js';
import { tracked, type TrackedOutcome } from './tracked.js';

const KIND = 'metricsManager';
const DAY_MS = 86_400_000;
const SWEEP_INTERVAL_MS = 3_600_000;

/** How a manager is stopped. */
export interface StopOptions {
  /** How long the last records may take to be written, in ms. @default 10_000 */
  timeoutMs?: number;
}

/**
 * Records operations without keeping anybody waiting, and writes them in batches, each a JSON file that is there wholly or
 * not at all.
 * @example
 * await using metrics = new MetricsManager({ storagePath: 'metrics' });
 * await metrics.start();
 * await metrics.recordOperation({ operationType: 'api_request', operationName: 'GET /users', durationMs: 42.5 });
 */
export class MetricsManager {
  /** Its options, defaults filled in; frozen. */
  readonly options: CheckedMetricsManagerOptions;
  readonly #registry: Registry;
  readonly #folder: BatchFolder;
  readonly #writer: BatchWriter;
  readonly #intake: Intake;
  #name: string;
  #state: 'stopped' | 'running' | 'stopping' = 'stopped';
  #stopping: Promise<void> | undefined = undefined;
  #housekeeping: Housekeeping[] = [];
  #totals = noTotals();

  /**
   * @throws {TypeError} for an unknown option and for a value of the wrong type
   * @throws {RangeError} for a value out of range
   */
  constructor(options: MetricsManagerOptions) {
    this.options = checkMetricsManager(options);
    const { storagePath, maxBatchSize, maxQueueSize, onFull } = this.options;
    this.#name = this.options.name ?? KIND;
    this.#registry = this.options.registry ?? shared;
    this.#folder = new BatchFolder(storagePath);
    this.#writer = new BatchWriter({
      clock: this.#registry.clock,
      folder: this.#folder,
      maxBatchSize,
      onWritten: (records, file) => this.#written(records, file),
      onFailed: (failure) => this.#failed('write', failure.error, failure.retryInMs),
      onRecovered: (failures) => this.#recovered(failures),
    });
    this.#intake = new Intake({
      name: () => this.#name,
      writer: this.#writer,
      maxQueueSize,
      onFull,
      recorded: () => void this.#totals.totalRecorded++,
      dropped: () => void this.#totals.dropped++,
      filled: (level, queueSize) =>
        this.#emit(level === 'half' ? 'metrics:halfFull' : 'metrics:full', { queueSize, maxQueueSize }),
    });
  }

  /** Its name in the registry. */
  get name(): string {
    return this.#name;
  }

  /**
   * Begins to take records. A folder that cannot be used is told of, and tried again: metrics keep no program from starting.
   * @throws {Error} as a rejected promise, when it is running
   * @throws {NameTakenError} as a rejected promise, when something else has its name
   */
  async start(): Promise<void> {
    if (this.#state !== 'stopped')
      throw new Error(`MetricsManager: '${this.#name}' is ${this.#state}; stop() it first`);
    const { name, flushIntervalMs } = this.options;
    const make = (made: string) => {
      this.#name = made;
      return this;
    };
    const entryName = name === undefined ? { made: KIND } : { given: name };
    this.#registry.extensions.obtain({ kind: KIND, name: entryName, options: { manager: this }, make });
    this.#state = 'running';
    this.#totals = { ...noTotals(), totalRecorded: this.#writer.size };
    const { clock } = this.#registry;
    this.#housekeeping = [
      new Housekeeping(clock, flushIntervalMs, () => this.#writer.due()),
      new Housekeeping(clock, SWEEP_INTERVAL_MS, () => void this.#sweep()),
    ];
    await this.#sweep();
  }

  /**
   * Takes no more records, and writes those that wait. Stopping twice is no error.
   * @throws {TimeoutError} as a rejected promise, when that takes longer than `timeoutMs`; what is left is written after the
   * next `start()`
   */
  stop(options: StopOptions = {}): Promise<void> {
    const rules = { timeoutMs: durationMs({ infinity: 'taken', default: 10_000 }) };
    const { timeoutMs = 0 } = checkOptions<StopOptions>('stop', rules, options);
    if (this.#state === 'running') {
      this.#state = 'stopping';
      this.#stopping = this.#stop(timeoutMs).finally(() => {
        this.#state = 'stopped';
        this.#stopping = undefined;
      });
    }
    return this.#stopping ?? Promise.resolve();
  }

  /** Stops, as the registry asks for it at its end. */
  close(): Promise<void> {
    return this.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /**
   * Records an operation that has ended. It takes a microsecond and waits for nothing; who awaits it while the queue is more
   * than half full lets the writer go first.
   * @throws {TypeError | RangeError} as a rejected promise, for what is not as it should be, and for metadata that must not be kept
   * @throws {QueueFullError} as a rejected promise, when the queue is full; nobody needs to look at it
   * @throws {ClosedError} as a rejected promise, while it is not running
   */
  recordOperation(operation: Operation): Promise<void> {
    try {
      if (this.#state !== 'running') throw this.#notRunning();
      return this.#intake.take(recordOf(operation, this.#registry.clock.wallNow()));
    } catch (error) {
      this.#totals.refused++;
      const refusal = Promise.reject(error);
      // A programming error shall be seen; a load that is too high shall not end the program.
      if (!(error instanceof TypeError || error instanceof RangeError)) refusal.catch(() => {});
      return refusal;
    }
  }

  /**
   * Runs a function and records how long it took, whether it failed and why; what it gives or throws comes back as it is,
   * whether or not it could be recorded.
   * @throws {TypeError | RangeError} before the function is run, for a type, a name or metadata that are not as they should be
   * @example const rows = await metrics.trackOperation('db_query', 'SELECT products', () => database.query(sql));
   */
  trackOperation<Result>(
    operationType: string,
    operationName: string,
    fn: () => Result,
    { metadata }: Pick<Operation, 'metadata'> = {},
  ): Result {
    const { clock } = this.#registry;
    const operation = { operationType, operationName, metadata };
    recordOf({ ...operation, durationMs: 0 }, 0);
    const begunAt = clock.now();
    const ended = (outcome: TrackedOutcome) => {
      const durationMs = Math.max(0, clock.now() - begunAt);
      this.recordOperation({ ...operation, durationMs, ...outcome }).catch(() => {});
    };
    return tracked(fn, ended);
  }

  /**
   * Writes all that waits now.
   * @throws what the file system does not allow, as a rejected promise; the records are kept, and tried again
   */
  flush(): Promise<void> {
    return this.#writer.flush();
  }

  /**
   * Erases what was written in a time, and records of that time that wait, as when somebody has a right to be forgotten. A file is of
   * the time at which it was written, its records of up to `flushIntervalMs` before.
   * @throws {TypeError | RangeError} as a rejected promise, for options that are not as they should be
   */
  async erase(options: EraseOptions): Promise<ErasureReport> {
    const { fromMs, toMs, reason, owner } = periodOf(options);
    const isOfTime = (at: number) => at >= fromMs && at <= toMs;
    const records = await this.#writer.remove(({ at }) => isOfTime(at));
    this.#intake.admit();
    const files = await this.#folder.remove(isOfTime);
    this.#emit('metrics:erased', { files, records, because: 'asked', reason, owner });
    return { files, records };
  }

  /** What it has done since it was started. */
  stats(): MetricsManagerStats {
    const { totalRecorded, totalPersisted, batchesWritten, lastFlushAt } = this.#totals;
    return {
      totalRecorded,
      totalPersisted,
      queueSize: this.#writer.size,
      batchesWritten,
      lastFlushAt,
      avgBatchSize: batchesWritten === 0 ? 0 : totalPersisted / batchesWritten,
      isRunning: this.#state === 'running',
    };
  }

  /** The same, and what went wrong, as JSON. */
  snapshot(): MetricsManagerSnapshot {
    const { maxQueueSize } = this.options;
    return { ...this.stats(), ...this.#totals, maxQueueSize, waiting: this.#intake.waiting };
  }

  async #stop(timeoutMs: number): Promise<void> {
    for (const task of this.#housekeeping) task.stop();
    const { clock, extensions } = this.#registry;
    const isLeft = () => this.#writer.size + this.#intake.waiting > 0;
    await writeLast({ clock, isLeft, write: () => this.#writer.flush() }, timeoutMs);
    this.#writer.rest();
    this.#intake.refuse(this.#notRunning());
    if (extensions.get(this.#name) === this) extensions.forget(this.#name);
    if (this.#writer.size === 0) return;
    const left = `${grouped(this.#writer.size)} records are not written after ${grouped(timeoutMs)} ms`;
    const why = this.#totals.lastError === null ? '' : `: ${this.#totals.lastError}`;
    throw new TimeoutError(`'${this.#name}' was stopped, and ${left}${why}`, { policy: KIND, policyName: this.#name });
  }

  async #sweep(): Promise<void> {
    const now = this.#registry.clock.wallNow();
    const oldest = now - this.options.retentionDays * DAY_MS;
    try {
      await this.#folder.make();
      await this.#folder.removeAbandoned(now);
      const files = await this.#folder.remove((at) => at < oldest);
      this.#totals.expiredFiles += files;
      if (files > 0) this.#emit('metrics:erased', { files, records: 0, because: 'retention' });
    } catch (error) {
      this.#failed('retention', error, SWEEP_INTERVAL_MS);
    }
  }

  #written(records: number, file: string): void {
    this.#totals.totalPersisted += records;
    this.#totals.batchesWritten++;
    this.#totals.lastFlushAt = this.#registry.clock.wallNow();
    this.#intake.admit();
    this.#emit('metrics:flushed', { records, file, queueSize: this.#writer.size });
  }

  #failed(operation: 'write' | 'retention', error: unknown, retryInMs: number): void {
    if (operation === 'write') this.#totals.writeFailures++;
    this.#totals.lastError = factsOf(error).message;
    this.#emit('metrics:writeFailed', { operation, error, retryInMs, queueSize: this.#writer.size });
  }

  #recovered(failures: number): void {
    this.#totals.lastError = null;
    this.#emit('metrics:recovered', { failures, queueSize: this.#writer.size });
  }

  #notRunning(): ClosedError {
    const what = this.#state === 'stopping' ? 'is stopping' : 'is not running: start() it first';
    return new ClosedError(`'${this.#name}' ${what}`, { policy: KIND, policyName: this.#name });
  }

  #emit<Type extends EventType>(type: Type, details: EventDetails[Type]): void {
    this.#registry.emit(type, { kind: KIND, name: this.#name, site: this.#name }, details);
  }
}
