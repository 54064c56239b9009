/**
 * Measures what users ship: the whole root import, each export alone and each other entry without its optional peers,
 * bundled, minified and gzipped, beside the peers in `bench/node_modules`. Fails above the budgets in `size-budget.json`,
 * which `npm run size -- --write` sets anew, a tenth above what was measured. After `npm run build`.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const PEERS = ['cockatiel', 'opossum'];

const budgetFile = new URL('size-budget.json', import.meta.url);
const budget = JSON.parse(readFileSync(budgetFile, 'utf8'));
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const notBundled = [...Object.keys(manifest.peerDependencies), 'node:*'];
const names = Object.keys(await import('holdfast')).sort();

const whole = await gzipped("export * from 'holdfast';");
const alone = {};
for (const name of names) alone[name] = await gzipped(`export { ${name} } from 'holdfast';`);
const edges = {};
for (const subpath of Object.keys(manifest.exports).filter((path) => path !== '.')) {
  const entry = subpath.replace('.', 'holdfast');
  edges[entry] = await gzipped(`export * from '${entry}';`);
}

if (process.argv.includes('--write')) write();
else compare();

function write() {
  const budgets = (sizes) => Object.fromEntries(Object.entries(sizes).map(([name, bytes]) => [name, room(bytes)]));
  const next = { whole: room(whole), alone: budgets(alone), edges: budgets(edges) };
  writeFileSync(budgetFile, `${JSON.stringify(next, undefined, 2)}\n`);
}

function room(bytes) {
  return Math.ceil((bytes * 1.1) / 100) * 100;
}

async function compare() {
  let isOver = row('holdfast, whole', whole, budget.whole);
  for (const [name, bytes] of Object.entries(alone)) isOver = row(`  ${name}`, bytes, budget.alone[name]) || isOver;
  for (const [entry, bytes] of Object.entries(edges)) isOver = row(entry, bytes, budget.edges[entry]) || isOver;
  for (const peer of PEERS.filter((name) => existsSync(`bench/node_modules/${name}`))) {
    process.stdout.write(`${line(peer, await gzipped(`export * from '${peer}';`, 'bench'))}\n`);
  }
  process.exitCode = isOver ? 1 : 0;
}

/** Prints a row; says whether it is over its budget, or has none. */
function row(name, bytes, most) {
  const isOver = most === undefined || bytes > most;
  const verdict =
    most === undefined
      ? 'has no budget: npm run size -- --write'
      : `of ${kilobytes(most)}${isOver ? '  too large' : ''}`;
  process.stdout.write(`${line(name, bytes)}  ${verdict}\n`);
  return isOver;
}

function line(name, bytes) {
  return `${name.padEnd(26)} ${kilobytes(bytes).padStart(9)}`;
}

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
    external: notBundled,
    logLevel: 'error',
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}

function kilobytes(bytes) {
  return `${(bytes / 1_000).toFixed(2)} kB`;
}
