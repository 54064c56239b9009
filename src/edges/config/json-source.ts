import type { ConfigFault } from './config-error.js';
import { LineStarts } from './line-starts.js';
import { type ConfigEntry, type ConfigNode, DEEPEST, rawOf, TOO_DEEP, type Whereabouts } from './config-tree.js';

/** What a source says, and what is wrong with how it is written. */
export interface ParsedSource {
  readonly root: ConfigNode | undefined;
  readonly faults: readonly ConfigFault[];
}

/** Reads JSON with the place of everything in it, which `JSON.parse` does not tell. */
export function parseJson(text: string): ParsedSource {
  const reader = new JsonReader(text);
  try {
    return { root: reader.whole(), faults: [] };
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    return { root: undefined, faults: [{ path: '', message: error.message, ...reader.at(error.offset) }] };
  }
}

class JsonFault extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** What is said of a number that would be read as no limit. */
export function tooLarge(written: string): string {
  return `${written} is too large for a number; no limit is "Infinity"`;
}

/** A value that bears no others, at the start of a text. */
const SCALAR = /(?:"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null)/y;
const SPACE = /[ \t\n\r]*/y;
class JsonReader {
  readonly #text: string;
  readonly #lines: LineStarts;
  #offset = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
    this.#lines = new LineStarts(text);
  }

  whole(): ConfigNode {
    const node = this.#node();
    this.#space();
    if (this.#offset < this.#text.length) throw this.#fault('nothing more is expected here');
    return node;
  }

  at(offset: number): Whereabouts {
    return this.#lines.at(offset);
  }

  #node(): ConfigNode {
    this.#space();
    const at = this.at(this.#offset);
    if (++this.#depth > DEEPEST) throw this.#fault(TOO_DEEP);
    const node = this.#takes('{') ? { at, entries: this.#entries() } : { at, value: this.#value() };
    this.#depth--;
    return node;
  }

  #entries(): ConfigEntry[] {
    const entries: ConfigEntry[] = [];
    if (this.#takes('}')) return entries;
    do {
      this.#space();
      const at = this.at(this.#offset);
      if (this.#text[this.#offset] !== '"') throw this.#fault('a name in double quotes is expected here');
      const key = this.#scalar() as string;
      if (!this.#takes(':')) throw this.#fault('a colon is expected here');
      entries.push({ at, key, node: this.#node() });
    } while (this.#takes(','));
    if (!this.#takes('}')) throw this.#fault('a comma or } is expected here');
    return entries;
  }

  #value(): unknown {
    return this.#takes('[') ? this.#items() : this.#scalar();
  }

  #items(): unknown[] {
    const items: unknown[] = [];
    if (this.#takes(']')) return items;
    do {
      items.push(rawOf(this.#node()));
    } while (this.#takes(','));
    if (!this.#takes(']')) throw this.#fault('a comma or ] is expected here');
    return items;
  }

  #scalar(): unknown {
    SCALAR.lastIndex = this.#offset;
    const [found] = SCALAR.exec(this.#text) ?? [];
    if (found === undefined) throw this.#fault('a value is expected here');
    const shown = found.length > 40 ? `${found.slice(0, 40)}…` : found;
    let value: unknown;
    try {
      value = JSON.parse(found);
    } catch {
      throw this.#fault(`${shown} is no value of JSON`);
    }
    if (typeof value === 'number' && !Number.isFinite(value)) throw this.#fault(tooLarge(shown));
    this.#offset += found.length;
    return value;
  }

  #takes(character: string): boolean {
    this.#space();
    if (this.#text[this.#offset] !== character) return false;
    this.#offset++;
    return true;
  }

  #space(): void {
    SPACE.lastIndex = this.#offset;
    this.#offset += SPACE.exec(this.#text)?.[0].length ?? 0;
  }

  #fault(message: string): JsonFault {
    return new JsonFault(message, this.#offset);
  }
}
