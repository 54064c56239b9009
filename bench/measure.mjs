import { loopOver } from './loops.mjs';
import { median, shuffled } from './statistics.mjs';

/** How long one case runs in one round, about. */
const sliceNs = 1_500_000;
/** A case is warm after so many calls, or so long. */
const warm = { calls: 20_000, ns: 150_000_000 };

/**
 * Times cases in rounds, each round in another order.
 * @returns for each case the time of a call in each round, in ns
 */
export async function measure(cases, rounds) {
  const runs = [];
  for (const { name, kind, call } of cases) {
    const loop = loopOver(kind, call);
    await warmUp(loop);
    runs.push({ name, loop, count: 1, times: [] });
  }
  for (const run of runs) run.count = await callsOfASlice(run.loop);
  for (let round = 0; round < rounds; round++) {
    for (const run of shuffled(runs)) run.times.push(await timed(run.loop, run.count));
  }
  return Object.fromEntries(runs.map(({ name, times }) => [name, times]));
}

async function warmUp(loop) {
  let spentNs = 0;
  for (let done = 0, next = 1; done < warm.calls && spentNs < warm.ns; done += next, next = Math.min(2 * next, 4_000)) {
    spentNs += (await timed(loop, next)) * next;
  }
}

async function callsOfASlice(loop) {
  let count = 1;
  const times = [];
  for (let sample = 0; sample < 5; sample++) {
    times.push(await timed(loop, count));
    count = Math.min(1_000, Math.max(1, Math.round(sliceNs / median(times))));
  }
  return Math.min(200_000, Math.max(1, Math.round(sliceNs / median(times.slice(1)))));
}

async function timed(loop, count) {
  const begin = process.hrtime.bigint();
  await loop(count);
  return Number(process.hrtime.bigint() - begin) / count;
}

/** The ratio to the bare call of the same round, for each round. */
export function paired(times, bare) {
  return times.map((time, round) => time / bare[round]);
}
