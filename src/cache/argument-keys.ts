import type { KeyText } from './cache-context.js';
import { cacheKey, keyArguments } from './cache-key.js';
import { canonicalText } from './canonical-text.js';

/** Marks a held key that is the whole text, where it might be mistaken for an argument. */
const MARK = '\0';
const MARKED = 0;

/**
 * The keys of calls with the fast path that a hit needs: a single primitive argument is its own key while it is held, and
 * becomes text only where somebody reads it. Building `hosts:["web1"]` anew at each call would cost 120 ns, three times
 * the rest of a hit; looking a string up that is there already costs 16.
 * @example
 * const keys = new ArgumentKeys('hosts');
 * keys.of(['web1']); // 'web1', as text 'hosts:["web1"]'
 */
export class ArgumentKeys implements KeyText {
  readonly #prefix: string | undefined;
  readonly #head: string;
  /** The key of a call without arguments. */
  readonly none: unknown;

  constructor(prefix?: string) {
    this.#prefix = prefix;
    this.#head = prefix === undefined ? '[' : `${prefix}:[`;
    this.none = `${MARK}${this.#head}]`;
  }

  /** The key of a call with these arguments, as a cache holds it. */
  of(args: ArrayLike<unknown>): unknown {
    if (args.length === 1) return this.ofOne(args[0]);
    if (args.length === 0) return this.none;
    const kept = keyArguments(Array.prototype.slice.call(args));
    return kept.length === 1 ? this.ofOne(kept[0]) : this.#whole(kept);
  }

  /** The key of a call with one argument. */
  ofOne(argument: unknown): unknown {
    switch (typeof argument) {
      case 'string':
        return argument.charCodeAt(0) === MARKED ? this.#whole([argument]) : argument;
      case 'number':
      case 'boolean':
      case 'bigint':
        return argument;
      case 'undefined':
        return this.none;
      default:
        return argument === null ? null : this.#whole([argument]);
    }
  }

  /** The key of a call as a whole text: in a cache whose own keys have another prefix. */
  wholeOf(args: ArrayLike<unknown>): unknown {
    return this.#whole(Array.prototype.slice.call(args));
  }

  /** A key that is a text of the user's own. */
  bare(text: string): unknown {
    return MARK + text;
  }

  textOf(key: unknown): string {
    if (typeof key === 'string' && key.startsWith(MARK)) return key.slice(MARK.length);
    return `${this.#head}${canonicalText(key)}]`;
  }

  keyOf(text: string): unknown {
    const whole = MARK + text;
    if (!text.startsWith(this.#head) || !text.endsWith(']')) return whole;
    const argument = primitiveOf(text.slice(this.#head.length, -1));
    const key = argument === undefined ? whole : this.ofOne(argument);
    return this.textOf(key) === text ? key : whole;
  }

  #whole(args: unknown[]): string {
    return MARK + cacheKey(args, this.#prefix);
  }
}

/** The primitive that a canonical text stands for; undefined when it is none. */
function primitiveOf(text: string): unknown {
  if (/^-?\d+n$/.test(text)) return BigInt(text.slice(0, -1));
  if (text === 'NaN' || text.endsWith('Infinity')) return Number(text);
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? undefined : value;
  } catch {
    return undefined;
  }
}
