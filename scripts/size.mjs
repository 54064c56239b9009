/**
 * Measures what users ship: the whole root import and each export alone, bundled, minified and gzipped, beside the
 * peers in `bench/node_modules`. Fails above the budgets in `size-budget.json`. `npm run size`, after `npm run build`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const PEERS = ['cockatiel', 'opossum'];

const budget = JSON.parse(readFileSync(new URL('size-budget.json', import.meta.url), 'utf8'));
const names = Object.keys(await import('holdfast')).sort();

const rows = [['holdfast, whole', await gzipped("export * from 'holdfast';"), budget.whole]];
for (const name of names) {
  const bytes = await gzipped(`export { ${name} } from 'holdfast';`);
  rows.push([`  ${name}`, bytes, budget.alone[name] ?? budget.alone.default]);
}
for (const peer of PEERS) {
  if (existsSync(`bench/node_modules/${peer}`)) rows.push([peer, await gzipped(`export * from '${peer}';`, 'bench')]);
}

const over = rows.filter(([, bytes, most]) => most !== undefined && bytes > most);
for (const [name, bytes, most] of rows) {
  const limit = most === undefined ? '' : `of ${kilobytes(most)}${bytes > most ? '  too large' : ''}`;
  process.stdout.write(`${name.padEnd(26)} ${kilobytes(bytes).padStart(9)}  ${limit}\n`);
}
process.exitCode = over.length === 0 ? 0 : 1;

/** Bytes of a module after bundling for a browser (Node's own modules left out), minifying and gzip. */
async function gzipped(contents, resolveDir = '.') {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: resolveDir === '.' ? 'neutral' : 'node',
    mainFields: ['module', 'main'],
    target: 'es2022',
    logLevel: 'error',
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}

function kilobytes(bytes) {
  return `${(bytes / 1_000).toFixed(2)} kB`;
}
