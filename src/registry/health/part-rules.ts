import { count, oneOf, ratio } from '../../base/option-rules.js';
import { checkOptions, type Given, type OptionRule, type OptionRules } from '../../base/options.js';
import { type Matcher, wildcard } from '../../cache/wildcard.js';

/** What trouble with a part makes of readiness. */
export type HealthEffect = 'ignored' | 'degraded' | 'down';

/** How a breaker counts. */
export interface BreakerHealth {
  /** What an open or isolated one makes of readiness; a half-open one degrades it, for only calls can close it. @default 'degraded' */
  effect?: HealthEffect;
}

/** How a pool counts. */
export interface PoolHealth {
  /** What it makes of readiness when more callers wait than may. @default 'degraded' */
  effect?: HealthEffect;
  /** Callers that may wait. @default 0 */
  maxWaiting?: number;
}

/** How a buffer counts. */
export interface BufferHealth {
  /** What it makes of readiness when it is full. @default 'degraded' */
  effect?: HealthEffect;
  /** The share of its `maxSize` from which it is full. @default 0.9 */
  fullRatio?: number;
}

/** How a queue of dead letters counts. */
export interface DeadLetterHealth {
  /** What it makes of readiness when it holds more than it may. @default 'degraded' */
  effect?: HealthEffect;
  /** Entries that it may hold. @default 0 */
  maxSize?: number;
}

/** How parts of one sort count: all alike, or by name; a name may have `*` and `?`, and the first that fits counts. */
export type HealthByName<Rule> = HealthEffect | Readonly<Record<string, HealthEffect | Rule>>;

/** How the parts of a registry count. */
export interface PartHealth {
  /** Breakers. @default 'degraded' */
  breakers?: HealthByName<BreakerHealth>;
  /** Pools whose resources are all out, with callers waiting. @default 'degraded' */
  pools?: HealthByName<PoolHealth>;
  /** Buffers that are nearly full. @default 'degraded' */
  buffers?: HealthByName<BufferHealth>;
  /** Dead letters that nobody has dealt with. @default 'ignored' */
  deadLetters?: HealthByName<DeadLetterHealth>;
}

/** Finds the rule of a part by its name. */
export type RuleFor<Rule> = (name: string) => Required<Rule>;

/** A rule for each part of a registry. */
export interface CheckedPartRules {
  readonly breakers: RuleFor<BreakerHealth>;
  readonly pools: RuleFor<PoolHealth>;
  readonly buffers: RuleFor<BufferHealth>;
  readonly deadLetters: RuleFor<DeadLetterHealth>;
}

const effect = (fallback: HealthEffect) => oneOf(['ignored', 'degraded', 'down'], { default: fallback });

const breakerRules: OptionRules<BreakerHealth> = { effect: effect('degraded') };
const poolRules: OptionRules<PoolHealth> = { effect: effect('degraded'), maxWaiting: count({ min: 0, default: 0 }) };
const bufferRules: OptionRules<BufferHealth> = {
  effect: effect('degraded'),
  fullRatio: ratio({ above: 0, default: 0.9 }),
};
const deadLetterRules: OptionRules<DeadLetterHealth> = {
  effect: effect('degraded'),
  maxSize: count({ min: 0, default: 0 }),
};

const byName: Pick<OptionRule<unknown>, 'takes' | 'type'> = {
  takes: "'ignored', 'degraded' or 'down', or an object with one of these or options for each name",
  type: (value) => typeof value === 'string' || (typeof value === 'object' && value !== null && !Array.isArray(value)),
};

/** What the options of parts are by their form; what they hold is looked at in `checkPartRules`. */
export const partRuleNames: OptionRules<PartHealth> = {
  breakers: byName,
  pools: byName,
  buffers: byName,
  deadLetters: byName,
};

/**
 * Makes a rule for each part of the options.
 * @throws {TypeError | RangeError} for an option that is not as it should be
 */
export function checkPartRules(owner: string, { breakers, pools, buffers, deadLetters }: PartHealth): CheckedPartRules {
  return {
    breakers: ruleFor(`${owner}, breakers`, breakerRules, breakers),
    pools: ruleFor(`${owner}, pools`, poolRules, pools),
    buffers: ruleFor(`${owner}, buffers`, bufferRules, buffers),
    deadLetters: ruleFor(`${owner}, deadLetters`, deadLetterRules, deadLetters, 'ignored'),
  };
}

function ruleFor<Rule extends { effect?: HealthEffect }>(
  owner: string,
  rules: OptionRules<Rule>,
  given: HealthByName<Rule> = {},
  effectOnOthers: HealthEffect = 'degraded',
): RuleFor<Rule> {
  const ruleOf = (of: string, one: HealthEffect | Rule): Required<Rule> => {
    const options = typeof one === 'string' ? ({ effect: one } as Rule) : one;
    return checkOptions<Rule>(of, rules, options as Given<Partial<Rule>>) as Required<Rule>;
  };
  const forOthers = ruleOf(owner, typeof given === 'string' ? given : effectOnOthers);
  if (typeof given === 'string') return () => forOthers;
  const named: [Matcher, Required<Rule>][] = Object.entries<HealthEffect | Rule>(given).map(([pattern, one]) => [
    wildcard(pattern),
    ruleOf(`${owner}.${pattern}`, one),
  ]);
  return (name) => named.find(([matches]) => matches(name))?.[1] ?? forOthers;
}
