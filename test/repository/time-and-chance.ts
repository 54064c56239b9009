import ts from 'typescript';
import { placeOf, type SourceFile, visit } from './source-tree.js';

/** Where time and chance come from; all others are handed a clock and a random. */
const HOMES = new Set(['src/base/clock.ts', 'src/base/random.ts']);

const FUNCTIONS = new Set(['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval']);
const MEMBERS = new Set(['Date.now', 'Math.random', 'performance.now', 'crypto.randomUUID', 'crypto.getRandomValues']);

/** Each use of a global clock, timer or die outside their homes and the edges. */
export function strayTimeAndChance(files: readonly SourceFile[]): string[] {
  const inside = files.filter(({ path }) => !HOMES.has(path) && !path.startsWith('src/edges/'));
  return inside.flatMap((file) => {
    const found: string[] = [];
    visit(file.syntax, (node) => {
      const use = useOf(node);
      if (use !== undefined) found.push(`${placeOf(file, node)} uses ${use}: take a clock or a random`);
    });
    return found;
  });
}

function useOf(node: ts.Node): string | undefined {
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && (node.arguments?.length ?? 0) === 0) {
    return 'new Date()';
  }
  if (ts.isPropertyAccessExpression(node)) {
    const text = node
      .getText()
      .replace(/\?\./, '.')
      .replace(/^(globalThis|self|window)\./, '');
    return MEMBERS.has(text) || (FUNCTIONS.has(text) && text !== node.getText()) ? text : undefined;
  }
  return ts.isIdentifier(node) && FUNCTIONS.has(node.text) && isGlobalName(node) ? node.text : undefined;
}

/** Whether a name is read as a variable: not as a member, a key, or the name of what is declared. */
function isGlobalName(name: ts.Identifier): boolean {
  const { parent } = name;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === name;
  if (ts.isQualifiedName(parent) || ts.isTypeQueryNode(parent)) return false;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  return (parent as { name?: ts.Node }).name !== name && (parent as { propertyName?: ts.Node }).propertyName !== name;
}
