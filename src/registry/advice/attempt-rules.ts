import { lasting, plural } from '../../base/wording.js';
import type { Finding } from './advice.js';
import { longestDelaysMs } from './cost.js';
import type { Layer } from './layer.js';
import type { Stack } from './stack.js';
import { many, manyOf } from './words.js';

/** Nobody waits as long as this for an answer that may not come, in ms. */
const LONG_CALL_MS = 60_000;
/** From so many attempts a call on, hedges are worth a word; their budget bounds them. */
const MANY_ATTEMPTS = 10;
/** A breaker that lets so many attempts fail in a row learns late. */
const MANY_FAILURES = 30;

/** Attempts in a retry or hedge, and what they come to. */
export function attemptsMultiply(stack: Stack): Finding[] {
  const { attempts, factors, retries, through, attemptMs, durationMs } = stack.cost;
  if (factors.length < 2 || (retries < 2 && attempts < MANY_ATTEMPTS)) return [];
  const each = attemptMs === Infinity ? '' : ` of ${lasting(attemptMs)}`;
  const proposal =
    retries < 2
      ? 'see that the function bears to be run so often, or lower `maxAttempts`'
      : 'keep one retry, the inner one';
  return [
    {
      rule: 'attempts-multiply',
      severity: retries < 2 ? 'note' : 'warning',
      factors,
      through,
      attempts,
      attemptMs,
      durationMs,
      reason: `one call may come to ${manyOf(attempts, 'attempt')}${each} (${factors.map(many).join(' × ')}${furtherIn(through)}), ${inAll(durationMs)}`,
      proposal,
    },
  ];
}

/** A retry without end. */
export function endlessRetry(stack: Stack): Finding[] {
  return stack.all('retry').flatMap((retry) => {
    const { maxAttempts, maxElapsedMs, budget, baseDelayMs } = retry.options;
    if (maxAttempts < Infinity || maxElapsedMs < Infinity || budget || stack.isLimited(retry)) return [];
    return [
      {
        rule: 'endless-retry',
        severity: 'warning',
        baseDelayMs,
        reason: 'the retry has no bound: a call whose dependency stays away never ends',
        proposal: 'give it `maxAttempts` or `maxElapsedMs`, or put a `deadline` outside',
      },
    ];
  });
}

/** Attempts that add up to more than anybody waits for. */
export function longCall(stack: Stack): Finding[] {
  const { attempts, attemptMs, durationMs } = stack.cost;
  if (attempts === 1 || durationMs <= LONG_CALL_MS || durationMs === Infinity) return [];
  // Who says how long a call may take means it.
  if (stack.all('retry', 'hedge').some((loop) => stack.isLimited(loop))) return [];
  return [
    {
      rule: 'long-call',
      severity: 'note',
      attempts,
      attemptMs,
      durationMs,
      reason: `a call may take ${lasting(durationMs)}: ${manyOf(attempts, 'attempt')} of ${lasting(attemptMs)}, and the waits between`,
      proposal: 'put a `deadline` outside, as long as the caller waits for an answer',
    },
  ];
}

/** A retry round a breaker, which counts each attempt. */
export function oneCallOpensCircuit(stack: Stack): Finding[] {
  return stack.all('circuitBreaker').flatMap((breaker) => {
    const { failureThreshold = Infinity } = breaker.options;
    const attempts = product(stack.outside(breaker, 'retry'));
    if (attempts < failureThreshold || attempts === 1) return [];
    const rest = attempts > failureThreshold ? ', and the attempts after that are rejected' : '';
    return [
      {
        rule: 'one-call-opens-circuit',
        severity: 'warning',
        attempts,
        failureThreshold,
        reason:
          `the breaker inside of the retry counts each attempt: one call of ${manyOf(attempts, 'attempt')} opens the circuit ` +
          `for all, at ${plural(failureThreshold, 'failure')} in a row${rest}`,
        proposal:
          attempts === Infinity
            ? 'give the retry `maxAttempts`'
            : `raise \`failureThreshold\` well above ${many(attempts)}, or give the breaker a \`window\``,
      },
    ];
  });
}

