import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { curvesTable, measureCurves } from './curves.mjs';
import { httpTable, measureHttp } from './http.mjs';
import { importsTable, measureImports } from './imports.mjs';
import { measureMemory, memoryTable } from './memory.mjs';
import { UsageError } from './options.mjs';
import { measurePolicies, table as policiesTable } from './policies.mjs';
import { measureSoak, soakTable } from './soak.mjs';

const ofEach = ['json', 'dist', 'node'];

/** What can be measured: each part gives a result, and a table of it for the terminal; `takes` are the options it reads. */
export const parts = {
  policies: {
    about: 'every policy beside its peers, and random stacks',
    takes: ['quick', 'case', 'group', 'processes', 'rounds', 'seed', ...ofEach],
    measure: measurePolicies,
    table: policiesTable,
  },
  curves: {
    about: 'how cost grows with what is held; a case is a curve',
    takes: ['quick', 'case', 'processes', 'rounds', ...ofEach],
    measure: measureCurves,
    table: curvesTable,
  },
  http: {
    about: 'a server under load, bare and protected',
    takes: ['quick', ...ofEach],
    measure: measureHttp,
    table: httpTable,
  },
  imports: {
    about: 'import times in fresh processes',
    takes: ['quick', 'rounds', ...ofEach],
    measure: measureImports,
    table: importsTable,
  },
  memory: {
    about: 'bytes kept for each wrapped function',
    takes: ofEach,
    measure: measureMemory,
    table: memoryTable,
  },
  soak: {
    about: 'fifty million calls with faults in one process',
    takes: ['quick', 'calls', ...ofEach],
    measure: measureSoak,
    table: soakTable,
  },
  all: {
    about: 'each of them, policies on Node 20, 22 and 24, into bench/results',
    takes: ['dist', 'node'],
    measure: measureAll,
  },
};

const folder = 'bench/results';
const majors = ['20', '22', '24'];

/** Everything, into the result files that docs/performance.md is made from. */
async function measureAll(options, tell, save) {
  for (const major of majors) {
    const node = binaryOf(major);
    await intoFolder(`policies-${major}`, parts.policies, { ...options, node, version: versionOf(node) });
  }
  const { policies: _done, all: _itself, ...others } = parts;
  for (const [name, part] of Object.entries(others)) await intoFolder(name, part, options);
  execFileSync(options.node, ['scripts/size.mjs', '--json', `${folder}/sizes.json`]);

  async function intoFolder(name, { measure, table }, own) {
    const result = await measure(own, tell);
    process.stdout.write(table(result));
    save(`${folder}/${name}.json`, result);
  }
}

/** A Node binary by its path, or by its major version, as the test matrix installs it. */
export function binaryOf(node) {
  if (!/^\d+$/.test(node)) return node;
  const path = fileURLToPath(new URL(`../scripts/node-matrix/node_modules/node-${node}/bin/node`, import.meta.url));
  if (existsSync(path)) return path;
  const known = majors.includes(node) ? 'npm ci --prefix scripts/node-matrix' : `it is one of ${majors.join(', ')}`;
  throw new UsageError(`Node ${node} is not installed: ${known}`);
}

/** The version of a Node binary. */
export function versionOf(node) {
  try {
    return execFileSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim();
  } catch (error) {
    throw new UsageError(`--node takes ${majors.join(', ')} or the path of a binary; got ${node}`, { cause: error });
  }
}
