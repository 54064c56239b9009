import { cancellationOf } from '../base/cancellation.js';
import { classify as classifyByDefault } from '../base/classify.js';
import { count, durationMs, text } from '../base/option-rules.js';
import { checkOptions, type OptionRule, type OptionRules, show } from '../base/options.js';
import type { BatchItem, BatchOperation, BatchResult } from '../batch/batch-item.js';
import { BatchStream } from '../batch/batch-stream.js';
import type { RunItem } from '../batch/item-run.js';
import { type BatchItems, sourceOf } from '../batch/item-source.js';
import {
  type BatchStreamOptions,
  type CheckedStreamingOptions,
  checkProcess,
  checkStreaming,
  type ProcessOptions,
} from '../batch/process-options.js';
import type { RoundRules } from '../batch/rounds.js';
import { Bulkhead } from '../limits/bulkhead.js';
import { PacedLine } from '../limits/paced-line.js';
import { RateLimiter } from '../limits/rate-limiter.js';
import type { RetryBudget } from '../retry/retry-budget.js';
import { isRetryBudget, type RetryOptions } from '../retry/retry-options.js';
import { RetryPolicy } from '../retry/retry-policy.js';
import { retryVoice } from './retry-voice.js';
import { newBatchId } from './batch-id.js';
import { registry as shared } from './default-registry.js';
import type { Registry } from './registry.js';
import { type ServiceOptions, serviceParts } from './service-place.js';

const KIND = 'batchProcessor';

/** How batches are processed: the limits hold for all batches of one processor together. */
export interface BatchProcessorOptions extends ServiceOptions {
  /** What it is called in events. @default 'batchProcessor' */
  name?: string;
  /** Items that may be run at once, from 1. @default 10 */
  maxConcurrent?: number;
  /** How often an item that fails is tried again; `Infinity` for no limit. @default 3 */
  maxRetries?: number;
  /** The wait before the first retry of an item, in ms; later ones grow. @default 1_000 */
  retryDelayMs?: number;
  /** Runs in any second, retries too; `Infinity` for no limit. @default 50 */
  rateLimit?: number;
  /** Rounds of a batch, the first too: in each later one all items that failed are run again together. @default 1 */
  maxRounds?: number;
  /** The wait before the second round, in ms; doubled before each later one. @default 1_000 */
  roundDelayMs?: number;
  /** How items are retried, but for what `maxRetries` and `retryDelayMs` say: growth, chance, budget, which errors. */
  retry?: Omit<RetryOptions, 'maxAttempts' | 'baseDelayMs' | 'retryIfResult' | 'budget'> & { budget?: RetryBudget };
  /** Where its events go, and where its time comes from. @default the shared `registry` */
  registry?: Registry;
}

type OwnOptions = Omit<BatchProcessorOptions, keyof ServiceOptions>;

/** Options with the defaults filled in. */
export type CheckedBatchProcessorOptions = Readonly<Required<Omit<BatchProcessorOptions, keyof ServiceOptions>>>;

const retryRule: OptionRule<{ budget?: RetryBudget }> = {
  takes:
    'how retries go, without `maxAttempts`, `baseDelayMs` (`maxRetries` and `retryDelayMs` say them) and `retryIfResult`; `budget` is a RetryBudget',
  type: (value) =>
    typeof value === 'object' &&
    value !== null &&
    !['maxAttempts', 'baseDelayMs', 'retryIfResult'].some((name) => name in value),
  range: ({ budget }) => budget === undefined || isRetryBudget(budget),
  default: {},
};

/** What each option takes, and its default. */
export const processorRules: OptionRules<OwnOptions> = {
  name: text({ default: KIND }),
  maxConcurrent: count({ default: 10 }),
  maxRetries: count({ min: 0, infinity: 'taken', default: 3 }),
  retryDelayMs: durationMs({ default: 1_000 }),
  rateLimit: {
    ...count({ infinity: 'taken', default: 50 }),
    takes: 'a whole number of runs a second from 1 to 1 000 000, or Infinity',
    range: (value) => value === Infinity || (Number.isSafeInteger(value) && value >= 1 && value <= 1_000_000),
  },
  maxRounds: count({ infinity: 'taken', default: 1 }),
  roundDelayMs: durationMs({ default: 1_000 }),
  retry: retryRule,
};

/**
 * Does the same with many items: so many at once and by the second, each retried on its own, with live progress and what
 * has come of each. One item that fails does not fail the batch.
 * @throws {TypeError | RangeError} for options that are not as they should be
 * @example
 * const processor = new BatchProcessor<HostData, Host>({ maxConcurrent: 10, rateLimit: 50 });
 * const { progress, items } = await processor.process(hosts, (host, { signal }) => api.createHost(host, { signal }));
 */
export class BatchProcessor<In, Out> {
  /** Its options, defaults filled in; frozen. */
  options: CheckedBatchProcessorOptions;
  readonly #registry: Registry;
  readonly #classify: ServiceOptions['classify'];
  #rounds: RoundRules;
  #run: RunItem;

