/** Every policy beside its peers, and random stacks: the first part of the benchmark. */
import { readdirSync } from 'node:fs';
import { circumstances } from './circumstances.mjs';
import { paired } from './measure.mjs';
import { chosen } from './options.mjs';
import { bestBinary, isSound, measureApart, soundRun } from './processes.mjs';
import { estimate, rounded } from './statistics.mjs';
import { table } from './table.mjs';
import { verdictsOf } from './verdicts.mjs';

const full = { copies: 8, processes: 5, peerProcesses: 5, rounds: 100, canaryRounds: 150, stacks: 40 };
const quick = { copies: 3, processes: 2, peerProcesses: 1, rounds: 25, canaryRounds: 40, stacks: 12 };

const notGroups = new Set(['reference']);
const first = ['holdfast', 'stacks'];
const others = readdirSync(new URL('cases/', import.meta.url))
  .map((file) => file.replace('.mjs', ''))
  .filter((group) => !notGroups.has(group) && !first.includes(group));
const namesScript = new URL('case-names.mjs', import.meta.url);

export async function measurePolicies(options, tell) {
  const plan = planOf(options);
  const groups = await groupsOf(options, plan);
  const binary = await bestBinary(options.node, plan, tell);
  try {
    const runs = await runAll(groups, { binary, plan, options }, tell);
    return resultOf(runs, { binary, plan, options });
  } finally {
    binary.discard();
  }
}

export { table };

/** The groups that were asked for, of them those that have a case that was asked for. */
async function groupsOf({ group, case: wanted, node, dist }, { stacks, seed }) {
  const groups = chosen('group', group, [...first, ...others]);
  if (wanted.length === 0) return groups;
  const names = await measureApart(node, { groups, dist, settings: { seed, stacks } }, namesScript);
  // A stack is called by its policies: where others are measured too, forty of them would hide the names of the jobs.
  const shown = groups.filter((name) => name !== 'stacks' || groups.length === 1).flatMap((name) => names[name]);
  const isStack = (name) => names.stacks?.includes(name);
  chosen(
    'case',
    wanted.filter((name) => !isStack(name)),
    [...new Set(shown)],
  );
  return groups.filter((name) => wanted.some((one) => names[name].includes(one)));
}

function planOf({ quick: isQuick, processes, rounds, seed }) {
  const plan = isQuick ? quick : full;
  return {
    ...plan,
    processes: processes ?? plan.processes,
    peerProcesses: processes ?? plan.peerProcesses,
    rounds: rounds ?? plan.rounds,
    seed,
  };
}

async function runAll(groups, { binary, plan, options }, tell) {
  const orders = [];
  for (let round = 0; round < plan.processes; round++) {
    for (const group of groups) if (group === 'holdfast' || round < plan.peerProcesses) orders.push(group);
  }
  const runs = [];
  for (const [index, group] of orders.entries()) {
    tell(`process ${index + 1}/${orders.length}: ${group}`);
    const settings = { seed: plan.seed, stacks: plan.stacks };
    const module = new URL(`cases/${group}.mjs`, import.meta.url).href;
    const order = {
      module,
      dist: options.dist,
      rounds: plan.rounds,
      quick: options.quick,
      // A stack is judged by what its policies add alone.
      only: group === 'stacks' ? options.case.flatMap((name) => [name, ...name.split(' + ')]) : options.case,
      settings,
    };
    runs.push({ group, ...(await soundRun(binary.path, order, tell)) });
  }
  return runs;
}

function resultOf(runs, { binary, plan, options }) {
  const counted = runs.filter(({ times }) => times !== undefined);
  const measured = new Set(counted.map(({ group }) => group));
  const canaries = counted.map(({ canary }) => canary);
  // A group whose processes were all void has no figures: it must not be taken for one that is not there.
  const missing = [...new Set(runs.map(({ group }) => group))].filter((group) => !measured.has(group));
  return {
    ...circumstances(options.version),
    plan,
    binary: binary.canary,
    // Of the processes that count; void ones are told by their number alone.
    canaries,
    voided: runs.reduce((sum, { voided }) => sum + voided, 0),
    givenUp: runs.length - counted.length,
    missing,
    sound: canaries.length > 0 && canaries.every(isSound),
    ...verdictsOf(rowsOf(counted), { version: options.version, missing }),
  };
}

/** The figures of each case of each group, over all processes that count. */
function rowsOf(runs) {
  const rows = new Map();
  for (const { group, times } of runs) {
    for (const [name, series] of Object.entries(times)) {
      const id = `${group}\t${name}`;
      if (!rows.has(id)) rows.set(id, { group, name, ratios: [], overNs: [] });
      const bare = name.startsWith('sync') ? times['bare sync'] : times.bare;
      rows.get(id).ratios.push(paired(series, times.bare));
      rows.get(id).overNs.push(series.map((time, round) => time - bare[round]));
    }
  }
  return [...rows.values()].map(summary);
}

function summary({ group, name, ratios, overNs }) {
  const { value, low, high } = estimate(ratios);
  const over = estimate(overNs);
  return {
    group,
    name,
    ratio: rounded(value, 3),
    low: rounded(low, 3),
    high: rounded(high, 3),
    overNs: rounded(over.value, 3),
    overNsLow: rounded(over.low, 3),
    overNsHigh: rounded(over.high, 3),
  };
}
