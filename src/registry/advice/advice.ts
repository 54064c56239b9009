/** `warning`: something does not do what it is there for; `note`: worth knowing, and may be meant. */
export type AdviceSeverity = 'warning' | 'note';

/** The numbers that each rule tells; durations in ms, `Infinity` where there is no bound. */
export interface AdviceNumbers {
  /** Loops inside each other multiply their attempts; `factors` outermost first, `through` the functions further in. */
  'attempts-multiply': {
    factors: readonly number[];
    through: readonly string[];
    attempts: number;
    attemptMs: number;
    durationMs: number;
  };
  /** A retry without any bound. */
  'endless-retry': { baseDelayMs: number };
  /** A call may keep its caller waiting for very long. */
  'long-call': { attempts: number; attemptMs: number; durationMs: number };
  /** A retry round a breaker: one call has enough attempts to open the circuit for all. */
  'one-call-opens-circuit': { attempts: number; failureThreshold: number };
  /** A breaker round a retry counts a call once, whatever its attempts. */
  'breaker-counts-once': { attempts: number; failureThreshold: number; failures: number };
  /** A time that is never reached, because one outside of it is up first. */
  'limit-never-reached': { ms: number; outerMs: number };
  /** The first delay is longer than the time there is. */
  'no-time-to-retry': { delayMs: number; limitMs: number };
  /** Not all attempts fit into the time there is, when each takes its whole time. */
  'attempts-past-limit': { maxAttempts: number; fitting: number; attemptMs: number; limitMs: number };
  /** A retry with nothing inside that ends an attempt that hangs. */
  'hang-is-not-retried': { maxAttempts: number };
  /** A deadline for each attempt, which is never retried. */
  'deadline-inside-retry': { deadlineMs: number; maxAttempts: number };
  /** Delays that are not spread: who failed together comes back together. */
  'retries-in-step': { delayMs: number };
  /** A breaker takes a probe for hung while it may still run. */
  'probe-cut-short': { probeTimeoutMs: number; durationMs: number };
  /** Nothing can take so long that it counts as slow. */
  'slow-is-never-reached': { slowMs: number; durationMs: number };
  /** Calls wait in line without end. */
  'endless-queue': { maxQueue: number };
  /** A guard outside of a cache: hits are guarded too. */
  'guard-outside-cache': Record<never, never>;
  /** A hedge round what shares runs: its second attempt joins the first. */
  'hedge-joins-its-run': { maxHedges: number };
  /** A cache keeps what the fallback inside of it has answered. */
  'fallback-is-cached': { ttlMs: number };
  /** A policy outside of a fallback does not hear of what that has answered. */
  'fallback-is-inside': Record<never, never>;
  /** A dead-letter queue inside a retry keeps each failed attempt. */
  'dead-letter-per-attempt': { maxAttempts: number };
  /** A rate limit round a retry counts calls, not attempts. */
  'rate-counts-calls': { limit: number; intervalMs: number; attempts: number; most: number };
  /** A bulkhead round a retry: a slot stays taken during the delays. */
  'slot-held-in-delays': { maxConcurrent: number; waitsMs: number };
  /** A breaker's window hardly ever has the calls that it judges from. */
  'too-little-traffic': {
    calls: number;
    watchedMs: number;
    perWindow: number;
    minimumCalls: number;
    windowMs: number;
  };
  /** A cache that is never asked for what it holds. */
  'cache-key-always-new': { lookups: number; hits: number; size: number; evictions: number };
  /** A fallback answers so much that what measures the calls sees no failure; 0 `calls` where nothing measures them. */
  'fallback-hides-errors': { answered: number; calls: number };
  /** A fallback has answered for mistakes in the program. */
  'fallback-hides-bugs': { answered: number };
  /** The dependency asked to be left alone although a rate limit let the calls through. */
  'rate-above-retry-after': { limit: number; intervalMs: number; retryAfterMs: number; times: number };
  /** The dependency asked for a longer wait than the retry takes. */
  'retry-after-too-long': { retryAfterMs: number; maxDelayMs: number; times: number };
  /** Calls are retried that the toolkit itself has not let through. */
  'retries-rejections': { times: number };
  /** Hardly any call that is retried comes through. */
  'retries-in-vain': { recovered: number; exhausted: number };
  /** A cache that is to be invalidated is not there. */
  'unknown-cache': { caches: number };
  /** Faults are made on purpose. */
  'chaos-is-on': { errorRatio: number; latencyMs: number };
}

/** A rule, by name. */
export type AdviceRule = keyof AdviceNumbers;

/** What every advice tells. */
export interface AdviceBase {
  /** The function or method. */
  readonly site: string;
  readonly severity: AdviceSeverity;
  /** What is wrong, on which numbers, and what comes of it. */
  readonly reason: string;
  /** What to change. */
  readonly proposal: string;
  /** Site, reason and proposal in a line; `String(advice)` gives the same. */
  readonly text: string;
}

/** What a person who knows the field would say of a stack, with the numbers of its rule. */
export type Advice<Rule extends AdviceRule = AdviceRule> = {
  [Name in Rule]: AdviceBase & { readonly rule: Name } & Readonly<AdviceNumbers[Name]>;
}[Rule];

/** An advice before it is put on a site. */
export type Finding<Rule extends AdviceRule = AdviceRule> = {
  [Name in Rule]: Pick<AdviceBase, 'severity' | 'reason' | 'proposal'> & { readonly rule: Name } & AdviceNumbers[Name];
}[Rule];

/** Puts a finding into words on a site; frozen. */
export function adviceOf(site: string, { rule, severity, reason, proposal, ...numbers }: Finding): Advice {
  const text = `${site}: ${reason}; ${proposal}`;
  const advice = { rule, site, severity, ...numbers, reason, proposal, text };
  Object.defineProperty(advice, 'toString', { value: () => text });
  return Object.freeze(advice) as Advice;
}
