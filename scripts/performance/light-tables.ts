import { markdownTable } from './markdown.js';
import { placeText } from './policies-table.js';
import type { ImportsResult, MemoryResult, SizesResult } from './results.js';
import { grouped } from './svg.js';

/** Each policy alone beside what does its job elsewhere, in kB minified and gzipped. */
export function sizesTable({ whole, alone, peersAlone, peers }: SizesResult): string {
  const policies = Object.entries(peersAlone).map(([name, others]) => [
    `\`${name}\``,
    kilobytes(alone[name] ?? Number.NaN),
    listed(others),
  ]);
  const everything = Object.fromEntries(Object.entries(peers).map(([name, { gzipped }]) => [name, gzipped]));
  return markdownTable(
    ['alone', 'kB', 'others, kB'],
    [...policies, ['everything', kilobytes(whole), listed(everything)]],
  );
}

/** How long each import takes, and what it loads. */
export function importsTable(result: ImportsResult, { loaded, peers }: SizesResult): string {
  const rows = result.imports.map(({ name, ms, low, high }) => {
    const load = name === 'holdfast' ? loaded['holdfast'] : peers[name];
    return [
      name,
      `${ms.toFixed(1)} (${low.toFixed(1)}–${high.toFixed(1)})`,
      load === undefined ? '' : String(load.modules),
      load === undefined ? '' : kilobytes(load.bytes),
    ];
  });
  return `${placeText(result)}\n\n${markdownTable(['import', 'ms (95 %)', 'modules', 'kB of source'], rows)}`;
}

/** What stays in memory for each function that was wrapped and called once. */
export function memoryTable(result: MemoryResult): string {
  const rows = result.kept.map(({ name, bytes, gate, met, others }) => {
    const beside = Object.entries(others).map(([group, theirs]) => `${group} ${grouped(theirs)}`);
    return [name, grouped(bytes), `${gate} ${met ? '✓' : '✗'}`, beside.join(', ')];
  });
  return `${placeText(result)}\n\n${markdownTable(['kept', 'bytes', 'gate', 'others'], rows)}`;
}

function listed(weights: Record<string, number>): string {
  const sorted = Object.entries(weights).sort(([, one], [, other]) => one - other);
  return sorted.map(([name, bytes]) => `${name} ${kilobytes(bytes)}`).join(', ');
}

function kilobytes(bytes: number): string {
  return (bytes / 1_000).toFixed(1);
}
