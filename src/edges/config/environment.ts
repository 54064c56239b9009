import { type ConfigEntry, type ConfigMap, type ConfigNode, isMap, type Whereabouts } from './config-tree.js';
import { parseJson } from './json-source.js';

/** Variables of an environment, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

const PREFIX = 'HOLDFAST_';

/**
 * What the environment says: `HOLDFAST_RECOVERY__RETRY__MAX_RETRIES=5` is `recovery.retry.max_retries: 5`. Other variables
 * that begin so, and have no `__`, are somebody else's; one that is empty says nothing.
 * @param single Names that stand at the top alone, such as `preset`.
 */
export function treeOfEnvironment(environment: Environment, single: readonly string[]): ConfigMap {
  const root: Branch = { entries: [] };
  for (const variable of Object.keys(environment).sort()) {
    const text = environment[variable];
    if (text === undefined || text.trim() === '' || !variable.startsWith(PREFIX)) continue;
    const path = variable.slice(PREFIX.length).split('__');
    const isOurs = path.length > 1 || single.includes((path[0] ?? '').toLowerCase());
    if (isOurs) put(root, path, variable, text);
  }
  return { at: {}, entries: root.entries };
}

interface Branch {
  entries: ConfigEntry[];
}

function put(root: Branch, path: readonly string[], variable: string, text: string): void {
  const at = { variable };
  let branch = root;
  for (let depth = 0; depth < path.length - 1; depth++) {
    const key = keyAt(path, depth);
    const known = branch.entries.find((entry) => entry.key === key && 'entries' in entry.node);
    const inner = known === undefined ? { at, entries: [] } : (known.node as ConfigMap);
    if (known === undefined) branch.entries.push({ at, key, node: inner });
    branch = inner as Branch;
  }
  branch.entries.push({ at, key: keyAt(path, path.length - 1), node: nodeOf(text, at) });
}

/** Below `policies` stands a name, which a variable cannot spell: it is compared in capitals. */
function keyAt(path: readonly string[], depth: number): string {
  const segment = path[depth] ?? '';
  return depth === 1 && path[0]?.toLowerCase() === 'policies' ? folded(segment) : segment.toLowerCase();
}

const NUMBER = /^[-+]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/;
const BOOLEAN = /^(?:true|True|TRUE|false|False|FALSE)$/;

/** A number, a boolean or JSON where it is one; else the text itself. */
function nodeOf(text: string, at: Whereabouts): ConfigNode {
  const trimmed = text.trim();
  if (trimmed === 'Infinity') return { at, value: Infinity };
  if (BOOLEAN.test(trimmed)) return { at, value: trimmed.toLowerCase() === 'true' };
  // What is too large for a number is none: it would pass for no limit.
  if (NUMBER.test(trimmed)) return { at, value: Number.isFinite(Number(trimmed)) ? Number(trimmed) : text };
  const { root } = /^[[{"]/.test(trimmed) ? parseJson(trimmed) : {};
  return root === undefined ? { at, value: text } : placed(root, at);
}

/** The same, all of it said in one place. */
function placed(node: ConfigNode, at: Whereabouts): ConfigNode {
  if (!isMap(node)) return { at, value: node.value };
  return { at, entries: node.entries.map(({ key, node: inner }) => ({ at, key, node: placed(inner, at) })) };
}

/** A name as a variable spells it: `Quotes.price` is `QUOTES_PRICE`. */
export function folded(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_');
}
