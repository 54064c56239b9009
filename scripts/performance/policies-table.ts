import { type Job, jobsOf } from './jobs.js';
import { markdownTable, ratioText } from './markdown.js';
import type { CaseRow, Circumstances, PoliciesResult } from './results.js';

/** The most that a stack may add, in times of what its policies add alone. */
const STACK_GATE = 1.2;

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
function soundnessText({ date, node, binary, canaries, voided, sound, missing }: PoliciesResult): string {
  const worst = (key: 'asyncLayer' | 'sharedThen') => Math.max(...canaries.map((canary) => canary[key])).toFixed(2);
  const state = sound ? 'sound' : 'not sound by the limits below, the machine was busy or slow';
  return [
    `- Node ${node}, ${date.slice(0, 10)}: ${state}. The bare call took ${binary.bareNs.toFixed(1)} ns; an async layer`,
    `${binary.asyncLayer.toFixed(2)} with the copy of Node that was taken and ${worst('asyncLayer')} in the worst process, a shared`,
    `\`then\` ${binary.sharedThen.toFixed(2)} and ${worst('sharedThen')}; ${voided} void processes were run again.`,
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
  const rows = jobsOf(first.rows).map((job) => [
    job.name,
    ownText(job.own),
    gateText(first, job),
    ...later.map(({ rows: theirs }) => ownText(jobsOf(theirs).find(({ name }) => name === job.name)?.own)),
    job.others.map(({ group, ratio }) => `${group} ${ratioText(ratio)}`).join(', '),
  ]);
  const head = ['job', `${versions[0]}, × bare (95 %)`, 'gate', ...versions.slice(1), `others, ${versions[0]}`];
  return `${markdownTable(head, rows)}\n${[first, ...later].map(bestPeerText).join(' ')}\n`;
}

/** The stack of five beside that of the best peer. */
function bestPeerText({ node, rows, bestPeerGate }: PoliciesResult): string {
  const { own, others = [] } = jobsOf(rows).find(({ name }) => name === 'five') ?? {};
  const best = others.find(({ group }) => group !== 'by-hand');
  if (own === undefined || best === undefined) return '';
  const times = best.ratio / own.ratio;
  const verdict = `at least ${bestPeerGate} × ${times >= bestPeerGate ? '✓' : '✗'}`;
  return `On Node ${node.split('.')[0]} \`five\` is ${times.toFixed(1)} × under the same with ${best.group}, the best peer; ${verdict}.`;
}

function ownText(own: CaseRow | undefined): string {
  if (own === undefined) return '–';
  if (own.name.startsWith('sync')) {
    return `+${own.overNs.toFixed(1)} ns (${own.overNsLow.toFixed(1)}–${own.overNsHigh.toFixed(1)})`;
  }
  return `${ratioText(own.ratio, 2)} (${ratioText(own.low, 2)}–${ratioText(own.high, 2)})`;
}

function gateText({ gates, gatesNs }: PoliciesResult, { name, own }: Job): string {
  const gate = gates[name];
  const gateNs = gatesNs[name];
  if (own === undefined) return '';
  if (gateNs !== undefined) return `+${gateNs} ns ${own.overNs <= gateNs ? '✓' : '✗'}`;
  return gate === undefined ? '' : `${gate.toFixed(1)} ${own.ratio <= gate ? '✓' : '✗'}`;
}

/** How many stacks keep to the gate, and the five that add the most by what their policies add alone. */
export function stacksTable({ stacks, plan }: PoliciesResult): string {
  const over = stacks.filter(({ times }) => times > STACK_GATE);
  const rows = stacks
    .slice(0, 5)
    .map(({ name, added, alone, times }) => [name, added.toFixed(2), alone.toFixed(2), times.toFixed(2)]);
  const told = `${stacks.length} stacks by seed ${plan.seed}, ${over.length} above ${STACK_GATE}. The dearest:\n\n`;
  return told + markdownTable(['stack, outermost first', 'adds, × bare', 'its policies alone', 'by the other'], rows);
}
