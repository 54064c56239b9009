import { ConfigError } from './config-error.js';
import { type ConfigNode, DEEPEST, TOO_DEEP } from './config-tree.js';

/**
 * The tree of a plain object.
 * @throws {ConfigError} for one that is within itself, or nested too deeply
 */
export function treeOf(value: unknown): ConfigNode {
  return branchOf(value, [], []);
}

function branchOf(value: unknown, path: readonly string[], above: readonly object[]): ConfigNode {
  const at = {};
  if (!isPlain(value)) return { at, value };
  const where = path.join('.');
  if (above.includes(value)) throw new ConfigError([{ path: where, message: `${where} is within itself` }]);
  if (above.length >= DEEPEST) throw new ConfigError([{ path: where, message: `${where}: ${TOO_DEEP}` }]);
  const entries = Object.entries(value).map(([key, inner]) => {
    return { at, key, node: branchOf(inner, [...path, key], [...above, value]) };
  });
  return { at, entries };
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
