import { grouped, lasting } from '../../base/wording.js';
import type { Finding } from './advice.js';
import { isReal, retryRound } from './attempt-rules.js';
import { firstDelayMs } from './cost.js';
import type { Layer, OptionsOf } from './layer.js';
import type { Stack } from './stack.js';
import { manyOf } from './words.js';

/** A time of a policy that means nothing unless it is shorter than what stands outside. */
interface OwnTime {
  readonly option: string;
  readonly ms: number;
  /** What comes of it if it is not. */
  readonly effect: string;
}

const OWN_TIMES = {
  timeout: ({ ms }: OptionsOf['timeout']): OwnTime => ({
    option: 'the timeout',
    ms: typeof ms === 'number' ? ms : 0,
    effect: 'it is never reached',
  }),
  deadline: ({ ms }: OptionsOf['deadline']): OwnTime => ({ option: 'the deadline', ms, effect: 'it is never reached' }),
  bulkhead: ({ maxQueue, queueTimeoutMs: ms }: OptionsOf['bulkhead']): OwnTime => ({
    option: '`queueTimeoutMs` of the bulkhead',
    ms: maxQueue > 0 ? ms : 0,
    effect: 'it is never reached',
  }),
  hedge: ({ delayMs }: OptionsOf['hedge']): OwnTime => ({
    option: 'the delay of the hedge',
    ms: typeof delayMs === 'number' ? delayMs : 0,
    effect: 'a slow call is never hedged',
  }),
  batched: ({ maxWaitMs: ms }: OptionsOf['batched']): OwnTime => ({
    option: '`maxWaitMs` of the batch',
    ms,
    effect: 'a batch that does not fill is never answered in time',
  }),
} as const;

type TimedKind = keyof typeof OWN_TIMES;

/** A time inside of a shorter one. */
export function limitNeverReached(stack: Stack): Finding[] {
  return stack.all<TimedKind>('timeout', 'deadline', 'bulkhead', 'hedge', 'batched').flatMap((layer) => {
    const { option, ms, effect } = (OWN_TIMES[layer.kind] as (options: object) => OwnTime)(layer.options);
    const above = stack.timeAbove(layer);
    if (above === undefined || ms < above.ms || ms === Infinity) return [];
    return [
      {
        rule: 'limit-never-reached',
        severity: 'warning',
        ms,
        outerMs: above.ms,
        reason: `${option} of ${lasting(ms)} stands inside of a ${above.kind} of ${lasting(above.ms)}: ${effect}`,
        proposal: `make it shorter than ${lasting(above.ms)}, with room for what else stands in between`,
      },
    ];
  });
}

/** What limits the time of a whole retry. */
function limitOf(stack: Stack, retry: Layer<'retry'>): { name: string; ms: number } {
  const { maxElapsedMs } = retry.options;
  const above = stack.timeAbove(retry);
  if (above === undefined || maxElapsedMs < above.ms) return { name: '`maxElapsedMs`', ms: maxElapsedMs };
  return { name: `the ${above.kind} outside`, ms: above.ms };
}

/** A retry that has hardly time for its first delay, or for its last attempts. */
export function retryInTime(stack: Stack): Finding[] {
  return stack
    .all('retry')
    .filter(isReal)
    .flatMap((retry) => {
      const limit = limitOf(stack, retry);
      if (limit.ms === Infinity) return [];
      const { averageMs } = firstDelayMs(retry.options);
      if (averageMs < limit.ms) return attemptsPastLimit(stack, retry, limit);
      return [
        {
          rule: 'no-time-to-retry',
          severity: 'warning',
          delayMs: averageMs,
          limitMs: limit.ms,
          reason: `the first delay of the retry is ${lasting(averageMs)} on average, and ${limit.name} is up after ${lasting(limit.ms)}`,
          proposal: 'make `baseDelayMs` a fraction of that time',
        },
      ];
    });
}

function attemptsPastLimit(stack: Stack, retry: Layer<'retry'>, limit: { name: string; ms: number }): Finding[] {
  const { maxAttempts } = retry.options;
  const { durationMs: attemptMs } = stack.costInside(retry);
  const fitting = Math.ceil(limit.ms / (attemptMs + firstDelayMs(retry.options).leastMs));
  // Who retries without end means to be ended by the limit.
  if (maxAttempts === Infinity || attemptMs === Infinity || fitting >= maxAttempts) return [];
  return [
    {
      rule: 'attempts-past-limit',
      severity: 'note',
      maxAttempts,
      fitting,
      attemptMs,
      limitMs: limit.ms,
      reason:
        `when each attempt takes its ${lasting(attemptMs)}, ${fitting} of ${grouped(maxAttempts)} begin ` +
        `before ${limit.name} is up after ${lasting(limit.ms)}`,
      proposal: `shorten the timeout of an attempt to ${lasting(limit.ms / maxAttempts)} or less, or lower \`maxAttempts\``,
    },
  ];
}

