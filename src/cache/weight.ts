import { callback, count } from '../base/option-rules.js';
import { type OptionRules, show } from '../base/options.js';

/** How a cache is bounded by what its values weigh, be it bytes or lines. */
export interface WeightOptions<K = string, V = unknown> {
  /** What all entries may weigh together, from 1; goes with `weigh`. Their number is then bounded only if `maxEntries` is given too. */
  maxWeight?: number;
  /** What a value weighs: a number from 0, rounded up; each entry weighs 1 at least. Goes with `maxWeight`. */
  weigh?(value: V, key: K): number;
}

/** What each option takes. */
export const weightRules: OptionRules<WeightOptions<never, never>> = { maxWeight: count(), weigh: callback() };

/**
 * Refuses one of the two without the other.
 * @throws {TypeError} for a bound that nothing is measured by, or a measure without a bound
 */
export function checkWeight(options: WeightOptions<never, never>): void {
  const { maxWeight, weigh } = options;
  if ((maxWeight === undefined) === (weigh === undefined)) return;
  const [given, missing] = weigh === undefined ? ['maxWeight', 'weigh'] : ['weigh', 'maxWeight'];
  throw new TypeError(`cache: \`${given}\` goes with \`${missing}\`; give both`);
}

/**
 * What a value weighs; undefined where nothing is weighed.
 * @throws {TypeError} when `weigh` gives what is no weight
 */
export function weightOf<K, V>(options: WeightOptions<K, V>, value: V, key: K): number | undefined {
  if (options.weigh === undefined) return undefined;
  const weight: unknown = options.weigh(value, key);
  if (typeof weight === 'number' && weight >= 0) return Math.max(1, Math.ceil(weight));
  throw new TypeError(`cache: \`weigh\` must give a number from 0, got ${show(weight)}`);
}
