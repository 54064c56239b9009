import { having } from '../../base/option-rules.js';
import { checkOptions, type OptionRules } from '../../base/options.js';
import { registry as shared } from '../../registry/default-registry.js';
import type { Registry } from '../../registry/registry.js';
import { ConfigError } from './config-error.js';
import type { ConfigObject } from './config-object.js';
import { type ConfigReport, reportOf } from './config-report.js';
import type { ConfigNode } from './config-tree.js';
import { EffectiveConfig } from './config-values.js';
import { faultsBetween } from './contradictions.js';
import { type Environment, treeOfEnvironment } from './environment.js';
import { treeOf } from './object-source.js';
import { readValues } from './read-values.js';

/** Where a configuration goes, and what goes before it. */
export interface ApplyConfigOptions {
  /** Whose policies and services it is for. @default the shared `registry` */
  registry?: Registry;
  /** Variables that go before it; `{}` for none. @default process.env */
  env?: Environment;
}

/** The rules of the options. */
export const applyRules: OptionRules<ApplyConfigOptions> = {
  registry: having<Registry>('a Registry', ['snapshot', 'topic', 'emit', 'close']),
  env: { takes: 'variables by their names', type: (value) => typeof value === 'object' && value !== null },
};

/**
 * Sets defaults for all policies and services, and options for single ones by their names, whether they are made before
 * or after. What was applied before is replaced as a whole.
 * @throws {ConfigError} with all that is wrong; then nothing has changed
 * @example
 * const { refused } = applyConfig({
 *   preset: 'production',
 *   policies: { 'quotes-api': { circuitBreaker: { failureThreshold: 3 } }, 'Quotes.price': { timeout: { ms: 500 } } },
 * });
 */
export function applyConfig(config: ConfigObject, options: ApplyConfigOptions = {}): ConfigReport {
  const { registry = shared, env = process.env } = checkOptions<ApplyConfigOptions>('applyConfig', applyRules, options);
  let root: ConfigNode;
  try {
    root = treeOf(config);
  } catch (error) {
    throw failed(registry, error);
  }
  return applyTree(root, { registry, env });
}

/** Where a tree comes from, and where it goes. */
export interface ApplyTarget {
  readonly registry: Registry;
  readonly env: Environment;
  /** The file it was read from. */
  readonly file?: string | undefined;
}

/** Checks a whole tree, and applies it; or tells of all that is wrong with it. */
export function applyTree(root: ConfigNode, { registry, env, file }: ApplyTarget): ConfigReport {
  const source = readValues(root);
  const environment = readValues(treeOfEnvironment(env, ['preset']));
  const config = new EffectiveConfig(source.values, environment.values);
  const faults = [...source.faults, ...environment.faults];
  // What is wrong with one option would be told of once more with the whole.
  if (faults.length === 0) faults.push(...faultsBetween(config));
  if (faults.length > 0) throw failed(registry, new ConfigError(faults, file), file);
  const { settings: before } = registry.configuration;
  const refusals = registry.configuration.apply(config);
  const report = reportOf(before instanceof EffectiveConfig ? before : undefined, config, refusals);
  const { changed, refused } = report;
  registry.emit('config:applied', sourceOf(file), { changed, refused });
  return report;
}

/** Tells of a configuration that does not hold, and gives the error. */
export function failed<Fault>(registry: Registry, error: Fault, file?: string): Fault {
  registry.emit('config:failed', sourceOf(file), { error });
  return error;
}

function sourceOf(file: string | undefined): { kind: string; name: string; site: string } {
  const name = file ?? 'config';
  return { kind: 'config', name, site: name };
}
