import ts from 'typescript';
import { type SourceFile, visit } from './source-tree.js';

/** In `src/policies`, yet no policies: data that `resilient` reads. */
const NOT_POLICIES = new Set(['presets']);

/** Policies that stand on a package which not everybody has, each in the edge of its name. */
const EDGE_POLICIES = new Set(['throttle']);

/** The stems of the policies: each file of `src/policies` but the parts of another, such as `fallback-types.ts`. */
export function policyStems(paths: readonly string[]): string[] {
  const stems = paths.flatMap((path) => /^src\/policies\/([^/]+)\.ts$/.exec(path)?.[1] ?? []);
  const isPart = (stem: string): boolean => stems.some((other) => stem.startsWith(`${other}-`));
  return stems.filter((stem) => !NOT_POLICIES.has(stem) && !isPart(stem));
}

/** Each test, docs page or example that a policy lacks. */
export function missingCompanions(paths: readonly string[]): string[] {
  const all = new Set(paths);
  const inCore = policyStems(paths).map((stem) => ({ stem, path: `policies/${stem}` }));
  const inEdges = [...EDGE_POLICIES].map((stem) => ({ stem, path: `edges/${stem}/${stem}` }));
  return [...inCore, ...inEdges.filter(({ path }) => all.has(`src/${path}.ts`))].flatMap(({ stem, path: own }) =>
    [`test/${own}.test.ts`, `docs/policies/${stem}.md`, `examples/${stem}.ts`]
      .filter((path) => !all.has(path))
      .map((path) => `${path} is missing beside src/${own}.ts`),
  );
}

/** The members of the union of strings that a file declares under a name. */
export function unionMembers(file: SourceFile, name: string): string[] {
  const members: string[] = [];
  visit(file.syntax, (node) => {
    if (!ts.isTypeAliasDeclaration(node) || node.name.text !== name) return;
    visit(node.type, (part) => {
      if (ts.isStringLiteral(part)) members.push(part.text);
    });
  });
  return members;
}

/** Each code that the page does not list, and each that it lists and nothing raises. */
export function unlistedCodes(codes: readonly string[], page: string): string[] {
  const listed = new Set(page.match(/(?<=^\| `)ERR_[A-Z_]+(?=`)/gm));
  const unlisted = codes.filter((code) => !listed.has(code)).map((code) => `${code} is not listed`);
  const unknown = [...listed].filter((code) => !codes.includes(code)).map((code) => `${code} is listed, yet unknown`);
  return [...unlisted, ...unknown];
}
