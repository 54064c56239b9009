import { flag } from '../../base/option-rules.js';
import type { OptionRule } from '../../base/options.js';
import { microBatchRules } from '../../batch/micro-batch-options.js';
import { streamRules } from '../../batch/stream-options.js';
import { checkBreakerOptions, circuitBreakerRules } from '../../breaker/breaker-options.js';
import { sendBufferRules } from '../../buffer/send-buffer-options.js';
import { cacheRules } from '../../cache/cache-options.js';
import { chaosRules } from '../../chaos/chaos-options.js';
import { deadLetterRules } from '../../dead-letter/dead-letter-options.js';
import { adaptiveLimitRules } from '../../limits/adaptive-limit-options.js';
import { bulkheadRules } from '../../limits/bulkhead-options.js';
import { rateLimitRules } from '../../limits/rate-limit-options.js';
import { shedRules } from '../../limits/shed-options.js';
import { collectorRules } from '../../metrics/collector-options.js';
import { deadlineRules } from '../../policies/deadline.js';
import { timedRules } from '../../policies/timed.js';
import { timeoutRules } from '../../policies/timeout.js';
import { processorRules } from '../../registry/batch-processor.js';
import { hedgeRules } from '../../retry/hedge-options.js';
import { checkRetryOptions, retryRules } from '../../retry/retry-options.js';
import { hours, jitter, type Meaning, retries, same, seconds, strategy, type Term } from './term.js';

/** The names that options of one kind may be written by. */
export interface Vocabulary {
  /** Names in camelCase, and what each sets. */
  readonly terms: ReadonlyMap<string, Term>;
  /** Checks options with one another, where a section says all there is. */
  readonly check?: ((options: object) => unknown) | undefined;
  /** Whether `false` switches it off: so with policies. */
  readonly switchable: boolean;
}

type Rules = Readonly<Record<string, OptionRule<never>>>;
type Aliases = Readonly<Record<string, readonly [option: string, meaning: Meaning]>>;

/** What is made in code, and no configuration can say. */
const IN_CODE = new Set(['name', 'store', 'collector', 'send', 'signal', 'resumeFrom', 'retry']);

function vocabulary(rules: object, aliases: Aliases = {}, extra: Partial<Vocabulary> = {}): Vocabulary {
  const terms = new Map<string, Term>();
  for (const [option, rule] of Object.entries(rules as Rules)) {
    if (!IN_CODE.has(option) && rule.takes !== 'a function') terms.set(option, { option, rule: plain(rule) });
  }
  for (const [name, [option, meaning]] of Object.entries(aliases)) {
    terms.set(name, { option, rule: plain((rules as Rules)[option] as OptionRule<never>), meaning });
  }
  return { terms, switchable: true, ...extra };
}

/** The same for plain values alone: functions are for code. */
function plain(rule: OptionRule<never>): OptionRule<never> {
  const type = (value: unknown) => typeof value !== 'function' && rule.type(value);
  return { ...rule, type, takes: rule.takes.replace(/ or a function$/, '') };
}

const caching: Aliases = {
  maxSize: ['maxEntries', same],
  defaultTtl: ['ttlMs', seconds],
  ttl: ['ttlMs', seconds],
  cleanupInterval: ['cleanupIntervalMs', seconds],
};
const cleanUp: Aliases = { retentionHours: ['retentionMs', hours], cleanupInterval: ['cleanupIntervalMs', seconds] };
const streaming: Aliases = {
  defaultBatchSize: ['batchSize', same],
  maxConcurrentBatches: ['concurrency', same],
};
const buffering: Aliases = { bufferSize: ['maxSize', same], flushInterval: ['flushIntervalMs', seconds] };
const breaking: Aliases = { recoveryTimeout: ['recoveryTimeoutMs', seconds] };
const retrying: Aliases = {
  maxRetries: ['maxAttempts', retries],
  baseDelay: ['baseDelayMs', seconds],
  maxDelay: ['maxDelayMs', seconds],
  jitter: ['jitter', jitter],
  strategy: ['backoff', strategy],
};
const limitInSeconds: Aliases = { seconds: ['ms', seconds] };
const service = { switchable: false };

/** Policies and services by their kind, as they stand under a name of their own. */
export const kinds: ReadonlyMap<string, Vocabulary> = new Map([
  ['circuitBreaker', vocabulary(circuitBreakerRules, breaking, { check: checkBreakerOptions })],
  ['retry', vocabulary(retryRules, retrying, { check: checkRetryOptions })],
  ['timeout', vocabulary(timeoutRules, limitInSeconds)],
  ['deadline', vocabulary(deadlineRules, limitInSeconds)],
  ['cached', vocabulary(cacheRules, caching)],
  ['timed', vocabulary(timedRules)],
  ['bulkhead', vocabulary(bulkheadRules)],
  ['rateLimit', vocabulary(rateLimitRules)],
  ['adaptiveLimit', vocabulary(adaptiveLimitRules)],
  ['shed', vocabulary(shedRules)],
  ['hedge', vocabulary(hedgeRules)],
  ['deadLetter', vocabulary(deadLetterRules)],
  ['batched', vocabulary(microBatchRules)],
  ['chaos', vocabulary(chaosRules)],
  ['cache', vocabulary(cacheRules, caching, service)],
  ['batchProcessor', vocabulary(processorRules, { retryDelay: ['retryDelayMs', seconds] }, service)],
  ['streamPages', vocabulary(streamRules, streaming, service)],
  ['sendBuffer', vocabulary({ ...sendBufferRules, enabled: flag() }, buffering, service)],
  ['metricsCollector', vocabulary(collectorRules, cleanUp, service)],
]);

/** Defaults of all: the section's path, and the kinds that take them. */
export const sections: ReadonlyMap<string, readonly string[]> = new Map([
  ['streaming', ['streamPages']],
  ['caching', ['cache', 'cached']],
  ['batchProcessing', ['batchProcessor']],
  ['metrics', ['metricsCollector']],
  ['buffering', ['sendBuffer']],
  ['recovery.circuitBreaker', ['circuitBreaker']],
  ['recovery.retry', ['retry']],
  ['recovery.timeout', ['timeout']],
]);

/** The section that sets defaults for a kind. */
export function sectionOf(kind: string): string | undefined {
  return [...sections].find(([, takers]) => takers.includes(kind))?.[0];
}
