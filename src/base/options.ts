import { meantBy } from './synonyms.js';

/** What one option takes, and what stands for it when it is not given. */
export interface OptionRule<T> {
  /** What is accepted, as it stands in the error: "a whole number from 1". */
  readonly takes: string;
  /** Whether the value is of the right type; if not, it is a `TypeError`. */
  readonly type: (value: unknown) => boolean;
  /** Whether a value of the right type is one that makes sense; if not, it is a `RangeError`. */
  readonly range?: (value: T) => boolean;
  /** The default; without one the option may stay undefined. */
  readonly default?: T;
  /** An option that must be given. */
  readonly required?: boolean;
}

/** Options as they may be given: one that need not be given may be `undefined`, and then counts as not given. */
export type Given<Options> = {
  [Name in keyof Options]: {} extends Pick<Options, Name> ? Options[Name] | undefined : Options[Name];
};

/** A rule for each option. */
export type OptionRules<Options> = {
  readonly [Name in keyof Options]-?: OptionRule<Exclude<Options[Name], undefined>>;
};

/**
 * Checks options before anything runs: names, types and ranges, in that order. What is returned is a frozen copy with
 * the defaults filled in; an option given as `undefined` counts as not given.
 * @param owner Whose options they are, as it stands in the error: `'circuitBreaker'`.
 * @throws {TypeError} for an unknown option, with the one that was most likely meant, and for a value of the wrong type
 * @throws {RangeError} for a value out of range
 * @example const options = checkOptions('timeout', { ms: durationMs({ default: 30_000 }) }, { ms: 5 });
 */
export function checkOptions<Options extends object>(
  owner: string,
  rules: OptionRules<Options>,
  given: Given<Partial<Options>> = {} as Given<Partial<Options>>,
): Readonly<Options> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    const hint = typeof given === 'function' ? `; to decorate without options write @${owner}()` : '';
    throw new TypeError(`${owner} takes its options as one object, got ${show(given)}${hint}`);
  }
  refuseUnknown(owner, given, Object.keys(rules));
  const checked: Record<string, unknown> = {};
  for (const [name, rule] of Object.entries(rules) as [string, OptionRule<unknown>][]) {
    const asGiven = (given as Record<string, unknown>)[name];
    const value = asGiven === undefined ? rule.default : asGiven;
    if (value !== undefined) checkOption(owner, name, rule, value);
    else if (rule.required) throw new TypeError(`${owner}: \`${name}\` must be given; it takes ${rule.takes}`);
    if (value !== undefined) checked[name] = value;
  }
  return frozen(given, checked) as Readonly<Options>;
}

/**
 * Refuses options that are not known.
 * @throws {TypeError} that names the one which was most likely meant
 */
export function refuseUnknown(owner: string, given: object, known: string[]): void {
  for (const name of Object.keys(given)) {
    if (!known.includes(name)) throw new TypeError(unknownOption(owner, name, known));
  }
}

/** Options that were filled in, frozen; those that were given, if nothing had to be: they are kept by the thousand. */
export function frozen<Filled extends object>(given: object, filled: Filled): Readonly<Filled> {
  const entries = Object.entries(filled);
  const isSame =
    Object.isFrozen(given) &&
    Object.keys(given).length === entries.length &&
    entries.every(([name, value]) => (given as Record<string, unknown>)[name] === value);
  return isSame ? (given as Readonly<Filled>) : Object.freeze(filled);
}

/**
 * Checks one value by its rule.
 * @throws {TypeError} for the wrong type
 * @throws {RangeError} for a value out of range
 */
export function checkOption<T>(owner: string, name: string, rule: OptionRule<T>, value: unknown): void {
  const complaint = () => `${owner}: \`${name}\` takes ${rule.takes}, got ${show(value)}`;
  if (!rule.type(value)) throw new TypeError(complaint());
  if (rule.range?.(value as T) === false) throw new RangeError(complaint());
}

/** Refuses options that exclude each other. */
export function refuseTogether(owner: string, given: object, first: string, second: string): void {
  const has = (name: string) => (given as Record<string, unknown>)[name] !== undefined;
  if (has(first) && has(second)) {
    throw new TypeError(`${owner}: \`${first}\` and \`${second}\` exclude each other; give one of them`);
  }
}

/** A value as it stands in an error message: short, on one line, whatever it is. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return `function ${value.name || '(anonymous)'}`;
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}

function unknownOption(owner: string, name: string, known: string[]): string {
  return `${owner}: unknown option \`${name}\`; ${meantBy(name, known) ?? `it takes ${known.join(', ')}`}`;
}
