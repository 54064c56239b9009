import { expectTypeOf } from 'vitest';
import {
  bulkhead,
  cached,
  chaos,
  CircuitBreaker,
  circuitBreaker,
  coalesce,
  DeadLetterQueue,
  deadLetter,
  deadline,
  fallback,
  hedge,
  rateLimit,
  Registry,
  resilient,
  retryWithBackoff,
  timeout,
} from '../../src/index.js';

declare const sync: (n: number) => number;
declare const later: (n: number) => Promise<number>;

// An option that is `undefined` counts as not given, for those who compile with `exactOptionalPropertyTypes` as well.
declare const maybe: number | undefined;
declare const maybeText: string | undefined;
timeout({ ms: maybe });
timeout({ ms: undefined, grace: undefined })(later);
retryWithBackoff({ jitter: undefined, maxAttempts: maybe, retryIf: undefined, retryIfResult: undefined })(later);
cached({ ttlMs: maybe, key: undefined, cacheIf: undefined, registry: undefined, name: maybeText })(sync);
circuitBreaker({ name: maybeText, key: undefined, isFailure: undefined })(sync);
deadLetter({ name: maybeText, when: undefined });
bulkhead({ maxConcurrent: maybe, maxQueue: maybe })(later);
// @ts-expect-error it may wait in line, so it takes only functions that return a promise
bulkhead({ maxQueue: maybe })(sync);
coalesce({ key: undefined, scope: undefined })(sync);
hedge({ delayMs: maybe });
rateLimit({ limit: 5, intervalMs: maybe, key: undefined })(sync);
chaos({ errorRatio: maybe, latencyMs: undefined });
fallback.value(null, { when: undefined });
resilient({ preset: undefined, timeout: { ms: maybe }, retry: { jitter: undefined }, cached: { key: undefined } })(
  later,
);
new Registry({ clock: undefined, maxDecisions: maybe }).decisions({ name: maybeText });
new DeadLetterQueue().redrive({ ratePerSecond: maybe, owner: maybeText });
new CircuitBreaker().isolate({ ttlMs: maybe });
// What must be given must be given.
// @ts-expect-error a limit has no default
rateLimit({ limit: undefined });
// @ts-expect-error nor has a deadline
deadline({ ms: undefined });
// Callbacks are still read, and what they take is still held against the function.
cached({ ttlMs: maybe, key: (host: string) => host })(async (host: string) => host);
// @ts-expect-error the key takes a number
cached({ ttlMs: maybe, key: (id: number) => `${id}` })(async (host: string) => host);
retryWithBackoff({ retryIf: (error, attempt) => error !== undefined && attempt < 3 });
circuitBreaker({ isFailure: (error: TypeError) => error.message === '' });
expectTypeOf(timeout({ ms: maybe })(later)).toEqualTypeOf<typeof later>();
