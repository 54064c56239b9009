import { type BackoffRules, cappedDelayMs } from '../../retry/backoff.js';
import type { CheckedRetryOptions } from '../../retry/retry-options.js';
import type { KnownKind, Layer, OptionsOf } from './layer.js';

/** What one run takes at most, `Retry-After`s aside. */
export interface Cost {
  /** Runs of the function. */
  readonly attempts: number;
  /** Those of them that follow one upon the other; the others are hedges. */
  readonly inTurn: number;
  /** By how much each loop multiplies them, outermost first. */
  readonly factors: readonly number[];
  /** How many of these loops are retries. */
  readonly retries: number;
  /** Functions further in, whose own policies are counted in: they have been seen to be called. */
  readonly through: readonly string[];
  /** A run of the function, as far as its policies bound it, in ms. */
  readonly attemptMs: number;
  /** All of it, in ms. */
  readonly durationMs: number;
  /** Whether nothing unknown, such as a fallback of the user's own, may take longer. */
  readonly bounded: boolean;
}

type Wrap<Kind extends KnownKind> = (inside: Cost, options: OptionsOf[Kind]) => Cost;

/** A function of which nothing is known. */
const BARE: Cost = {
  attempts: 1,
  inTurn: 1,
  factors: [],
  retries: 0,
  through: [],
  attemptMs: Infinity,
  durationMs: Infinity,
  bounded: true,
};

/** More delays than these are all as long as the last of them. */
const DELAYS_LOOKED_AT = 64;

/** What each policy makes of the cost of what is inside it; the others change nothing. */
const WRAPS: { readonly [Kind in KnownKind]?: Wrap<Kind> } = {
  timeout: (inside, { ms }) => limited(inside, typeof ms === 'number' ? ms : Infinity),
  deadline: (inside, { ms }) => limited(inside, ms),
  retry(inside, options) {
    const { maxAttempts, maxElapsedMs } = options;
    if (maxAttempts === 1) return inside;
    const all = maxAttempts * inside.durationMs + longestDelaysMs(options);
    const retried = looped(inside, maxAttempts, Math.min(all, maxElapsedMs + inside.durationMs));
    return { ...retried, inTurn: inside.inTurn * maxAttempts, retries: inside.retries + 1 };
  },
  hedge(inside, { delayMs, maxHedges }) {
    // An attempt that fails before the delay is up begins the next one at once.
    const apartMs = typeof delayMs === 'number' ? Math.min(delayMs, inside.durationMs) : inside.durationMs;
    return looped(inside, 1 + maxHedges, inside.durationMs + maxHedges * apartMs);
  },
  bulkhead: (inside, { maxQueue, queueTimeoutMs }) => (maxQueue > 0 ? later(inside, queueTimeoutMs) : inside),
  batched: (inside, { maxWaitMs, maxConcurrent }) =>
    later(maxConcurrent === Infinity ? inside : unbounded(inside), maxWaitMs),
  throttle: (inside) => later(inside, Infinity),
  chaos: (inside, { enabled, latencyMs = 0 }) => (enabled === true ? later(inside, latencyMs) : inside),
  fallback: unbounded,
  // A store outside the process takes its own time.
  cached: (inside, { store }) => (store === undefined ? inside : unbounded(inside)),
  rateLimit: (inside, { store }) => (store === undefined ? inside : unbounded(inside)),
};

/** Policies that take no time of their own. */
const PROMPT: ReadonlySet<KnownKind> = new Set([
  'timed',
  'deadLetter',
  'coalesce',
  'shed',
  'circuitBreaker',
  'adaptiveLimit',
  'invalidates',
]);

/**
 * The cost of what is inside each position, from the whole stack to the function itself.
 * @param ofFunction What the function costs, as far as that is known.
 */
export function costsOf(layers: readonly Layer[], ofFunction: Cost = BARE): Cost[] {
  const costs = [ofFunction];
  for (const { kind, options } of layers.toReversed()) {
    const inside = costs[0] as Cost;
    const wrap = WRAPS[kind] as Wrap<KnownKind> | undefined;
    costs.unshift(wrap?.(inside, options) ?? (PROMPT.has(kind) ? inside : unbounded(inside)));
  }
  return costs;
}

/** The first delay of a retry, on average and at least, in ms. */
export function firstDelayMs(options: CheckedRetryOptions): { averageMs: number; leastMs: number } {
  const { jitter, baseDelayMs, maxDelayMs } = options;
  if (jitter === 'decorrelated') {
    return { averageMs: Math.min(2 * baseDelayMs, maxDelayMs), leastMs: Math.min(baseDelayMs, maxDelayMs) };
  }
  const delayMs = delayAfter(options, 1);
  const share = { none: 1, equal: 0.5, full: 0 }[jitter];
  return { averageMs: ((1 + share) / 2) * delayMs, leastMs: share * delayMs };
}

/** All delays of a retry at their longest, in ms. */
export function longestDelaysMs(options: CheckedRetryOptions): number {
  const delays = options.maxAttempts - 1;
  let sumMs = 0;
  let lastMs = 0;
  for (let attempt = 1; attempt <= Math.min(delays, DELAYS_LOOKED_AT); attempt++) {
    lastMs = options.jitter === 'decorrelated' ? decorrelated(options, attempt) : delayAfter(options, attempt);
    sumMs += lastMs;
  }
  // Nothing, times endlessly often, is nothing.
  return delays > DELAYS_LOOKED_AT && lastMs > 0 ? sumMs + (delays - DELAYS_LOOKED_AT) * lastMs : sumMs;
}

function decorrelated({ baseDelayMs, maxDelayMs }: BackoffRules, attempt: number): number {
  return Math.min(maxDelayMs, baseDelayMs * 3 ** attempt);
}

/** A backoff function that fails fails its calls, not those who look at it. */
function delayAfter(options: BackoffRules, attempt: number): number {
  try {
    return cappedDelayMs(options, attempt);
  } catch {
    return 0;
  }
}

function unbounded(inside: Cost): Cost {
  return { ...inside, bounded: false };
}

function limited(inside: Cost, ms: number): Cost {
  if (ms === Infinity || (inside.bounded && ms >= inside.durationMs)) return inside;
  const attemptMs = Math.min(inside.attemptMs, ms);
  return { ...inside, attemptMs, durationMs: ms, bounded: true };
}

function looped(inside: Cost, factor: number, durationMs: number): Cost {
  return {
    ...inside,
    attempts: inside.attempts * factor,
    factors: [factor, ...inside.factors],
    durationMs: Number.isNaN(durationMs) ? Infinity : durationMs,
  };
}

function later(inside: Cost, byMs: number): Cost {
  return { ...inside, durationMs: inside.durationMs + byMs };
}
