import type { SourceFile } from './source-tree.js';

/** Imports go from the right to the left: base ← rooms ← registry ← engine ← policies ← mixins ← index ← edges. */
const LAYERS = ['base', 'room', 'registry', 'engine', 'policies', 'mixins', 'index', 'edges'] as const;
type Layer = (typeof LAYERS)[number];

const ROOMS = new Set([
  'breaker',
  'cache',
  'retry',
  'limits',
  'dead-letter',
  'metrics',
  'batch',
  'pool',
  'buffer',
  'chaos',
  'health',
]);

/** What a file outside the edges may import from elsewhere. */
const PACKAGES = new Set(['eventemitter3', 'lru-cache']);

/** Each import that runs against the direction, with the file it stands in. */
export function wrongArrows(files: readonly SourceFile[]): string[] {
  const findings: string[] = [];
  for (const { path, imports } of files) {
    if (layerOf(path) === undefined) findings.push(`${path} stands in no room that the design knows`);
    for (const { target } of imports) {
      const wrong = target === undefined ? undefined : wrongArrow(path, target);
      if (wrong !== undefined) findings.push(`${path} imports ${target}: ${wrong}`);
    }
  }
  return findings;
}

/** Each import of a `node:` module, or of a package that the core does not stand on, outside the edges. */
export function foreignImports(files: readonly SourceFile[]): string[] {
  const inside = files.filter(({ path }) => layerOf(path) !== 'edges');
  return inside.flatMap(({ path, imports }) =>
    imports
      .filter(({ target, specifier }) => target === undefined && !PACKAGES.has(specifier))
      .map(({ specifier }) => `${path} imports ${specifier}: only the edges may`),
  );
}

/** Each group of files that import each other in a ring, types included, as the way round. */
export function cycles(files: readonly SourceFile[]): string[] {
  const targets = new Map(files.map(({ path, imports }) => [path, imports.map(({ target }) => target)]));
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (path: string, way: readonly string[]): void => {
    const seenAt = way.indexOf(path);
    if (seenAt !== -1) found.push([...way.slice(seenAt), path].join(' → '));
    if (seenAt !== -1 || done.has(path)) return;
    for (const target of targets.get(path) ?? []) if (target !== undefined) walk(target, [...way, path]);
    done.add(path);
  };
  for (const path of targets.keys()) walk(path, []);
  return found;
}

function wrongArrow(from: string, to: string): string | undefined {
  if (to === 'src/index.ts') return 'nothing inside imports the public face';
  if (!to.startsWith('src/')) return 'it stands outside src';
  const [fromLayer, toLayer] = [layerOf(from), layerOf(to)];
  if (fromLayer === undefined || toLayer === undefined) return undefined;
  if (fromLayer === 'index' && toLayer === 'edges') return 'the root import carries no edge';
  if (LAYERS.indexOf(toLayer) > LAYERS.indexOf(fromLayer)) return `${fromLayer} stands below ${toLayer}`;
  if (fromLayer === 'room' && toLayer === 'room' && folderOf(from) !== folderOf(to)) return 'rooms keep apart';
  if (fromLayer === 'policies' && toLayer === 'policies') return policyArrow(from, to);
  return undefined;
}

function policyArrow(from: string, to: string): string | undefined {
  const stem = stemOf(from);
  const isOwnPart = stemOf(to).startsWith(`${stem}-`) || stem.startsWith(`${stemOf(to)}-`);
  const knowsAll = stem === 'resilient' || stem.startsWith('resilient-');
  return isOwnPart || knowsAll ? undefined : 'policies do not know each other; resilient alone does';
}

function layerOf(path: string): Layer | undefined {
  if (path === 'src/index.ts') return 'index';
  const folder = folderOf(path);
  if (ROOMS.has(folder)) return 'room';
  return LAYERS.find((layer) => layer === folder && layer !== 'room' && layer !== 'index');
}

function folderOf(path: string): string {
  return path.split('/')[1] ?? '';
}

function stemOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.ts$/, '');
}
