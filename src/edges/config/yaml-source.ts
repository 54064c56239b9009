import type { LineCounter, Node, Pair, Scalar } from 'yaml';
import type { ConfigFault } from './config-error.js';
import { type ConfigEntry, type ConfigNode, DEEPEST, isMap, rawOf, TOO_DEEP, type Whereabouts } from './config-tree.js';
import { type ParsedSource, tooLarge } from './json-source.js';
import { LineStarts } from './line-starts.js';

/** The package that reads YAML. */
export type Yaml = typeof import('yaml');

const INSTALL = 'npm install yaml';

/**
 * Loads the package that reads YAML: only who has such files needs it.
 * @throws {Error} with the command that installs it, where it is absent
 */
export async function loadYaml(load: () => Promise<Yaml> = () => import('yaml')): Promise<Yaml> {
  try {
    return await load();
  } catch (error) {
    const { code } = Object(error) as { code?: unknown };
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw error;
    throw new Error(`holdfast/config reads YAML by the package yaml, which is not installed: ${INSTALL}`, {
      cause: error,
    });
  }
}

/** Reads YAML, with the place of everything in it. */
export function parseYaml(text: string, yaml: Yaml): ParsedSource {
  const lines = new yaml.LineCounter();
  const tooDeep = depthFault(text, yaml);
  if (tooDeep !== undefined) return { root: undefined, faults: [tooDeep] };
  // A name that comes twice is told of with all else.
  const document = yaml.parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    merge: true,
  });
  const faults = document.errors.map(({ message, pos }): ConfigFault => {
    return { path: '', message: `this is no YAML: ${message}`, ...placeAt(lines, pos[0]) };
  });
  if (faults.length > 0) return { root: undefined, faults };
  const reader = new YamlReader(yaml, lines, (node) => node.resolve(document));
  try {
    return { root: reader.nodeOf(document.contents), faults };
  } catch (error) {
    if (!(error instanceof YamlFault)) throw error;
    return { root: undefined, faults: [{ path: '', message: error.message, ...error.at }] };
  }
}

/** What nests too deeply, found while nothing calls itself: the parser's own stack is a list. */
function depthFault(text: string, yaml: Yaml): ConfigFault | undefined {
  const parser = new yaml.Parser();
  for (const lexeme of new yaml.Lexer().lex(text)) {
    const { offset } = parser;
    for (const _ of parser.next(lexeme)) continue;
    // Beneath all stands the document.
    if (parser.stack.length > DEEPEST + 1) return { path: '', message: TOO_DEEP, ...new LineStarts(text).at(offset) };
  }
  return undefined;
}

class YamlFault extends Error {
  readonly at: Whereabouts;

  constructor(message: string, at: Whereabouts) {
    super(message);
    this.at = at;
  }
}

type AliasNode = Extract<Parameters<Yaml['isAlias']>[0], object> & {
  resolve(document: unknown): Node | undefined;
};

// Aliases of aliases grow without end.
const MOST_ALIASES = 100;

class YamlReader {
  readonly #yaml: Yaml;
  readonly #lines: LineCounter;
  readonly #resolve: (alias: AliasNode) => Node | undefined;
  #aliases = 0;
  #depth = 0;

  constructor(yaml: Yaml, lines: LineCounter, resolve: (alias: AliasNode) => Node | undefined) {
    this.#yaml = yaml;
    this.#lines = lines;
    this.#resolve = resolve;
  }

  nodeOf(node: unknown): ConfigNode {
    // An alias of what has aliases in it is deeper than it is written.
    if (++this.#depth > DEEPEST) throw new YamlFault(TOO_DEEP, this.#at(node));
    const read = this.#read(node, this.#at(node));
    this.#depth--;
    return read;
  }

  #read(node: unknown, at: Whereabouts): ConfigNode {
    if (this.#yaml.isAlias(node)) {
      if (++this.#aliases > MOST_ALIASES) throw new YamlFault(`more than ${MOST_ALIASES} aliases`, at);
      const meant = this.#resolve(node as unknown as AliasNode);
      if (meant === undefined) throw new YamlFault(`the alias *${node.source} stands for nothing`, at);
      return { ...this.nodeOf(meant), at };
    }
    if (this.#yaml.isMap(node)) return { at, entries: this.#entries(node.items) };
    if (this.#yaml.isSeq(node)) return { at, value: node.items.map((item) => rawOf(this.nodeOf(item))) };
    return { at, value: this.#yaml.isScalar(node) ? scalarOf(node, at) : undefined };
  }

  /** What a map says itself goes before what it takes from others by `<<`, and of those the first before the next. */
  #entries(pairs: readonly Pair[]): ConfigEntry[] {
    const entries = pairs.filter(({ key }) => !this.#isMerge(key)).map((pair) => this.#entry(pair));
    for (const { key, value } of pairs.filter((pair) => this.#isMerge(pair.key))) {
      for (const { key: name, at, node } of this.#merged(value, this.#at(key))) {
        if (!entries.some((entry) => entry.key === name)) entries.push({ key: name, at, node });
      }
    }
    return entries;
  }

  #isMerge(key: unknown): boolean {
    return this.#yaml.isScalar(key) && typeof key.value === 'symbol';
  }

  #merged(value: unknown, at: Whereabouts): readonly ConfigEntry[] {
    const taken = this.#yaml.isSeq(value) ? value.items : [value];
    return taken.flatMap((item) => {
      const node = this.nodeOf(item);
      if (!isMap(node)) throw new YamlFault('<< takes a map, or a list of maps', at);
      return node.entries;
    });
  }

  #entry({ key, value }: Pair): ConfigEntry {
    const named = this.nodeOf(key);
    const node = this.nodeOf(value);
    // A name without anything behind it has no place of its own.
    return { at: named.at, key: String('value' in named ? named.value : '{…}'), node: { ...node, at: node.at } };
  }

  #at(node: unknown): Whereabouts {
    const [start] = (node as { range?: [number, number, number] | null } | null)?.range ?? [];
    return start === undefined ? {} : placeAt(this.#lines, start);
  }
}

function placeAt(lines: LineCounter, offset: number): Whereabouts {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

/** No limit is written as such: a number that is too large for one is a slip. */
function scalarOf({ value, source = '' }: Scalar, at: Whereabouts): unknown {
  if (typeof value === 'number' && Math.abs(value) === Infinity && !/inf/i.test(source)) {
    throw new YamlFault(tooLarge(source), at);
  }
  return value;
}
