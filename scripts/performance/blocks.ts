import { curvesTable } from './curves-table.js';
import { curvesPlot } from './curves-plot.js';
import { importsTable, memoryTable, sizesTable } from './light-tables.js';
import { circumstancesText, policiesTable, stacksTable } from './policies-table.js';
import { policiesPlot } from './policies-plot.js';
import { type PoliciesResult, resultOf } from './results.js';
import { httpTable, soakTable } from './run-tables.js';
import { soakPlot } from './soak-plot.js';
import { stacksPlot } from './stacks-plot.js';

const blocks: Record<string, () => string> = {
  circumstances: () => circumstancesText(resultOf('policies-20'), later()),
  policies: () => policiesTable(resultOf('policies-20'), later()),
  stacks: () => stacksTable(resultOf('policies-20'), later()),
  curves: () => curvesTable(resultOf('curves')),
  http: () => httpTable(resultOf('http')),
  sizes: () => sizesTable(resultOf('sizes')),
  imports: () => importsTable(resultOf('imports'), resultOf('sizes')),
  memory: () => memoryTable(resultOf('memory')),
  soak: () => soakTable(resultOf('soak')),
};

function later(): PoliciesResult[] {
  return [resultOf('policies-22'), resultOf('policies-24')];
}

/** A part of the page on performance, from the result files of a run. */
export function benchBlock(name: string): string {
  const block = blocks[name];
  if (block === undefined) throw new Error(`there is no block 'bench ${name}'`);
  return block();
}

/** The pictures of the page, by their paths. */
export function plots(): Record<string, string> {
  const policies = resultOf('policies-20');
  return {
    'docs/performance/policies.svg': policiesPlot(policies),
    'docs/performance/stacks.svg': stacksPlot(policies),
    'docs/performance/curves.svg': curvesPlot(resultOf('curves')),
    'docs/performance/soak.svg': soakPlot(resultOf('soak')),
  };
}
