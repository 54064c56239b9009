/**
 * npm run bench [-- --quick] [--json FILE] [--case NAME]… [--group NAME]… [--dist DIRECTORY] [--node BINARY]
 *
 * Measures the build in `dist` and its peers against a bare `await asyncFn(x)`. See docs/performance.md.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { paired } from './measure.mjs';
import { bestBinary, canaryOf, isHonest, isSound, measureApart } from './processes.mjs';
import { summary, table } from './table.mjs';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    case: { type: 'string', multiple: true, default: [] },
    group: { type: 'string', multiple: true, default: [] },
    dist: { type: 'string', default: 'dist' },
    node: { type: 'string', default: process.execPath },
    processes: { type: 'string' },
  },
});

const plan = options.quick
  ? { copies: 4, processes: 2, rounds: 40, canaryRounds: 60 }
  : { copies: 8, processes: 5, rounds: 100, canaryRounds: 150 };
if (options.processes) plan.processes = Number(options.processes);
const dist = pathToFileURL(`${resolve(options.dist)}/`).href;
const known = readdirSync(new URL('cases/', import.meta.url))
  .map((file) => file.replace('.mjs', ''))
  .filter((group) => group !== 'reference');
const groups =
  options.group.length > 0 ? options.group : ['holdfast', ...known.filter((group) => group !== 'holdfast')];

const binary = await bestBinary(options.node, plan.copies, plan.canaryRounds, tell);
try {
  const runs = [];
  for (let round = 1; round <= plan.processes; round++) {
    for (const group of groups) {
      tell(`process ${round}/${plan.processes}: ${group}`);
      runs.push(await soundRun(group));
    }
  }
  report(runs);
} finally {
  binary.discard();
}

/** One process of a group; one that calls a function slower than itself is void, and run again. */
async function soundRun(group) {
  const voided = [];
  for (let attempt = 1; ; attempt++) {
    const times = await measureApart(binary.path, { group, dist, rounds: plan.rounds, only: options.case });
    const canary = canaryOf(times);
    if (isHonest(canary) || attempt === 5) return { group, times, canary, voided, void: !isHonest(canary) };
    voided.push(canary);
    tell(`void: the bare call read ${canary.again.toFixed(3)} of itself`);
  }
}

function report(runs) {
  const ratios = {};
  for (const { group, times, void: isVoid } of runs) {
    if (isVoid) continue;
    for (const [name, series] of Object.entries(times)) {
      const id = `${group}\t${name}`;
      ratios[id] ??= { group, name, ratios: [], overNs: [] };
      const bare = name.startsWith('sync') ? times['bare sync'] : times.bare;
      ratios[id].ratios.push(...paired(series, times.bare));
      ratios[id].overNs.push(...series.map((time, round) => time - bare[round]));
    }
  }
  const rows = Object.values(ratios).map(summary);
  const canaries = runs.map(({ canary }) => canary);
  const sounds = canaries.every(isSound);
  process.stdout.write(
    table(rows, { binary: binary.canary, canaries, voided: runs.flatMap((run) => run.voided).length, sounds }),
  );
  if (options.json === undefined) return;
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, platform: `${process.platform} ${process.arch}` };
  const result = {
    date: new Date().toISOString(),
    node: process.versions.node,
    machine,
    plan,
    canary: binary.canary,
    rows,
  };
  writeFileSync(options.json, `${JSON.stringify(result, undefined, 2)}\n`);
}

function tell(line) {
  process.stderr.write(`${line}\n`);
}
