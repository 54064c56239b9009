import { callback, count, durationMs, oneOf, ratio, text } from '../base/option-rules.js';
import { checkOptions, frozen, type OptionRule, type OptionRules, refuseTogether } from '../base/options.js';

/** The latest calls that a breaker judges by: the last `size`, or those of the last `ms`. */
export type BreakerWindow = { type: 'count'; size: number } | { type: 'time'; ms: number };

/** What a circuit breaker may be told. */
export interface CircuitBreakerOptions {
  /** The name of the breaker in the registry and in errors; who uses the same name shares the breaker. */
  name?: string;
  /** Failures in a row that open the circuit. Not together with `window`. @default 5 */
  failureThreshold?: number;
  /** Opens by the share of failures among the latest calls instead: `{ type: 'count', size: 100 }` or `{ type: 'time', ms: 60_000 }`. */
  window?: BreakerWindow;
  /** Share of failed calls in the window at which the circuit opens, above 0 and up to 1. Needs `window`. @default 0.5 */
  failureRatio?: number;
  /** Calls in the window before a share is looked at. Needs `window`. @default 20, or the window's `size` if smaller */
  minimumCalls?: number;
  /** Duration in ms from which a call counts as slow, also while it still runs. Slow calls open the circuit where there is a `window`. */
  slowCallMs?: number;
  /** Share of slow calls in the window at which the circuit opens, above 0 and up to 1. Needs `window` and `slowCallMs`. @default 1 */
  slowCallRatio?: number;
  /** Probes that must succeed, while half-open, for the circuit to close. @default 2 */
  successThreshold?: number;
  /** How long the circuit stays open before a probe is let through, in ms. @default 60_000 */
  recoveryTimeoutMs?: number;
  /** Where it is larger than `recoveryTimeoutMs`, each failed probe doubles the wait, up to this, in ms. @default recoveryTimeoutMs */
  maxRecoveryTimeoutMs?: number;
  /** Spreads the wait by up to this share of it, either way, so that a fleet does not probe in step. @default 0 */
  recoveryJitterRatio?: number;
  /** Probes that may run at once while half-open. @default successThreshold */
  halfOpenMaxCalls?: number;
  /** How long a probe may run before it counts as failed, in ms. @default the larger of 30_000 and recoveryTimeoutMs */
  probeTimeoutMs?: number;
  /** Which errors are failures; others are ignored. Replaces the rule by severity (all but permanent ones are). */
  isFailure?(error: unknown): boolean;
  /** Which results are failures although nothing was thrown; the caller gets them all the same. */
  isFailureResult?(value: unknown): boolean;
  /** A breaker for each key, such as a host or a tenant, made from the arguments of the call. */
  key?(...args: never[]): string;
  /** Keys that are kept; the least recently used is forgotten. @default 1_000 */
  maxKeys?: number;
}

/** Options with all defaults filled in that apply. */
export type CheckedBreakerOptions = Readonly<
  CircuitBreakerOptions &
    Required<
      Pick<
        CircuitBreakerOptions,
        | 'successThreshold'
        | 'recoveryTimeoutMs'
        | 'maxRecoveryTimeoutMs'
        | 'recoveryJitterRatio'
        | 'halfOpenMaxCalls'
        | 'probeTimeoutMs'
      >
    >
>;

/** What each option takes. Defaults that hang on other options are filled in by `checkBreakerOptions`. */
export const circuitBreakerRules: OptionRules<CircuitBreakerOptions> = {
  name: text(),
  failureThreshold: count(),
  window: {
    takes: "{ type: 'count', size } or { type: 'time', ms }",
    type: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  },
  failureRatio: ratio({ above: 0 }),
  minimumCalls: count(),
  slowCallMs: durationMs({ min: 1 }),
  slowCallRatio: ratio({ above: 0 }),
  successThreshold: count({ default: 2 }),
  recoveryTimeoutMs: durationMs({ default: 60_000 }),
  maxRecoveryTimeoutMs: durationMs(),
  recoveryJitterRatio: ratio({ default: 0 }),
  halfOpenMaxCalls: count(),
  probeTimeoutMs: durationMs({ min: 1 }),
  isFailure: callback(),
  isFailureResult: callback(),
  key: callback(),
  maxKeys: countUpToMillion(),
};

