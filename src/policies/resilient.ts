import { oneOf } from '../base/option-rules.js';
import { checkOptions, type Given, type OptionRule, type OptionRules } from '../base/options.js';
import type { AdaptiveLimitOptions } from '../limits/adaptive-limit-options.js';
import type { BulkheadOptions } from '../limits/bulkhead-options.js';
import type { RateLimitOptions } from '../limits/rate-limit-options.js';
import type { CircuitBreakerOptions } from '../breaker/breaker-options.js';
import type { ChaosOptions } from '../chaos/chaos-options.js';
import type { DeadLetterOptions } from '../dead-letter/dead-letter-options.js';
import type { AnyFunction } from '../engine/any-function.js';
import { type CommonOptions, commonRules } from '../engine/common-options.js';
import type { DemandingPolicy } from '../engine/demanding-policy.js';
import { isPolicy, policyOf, specsOf } from '../engine/policy-value.js';
import type { AnyPolicy } from '../engine/policy.js';
import type { ShedOptions } from '../limits/shed-options.js';
import type { HedgeOptions } from '../retry/hedge-options.js';
import type { RetryOptions } from '../retry/retry-options.js';
import { adaptiveLimit } from './adaptive-limit.js';
import { type BatchedOptions, batched } from './batched.js';
import { bulkhead } from './bulkhead.js';
import { type CachedOptions, cached } from './cached.js';
import { chaos } from './chaos.js';
import { circuitBreaker } from './circuit-breaker.js';
import { type CoalesceOptions, coalesce } from './coalesce.js';
import { type DeadlineOptions, deadline } from './deadline.js';
import { deadLetter } from './dead-letter.js';
import { fallback, registeredFallback } from './fallback.js';
import { hedge } from './hedge.js';
import { type Preset, type PresetName, presets } from './presets.js';
import { rateLimit } from './rate-limit.js';
import type { Alternative, Part, PartDemands, PolicyOf } from './resilient-types.js';
import { retryWithBackoff } from './retry.js';
import { shed } from './shed.js';
import { type TimedOptions, timed } from './timed.js';
import { type TimeoutOptions, timeout } from './timeout.js';

/** Which policies stand round a function; in which order they are written does not matter. */
export interface ResilientOptions extends CommonOptions {
  /** Sets retry, breaker and timeout; what stands beside it wins. */
  preset?: PresetName;
  /** Measures calls: how long they take, and how many fail. */
  timed?: Part<'timed', TimedOptions>;
  /** A function or the name of a method that answers; `true`: what `fallbacks.register` holds under the site's name. */
  fallback?: boolean | Alternative | string | PolicyOf<'fallback'>;
  /** Keeps calls that have failed, to be run again. */
  deadLetter?: Part<'deadLetter', DeadLetterOptions>;
  /** Answers equal calls with the value of the first. */
  cached?: Part<'cached', CachedOptions>;
  /** Lets concurrent equal calls share one run. */
  coalesce?: Part<'coalesce', CoalesceOptions>;
  /** Limits the time of the whole call, retries and waits included. */
  deadline?: false | Given<DeadlineOptions> | PolicyOf<'deadline'>;
  /** Runs a call again when it fails. */
  retry?: Part<'retry', RetryOptions>;
  /** Begins a call once more when it takes long, and takes the first answer. */
  hedge?: Part<'hedge', HedgeOptions>;
  /** Rejects calls over a rate. */
  rateLimit?: false | Given<RateLimitOptions> | PolicyOf<'rateLimit'>;
  /** Queued shaping; a policy only. */
  throttle?: false | PolicyOf<'throttle'>;
  /** Rejects a share of the calls while the dependency accepts too few. */
  shed?: Part<'shed', ShedOptions>;
  /** Stops calling what keeps failing. */
  circuitBreaker?: Part<'circuitBreaker', CircuitBreakerOptions>;
  /** Limits the time of each attempt. */
  timeout?: Part<'timeout', TimeoutOptions>;
  /** Limits how many calls run at once. */
  bulkhead?: Part<'bulkhead', BulkheadOptions>;
  /** Limits it too, to as many as the dependency turns out to bear. */
  adaptiveLimit?: Part<'adaptiveLimit', AdaptiveLimitOptions>;
  /** Merges calls that come at about the same time into one bulk call. */
  batched?: Part<'batched', BatchedOptions>;
  /** Makes faults on purpose; `true` makes none, for it is off unless `enabled`. */
  chaos?: Part<'chaos', ChaosOptions>;
}

/** What can be made of each part's options; outermost first, which is the order of the stack. */
const makers = {
  timed: (options?: object) => timed(options),
  fallback: () => registeredFallback(),
  deadLetter: (options?: object) => deadLetter(options),
  cached: (options?: object) => cached(options),
  coalesce: (options?: object) => coalesce(options),
  deadline: (options?: object) => deadline(options as DeadlineOptions),
  retry: (options?: object) => retryWithBackoff(options),
  hedge: (options?: object) => hedge(options),
  rateLimit: (options?: object) => rateLimit(options as RateLimitOptions & { store?: never }),
  throttle: undefined,
  shed: (options?: object) => shed(options),
  circuitBreaker: (options?: object) => circuitBreaker(options),
  timeout: (options?: object) => timeout(options),
  bulkhead: (options?: BulkheadOptions) => bulkhead(options as BulkheadOptions & { maxQueue?: 0 }),
  adaptiveLimit: (options?: object) => adaptiveLimit(options),
  batched: (options?: BatchedOptions) => batched(options),
  chaos: (options?: ChaosOptions) => chaos(options as ChaosOptions & { latencyMs?: 0 }),
} satisfies Record<string, ((options?: never) => AnyPolicy) | undefined>;

