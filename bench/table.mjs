import { referenceCases } from './cases/reference.mjs';
import { gates, gatesNs, sound } from './gates.mjs';
import { stackGate } from './stacks.mjs';
import { estimate, median } from './statistics.mjs';

/** The figures of one case. */
export function summary({ group, name, ratios, overNs }) {
  const { value, low, high } = estimate(ratios);
  const over = estimate(overNs);
  return {
    group,
    name,
    ratio: rounded(value),
    low: rounded(low),
    high: rounded(high),
    overNs: rounded(over.value),
    overNsLow: rounded(over.low),
    overNsHigh: rounded(over.high),
  };
}

function rounded(value) {
  return Math.round(value * 1_000) / 1_000;
}

const references = new Set(referenceCases().map(({ name }) => name));

/** The library's cases, each beside its gate and what the others take for the same job; stacks; the canaries. */
export function table({ rows, stacks, node, binary, canaries, voided, missing, bestPeerGate, sound: isSound }) {
  const cases = rows.filter(({ name, group }) => !references.has(name) && group !== 'stacks');
  const gated = node.startsWith('20.');
  const names = [...new Set(cases.map(({ name }) => name))];
  const lines = ['', row(['case', '× bare', '95 %', 'gate', '', 'others, × bare'])];
  for (const name of names)
    lines.push(
      caseLine(
        name,
        cases.filter((each) => each.name === name),
        gated,
      ),
    );
  lines.push(...(missing.length === 0 ? againstBestPeer(cases, bestPeerGate) : []), ...stackLines(stacks));
  lines.push('', `Node ${node}`, canaryText('binary chosen', binary), canaryText('in the runs', worst(canaries)));
  lines.push(`void runs, run again: ${voided}${isSound ? '' : '   NOT SOUND: see the canary'}`, '');
  if (missing.length > 0) lines.push(`NOT MEASURED, every process void: ${missing.join(', ')}`, '');
  return lines.join('\n');
}

/** The case of the library, and those of the others, the fastest first. */
export function sides(cases) {
  const others = cases.filter(({ group }) => group !== 'holdfast');
  return {
    own: cases.find(({ group }) => group === 'holdfast'),
    others: others.sort((left, right) => left.ratio - right.ratio),
  };
}

function caseLine(name, cases, gated) {
  const { own, others } = sides(cases);
  const peers = others.map(({ group, ratio }) => `${group} ${short(ratio)}`).join(', ');
  if (own === undefined) return row([name, '–', '', '', '', peers]);
  const [low, high] = name in gatesNs ? [own.overNsLow, own.overNsHigh] : [own.low, own.high];
  const interval = `${low.toFixed(2)}–${high.toFixed(2)}`;
  return row([name, figureOf(own), interval, gated ? gateText(name) : '', gated ? verdict(own) : '', peers]);
}

/** A ratio as it is told: what is beyond a thousand has no decimals. */
function short(ratio) {
  return ratio < 1_000 ? ratio.toFixed(1) : Math.round(ratio).toLocaleString('en-GB');
}

function againstBestPeer(cases, gate) {
  const { own, others } = sides(cases.filter(({ name }) => name === 'five'));
  const best = others.find(({ group }) => group !== 'by-hand');
  if (own === undefined || best === undefined) return [];
  const times = best.ratio / own.ratio;
  const text = `five: ${times.toFixed(1)} × under the best peer's (${best.group}); gate ${gate} ×`;
  return ['', `${text} ${times >= gate ? 'ok' : 'OVER'}`];
}

function stackLines(stacks) {
  if (stacks.length === 0) return [];
  const over = stacks.filter(({ times }) => times > stackGate);
  const shown = stacks.slice(0, Math.max(5, over.length));
  return [
    '',
    `${stacks.length} random stacks, what each adds by what its policies add alone; gate ${stackGate}, ${over.length} over:`,
    ...shown.map(({ name, added, alone, times }) => {
      const figures = `${times.toFixed(2).padStart(6)}  ${added.toFixed(2)} of ${alone.toFixed(2)}`;
      return `${figures}  ${name}${times > stackGate ? '  OVER' : ''}`;
    }),
  ];
}

function figureOf({ name, ratio, overNs }) {
  return name in gatesNs ? `+${overNs.toFixed(1)} ns` : ratio.toFixed(2);
}

/** The gate of a case as text, empty where it has none. */
export function gateText(name) {
  if (name in gatesNs) return `+${gatesNs[name]} ns`;
  return name in gates ? gates[name].toFixed(1) : '';
}

/** Whether a case keeps to its gate: 'ok', 'OVER', or empty where it has none. */
export function verdict({ name, ratio, overNs }) {
  if (name in gatesNs) return overNs <= gatesNs[name] ? 'ok' : 'OVER';
  if (!(name in gates)) return '';
  return ratio <= gates[name] ? 'ok' : 'OVER';
}

function worst(canaries) {
  const most = (key) => Math.max(...canaries.map((canary) => canary[key]));
  const furthest = canaries
    .map(({ again }) => again)
    .sort((left, right) => Math.abs(right - 1) - Math.abs(left - 1))[0];
  return {
    again: furthest,
    asyncLayer: most('asyncLayer'),
    sharedThen: most('sharedThen'),
    bareNs: median(canaries.map(({ bareNs }) => bareNs)),
  };
}

function canaryText(title, { again, asyncLayer, sharedThen, bareNs }) {
  const [least, most] = sound.again;
  return (
    `${title}: bare ${bareNs.toFixed(1)} ns; bare again ${again.toFixed(3)} (${least}–${most}), ` +
    `async layer ${asyncLayer.toFixed(2)} (≤ ${sound.asyncLayer}), shared then ${sharedThen.toFixed(2)} (≤ ${sound.sharedThen})`
  );
}

function row([name, figure, interval, gate, verdictText, peers]) {
  const cells = [
    name.padEnd(26),
    figure.padStart(8),
    interval.padStart(12),
    gate.padStart(7),
    verdictText.padEnd(5),
    peers,
  ];
  return cells.join(' ').trimEnd();
}