/** What judges a breaker's calls, either way. */
export const breakerAlternatives: readonly (readonly (keyof CircuitBreakerOptions)[])[] = [
  ['failureThreshold'],
  ['window', 'failureRatio', 'minimumCalls', 'slowCallRatio'],
];

const OWNER = 'circuitBreaker';

/**
 * Checks a breaker's options, each and with one another, and fills in what was not given. What it returned may be given
 * to it again.
 * @throws {TypeError} for an unknown option, a wrong type, or options that exclude or lack each other
 * @throws {RangeError} for a value out of range
 */
export function checkBreakerOptions(given: CircuitBreakerOptions = {}): CheckedBreakerOptions {
  const options = checkOptions<CircuitBreakerOptions>(OWNER, circuitBreakerRules, given);
  refuseTogether(OWNER, options, 'failureThreshold', 'window');
  const { recoveryTimeoutMs = 60_000, successThreshold = 2, maxRecoveryTimeoutMs = recoveryTimeoutMs } = options;
  if (maxRecoveryTimeoutMs < recoveryTimeoutMs) {
    const limits = `at least \`recoveryTimeoutMs\` (${recoveryTimeoutMs}), got ${maxRecoveryTimeoutMs}`;
    throw new RangeError(`${OWNER}: \`maxRecoveryTimeoutMs\` takes ${limits}`);
  }
  return frozen(given, {
    halfOpenMaxCalls: successThreshold,
    probeTimeoutMs: Math.max(30_000, recoveryTimeoutMs),
    ...options,
    ...judgementOf(options),
    ...(options.key !== undefined && { maxKeys: options.maxKeys ?? 1_000 }),
    maxRecoveryTimeoutMs,
  }) as CheckedBreakerOptions;
}

/** By what the breaker opens: failures in a row, or the shares of a window. */
function judgementOf(options: CircuitBreakerOptions): CircuitBreakerOptions {
  if (options.window === undefined) {
    for (const name of ['failureRatio', 'minimumCalls', 'slowCallRatio'] as const) needs('window', name, options);
    return { failureThreshold: options.failureThreshold ?? 5 };
  }
  const window = checkWindow(options.window);
  needs('slowCallMs', 'slowCallRatio', options);
  const most = window.type === 'count' ? window.size : Infinity;
  const { failureRatio = 0.5, minimumCalls = Math.min(20, most), slowCallMs, slowCallRatio = 1 } = options;
  if (minimumCalls > most) {
    throw new RangeError(
      `${OWNER}: \`minimumCalls\` takes at most the window's \`size\` (${most}), got ${minimumCalls}`,
    );
  }
  return { window, failureRatio, minimumCalls, ...(slowCallMs !== undefined && { slowCallRatio }) };
}

function checkWindow(window: BreakerWindow): BreakerWindow {
  const owner = `${OWNER}.window`;
  const type = oneOf(['count', 'time'], { required: true });
  // Told apart before it is checked, so that `size` of a time window is an unknown option.
  return window.type === 'time'
    ? (checkOptions(owner, { type, ms: durationMs({ min: 1, required: true }) }, window) as BreakerWindow)
    : (checkOptions(owner, { type, size: { ...countUpToMillion(), required: true } }, window) as BreakerWindow);
}

function needs(needed: keyof CircuitBreakerOptions, name: keyof CircuitBreakerOptions, options: object): void {
  const has = (option: string) => (options as Record<string, unknown>)[option] !== undefined;
  if (has(name) && !has(needed)) throw new TypeError(`${OWNER}: \`${name}\` means nothing without \`${needed}\``);
}

/** Room is set aside for as many, so there must be an end to it. */
function countUpToMillion(): OptionRule<number> {
  const takes = 'a whole number from 1 to 1 000 000';
  return { ...count(), takes, range: (value) => Number.isSafeInteger(value) && value >= 1 && value <= 1_000_000 };
}