type PartName = keyof typeof makers;

/**
 * Makes one policy of many, in the order that works: timed → fallback → deadLetter → cached → coalesce → deadline → retry
 * → hedge → rateLimit → throttle → shed → circuitBreaker → timeout → bulkhead → adaptiveLimit → batched → chaos → the
 * function.
 * @throws {TypeError | RangeError} for options that are not as they should be
 * @example const price = resilient({ circuitBreaker: true, retry: { maxAttempts: 4 }, timeout: { ms: 2_000 } })(fetchPrice);
 */
export function resilient<const Options extends Given<ResilientOptions>>(
  options: Options,
): DemandingPolicy<'resilient', ResilientOptions, PartDemands<Options>> {
  const checked = checkOptions<ResilientOptions>('resilient', rules, options);
  refuseWrongKinds(checked);
  const { preset, registry, classify, async } = checked;
  const common = given({ registry, classify, async });
  const parts: ResilientOptions = preset === undefined ? checked : onTopOf(presets[preset], checked);
  const policies = (Object.keys(makers) as PartName[]).flatMap((name) => policyFor(name, parts[name], common) ?? []);
  if (policies.length === 0) throw new TypeError('resilient takes at least one policy, got none');
  const specs = policies.flatMap((policy) => specsOf(policy) ?? []);
  const stack = policyOf('resilient', checked, () => specs);
  return stack as unknown as DemandingPolicy<'resilient', ResilientOptions, PartDemands<Options>>;
}

/** A policy in another's place would stand where it does not belong, and the one that belongs there would be missing. */
function refuseWrongKinds(parts: ResilientOptions): void {
  for (const name of Object.keys(makers) as PartName[]) {
    const given: unknown = parts[name];
    if (!isPolicy(given) || given.kind === name) continue;
    throw new TypeError(`resilient: \`${name}\` takes a policy of its own kind, got one of kind '${given.kind}'`);
  }
}

function policyFor(name: PartName, part: unknown, common: CommonOptions): AnyPolicy | undefined {
  if (part === undefined || part === false) return undefined;
  if (isPolicy(part)) return part;
  const make = makers[name] as ((options: object) => AnyPolicy) | undefined;
  if (name === 'fallback' && part !== true) return fallback(part as AnyFunction | string, common) as AnyPolicy;
  if (name === 'fallback') return registeredFallback(common) as AnyPolicy;
  return make?.({ ...(part === true ? {} : (part as object)), ...common });
}

/**
 * A preset sets what keeps calls in bounds, and never caches or buffers what nobody asked to; each option that stands
 * beside it wins.
 */
function onTopOf(
  { timeout: limit, retry, circuitBreaker: breaker }: Preset,
  parts: ResilientOptions,
): ResilientOptions {
  return {
    ...parts,
    retry: partOnTop(retry, parts.retry),
    // A window judges in the place of a threshold.
    circuitBreaker: hasWindow(parts.circuitBreaker) ? parts.circuitBreaker : partOnTop(breaker, parts.circuitBreaker),
    timeout: partOnTop(limit, parts.timeout),
  };
}

function partOnTop<Kind extends string, Options extends object>(
  preset: NoInfer<Options> | false,
  part: Part<Kind, Options> | undefined,
): Part<Kind, Options> {
  if (part === undefined) return preset;
  if (part === false || isPolicy(part) || preset === false) return part;
  return part === true ? preset : { ...preset, ...part };
}

function hasWindow(part: ResilientOptions['circuitBreaker']): part is CircuitBreakerOptions {
  return typeof part === 'object' && 'window' in part && part.window !== undefined;
}

function given(common: { [Name in keyof CommonOptions]: CommonOptions[Name] | undefined }): CommonOptions {
  return Object.fromEntries(Object.entries(common).filter(([, value]) => value !== undefined));
}

function part(takes: string, extra: (value: unknown) => boolean = () => false): OptionRule<never> {
  const type = (value: unknown) =>
    value === false ||
    isPolicy(value) ||
    extra(value) ||
    (typeof value === 'object' && value !== null && !Array.isArray(value));
  return { takes, type };
}

const isTrue = (value: unknown): boolean => value === true;
const withDefaults = part('true, false, options or a policy', isTrue);
const withOptions = part('false, options or a policy');

const rules = {
  preset: oneOf(Object.keys(presets) as PresetName[]),
  timed: withDefaults,
  fallback: {
    takes: 'true, false, a function, the name of a method or a policy',
    type: (value: unknown) => ['boolean', 'function', 'string'].includes(typeof value),
  },
  deadLetter: withDefaults,
  cached: withDefaults,
  coalesce: withDefaults,
  deadline: withOptions,
  retry: withDefaults,
  hedge: withDefaults,
  rateLimit: withOptions,
  throttle: { takes: 'false or a policy', type: (value: unknown) => value === false || isPolicy(value) },
  shed: withDefaults,
  circuitBreaker: withDefaults,
  timeout: withDefaults,
  bulkhead: withDefaults,
  adaptiveLimit: withDefaults,
  batched: withDefaults,
  chaos: withDefaults,
  ...commonRules,
} as unknown as OptionRules<ResilientOptions>;
