/**
 * npm run bench [-- PART] [--quick] [--json FILE] [--dist DIRECTORY] [--node BINARY | 20 | 22 | 24]
 *
 * Parts: policies (what runs without a name), curves, http, imports, memory, soak; `all` runs each and writes bench/results.
 * policies: [--case NAME]… [--group NAME]… [--processes N] [--rounds N] [--seed N]
 * See docs/performance.md.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { matrixBinary, parts, runAllParts, versionOf } from './parts.mjs';

const begin = performance.now();
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    case: { type: 'string', multiple: true, default: [] },
    group: { type: 'string', multiple: true, default: [] },
    dist: { type: 'string', default: 'dist/node' },
    node: { type: 'string', default: process.execPath },
    processes: { type: 'string' },
    rounds: { type: 'string' },
    calls: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
const [part = 'policies', ...rest] = positionals;
if (rest.length > 0 || (part !== 'all' && !(part in parts))) {
  throw new RangeError(`npm run bench takes one part of ${[...Object.keys(parts), 'all'].join(', ')}`);
}
const node = /^\d+$/.test(values.node) ? matrixBinary(values.node) : values.node;
const dist = pathToFileURL(`${resolve(values.dist)}/`).href;
const options = { ...values, dist, node, version: versionOf(node) };
if (!existsSync(new URL('index.js', options.dist)))
  throw new Error(`there is no build in ${values.dist}: npm run build`);

if (part === 'all') await runAllParts(options, { tell, save });
else {
  const result = await parts[part].measure(options, tell);
  process.stdout.write(parts[part].table(result));
  if (options.json !== undefined) save(options.json, result);
}

function save(file, result) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(result, undefined, 2)}\n`);
  tell(`written: ${file}`);
}

function tell(line) {
  const seconds = Math.round((performance.now() - begin) / 1_000);
  process.stderr.write(`${String(seconds).padStart(5)} s  ${line}\n`);
}
