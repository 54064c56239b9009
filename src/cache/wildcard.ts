import { show } from '../base/options.js';

/** Decides whether a text matches. */
export type Matcher = (text: string) => boolean;

/**
 * Makes a matcher of a wildcard pattern: `*` is any run of characters, `?` is one, `\` takes the next one literally.
 *
 * All places where the pattern may stand are followed at once, a bit each, so a text is read once and never backtracked:
 * the time is the text's length times ⌈pattern length / 32⌉, whatever the pattern. (A regular expression built from
 * input takes exponential time for some, and a backtracking matcher their product.)
 * @throws {TypeError} for a pattern that is no text
 * @see Baeza-Yates and Gonnet, "A new approach to text searching" (1992): Shift-And
 * @example wildcard('hosts:*web1*')('hosts:["web1"]'); // true
 */
export function wildcard(pattern: string): Matcher {
  const { symbols, loops } = parse(pattern);
  if (loops.length === 0 && symbols.every((symbol) => symbol !== ANY_ONE)) {
    const literal = symbols.join('');
    return (text) => text === literal;
  }
  return matcherOf(compile(symbols, loops));
}

/** A pattern without wildcards names this one key; undefined when there are any. */
export function literalOf(pattern: string): string | undefined {
  const { symbols, loops } = parse(pattern);
  return loops.length === 0 && symbols.every((symbol) => symbol !== ANY_ONE) ? symbols.join('') : undefined;
}

const ANY_ONE = null;

interface Pattern {
  /** What each place takes: one character, or any one. */
  symbols: (string | typeof ANY_ONE)[];
  /** Places before which a `*` stands; `symbols.length` is one at the end. */
  loops: number[];
}

function parse(pattern: string): Pattern {
  // Who comes from plain JavaScript may give a regular expression, or nothing.
  if (typeof pattern !== 'string') throw new TypeError(`a pattern is text with * and ?, got ${show(pattern)}`);
  const symbols: Pattern['symbols'] = [];
  const loops: number[] = [];
  const characters = [...pattern];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] as string;
    if (character === '*') {
      if (loops.at(-1) !== symbols.length) loops.push(symbols.length);
    } else if (character === '?') symbols.push(ANY_ONE);
    else if (character === '\\' && at + 1 < characters.length) symbols.push(characters[++at] as string);
    else symbols.push(character);
  }
  return { symbols, loops };
}

/** State n, a bit, is "the first n symbols have been read". */
interface Automaton {
  words: number;
  /** States that a character leads to, for each character that the pattern names. */
  byCharacter: Map<string, Uint32Array>;
  /** States that any other character leads to. */
  otherwise: Uint32Array;
  /** States that any character may stay in. */
  loops: Uint32Array;
  end: number;
}

function compile(symbols: Pattern['symbols'], loopPlaces: number[]): Automaton {
  const words = (symbols.length >>> 5) + 1;
  const otherwise = new Uint32Array(words);
  const loops = new Uint32Array(words);
  for (const place of loopPlaces) setBit(loops, place);
  symbols.forEach((symbol, index) => {
    if (symbol === ANY_ONE) setBit(otherwise, index + 1);
  });
  const byCharacter = new Map<string, Uint32Array>();
  symbols.forEach((symbol, index) => {
    if (symbol === ANY_ONE) return;
    let states = byCharacter.get(symbol);
    if (states === undefined) byCharacter.set(symbol, (states = otherwise.slice()));
    setBit(states, index + 1);
  });
  return { words, byCharacter, otherwise, loops, end: symbols.length };
}

function matcherOf({ words, byCharacter, otherwise, loops, end }: Automaton): Matcher {
  const states = new Uint32Array(words);
  return (text) => {
    states.fill(0);
    states[0] = 1;
    for (const character of text) {
      const leadsTo = byCharacter.get(character) ?? otherwise;
      let carry = 0;
      let alive = 0;
      for (let word = 0; word < words; word++) {
        const before = states[word] as number;
        const after = (((before << 1) | carry) & (leadsTo[word] as number)) | (before & (loops[word] as number));
        carry = before >>> 31;
        alive |= after;
        states[word] = after;
      }
      if (alive === 0) return false;
    }
    return hasBit(states, end);
  };
}

function setBit(bits: Uint32Array, place: number): void {
  bits[place >>> 5] = (bits[place >>> 5] as number) | (1 << (place & 31));
}

function hasBit(bits: Uint32Array, place: number): boolean {
  return (((bits[place >>> 5] as number) >>> (place & 31)) & 1) === 1;
}
