import { callback, durationMs, flag, oneOf } from '../base/option-rules.js';
import { checkOptions, type OptionRules } from '../base/options.js';
import type { HealthStatus } from './health-status.js';

/** What a check is given. */
export interface HealthCheckContext {
  /** Aborted when the check's time is up, or nobody wants to know any more. */
  readonly signal: AbortSignal;
}

/** What a check may say in so many words. */
export interface HealthFinding {
  status: HealthStatus;
  /** Why it is not up. */
  reason?: string | undefined;
  /** Numbers and the like, for the report: JSON. */
  details?: unknown;
}

/**
 * Looks whether something is well. It fails when it throws, rejects, or gives `false`, an answer that is not `ok`, as a
 * `Response` may be, or one without `ok` whose `status` or `statusCode` is 400 or more; it may give a {@link HealthFinding};
 * anything else is well. The body of a `Response` is cancelled, unless the check has read it.
 */
export type HealthCheck = (context: HealthCheckContext) => unknown;

/** How all checks are run, unless one says otherwise. */
export interface CheckDefaults {
  /** How long a check may take, in ms; a probe of Kubernetes waits 1 s unless it is told otherwise. @default 800 */
  timeoutMs?: number;
  /** How long a result holds, in ms: until then the check is not run again, whoever asks. @default 1_000 */
  cacheMs?: number;
  /** Whether who asks while a check is running waits for it, or has the result before it, if there is one. @default 'wait' */
  whileChecking?: 'wait' | 'stale';
  /** When a run that has been given up and has not ended may have a second one beside it, in ms from its start; `Infinity`: never. @default 30_000 */
  retryHungAfterMs?: number;
}

/** One check, and how it is run. */
export interface HealthCheckOptions extends CheckDefaults {
  check: HealthCheck;
  /** Whether its failure takes all down; otherwise it degrades. @default true */
  critical?: boolean;
}

/** Options with the defaults filled in. */
export type CheckedCheckOptions = Readonly<Required<HealthCheckOptions>>;

/** What each option takes, and its default. */
export const checkDefaultRules: OptionRules<CheckDefaults> = {
  timeoutMs: durationMs({ min: 1, default: 800 }),
  cacheMs: durationMs({ default: 1_000 }),
  whileChecking: oneOf(['wait', 'stale'], { default: 'wait' }),
  retryHungAfterMs: durationMs({ min: 1, infinity: 'taken', default: 30_000 }),
};

/**
 * Checks how a check is to be run, and fills in what holds for all.
 * @throws {TypeError | RangeError} for what is neither a function nor options that are as they should be
 */
export function checkCheck(
  owner: string,
  given: HealthCheck | HealthCheckOptions,
  defaults: Readonly<Required<CheckDefaults>>,
): CheckedCheckOptions {
  const rules: OptionRules<HealthCheckOptions> = {
    ...checkDefaultRules,
    check: callback({ required: true }),
    critical: flag({ default: true }),
  };
  const options = typeof given === 'function' ? { check: given } : given;
  const own = checkOptions<HealthCheckOptions>(owner, rules, options);
  // What was not given is that of all, and not the rules' default.
  const inherited = Object.entries(defaults).filter(([name]) => options[name as keyof CheckDefaults] === undefined);
  return Object.freeze({ ...own, ...Object.fromEntries(inherited) }) as CheckedCheckOptions;
}
