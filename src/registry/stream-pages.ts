import { text } from '../base/option-rules.js';
import { checkOption, type OptionRule, show } from '../base/options.js';
import type { RunFetch } from '../batch/page-fetch.js';
import type { FetchPage, PageFailure } from '../batch/page-source.js';
import { PageStream } from '../batch/page-stream.js';
import type { PageStreamOptions } from '../batch/stream-options.js';
import type { RetryObserver } from '../retry/recover-context.js';
import type { RetryBudget } from '../retry/retry-budget.js';
import { isRetryBudget, type RetryOptions } from '../retry/retry-options.js';
import { RetryPolicy } from '../retry/retry-policy.js';
import { registry as shared } from './default-registry.js';
import type { Registry } from './registry.js';
import { retryVoice } from './retry-voice.js';
import { type ServiceOptions, serviceParts } from './service-place.js';

const KIND = 'streamPages';

/** What a stream of pages takes. */
export interface StreamPagesOptions<Cursor = string> extends PageStreamOptions<Cursor>, ServiceOptions {
  /** What it is called in events. @default the name of the function that fetches */
  name?: string;
  /** Where its events go, and where its time comes from. @default the shared `registry` */
  registry?: Registry;
  /** How failed pages are retried, but for how often, which `maxRetries` says: delays, budget, what is retried. */
  retry?: Omit<RetryOptions, 'maxAttempts' | 'retryIfResult' | 'budget'> & { budget?: RetryBudget };
}

/**
 * Streams a source that gives its items page by page, by offset, page number or cursor: the next page is fetched while
 * one is worked on, and never more; a failed page is retried; memory stays flat however much there is.
 * @throws {TypeError | RangeError} for options that are not as they should be
 * @example
 * for await (const { items } of streamPages(({ offset, limit, signal }) => api.hosts({ offset, limit }, { signal }))) {
 *   for (const host of items) await check(host);
 * }
 */
export function streamPages<Item, Cursor = string>(
  fetchPage: FetchPage<Item, Cursor>,
  options: StreamPagesOptions<Cursor> = {},
): PageStream<Item, Cursor> {
  if (typeof fetchPage !== 'function') {
    throw new TypeError(`streamPages takes a function that fetches a page, got ${show(fetchPage)}`);
  }
  const parts = serviceParts<Omit<StreamPagesOptions<Cursor>, keyof ServiceOptions>>(KIND, options);
  const { registry = shared, classify, own } = parts;
  const named = registry.configuration.fill(KIND, { ...own, name: own.name ?? (fetchPage.name || KIND) });
  const { name, retry = {}, ...ofStream } = { ...named, ...pageSizeOf(own, named) };
  checkOption(KIND, 'name', text(), name);
  checkOption(KIND, 'retry', retryRule, retry);
  const voice = voiceOf(registry, name);
  const run: RunFetch = (fetch, signal) => policy.execute(fetch, { signal, observe: voice });
  const stream = new PageStream<Item, Cursor>(fetchPage, ofStream, { run, onSkip: voice.skipped });
  const maxAttempts = stream.options.maxRetries + 1;
  const { clock, random } = registry;
  const policy = new RetryPolicy({ ...retry, maxAttempts }, { name, clock, random, classify });
  return stream;
}

/** A stream that is resumed keeps the size of its pages: it may be counted by them. */
function pageSizeOf<Cursor>(own: StreamPagesOptions<Cursor>, named: StreamPagesOptions<Cursor>) {
  const resumed = own.resumeFrom?.batchSize;
  const batchSize = resumed === undefined ? named.batchSize : (own.batchSize ?? resumed);
  return batchSize === undefined ? {} : { batchSize };
}

const retryRule: OptionRule<{ budget?: RetryBudget }> = {
  takes:
    'how retries go, without `maxAttempts` (`maxRetries` says how often) and `retryIfResult`; `budget` is a RetryBudget',
  type: (value) =>
    typeof value === 'object' && value !== null && !('maxAttempts' in value) && !('retryIfResult' in value),
  range: ({ budget }) => budget === undefined || isRetryBudget(budget),
};

/** Tells a registry what happens in a stream. */
function voiceOf(registry: Registry, name: string): RetryObserver & { skipped(failure: PageFailure<unknown>): void } {
  const source = { kind: KIND, name, site: name };
  return {
    ...retryVoice(registry, source),
    skipped: ({ page, offset, limit, attempts, error }) =>
      registry.emit('stream:pageSkipped', source, { page, offset, limit, attempts, error }),
  };
}
