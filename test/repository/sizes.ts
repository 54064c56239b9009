import ts from 'typescript';
import { placeOf, type SourceFile, visit } from './source-tree.js';

/** More lines mean that a second noun wants a file of its own. */
const FILE_LINES = 300;
/** More lines mean that the steps want names. */
const FUNCTION_LINES = 60;

/** Each file and each function that is too long. */
export function tooLong(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => [...longFile(file), ...longFunctions(file)]);
}

function longFile({ path, syntax }: SourceFile): string[] {
  const lines = syntax.text.split('\n').length - 1;
  return lines > FILE_LINES ? [`${path} has ${lines} lines; ${FILE_LINES} is the most`] : [];
}

function longFunctions(file: SourceFile): string[] {
  const found: string[] = [];
  visit(file.syntax, (node) => {
    if (!ts.isFunctionLike(node)) return;
    const lineAt = (position: number): number => file.syntax.getLineAndCharacterOfPosition(position).line;
    const lines = lineAt(node.end) - lineAt(node.getStart(file.syntax)) + 1;
    if (lines > FUNCTION_LINES)
      found.push(`${placeOf(file, node)} a function of ${lines} lines; ${FUNCTION_LINES} is the most`);
  });
  return found;
}