/** A retry with nothing inside that ends an attempt. */
export function hangIsNotRetried(stack: Stack): Finding[] {
  return stack
    .all('retry')
    .filter(isReal)
    .flatMap((retry) => {
      if (stack.inside(retry, 'timeout', 'deadline').length > 0 || stack.costInside(retry).durationMs < Infinity) {
        return [];
      }
      const { maxAttempts } = retry.options;
      return [
        {
          rule: 'hang-is-not-retried',
          severity: 'note',
          maxAttempts,
          reason: 'an attempt that hangs is never given up, so the retry never gets its turn',
          proposal: 'put a `timeout` inside of the retry, unless the function has one of its own',
        },
      ];
    });
}

/** A deadline where a timeout was meant. */
export function deadlineInsideRetry(stack: Stack): Finding[] {
  return stack.all('deadline').flatMap((deadline) =>
    retryRound(stack, deadline).map(({ options: { maxAttempts } }) => ({
      rule: 'deadline-inside-retry',
      severity: 'warning',
      deadlineMs: deadline.options.ms,
      maxAttempts,
      reason:
        'the deadline inside of the retry is one for each attempt, and a call that exceeds a deadline is not retried',
      proposal: 'put the deadline outside of the retry, or use `timeout` for each attempt',
    })),
  );
}

/** Delays that are the same for all. */
export function retriesInStep(stack: Stack): Finding[] {
  return stack
    .all('retry')
    .filter(isReal)
    .flatMap((retry) => {
      const { averageMs: delayMs } = firstDelayMs(retry.options);
      if (retry.options.jitter !== 'none' || delayMs === 0) return [];
      return [
        {
          rule: 'retries-in-step',
          severity: 'note',
          delayMs,
          reason: `callers that failed together come back together, ${lasting(delayMs)} later: the delays have no jitter`,
          proposal: "leave `jitter` at 'full'",
        },
      ];
    });
}

/** What a breaker or a timing takes for too long, and what its calls can take. */
export function durationsInside(stack: Stack): Finding[] {
  const ofBreakers = stack.all('circuitBreaker').flatMap((breaker) => {
    const { probeTimeoutMs, slowCallMs = 0 } = breaker.options;
    return [...probeCutShort(stack, breaker, probeTimeoutMs), ...slowNever(stack, breaker, slowCallMs, '`slowCallMs`')];
  });
  return [
    ...ofBreakers,
    ...stack.all('timed').flatMap((timed) => slowNever(stack, timed, timed.options.slowMs ?? 0, '`slowMs`')),
  ];
}

function probeCutShort(stack: Stack, breaker: Layer, probeTimeoutMs: number): Finding[] {
  const { durationMs } = stack.costInside(breaker);
  if (durationMs === Infinity || durationMs <= probeTimeoutMs) return [];
  return [
    {
      rule: 'probe-cut-short',
      severity: 'warning',
      probeTimeoutMs,
      durationMs,
      reason:
        `the breaker counts a probe as failed after ${lasting(probeTimeoutMs)}, while a call inside may take ` +
        `${lasting(durationMs)} and succeed`,
      proposal: `raise \`probeTimeoutMs\` to ${grouped(durationMs)}, or shorten what is inside`,
    },
  ];
}

function slowNever(stack: Stack, layer: Layer, slowMs: number, option: string): Finding[] {
  const { durationMs, bounded } = stack.costInside(layer);
  // A dependency that names a wait may make each of them as long as the retry takes.
  const waits = stack.inside(layer, 'retry').filter(isReal);
  const askedMs = waits.reduce((sum, { options }) => sum + (options.maxAttempts - 1) * options.maxDelayMs, 0);
  // A call that runs into its limit takes a little longer than that.
  if (!bounded || slowMs <= durationMs + askedMs) return [];
  return [
    {
      rule: 'slow-is-never-reached',
      severity: 'note',
      slowMs,
      durationMs,
      reason: `${option} is ${lasting(slowMs)}, and no call inside takes longer than ${lasting(durationMs)}`,
      proposal: `set ${option} below ${lasting(durationMs)}`,
    },
  ];
}

/** A line in which calls may stand for ever. */
export function endlessQueue(stack: Stack): Finding[] {
  return stack.all('bulkhead').flatMap((bulkhead) => {
    const { maxQueue, queueTimeoutMs } = bulkhead.options;
    if (maxQueue === 0 || queueTimeoutMs < Infinity || stack.isLimited(bulkhead)) return [];
    return [
      {
        rule: 'endless-queue',
        severity: 'note',
        maxQueue,
        reason: `${manyOf(maxQueue, 'call')} may stand in line at the bulkhead, and nothing ends their wait`,
        proposal: 'give it a `queueTimeoutMs`, or put a `timeout` or `deadline` outside',
      },
    ];
  });
}
