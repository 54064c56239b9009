import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { curvesTable, measureCurves } from './curves.mjs';
import { httpTable, measureHttp } from './http.mjs';
import { importsTable, measureImports } from './imports.mjs';
import { measureMemory, memoryTable } from './memory.mjs';
import { measurePolicies, table as policiesTable } from './policies.mjs';
import { measureSoak, soakTable } from './soak.mjs';

/** What can be measured: each part gives a result, and a table of it for the terminal. */
export const parts = {
  policies: { measure: measurePolicies, table: policiesTable },
  curves: { measure: measureCurves, table: curvesTable },
  http: { measure: measureHttp, table: httpTable },
  imports: { measure: measureImports, table: importsTable },
  memory: { measure: measureMemory, table: memoryTable },
  soak: { measure: measureSoak, table: soakTable },
};

const folder = 'bench/results';
const majors = ['20', '22', '24'];

/** The Node binary of a major version, as the test matrix installs it. */
export function matrixBinary(major) {
  const path = fileURLToPath(new URL(`../scripts/node-matrix/node_modules/node-${major}/bin/node`, import.meta.url));
  if (existsSync(path)) return path;
  throw new Error(`Node ${major} is not installed: npm ci --prefix scripts/node-matrix`);
}

/** Everything, into the result files that docs/performance.md is made from. */
export async function runAllParts(options, { tell, save }) {
  for (const major of majors) {
    const node = matrixBinary(major);
    const result = await measurePolicies({ ...options, node, version: versionOf(node) }, tell);
    process.stdout.write(policiesTable(result));
    save(`${folder}/policies-${major}.json`, result);
  }
  for (const [name, { measure, table }] of Object.entries(parts)) {
    if (name === 'policies') continue;
    const result = await measure(options, tell);
    process.stdout.write(table(result));
    save(`${folder}/${name}.json`, result);
  }
  execFileSync(options.node, ['scripts/size.mjs', '--json', `${folder}/sizes.json`]);
}

/** The version of a Node binary. */
export function versionOf(node) {
  return execFileSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim();
}
