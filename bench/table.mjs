import { gates, gatesNs, sound } from './gates.mjs';
import { bootstrap, median } from './statistics.mjs';

/** The figures of one case. */
export function summary({ group, name, ratios, overNs }) {
  const [low, high] = bootstrap(ratios);
  return { group, name, ratio: median(ratios), low, high, overNs: median(overNs) };
}

const references = new Set(['bare', 'bare again', 'async layer', 'shared then', 'bare sync']);

/** The library's cases, each beside its gate and what the others take for the same job. */
export function table(rows, { binary, canaries, voided, sounds }) {
  const lines = [''];
  const own = rows.filter(({ group, name }) => group === 'holdfast' && !references.has(name));
  const others = rows.filter(({ group, name }) => group !== 'holdfast' && !references.has(name));
  const names = [...new Set([...own, ...others].map(({ name }) => name))];
  lines.push(row(['case', '× bare', '95 %', 'gate', '', 'others, × bare']));
  for (const name of names) {
    const mine = own.find((each) => each.name === name);
    const peers = others.filter((each) => each.name === name).sort((left, right) => left.ratio - right.ratio);
    lines.push(
      row([
        name,
        mine === undefined ? '–' : figureOf(mine),
        mine === undefined ? '' : `${mine.low.toFixed(2)}–${mine.high.toFixed(2)}`,
        gateText(name),
        mine === undefined ? '' : verdict(mine),
        peers.map(({ group, ratio }) => `${group} ${ratio.toFixed(1)}`).join(', '),
      ]),
    );
  }
  lines.push('', canaryText('binary chosen', binary));
  lines.push(canaryText('in the runs', worst(canaries)));
  lines.push(`void runs, run again: ${voided}${sounds ? '' : '   NOT SOUND: see the canary'}`, '');
  return lines.join('\n');
}

function figureOf({ name, ratio, overNs }) {
  return name in gatesNs ? `+${overNs.toFixed(1)} ns` : ratio.toFixed(2);
}

function gateText(name) {
  if (name in gatesNs) return `+${gatesNs[name]} ns`;
  return name in gates ? gates[name].toFixed(1) : '';
}

function verdict({ name, ratio, overNs }) {
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
