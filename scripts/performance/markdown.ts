import { grouped } from './svg.js';

/** A Markdown table. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return `${line(head)}|${'---|'.repeat(head.length)}\n${rows.map(line).join('')}`;
}

/** A ratio as it is told: what is beyond a thousand has no decimals. */
export function ratioText(ratio: number, decimals = ratio < 10 ? 2 : 1): string {
  return ratio >= 1_000 ? grouped(Math.round(ratio)) : ratio.toFixed(decimals);
}
