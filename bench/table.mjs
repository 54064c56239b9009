import { sound } from './gates.mjs';
import { median } from './statistics.mjs';

/** The library's cases, each beside its gate and what the others take for the same job; stacks; the canaries. */
export function table(result) {
  const { jobs, bestPeer, node, binary, canaries, missing } = result;
  const lines = [
    '',
    row(['case', '× bare', '95 %', 'gate', '', 'others, × bare']),
    ...jobs.map(caseLine),
    ...bestPeerLines(bestPeer),
    ...stackLines(result),
    '',
    `Node ${node}`,
    canaryText('binary chosen', binary),
    ...(canaries.length === 0 ? [] : [canaryText('in the runs', worst(canaries))]),
    voidText(result),
    '',
  ];
  if (missing.length > 0) lines.push(`NOT MEASURED, every process void: ${missing.join(', ')}`, '');
  return lines.join('\n');
}

function caseLine({ name, unit, gate, own, others }) {
  const peers = others.map(({ group, ratio }) => `${group} ${short(ratio)}`).join(', ');
  if (own === undefined) return row([name, '–', '', '', '', peers]);
  const [low, high] = unit === 'ns' ? [own.overNsLow, own.overNsHigh] : [own.low, own.high];
  const figure = unit === 'ns' ? `+${own.overNs.toFixed(1)} ns` : own.ratio.toFixed(2);
  const interval = `${low.toFixed(2)}–${high.toFixed(2)}`;
  if (gate === undefined) return row([name, figure, interval, '', '', peers]);
  const most = unit === 'ns' ? `+${gate.most} ns` : gate.most.toFixed(1);
  return row([name, figure, interval, most, verdict(gate), peers]);
}

function verdict({ met }) {
  return met ? 'ok' : 'OVER';
}

/** A ratio as it is told: what is beyond a thousand has no decimals. */
function short(ratio) {
  return ratio < 1_000 ? ratio.toFixed(1) : Math.round(ratio).toLocaleString('en-GB');
}

function bestPeerLines(bestPeer) {
  if (bestPeer === undefined) return [];
  const { group, times, gate } = bestPeer;
  return ['', `five: ${times.toFixed(1)} × under the best peer's (${group}); gate ${gate} × ${verdict(bestPeer)}`];
}

function stackLines({ stacks, stackGate }) {
  if (stacks.length === 0) return [];
  const over = stacks.filter(({ met }) => !met);
  const shown = stacks.slice(0, Math.max(5, over.length));
  return [
    '',
    `${stacks.length} random stacks, what each adds by what its policies add alone; gate ${stackGate}, ${over.length} over:`,
    ...shown.map(({ name, added, alone, times, met }) => {
      const figures = `${times.toFixed(2).padStart(6)}  ${added.toFixed(2)} of ${alone.toFixed(2)}`;
      return `${figures}  ${name}${met ? '' : '  OVER'}`;
    }),
  ];
}

function voidText({ canaries, voided, givenUp, sound: isSound }) {
  const counts = `processes that count: ${canaries.length}; void: ${voided}; given up: ${givenUp}`;
  return isSound ? counts : `${counts}   NOT SOUND: see the canary`;
}

/** What is furthest from what it should be in the processes that count. */
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
