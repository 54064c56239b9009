/** npm run bench: measures one part, or all; `npm run bench -- --help` tells which there are, and their options. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readOptions, tellMistakes, UsageError, usage } from './options.mjs';
import { binaryOf, parts, versionOf } from './parts.mjs';

const begin = performance.now();

await tellMistakes(() => run(process.argv.slice(2)));

async function run(words) {
  const { part, options } = readOptions(words, parts);
  if (options.help) return process.stdout.write(usage(parts));
  const { measure, table } = parts[part];
  const result = await measure(prepared(options), tell, save);
  if (result === undefined) return;
  process.stdout.write(table(result));
  if (options.json !== undefined) save(options.json, result);
}

/** With the build as an address, and the binary with its version. */
function prepared(options) {
  const dist = pathToFileURL(`${resolve(options.dist)}/`).href;
  if (!existsSync(new URL('index.js', dist)))
    throw new UsageError(`there is no build in ${options.dist}: npm run build`);
  const node = binaryOf(options.node);
  return { ...options, dist, node, version: versionOf(node) };
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
