import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path/posix';
import ts from 'typescript';

/** An import, a re-export, an `import()` or an `import('…')` type, of values or of types alone. */
export interface Import {
  specifier: string;
  /** The file that a relative specifier means, from the root of the tree; undefined for a package. */
  target: string | undefined;
}

/** A file of the tree, parsed. */
export interface SourceFile {
  /** From the root of the repository, such as `src/base/clock.ts`. */
  path: string;
  syntax: ts.SourceFile;
  imports: readonly Import[];
}

/** Parses files given as texts by path, so that a check can be tried on what the tree does not hold. */
export function sourceTree(files: Readonly<Record<string, string>>): SourceFile[] {
  return Object.entries(files).map(([path, text]) => {
    const syntax = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    return { path, syntax, imports: importsOf(path, syntax) };
  });
}

/** Reads the TypeScript files of a folder, from the root of the repository. */
export function readTree(folder: string): SourceFile[] {
  const paths = filesOf(folder).filter((path) => path.endsWith('.ts'));
  return sourceTree(Object.fromEntries(paths.map((path) => [path, readFileSync(path, 'utf8')])));
}

/** All files under a folder but installed ones, sorted; none where there is no such folder. */
export function filesOf(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(relative('.', entry.parentPath), entry.name));
  return paths.filter((path) => !path.includes('node_modules/')).sort();
}

/** Visits a node and all that is under it. */
export function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  ts.forEachChild(node, (child) => visit(child, look));
}

/** `path:line`, to be printed before a finding. */
export function placeOf(file: SourceFile, node: ts.Node): string {
  const { line } = file.syntax.getLineAndCharacterOfPosition(node.getStart(file.syntax));
  return `${file.path}:${line + 1}`;
}

function importsOf(path: string, syntax: ts.SourceFile): Import[] {
  const found: Import[] = [];
  visit(syntax, (node) => {
    const specifier = specifierOf(node);
    if (specifier === undefined) return;
    const isRelative = specifier.startsWith('.');
    const target = isRelative ? join(dirname(path), specifier).replace(/\.js$/, '.ts') : undefined;
    found.push({ specifier, target });
  });
  return found;
}

function specifierOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return literalOf(node.moduleSpecifier);
  if (ts.isImportTypeNode(node))
    return ts.isLiteralTypeNode(node.argument) ? literalOf(node.argument.literal) : undefined;
  if (ts.isExternalModuleReference(node)) return literalOf(node.expression);
  if (!ts.isCallExpression(node)) return undefined;
  const loads = node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === 'require';
  return loads ? literalOf(node.arguments[0]) : undefined;
}

function literalOf(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;
}
