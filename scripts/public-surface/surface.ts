import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** Where the surface is kept, for review to see it change. */
export const SURFACE_FILE = 'test/repository/public-surface.txt';

interface Manifest {
  name: string;
  exports: Readonly<Record<string, { types: string; module: string }>>;
}

/** The subpaths that the package offers, with the source file of each. */
export function entryPoints(manifest: Manifest): { name: string; source: string }[] {
  return Object.entries(manifest.exports).map(([subpath, { module: built }]) => ({
    name: manifest.name + subpath.slice(1),
    source: built.replace(/^\.\/dist\//, 'src/').replace(/\.js$/, '.ts'),
  }));
}

/** All that a user can import, by subpath, a name a line. */
export function publicSurface(): string {
  const points = entryPoints(JSON.parse(readFileSync('package.json', 'utf8')) as Manifest);
  const { options } = ts.getParsedCommandLineOfConfigFile('tsconfig.json', { noEmit: true }, configHost) ?? {};
  const sources = points.map(({ source }) => source);
  const program = ts.createProgram(sources, options ?? {});
  const sections = points.map(({ name, source }) => [`# ${name}`, ...exportsOf(program, source)].join('\n'));
  return `${sections.join('\n\n')}\n`;
}

const configHost: ts.ParseConfigFileHost = {
  ...ts.sys,
  onUnRecoverableConfigFileDiagnostic(diagnostic) {
    throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
  },
};

function exportsOf(program: ts.Program, source: string): string[] {
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(source);
  const symbol = file === undefined ? undefined : checker.getSymbolAtLocation(file);
  if (symbol === undefined) throw new Error(`${source}, which package.json offers, is no module`);
  const lines = checker.getExportsOfModule(symbol).map((exported) => {
    const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
    return `${exported.name}: ${kindOf(isAlias ? checker.getAliasedSymbol(exported) : exported)}`;
  });
  return lines.sort();
}

function kindOf({ flags, name }: ts.Symbol): string {
  if (flags & ts.SymbolFlags.Class) return 'class';
  if (flags & ts.SymbolFlags.Function) return 'function';
  if (flags & ts.SymbolFlags.Variable) return 'const';
  if (flags & ts.SymbolFlags.Interface) return 'interface';
  if (flags & ts.SymbolFlags.TypeAlias) return 'type';
  throw new Error(`${name} is exported, and no kind of thing that this package exports`);
}
