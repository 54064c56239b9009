/** Runs the tests on the other Node versions: `npm run matrix`. Their binaries come as npm packages. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const folder = import.meta.dirname;
const majors = ['20', '22', '24'].filter((major) => !process.version.startsWith(`v${major}.`));

const isInstalled = majors.every((major) => existsSync(binFolder(major)));
if (!isInstalled && run('npm', ['ci', '--no-audit', '--no-fund'], folder) !== 0) process.exit(1);
// All of them, whatever the first says: what fails on one alone is what the matrix is for.
for (const major of majors) {
  process.stdout.write(`\nNode ${major}\n`);
  const env = { ...process.env, PATH: binFolder(major) + delimiter + process.env.PATH };
  if (run(join(binFolder(major), 'node'), ['node_modules/vitest/vitest.mjs', 'run'], '.', env) !== 0)
    process.exitCode = 1;
}

function binFolder(major) {
  return join(folder, 'node_modules', `node-${major}`, 'bin');
}

function run(command, args, cwd, env = process.env) {
  const { status, error } = spawnSync(command, args, { cwd, env, stdio: 'inherit' });
  if (error !== undefined) throw error;
  return status;
}
