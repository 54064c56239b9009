import { expect, test } from 'vitest';
import {
  batched,
  bulkhead,
  cached,
  circuitBreaker,
  deadLetter,
  deadline,
  hedge,
  rateLimit,
  resilient,
  retryWithBackoff,
  timeout,
} from '../../src/index.js';

const policies = {
  batched,
  bulkhead,
  cached,
  circuitBreaker,
  deadLetter,
  deadline,
  hedge,
  rateLimit,
  resilient,
  retryWithBackoff,
  timeout,
} as unknown as Record<string, (options: object) => unknown>;

test.each<[policy: string, given: string, hint: string]>([
  ['retryWithBackoff', 'maxRetries', 'did you mean `maxAttempts`, which counts the first run too?'],
  ['retryWithBackoff', 'max_retries', 'did you mean `maxAttempts`, which counts the first run too?'],
  ['retryWithBackoff', 'retries', 'did you mean `maxAttempts`, which counts the first run too?'],
  ['retryWithBackoff', 'attempts', 'did you mean `maxAttempts`?'],
  ['retryWithBackoff', 'base_delay', 'did you mean `baseDelayMs`?'],
  ['retryWithBackoff', 'exponential_base', 'did you mean `factor`?'],
  ['retryWithBackoff', 'minTimeout', 'did you mean `baseDelayMs`?'],
  ['retryWithBackoff', 'shouldRetry', 'did you mean `retryIf`?'],
  ['hedge', 'retries', 'did you mean `maxHedges`?'],
  ['timeout', 'timeout', 'did you mean `ms`?'],
  ['timeout', 'duration', 'did you mean `ms`?'],
  ['deadline', 'timeoutMs', 'did you mean `ms`?'],
  ['cached', 'ttl', 'did you mean `ttlMs`?'],
  ['cached', 'maxAge', 'did you mean `ttlMs`?'],
  ['cached', 'max_size', 'did you mean `maxEntries`?'],
  ['cached', 'capacity', 'did you mean `maxEntries`?'],
  ['cached', 'prefix', 'did you mean `keyPrefix`?'],
  ['bulkhead', 'capacity', 'did you mean `maxConcurrent`?'],
  ['bulkhead', 'concurrency', 'did you mean `maxConcurrent`?'],
  ['bulkhead', 'queueSize', 'did you mean `maxQueue`?'],
  ['bulkhead', 'timeout', 'did you mean `queueTimeoutMs`?'],
  ['rateLimit', 'capacity', 'did you mean `burst`?'],
  ['rateLimit', 'points', 'did you mean `limit`?'],
  ['rateLimit', 'interval', 'did you mean `intervalMs`?'],
  ['rateLimit', 'window', 'did you mean `intervalMs`?'],
  ['circuitBreaker', 'threshold', 'did you mean `failureThreshold`?'],
  ['circuitBreaker', 'resetTimeout', 'did you mean `recoveryTimeoutMs`?'],
  ['circuitBreaker', 'recovery_timeout', 'did you mean `recoveryTimeoutMs`?'],
  ['circuitBreaker', 'expected_exception', 'did you mean `isFailure`?'],
  ['circuitBreaker', 'resetTimeoutMs', 'did you mean `recoveryTimeoutMs`?'],
  ['circuitBreaker', 'sleepWindow', 'did you mean `recoveryTimeoutMs`?'],
  ['circuitBreaker', 'cooldown', 'did you mean `recoveryTimeoutMs`?'],
  ['circuitBreaker', 'halfOpenAfterMs', 'did you mean `recoveryTimeoutMs`?'],
  ['circuitBreaker', 'halfOpenAfter', 'did you mean `recoveryTimeoutMs`?'],
  ['circuitBreaker', 'failureRateThreshold', 'did you mean `failureRatio`?'],
  ['circuitBreaker', 'errorThresholdPercentage', 'did you mean `failureRatio`, which is a share up to 1?'],
  ['circuitBreaker', 'maxFailures', 'did you mean `failureThreshold`?'],
  ['circuitBreaker', 'timeout', 'a limit of time is a policy of its own: timeout({ ms })'],
  ['retryWithBackoff', 'delayMs', 'did you mean `baseDelayMs`?'],
  ['retryWithBackoff', 'startingDelay', 'did you mean `baseDelayMs`?'],
  ['retryWithBackoff', 'numOfAttempts', 'did you mean `maxAttempts`?'],
  ['retryWithBackoff', 'times', 'did you mean `maxAttempts`?'],
  ['retryWithBackoff', 'onFailedAttempt', 'did you mean `onRetry`?'],
  ['retryWithBackoff', 'maxRetryTime', 'did you mean `maxElapsedMs`?'],
  ['retryWithBackoff', 'isRetryable', 'did you mean `retryIf`?'],
  ['cached', 'stale', 'did you mean `staleWhileRevalidateMs`?'],
  ['cached', 'staleTime', 'did you mean `staleWhileRevalidateMs`?'],
  ['cached', 'swr', 'did you mean `staleWhileRevalidateMs`?'],
  ['cached', 'ttlSeconds', 'did you mean `ttlMs`, which is in ms?'],
  ['cached', 'cacheKey', 'did you mean `key`?'],
  ['deadLetter', 'filter', 'did you mean `when`?'],
  ['batched', 'batch_size', 'did you mean `maxSize`?'],
  ['resilient', 'breaker', 'did you mean `circuitBreaker`?'],
  ['resilient', 'retries', 'did you mean `retry`?'],
  ['resilient', 'profile', 'did you mean `timed`?'],
])('%s: `%s` is another word for one of its options', (policy, given, hint) => {
  expect(() => policies[policy]?.({ [given]: 5 })).toThrow(
    new TypeError(`${policy}: unknown option \`${given}\`; ${hint}`),
  );
});

test('a word that means nothing to a policy is told what it takes', () => {
  expect(() => timeout({ profile: 5 } as object)).toThrow('timeout: unknown option `profile`; it takes ms, grace');
});

test('a name that every object has is no other word for anything', () => {
  expect(() => timeout({ constructor: 5 } as object)).toThrow('timeout: unknown option `constructor`; it takes ms');
});
