import { lasting } from '../../base/wording.js';
import type { Finding } from './advice.js';
import { isReal, retryRound } from './attempt-rules.js';
import type { KnownKind, Layer } from './layer.js';
import type { Stack } from './stack.js';

/** What guards a dependency, by the word for it: of a hit it should know nothing. */
const GUARDS = {
  circuitBreaker: 'breaker',
  bulkhead: 'bulkhead',
  shed: 'shedding',
  adaptiveLimit: 'adaptive limit',
  rateLimit: 'rate limit',
  throttle: 'throttle',
} as const;

type Guard = keyof typeof GUARDS;

/** A guard outside of a cache. */
export function guardOutsideCache(stack: Stack): Finding[] {
  const guards = stack.all<Guard>('circuitBreaker', 'bulkhead', 'shed', 'adaptiveLimit', 'rateLimit', 'throttle');
  return guards
    .filter((guard) => stack.inside(guard, 'cached').length > 0 && !isForCallers(guard))
    .map((guard) => ({
      rule: 'guard-outside-cache',
      severity: guard.kind === 'rateLimit' || guard.kind === 'throttle' ? 'note' : 'warning',
      reason: `the ${GUARDS[guard.kind]} stands outside of the cache: ${whatHitsDo(guard.kind)}`,
      proposal: 'put the cache outside, so that a hit asks nobody',
    }));
}

function whatHitsDo(kind: Guard): string {
  if (kind !== 'circuitBreaker') return 'hits are held up and rejected like calls to the dependency';
  return 'each hit counts as a success between the failures, and hits are rejected while the circuit is open';
}

/** A limit for each key is one for callers, who may well be counted before the cache. */
function isForCallers({ kind, options }: Layer): boolean {
  return kind === 'rateLimit' && (options as { key?: unknown }).key !== undefined;
}

/** A hedge whose second attempt waits for the first. */
export function hedgeJoinsItsRun(stack: Stack): Finding[] {
  return stack.all('hedge').flatMap((hedge) => {
    const [sharing] = stack.inside(hedge, 'cached', 'coalesce');
    if (sharing === undefined) return [];
    return [
      {
        rule: 'hedge-joins-its-run',
        severity: 'warning',
        maxHedges: hedge.options.maxHedges,
        reason: `the hedge stands outside of \`${sharing.kind}\`, where equal calls share one run: its second attempt waits for the first`,
        proposal: `put the hedge inside of \`${sharing.kind}\``,
      },
    ];
  });
}

/** What stands outside of a fallback and takes its answers for those of the function. */
export function fallbackIsInside(stack: Stack): Finding[] {
  const whole = stack.all('fallback').filter(({ options }) => options.when === undefined);
  return whole.flatMap((fallback) => [
    ...stack.outside(fallback, 'cached').flatMap(fallbackIsCached),
    ...stack
      .outside(fallback, 'retry', 'hedge', 'circuitBreaker', 'deadLetter')
      .filter((layer) => layer.kind !== 'retry' || isReal(layer as Layer<'retry'>))
      .map(deafened),
  ]);
}

function fallbackIsCached({ options }: Layer<'cached'>): Finding[] {
  const { ttlMs, cacheIf } = options;
  if (cacheIf !== undefined) return [];
  return [
    {
      rule: 'fallback-is-cached',
      severity: 'warning',
      ttlMs,
      reason: `the cache outside of the fallback keeps what that answers, and hands it out for ${lasting(ttlMs)} after the dependency is back`,
      proposal: 'put the fallback outside of the cache, or give the cache a `cacheIf`',
    },
  ];
}

const UNHEARD: { readonly [Kind in KnownKind]?: string } = {
  retry: 'the retry outside of the fallback makes an attempt only if the fallback itself fails',
  hedge: 'the hedge outside of the fallback takes its answer for that of an attempt',
  circuitBreaker: 'the breaker outside of the fallback counts what that answers as a success, and stays closed',
  deadLetter: 'the dead-letter queue outside of the fallback keeps a call only if the fallback itself fails',
};

function deafened({ kind }: Layer): Finding {
  return {
    rule: 'fallback-is-inside',
    severity: 'note',
    reason: UNHEARD[kind] as string,
    proposal: 'put the fallback outside, or give it a `when` that leaves it some errors',
  };
}

/** A queue that keeps attempts. */
export function deadLetterPerAttempt(stack: Stack): Finding[] {
  return stack.all('deadLetter').flatMap((queue) =>
    retryRound(stack, queue).map(({ options: { maxAttempts } }) => ({
      rule: 'dead-letter-per-attempt',
      severity: 'warning',
      maxAttempts,
      reason:
        'the dead-letter queue inside of the retry keeps each attempt that fails, of calls too that come through in the end',
      proposal: 'put the queue outside of the retry',
    })),
  );
}

/** Faults that are made on purpose, lest it be forgotten. */
export function chaosIsOn(stack: Stack): Finding[] {
  return stack.all('chaos').flatMap(({ options: { enabled, errorRatio = 0, latencyMs = 0 } }) => {
    if (enabled !== true) return [];
    return [
      {
        rule: 'chaos-is-on',
        severity: 'note',
        errorRatio,
        latencyMs,
        reason: 'faults are made on purpose here',
        proposal: 'see that `enabled` is false where users are',
      },
    ];
  });
}
