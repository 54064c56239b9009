/** Fifty million calls with faults, in one process: what it holds at the end is what it held at the beginning. */
import { fork } from 'node:child_process';
import { circumstances } from './circumstances.mjs';
import { median } from './statistics.mjs';
import { faults } from './soak/calls.mjs';

/** The most by which the heap may be larger in the last quarter than in the second. */
const mostGrowthMb = 1;
/** A soak whose calls are turned away soaks nothing: of those that are compared, at least so many reach the upstream. */
const fewestRuns = 0.9;

export async function measureSoak(options, tell) {
  const calls = options.calls ?? (options.quick ? 1_000_000 : 50_000_000);
  const plan = { calls, samples: options.quick ? 20 : 100, faults };
  const begin = performance.now();
  const { samples, ending } = await soak(options, plan, tell);
  const seconds = Math.round((performance.now() - begin) / 1_000);
  return { ...circumstances(options.version), plan, seconds, ...ending, ...flatness(samples), samples };
}

function soak({ node, dist }, plan, tell) {
  const child = fork(new URL('soak/process.mjs', import.meta.url), { execPath: node, execArgv: ['--expose-gc'] });
  const samples = [];
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the soak ended with ${code}`)));
    child.on('message', ({ sample, ...ending }) => {
      if (sample === undefined) return resolve({ samples, ending });
      samples.push(sample);
      tell(
        `${sample.calls} calls: heap ${sample.heapMb.toFixed(2)} MB, ${sample.timers} timers, ${sample.handles} handles`,
      );
    });
    child.send({ dist, ...plan });
  });
}

/** The first quarter fills what is bounded: windows, keys, dead letters. */
function flatness(samples) {
  const quarter = Math.floor(samples.length / 4);
  const early = samples.slice(quarter, 2 * quarter);
  const late = samples.slice(-quarter);
  for (const some of [early, late]) {
    const reached = (some.at(-1).runs - some[0].runs) / (some.at(-1).calls - some[0].calls);
    if (reached < fewestRuns)
      throw new Error(`only ${reached} of the calls reached the upstream up to ${some.at(-1).calls}`);
  }
  const of = (some, name) => median(some.map((sample) => sample[name]));
  const most = (some, name) => Math.max(...some.map((sample) => sample[name]));
  const growthMb = of(late, 'heapMb') - of(early, 'heapMb');
  const flat = {
    heap: growthMb <= mostGrowthMb,
    timers: most(late, 'timers') <= most(early, 'timers'),
    handles: most(late, 'handles') <= most(early, 'handles'),
  };
  return { growthMb, flat };
}

export function soakTable({ node, plan, seconds, tally, left, growthMb, flat, samples }) {
  const told = Object.entries(tally).map(([name, count]) => `${name} ${count.toLocaleString('en-GB')}`);
  const every = Math.ceil(samples.length / 10);
  const rows = samples.filter((_, index) => index % every === every - 1);
  return [
    '',
    `Node ${node}; ${plan.calls.toLocaleString('en-GB')} calls in ${seconds} s: ${told.join(', ')}`,
    '     calls   heap MB  timers  handles',
    ...rows.map(({ calls, heapMb, timers, handles }) => {
      const cells = [String(calls).padStart(10), heapMb.toFixed(2).padStart(9), String(timers).padStart(7)];
      return `${cells.join(' ')} ${String(handles).padStart(8)}`;
    }),
    `after close: ${left.timers} timers, ${left.handles} handles`,
    `growth ${growthMb.toFixed(2)} MB: ${Object.entries(flat)
      .map(([name, is]) => `${name} ${is ? 'flat' : 'GROWS'}`)
      .join(', ')}`,
    '',
  ].join('\n');
}
