import { checkOption, type OptionRule, show } from '../../base/options.js';

/** A name that a configuration takes, and what it sets. */
export interface Term {
  /** The option that it sets. */
  readonly option: string;
  /** What the option takes. */
  readonly rule: OptionRule<never>;
  /** Says what it means in the option's own unit; left out where it is the option itself. */
  readonly meaning?: Meaning;
}

/** How a name of another unit, or another word, is turned into an option. */
export interface Meaning {
  /** What it takes, as it stands in the error. */
  readonly takes: string;
  /** The option's value; undefined for what it does not take. */
  from(value: unknown): unknown;
}

/** A time in seconds, for an option in ms. */
export const seconds: Meaning = times(1_000, 'a number of seconds');

/** A time in hours, for an option in ms. */
export const hours: Meaning = times(3_600_000, 'a number of hours');

/** Retries, for an option that counts the first run too. */
export const retries: Meaning = {
  takes: 'how often it is tried again, a whole number from 0',
  from: (value) => (typeof value === 'number' ? value + 1 : undefined),
};

/** The same under another name. */
export const same: Meaning = { takes: '', from: (value) => value };

/** Whether delays are spread at random, or how. */
export const jitter: Meaning = {
  takes: "true, false, 'full', 'equal', 'decorrelated' or 'none'",
  from: (value) => (typeof value === 'boolean' ? (value ? 'full' : 'none') : value),
};

/** How delays grow: `EXPONENTIAL_BACKOFF` is `'exponential'`. */
export const strategy: Meaning = {
  takes: "'exponential', 'linear' or 'constant'",
  from: (value) => (typeof value === 'string' ? value.toLowerCase().replace(/_backoff$/, '') : undefined),
};

/**
 * The value that a term sets, checked.
 * @param key The name as it was written.
 * @throws {TypeError | RangeError} for a value that it does not take
 */
export function valueOf({ option, rule, meaning }: Term, owner: string, key: string, said: unknown): unknown {
  if (said === undefined || said === null) {
    throw new TypeError(`${owner}: \`${key}\` has no value; it takes ${meaning?.takes || rule.takes}`);
  }
  const meant = unlimited(rule, said);
  if (meaning === undefined || meaning === same) {
    checkOption(owner, key, rule, meant);
    return meant;
  }
  const value = meaning.from(meant);
  const complaint = `${owner}: \`${key}\` takes ${meaning.takes}, got ${show(said)}`;
  if (value === undefined || !rule.type(value)) throw new TypeError(complaint);
  if (rule.range?.(value as never) === false) {
    throw new RangeError(`${complaint}: it sets \`${option}\`, which takes ${rule.takes}`);
  }
  return value;
}

/** JSON has no word for "no limit" but a text. */
function unlimited(rule: OptionRule<never>, said: unknown): unknown {
  return said === 'Infinity' && !rule.type(said) && rule.type(Infinity) ? Infinity : said;
}

function times(factor: number, takes: string): Meaning {
  // 1.1 · 1 000 is 1 100.000 000 000 000 2.
  const from = (value: unknown) =>
    typeof value === 'number' ? Math.round(value * factor * 1_000_000) / 1_000_000 : undefined;
  return { takes, from: (value) => (value === Infinity ? Infinity : from(value)) };
}
