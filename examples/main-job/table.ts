/** A row: what it tells of, then a cell for each column. */
export type Cells = readonly [string, ...(string | number)[]];

const GAP = '   ';

/** Lines of a table: the first column to the left, the others to the right. */
export function table(head: Cells, rows: readonly Cells[]): string[] {
  const all = [head, ...rows].map((cells) => cells.map(String));
  const widths = (all[0] ?? []).map((_, column) => Math.max(...all.map((cells) => (cells[column] ?? '').length)));
  return all.map((cells) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join(GAP)
      .trimEnd(),
  );
}
