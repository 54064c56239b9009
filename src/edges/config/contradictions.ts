import { checkBatchOptions, microBatchRules } from '../../batch/micro-batch-options.js';
import { checkBreakerOptions } from '../../breaker/breaker-options.js';
import { type AdaptiveLimitOptions, checkAdaptiveLimitOptions } from '../../limits/adaptive-limit-options.js';
import { checkRateLimitOptions, type RateLimitOptions } from '../../limits/rate-limit-options.js';
import { checkHedgeOptions } from '../../retry/hedge-options.js';
import { checkRetryOptions } from '../../retry/retry-options.js';
import type { ConfigFault } from './config-error.js';
import type { EffectiveConfig, OptionValues } from './config-values.js';
import { kinds, sections } from './vocabulary.js';

/** Options that can be judged without all others: where they are given together, and do not agree, code cannot mend it. */
interface Together {
  readonly options: readonly string[];
  check(given: object): unknown;
}

// Whether there is a store is for code to say, and one takes more; how high a limit may go is too.
const store: Pick<RateLimitOptions, 'store'> = { store: { take: () => Promise.reject(new Error('never asked')) } };
const noMost: AdaptiveLimitOptions = { max: Number.MAX_SAFE_INTEGER };

/** Of several that do not agree the first is told of. */
const together: Readonly<Record<string, readonly Together[]>> = {
  circuitBreaker: [
    ['window'],
    ['failureThreshold', 'window'],
    ['window', 'minimumCalls'],
    ...['failureRatio', 'minimumCalls', 'slowCallRatio'].map((option) => ['failureThreshold', option]),
    ['recoveryTimeoutMs', 'maxRecoveryTimeoutMs'],
  ].map((options) => ({ options, check: checkBreakerOptions })),
  retry: [{ options: ['budget'], check: checkRetryOptions }],
  hedge: [{ options: ['budget'], check: checkHedgeOptions }],
  batched: [{ options: ['maxSize', 'maxQueue'], check: (given) => checkBatchOptions(microBatchRules, given) }],
  rateLimit: [
    {
      options: ['limit', 'algorithm', 'burst'],
      check: (given) => checkRateLimitOptions({ ...(given as RateLimitOptions), ...store }),
    },
  ],
  adaptiveLimit: [
    { options: ['min', 'max'], check: checkAdaptiveLimitOptions },
    { options: ['max', 'initial'], check: checkAdaptiveLimitOptions },
    { options: ['min', 'max', 'initial'], check: checkAdaptiveLimitOptions },
    { options: ['min', 'initial'], check: (given) => checkAdaptiveLimitOptions({ ...given, ...noMost }) },
  ],
};

/**
 * Options that do not go with one another, whoever has said them: those of a section, which says all there is beside the
 * code's own, and those of a name, to which the code may add.
 */
export function faultsBetween(config: EffectiveConfig): ConfigFault[] {
  const ofSections = [...sections].map(([path, [kind = '']]) => {
    const values = config.section(path);
    return values && faultOf(path, () => kinds.get(kind)?.check?.(values));
  });
  const ofNames = config.named().map(([path, kind, values]) => faultOf(path, () => checkTogether(kind, values)));
  return [...ofSections, ...ofNames].filter((fault) => fault !== undefined);
}

function checkTogether(kind: string, values: OptionValues): void {
  for (const { options, check } of together[kind] ?? []) {
    if (!options.every((option) => option in values)) continue;
    check(Object.fromEntries(options.map((option) => [option, values[option]])));
  }
}

function faultOf(path: string, check: () => unknown): ConfigFault | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return { path, message: `${path}: ${(error as Error).message.replace(/^\w+: /, '')}` };
  }
}
