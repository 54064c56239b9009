/**
 * Tries the built package from outside: packs it, installs it into an empty folder, and uses it there from plain
 * JavaScript and from TypeScript with either kind of decorators. `npm run outside`, after `npm run build`.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const compiler = resolve('node_modules/typescript/bin/tsc');
const outside = mkdtempSync(join(tmpdir(), 'holdfast-outside-'));

try {
  // What was built is packed: `prepack` would build it once more.
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', outside];
  const [{ filename, files }] = JSON.parse(run('npm', pack, '.'));
  refuse(
    files,
    (path) => !/^(dist\/.*\.(js|d\.ts|js\.map)|package\.json|README\.md|CHANGELOG\.md|LICENSE)$/.test(path),
  );
  writeFileSync(join(outside, 'package.json'), '{ "private": true, "type": "module" }\n');
  run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', `./${filename}`], outside);

  consume('javascript', 'main.mjs');
  run('npx', ['--no-install', 'holdfast', 'doctor', 'javascript/main.mjs'], outside);
  process.stdout.write('✓ holdfast doctor\n');
  for (const consumer of ['tc39', 'legacy']) {
    cpSync(`test/package/${consumer}`, join(outside, consumer), { recursive: true });
    run(process.execPath, [compiler, '-p', '.'], join(outside, consumer));
    consume(consumer, 'out/main.js');
  }
} catch (error) {
  process.stderr.write(`${error.stdout ?? ''}${error.stderr ?? ''}\n`);
  throw error;
} finally {
  rmSync(outside, { recursive: true, force: true });
}

function consume(consumer, file) {
  const folder = join(outside, consumer);
  cpSync(`test/package/${consumer}`, folder, { recursive: true });
  const printed = run(process.execPath, [file], folder).trim();
  if (printed !== 'ok') throw new Error(`${consumer} prints ${JSON.stringify(printed)}, not ok`);
  process.stdout.write(`✓ ${consumer}\n`);
}

function refuse(files, isForeign) {
  const foreign = files.map(({ path }) => path).filter(isForeign);
  if (foreign.length > 0) throw new Error(`the package holds what it should not: ${foreign.join(', ')}`);
}

function run(command, args, cwd) {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
