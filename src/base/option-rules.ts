import type { OptionRule } from './options.js';

/** What every rule may add: a default, or that the option must be given. */
interface Common<T> {
  default?: T;
  required?: boolean;
}

/** Whether `Infinity` is taken, as "no limit". */
interface Bounds extends Common<number> {
  /** The least value. @default 0 */
  min?: number;
  /** `'refused'` unless "no limit" makes sense. @default 'refused' */
  infinity?: 'taken' | 'refused';
}

/** A whole number: a count, a size. */
export function count({ min = 1, infinity = 'refused', ...common }: Bounds = {}): OptionRule<number> {
  return {
    takes: `a whole number from ${min}${infinity === 'taken' ? ', or Infinity' : ''}`,
    type: isNumber,
    range: (value) => value >= min && (Number.isSafeInteger(value) || (infinity === 'taken' && value === Infinity)),
    ...common,
  };
}

/** A number that need not be whole: a factor, a rate. */
export function amount({ min = 0, infinity = 'refused', ...common }: Bounds = {}): OptionRule<number> {
  return {
    takes: `a number from ${min}${infinity === 'taken' ? ', or Infinity' : ''}`,
    type: isNumber,
    range: (value) => value >= min && (Number.isFinite(value) || infinity === 'taken'),
    ...common,
  };
}

/** A duration in ms. */
export function durationMs({ min = 0, infinity = 'refused', ...common }: Bounds = {}): OptionRule<number> {
  return {
    takes: `a time in ms from ${min}${infinity === 'taken' ? ', or Infinity' : ''}`,
    type: isNumber,
    range: (value) => value >= min && (Number.isFinite(value) || infinity === 'taken'),
    ...common,
  };
}

/** A share from 0 to 1. */
export function ratio({ above, ...common }: Common<number> & { above?: 0 } = {}): OptionRule<number> {
  return {
    takes: above === 0 ? 'a share above 0 and up to 1' : 'a share from 0 to 1',
    type: isNumber,
    range: (value) => value <= 1 && (above === 0 ? value > 0 : value >= 0),
    ...common,
  };
}

/** One of a few words. */
export function oneOf<const Word extends string>(words: readonly Word[], common: Common<Word> = {}): OptionRule<Word> {
  return {
    takes: words.map((word) => `'${word}'`).join(' or '),
    type: (value) => typeof value === 'string',
    range: (value) => words.includes(value),
    ...common,
  };
}

/** A text that is not empty. */
export function text(common: Common<string> = {}): OptionRule<string> {
  return { takes: 'a text', type: (value) => typeof value === 'string', range: (value) => value !== '', ...common };
}

/** `true` or `false`. */
export function flag(common: Common<boolean> = {}): OptionRule<boolean> {
  return { takes: 'true or false', type: (value) => typeof value === 'boolean', ...common };
}

/** A function. */
export function callback<Fn>(common: Common<Fn> = {}): OptionRule<Fn> {
  return { takes: 'a function', type: (value) => typeof value === 'function', ...common };
}

/** Anything at all. */
export function anything<T>(common: Common<T> = {}): OptionRule<T> {
  return { takes: 'any value', type: () => true, ...common };
}

/** An object that can do something: it has these methods. */
export function having<T extends object>(
  takes: string,
  methods: readonly (keyof T & string)[],
  common: Common<T> = {},
): OptionRule<T> {
  return {
    takes,
    type: (value) =>
      typeof value === 'object' &&
      value !== null &&
      methods.every((method) => typeof (value as Record<string, unknown>)[method] === 'function'),
    ...common,
  };
}

/** Either of two rules. */
export function either<A, B>(
  first: OptionRule<A>,
  second: OptionRule<B>,
  common: Common<A | B> = {},
): OptionRule<A | B> {
  const ruleOf = (value: unknown) => (first.type(value) ? first : second) as OptionRule<unknown>;
  return {
    takes: `${first.takes} or ${second.takes}`,
    type: (value) => first.type(value) || second.type(value),
    range: (value) => ruleOf(value).range?.(value) ?? true,
    ...common,
  };
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}
