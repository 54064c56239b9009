import { callback, count, durationMs, having, oneOf, text } from '../base/option-rules.js';
import { checkOptions, type OptionRule, type OptionRules, refuseTogether } from '../base/options.js';

/** How a rate is held. */
export type RateLimitAlgorithm = 'token-bucket' | 'sliding-window';

/** The numbers of a limit, as a store gets them. */
export interface RateLimitRules {
  readonly limit: number;
  readonly intervalMs: number;
  /** As many as `limit` where it is a sliding window. */
  readonly burst: number;
  readonly algorithm: RateLimitAlgorithm;
}

/** Where several processes count together. It should answer or fail within a time of its own. */
export interface RateLimitStore {
  /** Takes a permit of a key, in one step that nobody can come between. */
  take(key: string, rules: RateLimitRules): Promise<{ allowed: boolean; retryAfterMs: number }>;
}

/** How many calls are let through. */
export interface RateLimitOptions {
  /** The name of the limit in the registry, in errors and in the store; who uses the same name shares the limit. */
  name?: string;
  /** Calls that are let through in `intervalMs`, from 1. */
  limit: number;
  /** In ms, from 1. @default 1_000 */
  intervalMs?: number;
  /**
   * `token-bucket` lets `limit` calls through in the long run, and `burst` at once after a time of rest;
   * `sliding-window` never more than `limit` in any interval, at 8 bytes for each. @default 'token-bucket'
   */
  algorithm?: RateLimitAlgorithm;
  /** Calls that a bucket lets through at once after a time of rest. Not with `sliding-window`. @default limit */
  burst?: number;
  /** A limit for each key, such as a tenant or an address, made from the arguments of the call. */
  key?(...args: never[]): string;
  /** Keys that are kept; the least recently used is forgotten. Needs `key`. @default 10_000 */
  maxKeys?: number;
  /** Where several processes count together, instead of each for itself. @default none */
  store?: RateLimitStore;
}

/** Options with the defaults filled in that apply. */
export type CheckedRateLimitOptions = Readonly<
  RateLimitOptions & Required<Pick<RateLimitOptions, 'limit' | 'intervalMs' | 'algorithm' | 'burst'>>
>;

const OWNER = 'rateLimit';
const MILLION = 1_000_000;

/** What each option takes. */
export const rateLimitRules: OptionRules<RateLimitOptions> = {
  name: text(),
  limit: count({ required: true }),
  intervalMs: durationMs({ min: 1, default: 1_000 }),
  algorithm: oneOf(['token-bucket', 'sliding-window'], { default: 'token-bucket' }),
  burst: count(),
  key: callback(),
  maxKeys: countUpToMillion(),
  store: having<RateLimitStore>('a store: { take }', ['take']),
};

/**
 * Checks a limit's options, each and with one another, and fills in what was not given. What it returned may be given to
 * it again.
 * @throws {TypeError} for an unknown option, a wrong type, or options that exclude or lack each other
 * @throws {RangeError} for a value out of range
 */
export function checkRateLimitOptions(given: RateLimitOptions): CheckedRateLimitOptions {
  const options = fillRateLimitOptions(given);
  if (options.maxKeys !== undefined && options.key === undefined) {
    throw new TypeError(`${OWNER}: \`maxKeys\` means nothing without \`key\``);
  }
  return options;
}

/** The same, for one that is asked by key and needs no `key` to make it. */
export function fillRateLimitOptions(given: RateLimitOptions): CheckedRateLimitOptions {
  const options = checkOptions<RateLimitOptions>(OWNER, rateLimitRules, given);
  const { limit, algorithm, burst, key, maxKeys, store } = options;
  if (algorithm === 'sliding-window') {
    if (burst !== undefined && burst !== limit) {
      throw new TypeError(`${OWNER}: \`burst\` is for a token bucket; a sliding window lets \`limit\` calls through`);
    }
    if (limit > MILLION && store === undefined) {
      throw new RangeError(`${OWNER}: \`limit\` takes at most 1 000 000 with a sliding window, got ${limit}`);
    }
  }
  // The store itself keeps the keys.
  refuseTogether(OWNER, options, 'maxKeys', 'store');
  return Object.freeze({
    burst: limit,
    ...options,
    ...(key !== undefined && store === undefined && { maxKeys: maxKeys ?? 10_000 }),
  }) as CheckedRateLimitOptions;
}

/** Room is set aside for as many, so there must be an end to it. */
function countUpToMillion(): OptionRule<number> {
  const takes = 'a whole number from 1 to 1 000 000';
  return { ...count(), takes, range: (value) => Number.isSafeInteger(value) && value >= 1 && value <= MILLION };
}
