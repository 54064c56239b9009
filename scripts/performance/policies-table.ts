import { markdownTable, ratioText } from './markdown.js';
import type { Circumstances, Job, PoliciesResult } from './results.js';

/** Machine, date and versions, and whether the run was a sound one. */
export function circumstancesText(result: PoliciesResult, later: readonly PoliciesResult[]): string {
  const versions = Object.entries(result.versions).map(([name, version]) => `${name} ${version}`);
  const { processes, rounds } = result.plan;
  return [
    `${placeText(result)} ${processes} processes of ${rounds} rounds on each Node.`,
    '',
    ...[result, ...later].map(soundnessText),
    '',
    `Versions: ${versions.join(', ')}.`,
    '',
  ].join('\n');
}

/** What the run on one Node says of itself. */
function soundnessText(result: PoliciesResult): string {
  const { date, node, binary, canaries, voided, givenUp, sound, missing } = result;
  const worst = (key: 'asyncLayer' | 'sharedThen') => Math.max(...canaries.map((canary) => canary[key])).toFixed(2);
  const state = sound ? 'sound' : 'not sound by the limits below, the machine was busy or slow';
  return [
    `- Node ${node}, ${date.slice(0, 10)}: ${state}. The bare call took ${binary.bareNs.toFixed(1)} ns; an async layer`,
    `${binary.asyncLayer.toFixed(2)} with the copy of Node that was taken and ${worst('asyncLayer')} in the worst process, a shared`,
    `\`then\` ${binary.sharedThen.toFixed(2)} and ${worst('sharedThen')}; ${voided} void processes do not count.`,
    ...(givenUp === 0
      ? []
      : [`${givenUp} of the ${canaries.length + givenUp} planned were void each time and given up.`]),
    ...(missing.length === 0 ? [] : [`Not measured, every process void: ${missing.join(', ')}.`]),
  ].join(' ');
}

/** Where and when, in a line. */
export function placeText({ date, node, machine, loadOneMinute }: Circumstances): string {
  const { cpu, cores, memoryGb, platform } = machine;
  return `${date.slice(0, 10)}, Node ${node}, ${cpu} with ${cores} cores and ${memoryGb} GB, ${platform}, load ${loadOneMinute}.`;
}

/** Every job: the library on each Node version, its gate, and its peers. */
export function policiesTable(first: PoliciesResult, later: readonly PoliciesResult[]): string {
  const versions = [first, ...later].map(({ node }) => `Node ${node.split('.')[0]}`);
  const rows = first.jobs.map((job) => [
    job.name,
    ownText(job),
    gateText(job),
    ...later.map(({ jobs }) => ownText(jobs.find(({ name }) => name === job.name))),
    job.others.map(({ group, ratio }) => `${group} ${ratioText(ratio)}`).join(', '),
  ]);
  const head = ['job', `${versions[0]}, × bare (95 %)`, 'gate', ...versions.slice(1), `others, ${versions[0]}`];
  return `${markdownTable(head, rows)}\n${[first, ...later].map(bestPeerText).join(' ')}\n`;
}

/** The stack of five beside that of the best peer. */
function bestPeerText({ node, bestPeer }: PoliciesResult): string {
  if (bestPeer === undefined) return '';
  const { group, times, gate, met } = bestPeer;
  const verdict = `at least ${gate} × ${met ? '✓' : '✗'}`;
  return `On Node ${node.split('.')[0]} \`five\` is ${times.toFixed(1)} × under the same with ${group}, the best peer; ${verdict}.`;
}

function ownText(job: Job | undefined): string {
  if (job?.own === undefined) return '–';
  const { ratio, low, high, overNs, overNsLow, overNsHigh } = job.own;
  if (job.unit === 'ns') return `+${overNs.toFixed(1)} ns (${overNsLow.toFixed(1)}–${overNsHigh.toFixed(1)})`;
  return `${ratioText(ratio, 2)} (${ratioText(low, 2)}–${ratioText(high, 2)})`;
}

function gateText({ unit, gate }: Job): string {
  if (gate === undefined) return '';
  const { most, met } = gate;
  return `${unit === 'ns' ? `+${most} ns` : most.toFixed(1)} ${met ? '✓' : '✗'}`;
}

/** How many stacks keep to the gate, and the five that add the most by what their policies add alone. */
export function stacksTable(first: PoliciesResult, later: readonly PoliciesResult[]): string {
  const { stacks, stackGate, plan } = first;
  const rows = stacks
    .slice(0, 5)
    .map(({ name, added, alone, times }) => [name, added.toFixed(2), alone.toFixed(2), times.toFixed(2)]);
  const over = [first, ...later].map((result) => {
    const missed = result.stacks.filter(({ met }) => !met).length;
    return `${missed} on Node ${result.node.split('.')[0]}`;
  });
  const told = `${stacks.length} stacks by seed ${plan.seed}; above ${stackGate} are ${over.join(', ')}.`;
  return (
    `${told} The dearest on Node ${first.node.split('.')[0]}:\n\n` +
    markdownTable(['stack, outermost first', 'adds, × bare', 'its policies alone', 'by the other'], rows)
  );
}