  constructor(options: BatchProcessorOptions = {}) {
    const { own, registry = shared, classify } = serviceParts<OwnOptions>(KIND, options);
    this.#registry = registry;
    this.#classify = classify;
    this.options = checkProcessor(registry.configuration.serve(this, KIND, { name: KIND, ...own }));
    this.#rounds = roundRules(this.options, classify);
    this.#run = itemRunner(this.options, registry, classify);
  }

  /**
   * Goes by other options for the batches that begin from now on; those under way end by their own.
   * @throws {TypeError | RangeError} for options that are not as they should be; then nothing has changed
   */
  reconfigure(options: Omit<BatchProcessorOptions, keyof ServiceOptions>): void {
    this.options = checkProcessor(options);
    this.#rounds = roundRules(this.options, this.#classify);
    this.#run = itemRunner(this.options, this.#registry, this.#classify);
  }

  /**
   * Runs all items, and tells what has come of each, in their order. A cancelled batch tells of what was done too.
   * @throws {TypeError | RangeError} for items or options that are not as they should be
   * @throws the error of the source itself, when it fails to give its next item
   */
  async process(
    items: BatchItems<In>,
    operation: BatchOperation<In, Out>,
    options: ProcessOptions<In, Out> = {},
  ): Promise<BatchResult<Out>> {
    const checked = checkProcess(options);
    const stream = this.#open(items, operation, checked);
    const kept: BatchItem<Out>[] = [];
    for await (const { result } of stream) {
      if (checked.keep === 'all' || (checked.keep === 'failed' && result.status !== 'success')) kept.push(result);
    }
    kept.sort((one, other) => one.index - other.index);
    const { batchId, progress } = stream;
    return { batchId, status: stream.status as BatchResult<Out>['status'], progress, items: kept };
  }

  /**
   * Runs all items, and gives each as soon as it is done with; keeps none. It goes as fast as they are taken.
   * @throws {TypeError | RangeError} for items or options that are not as they should be
   * @example for await (const { item, result } of processor.stream(hosts, createHost)) log(item.name, result.status);
   */
  stream(
    items: BatchItems<In>,
    operation: BatchOperation<In, Out>,
    options: BatchStreamOptions<In, Out> = {},
  ): BatchStream<In, Out> {
    return this.#open(items, operation, checkStreaming(options));
  }

  #open(
    items: BatchItems<In>,
    operation: BatchOperation<In, Out>,
    options: CheckedStreamingOptions<In, Out>,
  ): BatchStream<In, Out> {
    if (typeof operation !== 'function') {
      throw new TypeError(`BatchProcessor takes a function that is run for each item, got ${show(operation)}`);
    }
    const source = sourceOf(items);
    if (options.onInvalid === 'refuse' && source.list === undefined) {
      throw new TypeError("BatchProcessor: `onInvalid: 'refuse'` needs a list: all items are looked at first");
    }
    return new BatchStream(source, operation, options, {
      batchId: options.batchId ?? options.resumeFrom?.batchId ?? newBatchId(this.#registry),
      clock: this.#registry.clock,
      run: this.#run,
      rounds: this.#rounds,
      window: this.options.maxConcurrent,
    });
  }
}

function checkProcessor(options: OwnOptions): CheckedBatchProcessorOptions {
  return checkOptions<OwnOptions>('BatchProcessor', processorRules, options) as CheckedBatchProcessorOptions;
}

function roundRules(
  { maxRounds, roundDelayMs, retry }: CheckedBatchProcessorOptions,
  severityOf: ServiceOptions['classify'] = classifyByDefault,
): RoundRules {
  return {
    maxRounds,
    roundDelayMs,
    isWorthIt: (error, attempts) =>
      retry.retryIf?.(error, attempts) ?? !['permanent', 'critical'].includes(severityOf(error)),
  };
}

/** Made of the toolkit's own parts: a slot for the item, its retries in it, and a permit for each run. */
function itemRunner(
  { name, maxConcurrent, maxRetries, retryDelayMs, rateLimit, retry }: CheckedBatchProcessorOptions,
  registry: Registry,
  classify: ServiceOptions['classify'],
): RunItem {
  const { clock, random } = registry;
  const policy = new RetryPolicy(
    { ...retry, maxAttempts: maxRetries + 1, baseDelayMs: retryDelayMs },
    { name, clock, random, classify },
  );
  const slots = new Bulkhead({ maxConcurrent, maxQueue: Infinity }, { name, clock });
  const line = rateLimit === Infinity ? undefined : lineOf(rateLimit, registry);
  const observe = retryVoice(registry, { kind: KIND, name, site: name });
  return async (run, signal) => {
    signal.throwIfAborted();
    const cancellation = cancellationOf(signal);
    if (!slots.tryEnter()) await slots.enter({ cancellation });
    try {
      const runInTurn = async () => {
        await line?.take(cancellation);
        return run();
      };
      return await policy.execute(runInTurn, { signal, observe });
    } finally {
      slots.leave();
    }
  };
}

function lineOf(limit: number, { clock }: Registry): PacedLine {
  // A bucket would let twice the limit through in its first second.
  return new PacedLine(new RateLimiter({ limit, intervalMs: 1_000, algorithm: 'sliding-window' }, { clock }), clock);
}
