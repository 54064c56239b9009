import { meantBy } from '../../base/synonyms.js';
import { show } from '../../base/options.js';
import { nearest } from '../../base/nearest.js';
import { type PresetName, presets } from '../../policies/presets.js';
import type { ConfigFault } from './config-error.js';
import { camelOf, type ConfigEntry, type ConfigMap, type ConfigNode, isMap, plainOf, snakeOf } from './config-tree.js';
import type { ConfigValues, OptionValues } from './config-values.js';
import { valueOf } from './term.js';
import { kinds, sections, type Vocabulary } from './vocabulary.js';

/** What a source says, and all that is wrong with it. */
export interface ReadValues {
  readonly values: ConfigValues;
  readonly faults: ConfigFault[];
}

/** Reads a tree, and goes on past what is wrong: it is told of all together. */
export function readValues(root: ConfigNode): ReadValues {
  const reader = new ValueReader();
  reader.readTop(root, '');
  return reader;
}

/** An entry, and its name as it is known. */
interface Named {
  readonly entry: ConfigEntry;
  readonly name: string;
}

/** Sections of sections, and those at the top. */
const branches = new Set(
  [...sections.keys()].flatMap((path) => (path.includes('.') ? [path.split('.')[0] ?? ''] : [])),
);
const tops = [
  'advancedFeatures',
  'preset',
  'policies',
  ...branches,
  ...[...sections.keys()].filter((path) => !path.includes('.')),
];

class ValueReader implements ReadValues {
  readonly values: ConfigValues = { sections: new Map(), policies: new Map() };
  readonly faults: ConfigFault[] = [];

  readTop(node: ConfigNode, path: string): void {
    for (const { entry, name } of this.#named(node, path, path === '' ? tops : tops.slice(1), 'sections')) {
      const inner = joined(path, entry.key);
      if (name === 'advancedFeatures') this.readTop(entry.node, inner);
      else if (name === 'preset') this.#readPreset(entry, inner);
      else if (name === 'policies') this.#readPolicies(entry.node, inner);
      else if (branches.has(name)) this.#readBranch(name, entry.node, inner);
      else this.#readSection(name, entry.node, inner);
    }
  }

  #readBranch(branch: string, node: ConfigNode, path: string): void {
    const known = [...sections.keys()].filter((section) => section.startsWith(`${branch}.`));
    const names = known.map((section) => section.slice(branch.length + 1));
    for (const { entry, name } of this.#named(node, path, names, 'sections')) {
      this.#readSection(`${branch}.${name}`, entry.node, joined(path, entry.key));
    }
  }

  #readSection(section: string, node: ConfigNode, path: string): void {
    const [kind = ''] = sections.get(section) ?? [];
    if (this.values.sections.has(section)) this.#fault(node, path, `${path} is there twice`);
    this.values.sections.set(section, this.#readOptions(kinds.get(kind) as Vocabulary, node, path));
  }

  #readPreset({ node }: ConfigEntry, path: string): void {
    const known = Object.keys(presets);
    const value = isMap(node) ? undefined : node.value;
    if (typeof value === 'string' && known.includes(value)) {
      this.values.preset = value as PresetName;
      return;
    }
    const meant = typeof value === 'string' ? nearest(value, known) : undefined;
    const hint = meant === undefined ? '' : `; did you mean '${meant}'?`;
    this.#fault(node, path, `${path} takes ${known.join(', ')}, got ${show(plainOf(node))}${hint}`);
  }

  #readPolicies(node: ConfigNode, path: string): void {
    for (const { key, node: named, at } of this.#entries(node, path, 'names of policies')) {
      const inner = joined(path, key);
      if (this.values.policies.has(key)) this.#fault({ at }, inner, `${inner} is there twice`);
      const byKind = new Map<string, OptionValues | false>();
      this.values.policies.set(key, byKind);
      for (const { entry, name: kind } of this.#named(named, inner, [...kinds.keys()], 'kinds of policies')) {
        byKind.set(kind, this.#readPart(kind, entry.node, joined(inner, entry.key)));
      }
    }
  }

  #readPart(kind: string, node: ConfigNode, path: string): OptionValues | false {
    const vocabulary = kinds.get(kind) as Vocabulary;
    if (vocabulary.switchable && !isMap(node) && node.value === false) return false;
    return this.#readOptions(vocabulary, node, path, vocabulary.switchable ? 'options, or false' : 'options');
  }

  #readOptions({ terms }: Vocabulary, node: ConfigNode, path: string, what = 'options'): OptionValues {
    const values: Record<string, unknown> = {};
    const saidBy = new Map<string, string>();
    for (const { entry, name } of this.#named(node, path, [...terms.keys()], what)) {
      const term = terms.get(name);
      if (term === undefined) continue;
      const before = saidBy.get(term.option);
      if (before !== undefined) {
        this.#fault(
          entry,
          joined(path, entry.key),
          `${path}: \`${before}\` and \`${entry.key}\` say the same; give one of them`,
        );
        continue;
      }
      saidBy.set(term.option, entry.key);
      try {
        values[term.option] = valueOf(term, path, entry.key, plainOf(entry.node));
      } catch (error) {
        this.#fault(entry.node, joined(path, entry.key), (error as Error).message);
      }
    }
    return Object.freeze(values);
  }

  /** The entries of a map whose names are known, each once; the others are faults, told of in their turn. */
  *#named(node: ConfigNode, path: string, known: readonly string[], what: string): Generator<Named> {
    const seen = new Set<string>();
    for (const entry of this.#entries(node, path, what)) {
      const name = camelOf(entry.key);
      const inner = joined(path, entry.key);
      if (!known.includes(name)) this.#fault(entry, inner, unknown(path, entry.key, known));
      else if (seen.has(name)) this.#fault(entry, inner, `${inner} is there twice`);
      else yield { entry, name };
      seen.add(name);
    }
  }

  #entries(node: ConfigNode, path: string, what: string): readonly ConfigEntry[] {
    // An empty file, or a section with nothing in it but comments, says nothing.
    if (isMap(node)) return node.entries;
    if (node.value !== undefined && node.value !== null) {
      this.#fault(node, path, `${path || 'a configuration'} takes ${what}, got ${show(node.value)}`);
    }
    return [];
  }

  #fault({ at }: Pick<ConfigMap, 'at'>, path: string, message: string): void {
    this.faults.push({ path, message, ...at });
  }
}

function joined(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

/** Told in the way it was written: in snake_case or in camelCase. */
function unknown(path: string, key: string, known: readonly string[]): string {
  const isSnake = /_/.test(key) || key === key.toLowerCase();
  const names = isSnake ? known.map(snakeOf) : known;
  const meant = meantBy(key, names) ?? meantBy(key, known);
  return `${path === '' ? '' : `${path}: `}unknown name \`${key}\`; ${meant ?? `it takes ${names.join(', ')}`}`;
}
