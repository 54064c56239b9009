import { durationMs, having, text } from '../../base/option-rules.js';
import { checkOptions, type OptionRule, type OptionRules } from '../../base/options.js';
import {
  checkCheck,
  type CheckDefaults,
  type CheckedCheckOptions,
  checkDefaultRules,
  type HealthCheck,
  type HealthCheckOptions,
} from '../../health/check-options.js';
import type { Registry } from '../registry.js';
import { type CheckedPartRules, checkPartRules, type PartHealth, partRuleNames } from './part-rules.js';

/** What health is made of. Breakers, pools and buffers of the registry degrade it, unless it says otherwise. */
export interface HealthOptions extends CheckDefaults, PartHealth {
  /** What it is called in events and in the registry. @default 'health' */
  name?: string;
  /** Whose breakers, pools and buffers are looked at, and whose time goes. @default the shared `registry` */
  registry?: Registry;
  /** What readiness hangs on, by name. @default {} */
  checks?: Readonly<Record<string, HealthCheck | HealthCheckOptions>>;
  /** What liveness hangs on, by name: nothing that another program can bring down, for a restart would not mend it. @default {} */
  livenessChecks?: Readonly<Record<string, HealthCheck | HealthCheckOptions>>;
  /** How late the event loop may come round before liveness is down, in ms; `Infinity`: it is not watched. @default 5_000 */
  maxEventLoopDelayMs?: number;
}

/** Options with the defaults filled in. */
export interface CheckedHealthOptions {
  readonly name: string | undefined;
  readonly registry: Registry | undefined;
  readonly checks: ReadonlyMap<string, CheckedCheckOptions>;
  readonly livenessChecks: ReadonlyMap<string, CheckedCheckOptions>;
  readonly maxEventLoopDelayMs: number;
  readonly parts: CheckedPartRules;
}

const OWNER = 'health';

type Checks = NonNullable<HealthOptions['checks']>;

const checksRule: OptionRule<Checks> = {
  takes: 'an object with a check for each name',
  type: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  default: {},
};

const ownRules: OptionRules<Omit<HealthOptions, keyof PartHealth>> = {
  ...checkDefaultRules,
  name: text(),
  registry: having('a Registry', ['snapshot', 'topic', 'emit', 'close']),
  checks: checksRule,
  livenessChecks: checksRule,
  maxEventLoopDelayMs: durationMs({ min: 1, infinity: 'taken', default: 5_000 }),
};

/**
 * Checks what health is to be made of, and fills in the defaults.
 * @throws {TypeError | RangeError} for an option that is not as it should be
 */
export function checkHealth(given: HealthOptions): CheckedHealthOptions {
  const rules = { ...ownRules, ...partRuleNames } as OptionRules<HealthOptions>;
  const options = checkOptions<HealthOptions>(OWNER, rules, given);
  const { timeoutMs, cacheMs, whileChecking, retryHungAfterMs } = options as Required<HealthOptions>;
  const defaults = { timeoutMs, cacheMs, whileChecking, retryHungAfterMs };
  const checked = (title: 'checks' | 'livenessChecks') =>
    new Map(
      Object.entries(options[title] ?? {}).map(([name, check]) => {
        refuseTaken(title, name);
        return [name, checkCheck(`${OWNER}, ${title}.${name}`, check, defaults)];
      }),
    );
  return {
    name: options.name,
    registry: options.registry,
    checks: checked('checks'),
    livenessChecks: checked('livenessChecks'),
    maxEventLoopDelayMs: options.maxEventLoopDelayMs ?? Infinity,
    parts: checkPartRules(OWNER, options),
  };
}

/** What stands in a report under a name that is no check's. */
const TAKEN = /^(?:registry|eventLoop|(?:breaker|pool|buffer|deadLetters):.*)$/;

function refuseTaken(title: string, name: string): void {
  if (name !== '' && !TAKEN.test(name)) return;
  throw new RangeError(
    `${OWNER}: \`${title}\` takes names that are not empty, 'registry' or 'eventLoop', ` +
      `and do not begin with 'breaker:', 'pool:', 'buffer:' or 'deadLetters:', got '${name}'`,
  );
}
