import { callback, having, oneOf, text } from '../base/option-rules.js';
import { checkOptions, type OptionRule, type OptionRules } from '../base/options.js';
import type { BatchItem, BatchProgress, BatchResult } from './batch-item.js';

/**
 * Looks at an item before it is run. `false`, a text that says what is wrong, or a throw makes it invalid; all else is
 * fine, later or at once.
 */
export type ValidateItem<In> = (item: In, index: number) => unknown;

/** What an earlier run of a batch has left: a result, or one that was read from a file. */
export type ResumableBatch<Out> = Partial<Pick<BatchResult<Out>, 'batchId' | 'progress'>> & {
  readonly items: readonly (Pick<BatchItem<Out>, 'index' | 'status'> & { value?: Out; attempts?: number })[];
};

/** How one batch is run. */
export interface BatchStreamOptions<In, Out> {
  /** What the batch is called, to the operation and in the result. @default that of `resumeFrom`, or a new one */
  batchId?: string;
  /** Looks at each item before it is run; at all items of a list before any is. */
  validate?: ValidateItem<In>;
  /** What an invalid item does: it alone is skipped, or the whole list is refused and nothing run. @default 'skip' */
  onInvalid?: 'skip' | 'refuse';
  /** Is told each time an item is done with; what it throws is lost. */
  onProgress?(progress: BatchProgress): void;
  /** The result of an earlier run of the same items: those that were good are not run again. */
  resumeFrom?: ResumableBatch<Out>;
  /** Cancels the batch: nothing more is begun, and what was done is kept. */
  signal?: AbortSignal | undefined;
}

/** How one batch is run to its end. */
export interface ProcessOptions<In, Out> extends BatchStreamOptions<In, Out> {
  /** Which results are kept; a source without an end in sight wants `'failed'` or `'none'`. @default 'all' */
  keep?: 'all' | 'failed' | 'none';
}

/** Options with the defaults filled in. */
export type CheckedStreamingOptions<In, Out> = Readonly<
  BatchStreamOptions<In, Out> & Required<Pick<BatchStreamOptions<In, Out>, 'onInvalid'>>
>;

/** The same of a batch that is run to its end. */
export type CheckedProcessOptions<In, Out> = CheckedStreamingOptions<In, Out> &
  Readonly<Required<Pick<ProcessOptions<In, Out>, 'keep'>>>;

const resumeRule: OptionRule<ResumableBatch<unknown>> = {
  takes: "the result of an earlier run, with all its items (`keep: 'all'`)",
  type: (value) =>
    Array.isArray((value as { items?: unknown } | null)?.items) && isEachAnItem(value as { items: unknown[] }),
  // What is missing would be run a second time.
  range: ({ items, progress }) => items.length >= (progress?.completed ?? 0),
};

const streamRules: OptionRules<BatchStreamOptions<unknown, unknown>> = {
  batchId: text(),
  validate: callback(),
  onInvalid: oneOf(['skip', 'refuse'], { default: 'skip' }),
  onProgress: callback(),
  resumeFrom: resumeRule,
  signal: having<AbortSignal>('an AbortSignal', ['addEventListener', 'throwIfAborted']),
};

const processRules: OptionRules<ProcessOptions<unknown, unknown>> = {
  ...streamRules,
  keep: oneOf(['all', 'failed', 'none'], { default: 'all' }),
};

/**
 * Checks how a batch is to be run to its end, and fills in the defaults.
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} for a value out of range
 */
export function checkProcess<In, Out>(given: ProcessOptions<In, Out>): CheckedProcessOptions<In, Out> {
  const rules = processRules as OptionRules<ProcessOptions<In, Out>>;
  return checkOptions('BatchProcessor.process', rules, given) as CheckedProcessOptions<In, Out>;
}

/** The same for one whose outcomes are taken as they come. */
export function checkStreaming<In, Out>(given: BatchStreamOptions<In, Out>): CheckedStreamingOptions<In, Out> {
  const rules = streamRules as OptionRules<BatchStreamOptions<In, Out>>;
  return checkOptions('BatchProcessor.stream', rules, given) as CheckedStreamingOptions<In, Out>;
}

function isEachAnItem({ items }: { items: readonly unknown[] }): boolean {
  return items.every((item) => Number.isSafeInteger((item as { index?: unknown } | null)?.index));
}
