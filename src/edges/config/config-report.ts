import type { ConfigurationRefusal } from '../../registry/configuration.js';
import { sameOptions } from '../../registry/same-options.js';
import { type EffectiveConfig, pathOf } from './config-values.js';
import { sectionOf } from './vocabulary.js';

/** A setting that is another one than before; `undefined` where it is or was not set. */
export interface ConfigChange {
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** Settings that a part could not take while it runs. */
export interface ConfigRefusal {
  /** The setting, or what it stands under. */
  readonly path: string;
  /** Which part, and why; it goes on as it was. */
  readonly reason: string;
}

/** What has come of a configuration that was applied. */
export interface ConfigReport {
  /** Settings that are other ones than before, but for those that were refused. */
  readonly changed: readonly ConfigChange[];
  /** The paths of settings that are the same as before. */
  readonly unchanged: readonly string[];
  /** What could not be taken. */
  readonly refused: readonly ConfigRefusal[];
  /** Paths below `policies` of which no policy or service has the name and kind, so far. */
  readonly unused: readonly string[];
}

/** Compares a configuration with the one before, if there was one. */
export function reportOf(
  before: EffectiveConfig | undefined,
  after: EffectiveConfig,
  refusals: readonly ConfigurationRefusal[],
): ConfigReport {
  const [left, right] = [before?.flat() ?? [], after.flat()].map((flat) => new Map<string, unknown>(flat)) as [
    Map<string, unknown>,
    Map<string, unknown>,
  ];
  const paths = [...new Set([...left.keys(), ...right.keys()])].sort();
  const isSame = (path: string) => left.has(path) === right.has(path) && sameOptions(left.get(path), right.get(path));
  const refused = told(refusals.flatMap((refusal) => refusalsOf(refusal, paths)));
  const isRefused = (path: string) =>
    refused.some((refusal) => refusal.path === path || path.startsWith(`${refusal.path}.`));
  return {
    changed: paths
      .filter((path) => !isSame(path) && !isRefused(path))
      .map((path) => ({ path, from: left.get(path), to: right.get(path) })),
    unchanged: paths.filter((path) => isSame(path) && !isRefused(path)),
    refused,
    unused: after.unused(),
  };
}

/** The settings that a refusal is about; the place where they stand, where no single ones are to blame. */
function refusalsOf({ kind, name, options, reason }: ConfigurationRefusal, paths: readonly string[]): ConfigRefusal[] {
  const own = pathOf(name, kind);
  const bases = [own, sectionOf(kind)].filter((base) => base !== undefined);
  const reasonTold = `${kind} '${name}': ${reason}`;
  const blamed = options.map((option) => bases.map((base) => `${base}.${option}`).find((path) => paths.includes(path)));
  const known = blamed.filter((path) => path !== undefined);
  if (known.length > 0) return known.map((path) => ({ path, reason: reasonTold }));
  const base = bases.find((candidate) => paths.some((path) => path === candidate || path.startsWith(`${candidate}.`)));
  return [{ path: base ?? own, reason: reasonTold }];
}

/** Several that share a name refuse the same, each for itself: it is told once. */
function told(refusals: readonly ConfigRefusal[]): ConfigRefusal[] {
  return [...new Map(refusals.map((refusal) => [`${refusal.path}\0${refusal.reason}`, refusal])).values()];
}