/** A breaker round a retry, which hears of a call once its last attempt has failed. */
export function breakerCountsOnce(stack: Stack): Finding[] {
  return stack.all('circuitBreaker').flatMap((breaker) => {
    const { failureThreshold = 0 } = breaker.options;
    const { inTurn: attempts } = stack.costInside(breaker);
    const failures = attempts * failureThreshold;
    if (attempts === 1 || failures < MANY_FAILURES || failures === Infinity) return [];
    return [
      {
        rule: 'breaker-counts-once',
        severity: 'note',
        attempts,
        failureThreshold,
        failures,
        reason:
          `the breaker outside of the retry counts a call once: ${many(failures)} attempts fail in a row ` +
          `(${many(failureThreshold)} calls of ${many(attempts)}) before it opens`,
        proposal: 'put the retry outside of the breaker, or lower `failureThreshold`',
      },
    ];
  });
}

/** Limits that count calls, or hold something for as long as one lasts, round a retry. */
export function limitsRoundRetry(stack: Stack): Finding[] {
  return stack
    .all('retry')
    .filter(isReal)
    .flatMap((retry) => [
      ...stack.outside(retry, 'rateLimit').flatMap((limit) => rateCountsCalls(stack, limit)),
      ...stack.outside(retry, 'bulkhead').flatMap((bulkhead) => slotHeldInDelays(retry, bulkhead)),
    ]);
}

function rateCountsCalls(stack: Stack, layer: Layer<'rateLimit'>): Finding[] {
  const { limit, intervalMs, key } = layer.options;
  const { inTurn: attempts } = stack.costInside(layer);
  // A limit for each key is one for callers.
  if (key !== undefined || attempts === Infinity) return [];
  const most = limit * attempts;
  return [
    {
      rule: 'rate-counts-calls',
      severity: 'note',
      limit,
      intervalMs,
      attempts,
      most,
      reason:
        `the rate limit outside of the retry counts calls: ${many(limit)} in ${lasting(intervalMs)} may be ` +
        `${many(most)} attempts`,
      proposal: "put the rate limit inside of the retry, if it is there for the upstream's sake",
    },
  ];
}

function slotHeldInDelays(retry: Layer<'retry'>, bulkhead: Layer<'bulkhead'>): Finding[] {
  const waitsMs = longestDelaysMs(retry.options);
  const { maxConcurrent } = bulkhead.options;
  if (waitsMs === 0) return [];
  return [
    {
      rule: 'slot-held-in-delays',
      severity: 'note',
      maxConcurrent,
      waitsMs,
      reason:
        `the bulkhead outside of the retry keeps one of its ${plural(maxConcurrent, 'slot')} taken while a call waits ` +
        `for its next attempt, ${upTo(waitsMs)}`,
      proposal: 'put the bulkhead inside of the retry',
    },
  ];
}

/** Whether a retry may run a call more than once. */
export function isReal({ options }: Layer<'retry'>): boolean {
  return options.maxAttempts > 1;
}

/** The retry that runs a layer again: the nearest outside, of which there is one at most. */
export function retryRound(stack: Stack, layer: Layer): Layer<'retry'>[] {
  return stack.outside(layer, 'retry').filter(isReal).slice(-1);
}

function furtherIn(through: readonly string[]): string {
  return through.length === 0 ? '' : `, the last of them in ${through.join(' and ')}`;
}

function product(retries: readonly Layer<'retry'>[]): number {
  return retries.reduce((attempts, { options }) => attempts * options.maxAttempts, 1);
}

function inAll(durationMs: number): string {
  return durationMs === Infinity ? 'and nothing bounds how long it takes' : `${lasting(durationMs)} in all`;
}

function upTo(ms: number): string {
  return ms === Infinity ? 'for ever' : `up to ${lasting(ms)} in all`;
}
