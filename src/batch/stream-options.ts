import { amount, callback, count, either, having, oneOf } from '../base/option-rules.js';
import { checkOptions, type OptionRule, type OptionRules, show } from '../base/options.js';
import type { Checkpoint, PageFailure } from './page-source.js';

/** What is done about a page that could not be had: end with its error, leave it out, or go on from somewhere. */
export type FailureChoice<Cursor = string> = 'throw' | 'skip' | { readonly resumeFrom: Partial<Checkpoint<Cursor>> };

/** Decides about a page that could not be had. */
export type FailureJudge<Cursor = string> = (
  failure: PageFailure<Cursor>,
) => FailureChoice<Cursor> | PromiseLike<FailureChoice<Cursor>>;

/** How pages are streamed. */
export interface PageStreamOptions<Cursor = string> {
  /** Items of a page, from 1. @default 100 */
  batchSize?: number;
  /** Pages fetched ahead of the one that is being worked on. @default 1 */
  prefetch?: number;
  /** Pages fetched at once, from 1; batches come in order all the same. A source with cursors is fetched one by one. @default 1 */
  concurrency?: number;
  /** How often a failed page is tried again; `Infinity` for no limit. @default 3 */
  maxRetries?: number;
  /** Where to begin: the `checkpoint` of a batch, or a part of one. */
  resumeFrom?: Partial<Checkpoint<Cursor>>;
  /** What is done about a page that could not be had: by name, or a function that decides. @default 'throw' */
  onError?: 'throw' | 'skip' | FailureJudge<Cursor>;
  /** Pages that may be skipped in a row; then it is no bad page but an outage, and its error is thrown. @default 10 */
  maxSkips?: number;
  /** What the pages held at once may take, by estimate, in MB (2^20 bytes); longer ones make pages shorter. @default Infinity */
  memoryLimitMb?: number;
  /** Ends the stream: the running fetch is aborted, and the loop ends with the reason. */
  signal?: AbortSignal | undefined;
}

/** Options with the defaults filled in. */
export type CheckedStreamOptions<Cursor> = Readonly<
  PageStreamOptions<Cursor> & Required<Omit<PageStreamOptions<Cursor>, 'resumeFrom' | 'signal'>>
>;

const checkpointRule: OptionRule<Partial<Checkpoint<unknown>>> = {
  takes: 'a checkpoint: { offset?, page?, cursor?, batchSize?, batchNumber?, done? }',
  type: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

const checkpointRules: OptionRules<Checkpoint<unknown>> = {
  offset: count({ min: 0 }),
  page: count(),
  cursor: { takes: 'any value', type: () => true },
  batchSize: count(),
  batchNumber: count({ min: 0 }),
  done: { takes: 'true or false', type: (value) => typeof value === 'boolean' },
};

/** What each option takes, and its default. */
export const streamRules: OptionRules<PageStreamOptions<unknown>> = {
  batchSize: count(),
  prefetch: count({ min: 0, default: 1 }),
  concurrency: count({ default: 1 }),
  maxRetries: count({ min: 0, infinity: 'taken', default: 3 }),
  resumeFrom: checkpointRule,
  onError: either(oneOf(['throw', 'skip']), callback(), { default: 'throw' }),
  maxSkips: count({ min: 0, infinity: 'taken', default: 10 }),
  memoryLimitMb: {
    ...amount({ infinity: 'taken', default: Infinity }),
    takes: 'a number of MB above 0, or Infinity',
    range: (value) => value > 0,
  },
  signal: having<AbortSignal>('an AbortSignal', ['addEventListener', 'throwIfAborted']),
};

/** Items of a page where nobody says otherwise. */
export const DEFAULT_BATCH_SIZE = 100;

/**
 * Checks the options of a stream, and fills in the defaults. A stream that is resumed keeps the batch size of its
 * checkpoint.
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} for a value out of range
 */
export function checkStream<Cursor>(given: PageStreamOptions<Cursor>): CheckedStreamOptions<Cursor> {
  const rules = streamRules as OptionRules<PageStreamOptions<Cursor>>;
  const options = checkOptions<PageStreamOptions<Cursor>>('streamPages', rules, given);
  const { resumeFrom } = options;
  if (resumeFrom !== undefined) checkCheckpoint(resumeFrom);
  const batchSize = options.batchSize ?? resumeFrom?.batchSize ?? DEFAULT_BATCH_SIZE;
  return Object.freeze({ ...options, batchSize }) as CheckedStreamOptions<Cursor>;
}

/**
 * Checks what an `onError` function has chosen.
 * @throws {TypeError | RangeError} when it is none of the choices
 */
export function checkChoice<Cursor>(choice: FailureChoice<Cursor>): FailureChoice<Cursor> {
  if (choice === 'throw' || choice === 'skip') return choice;
  const resumeFrom = (choice as { resumeFrom?: unknown } | undefined)?.resumeFrom;
  if (!checkpointRule.type(resumeFrom)) {
    throw new TypeError(`streamPages: \`onError\` gives 'throw', 'skip' or { resumeFrom }, got ${show(choice)}`);
  }
  checkCheckpoint(resumeFrom as Partial<Checkpoint<Cursor>>);
  return choice;
}

function checkCheckpoint(given: Partial<Checkpoint<unknown>>): void {
  checkOptions<Checkpoint<unknown>>('streamPages.resumeFrom', checkpointRules, given);
}
