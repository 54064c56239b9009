/** Where something is said: a place in a file, or a variable of the environment; neither for an object. */
export interface Whereabouts {
  readonly line?: number;
  readonly column?: number;
  readonly variable?: string;
}

/** What a source says, as a tree: of a file, an object or the environment. */
export type ConfigNode = ConfigValue | ConfigMap;

/** A single value. */
export interface ConfigValue {
  readonly at: Whereabouts;
  readonly value: unknown;
}

/** Names and what is said of each, in order; a name may come twice. */
export interface ConfigMap {
  readonly at: Whereabouts;
  readonly entries: readonly ConfigEntry[];
}

/** A name, and what is said of it. */
export interface ConfigEntry {
  readonly at: Whereabouts;
  readonly key: string;
  readonly node: ConfigNode;
}

/** Whether a node bears names. */
export function isMap(node: ConfigNode): node is ConfigMap {
  return 'entries' in node;
}

/** How deep a source may nest: what is deeper is no configuration, and would exhaust the stack. */
export const DEEPEST = 50;

/** What is said of it. */
export const TOO_DEEP = 'this is nested too deeply';

/** A node as a plain value, its names in camelCase. */
export function plainOf(node: ConfigNode): unknown {
  if (!isMap(node)) return node.value;
  return Object.fromEntries(node.entries.map(({ key, node: inner }) => [camelOf(key), plainOf(inner)]));
}

/** A node as a plain value, its names as they were written. */
export function rawOf(node: ConfigNode): unknown {
  if (!isMap(node)) return node.value;
  return Object.fromEntries(node.entries.map(({ key, node: inner }) => [key, rawOf(inner)]));
}

/** A name in camelCase, whichever way it was written: `max_retries` is `maxRetries`. */
export function camelOf(key: string): string {
  return key.replaceAll(/[_-]+([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** A name in snake_case. */
export function snakeOf(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
