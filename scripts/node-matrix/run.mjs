/** Runs the tests on the other Node versions: `npm run matrix`. Their binaries come as npm packages. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const folder = import.meta.dirname;
const majors = ['20', '22', '24'].filter((major) => !process.version.startsWith(`v${major}.`));

if (!majors.every((major) => existsSync(binFolder(major)))) run('npm', ['ci', '--no-audit', '--no-fund'], folder);
for (const major of majors) {
  const env = { ...process.env, PATH: binFolder(major) + delimiter + process.env.PATH };
  process.stdout.write(`\nNode ${major}\n`);
  run(join(binFolder(major), 'node'), ['node_modules/vitest/vitest.mjs', 'run'], '.', env);
}

function binFolder(major) {
  return join(folder, 'node_modules', `node-${major}`, 'bin');
}

function run(command, args, cwd, env = process.env) {
  const { status, error } = spawnSync(command, args, { cwd, env, stdio: 'inherit' });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
