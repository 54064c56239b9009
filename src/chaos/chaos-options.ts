import { anything, count, durationMs, flag, oneOf, ratio } from '../base/option-rules.js';
import { checkOptions, type OptionRule, type OptionRules } from '../base/options.js';
import type { Severity } from '../base/severity.js';

/** Which faults are made on purpose, how often, where and when. */
export interface ChaosOptions {
  /** Whether faults are made at all. @default false */
  enabled?: boolean;
  /** A whole number from which the faults follow: the same seed makes the same ones. @default the registry's chance */
  seed?: number;
  /** The share of calls that fail with a `ChaosError`. @default 0 */
  errorRatio?: number;
  /** How bad that error pretends to be. @default 'recoverable' */
  severity?: Severity;
  /** How long a delayed call waits before anything else happens to it, in ms. @default 0 */
  latencyMs?: number;
  /** The share of calls that are delayed by `latencyMs`. @default 1 */
  latencyRatio?: number;
  /** Answers in the place of the function, which is not run; handed out as it is. */
  result?: unknown;
  /** The share of calls that are answered with `result`, of those that do not fail. @default 1 */
  resultRatio?: number;
  /** Functions and methods that are meant, by name; `*` is any run of characters. @default every one it stands on */
  sites?: readonly string[];
  /** From when until when faults are made, in ms after the site's first call; `Infinity` for no end. @default always */
  between?: readonly [fromMs: number, toMs: number];
}

const isText = (value: unknown): boolean => typeof value === 'string';

const sites: OptionRule<readonly string[]> = {
  takes: 'an array of names, such as [`Quotes.*`]',
  type: (value) => Array.isArray(value) && value.every(isText),
  range: (value) => value.length > 0 && !value.includes(''),
};

const between: OptionRule<readonly [number, number]> = {
  takes: 'two times in ms from 0, [from, to], the first before the second',
  type: (value) => Array.isArray(value) && value.length === 2 && value.every((time) => typeof time === 'number'),
  range: ([fromMs, toMs]) => fromMs >= 0 && fromMs < toMs,
};

/** What each option takes. */
export const chaosRules: OptionRules<ChaosOptions> = {
  enabled: flag({ default: false }),
  seed: count({ min: 0 }),
  errorRatio: ratio({ default: 0 }),
  severity: oneOf(['transient', 'recoverable', 'permanent', 'critical'], { default: 'recoverable' }),
  latencyMs: durationMs({ default: 0 }),
  latencyRatio: ratio(),
  result: anything(),
  resultRatio: ratio(),
  sites,
  between,
};

/** Options with the defaults filled in; the share of what is not asked for stays out. */
export type CheckedChaosOptions = Readonly<
  ChaosOptions & Required<Pick<ChaosOptions, 'enabled' | 'errorRatio' | 'severity' | 'latencyMs'>>
>;

/**
 * Checks the options of `chaos`, also those that mean nothing without others.
 * @throws {TypeError | RangeError} for options that are not as they should be
 */
export function checkChaosOptions(given: Partial<ChaosOptions> = {}): CheckedChaosOptions {
  const checked = checkOptions<ChaosOptions>('chaos', chaosRules, given);
  const { latencyRatio = 1, resultRatio = 1 } = checked;
  const isDelayed = given.latencyMs !== undefined;
  const isAnswered = given.result !== undefined;
  if (checked.latencyRatio !== undefined && !isDelayed) throw lonely('latencyRatio', 'latencyMs');
  if (checked.resultRatio !== undefined && !isAnswered) throw lonely('resultRatio', 'result');
  const shares = { ...(isDelayed && { latencyRatio }), ...(isAnswered && { resultRatio }) };
  return Object.freeze({ ...checked, ...shares }) as CheckedChaosOptions;
}

function lonely(option: string, other: string): TypeError {
  return new TypeError(`chaos: \`${option}\` means nothing without \`${other}\``);
}
