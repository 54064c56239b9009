import { curvesTable, measureCurves } from './curves.mjs';
import { httpTable, measureHttp } from './http.mjs';
import { importsTable, measureImports } from './imports.mjs';
import { measurePolicies, table as policiesTable } from './policies.mjs';
import { measureSoak, soakTable } from './soak.mjs';

/** What can be measured: each part gives a result, and a table of it for the terminal. */
export const parts = {
  policies: { measure: measurePolicies, table: policiesTable },
  curves: { measure: measureCurves, table: curvesTable },
  http: { measure: measureHttp, table: httpTable },
  imports: { measure: measureImports, table: importsTable },
  soak: { measure: measureSoak, table: soakTable },
};

/** The Node binary of a major version, as the test matrix installs it. */
export function matrixBinary(major) {
  return new URL(`../scripts/node-matrix/node_modules/node-${major}/bin/node`, import.meta.url).pathname;
}
export async function runAllParts() {}
