import type { ConfigEntry, ConfigMap } from './config-tree.js';

/** Variables of an environment, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

const PREFIX = 'HOLDFAST_';

/**
 * What the environment says: `HOLDFAST_RECOVERY__RETRY__MAX_RETRIES=5` is `recovery.retry.max_retries: 5`. Other variables
 * that begin so, and have no `__`, are somebody else's.
 * @param single Names that stand at the top alone, such as `preset`.
 */
export function treeOfEnvironment(environment: Environment, single: readonly string[]): ConfigMap {
  const root: Branch = { entries: [] };
  for (const variable of Object.keys(environment).sort()) {
    const text = environment[variable];
    if (text === undefined || !variable.startsWith(PREFIX)) continue;
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
  for (const [depth, segment] of path.slice(0, -1).entries()) {
    // Below `policies` stands a name, which a variable cannot spell: it is kept as it is, to be compared in capitals.
    const key = isName(path, depth) ? segment : segment.toLowerCase();
    const known = branch.entries.find((entry) => entry.key === key && 'entries' in entry.node);
    const inner = known === undefined ? { at, entries: [] } : (known.node as ConfigMap);
    if (known === undefined) branch.entries.push({ at, key, node: inner });
    branch = inner as Branch;
  }
  branch.entries.push({ at, key: (path.at(-1) ?? '').toLowerCase(), node: { at, value: valueOf(text) } });
}

function isName(path: readonly string[], depth: number): boolean {
  return depth === 1 && path[0]?.toLowerCase() === 'policies';
}

/** A number, `true`, `false` or JSON where it is one; else the text itself. */
function valueOf(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === 'Infinity') return Infinity;
  if (!/^(?:[-+]?[\d.]|[[{"]|true$|false$)/.test(trimmed)) return text;
  try {
    return JSON.parse(trimmed) as unknown;
  } catch {
    return text;
  }
}

/** A name as a variable spells it: `Quotes.price` is `QUOTES_PRICE`. */
export function folded(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_');
}
