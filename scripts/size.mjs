/**
 * Measures what users ship and what an import loads, beside the peers in `bench/node_modules`: the whole root import and
 * each export alone, bundled, minified and gzipped; for each subpath the modules and bytes that are loaded. Fails above
 * the budgets in `size-budget.json`, which `npm run size -- --write` sets anew, a tenth above what was measured.
 * `--json FILE` writes the figures. After `npm run build`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { gzippedBytes, loadedBy } from './sizes/bundle.mjs';
import { installedPeers, peersOf, wholePeer } from './sizes/peers.mjs';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const budgetFile = new URL('size-budget.json', import.meta.url);
const budget = JSON.parse(readFileSync(budgetFile, 'utf8'));

const measured = { whole: await gzippedBytes("export * from 'holdfast';", '.'), alone: {}, loaded: {} };
for (const name of Object.keys(await import('holdfast')).sort()) {
  measured.alone[name] = await gzippedBytes(`export { ${name} } from 'holdfast';`, '.');
}
for (const subpath of Object.keys(manifest.exports)) {
  const entry = subpath.replace('.', 'holdfast');
  measured.loaded[entry] = await loadedBy(entry, '.', Object.keys(manifest.peerDependencies));
}

const [flag, file] = process.argv.slice(2);
if (flag === '--write') write(budgetFile, budgetsOf(measured));
else if (flag === '--json') write(file, { ...measured, ...(await besidePeers()) });
else await compare();

function write(path, content) {
  writeFileSync(path, `${JSON.stringify(content, undefined, 2)}\n`);
}

function budgetsOf({ whole, alone, loaded }) {
  const rooms = (sizes) => Object.fromEntries(Object.entries(sizes).map(([name, size]) => [name, room(size)]));
  const loads = Object.entries(loaded).map(([entry, { modules, bytes }]) => [
    entry,
    { modules: Math.ceil(modules * 1.1), bytes: room(bytes) },
  ]);
  return { whole: room(whole), alone: rooms(alone), loaded: Object.fromEntries(loads) };
}

function room(bytes) {
  return Math.ceil((bytes * 1.1) / 100) * 100;
}

async function besidePeers() {
  const entries = await Promise.all(Object.keys(measured.alone).map(async (name) => [name, await peersOf(name)]));
  const peers = await Promise.all(installedPeers().map(async (name) => [name, await wholePeer(name)]));
  return {
    peersAlone: Object.fromEntries(entries.filter(([, found]) => Object.keys(found).length > 0)),
    peers: Object.fromEntries(peers),
  };
}

async function compare() {
  const { peersAlone, peers } = await besidePeers();
  const over = [row('holdfast, whole', measured.whole, budget.whole)];
  for (const [name, bytes] of Object.entries(measured.alone)) {
    over.push(row(`  ${name}`, bytes, budget.alone[name], peersAlone[name]));
  }
  for (const [entry, { modules, bytes }] of Object.entries(measured.loaded)) {
    const most = budget.loaded?.[entry];
    over.push(row(`${entry} loads`, bytes, most?.bytes), countRow(modules, most?.modules));
  }
  for (const [name, { gzipped, modules, bytes }] of Object.entries(peers)) {
    process.stdout.write(`${line(name, gzipped)}  loads ${kilobytes(bytes)} in ${modules} modules\n`);
  }
  process.exitCode = over.includes('over') ? 1 : 0;
}

/** Prints a row; says whether it is over its budget, or has none. */
function row(name, bytes, most, peers = {}) {
  const others = Object.entries(peers).map(([peer, weight]) => `${peer} ${(weight / 1_000).toFixed(1)}`);
  const beside = others.length === 0 ? '' : `  (${others.join(', ')})`;
  process.stdout.write(`${line(name, bytes)}  ${verdict(bytes, most, kilobytes)}${beside}\n`);
  return most === undefined || bytes > most ? 'over' : 'within';
}

function countRow(modules, most) {
  process.stdout.write(`${''.padEnd(26)} ${`${modules} files`.padStart(9)}  ${verdict(modules, most, String)}\n`);
  return most === undefined || modules > most ? 'over' : 'within';
}

function verdict(value, most, told) {
  if (most === undefined) return 'has no budget: npm run size -- --write';
  return `of ${told(most)}${value > most ? '  too large' : ''}`;
}

function line(name, bytes) {
  return `${name.padEnd(26)} ${kilobytes(bytes).padStart(9)}`;
}

function kilobytes(bytes) {
  return `${(bytes / 1_000).toFixed(2)} kB`;
}
