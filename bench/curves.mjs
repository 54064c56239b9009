/** How the cost of a call grows with what is held: the second part of the benchmark. */
import { circumstances } from './circumstances.mjs';
import { chosen } from './options.mjs';
import { measureApart } from './processes.mjs';
import { estimate, rounded, shuffled, slopeOf } from './statistics.mjs';

const files = ['windows.mjs', 'in-flight.mjs', 'keys.mjs', 'registry.mjs'];
const module = new URL('curves/cases.mjs', import.meta.url).href;

/**
 * The steepest growth that still passes for an order: the slope between the logarithms of cost and size. What the
 * machine's own caches add, where there is nothing to compare with, has to find room in it.
 */
const slopes = { 'O(1)': 0.12, 'O(log n)': 0.18, 'O(n)': 1.2 };

export async function measureCurves(options, tell) {
  const { processes = options.quick ? 1 : 2, rounds = options.quick ? 10 : 40 } = options;
  const plan = { processes, rounds };
  const wanted = await curvesOf(options.case);
  const results = [];
  for (const [index, curve] of wanted.entries()) {
    tell(`curve ${index + 1}/${wanted.length}: ${curve.name}`);
    results.push(await measureCurve(curve, plan, options));
  }
  return { ...circumstances(options.version), plan, curves: results };
}

async function curvesOf(wanted) {
  const found = new Map();
  for (const file of files) {
    const { curves } = await import(`./curves/${file}`);
    for (const [name, curve] of Object.entries(curves)) found.set(name, { ...curve, name, file });
  }
  return chosen('case', wanted, [...found.keys()]).map((name) => found.get(name));
}

/** Each point has processes of its own: what one holds in memory would be in the way of the others. */
async function measureCurve(curve, plan, { node, dist }) {
  const { name, file, of, order, sizes, mostMs, mostTimes, control } = curve;
  const sides = control === undefined ? ['library'] : ['library', 'control'];
  const points = sizes.flatMap((size) => sides.map((side) => ({ size, side, series: [] })));
  for (let process = 0; process < plan.processes; process++) {
    for (const { size, side, series } of shuffled(points)) {
      const settings = { file, curve: name, size, side };
      const { times } = await measureApart(node, { module, dist, rounds: plan.rounds, settings });
      series.push(curve.share ? times.point.map((ns) => ns / size) : times.point);
    }
  }
  const measured = sizes.map((size) => pointOf(points.filter((point) => point.size === size)));
  const slope = rounded(slopeOf(measured));
  const limits = { ...(mostMs === undefined ? {} : { mostMs }), ...(mostTimes === undefined ? {} : { mostTimes }) };
  const holds = slope <= slopes[order] && isWithin(measured, limits);
  return { name, of, order, ...limits, slope, holds, points: measured };
}

/** Whether the largest point takes no more ms than it may, and one point no more times another. */
function isWithin(points, { mostMs = Infinity, mostTimes }) {
  if (points.at(-1).ns > mostMs * 1e6) return false;
  if (mostTimes === undefined) return true;
  const at = (wanted) => points.find(({ size }) => size === wanted).ns;
  return at(mostTimes.to) <= mostTimes.times * at(mostTimes.from);
}

function pointOf([library, control]) {
  const { value, low, high } = estimate(library.series);
  const beside = control === undefined ? {} : { control: rounded(estimate(control.series).value) };
  return { size: library.size, ns: rounded(value), low: rounded(low), high: rounded(high), ...beside };
}

export function curvesTable({ curves, node }) {
  const lines = ['', `Node ${node}; time of a call, in brackets the same without the library`];
  for (const { name, of, order, slope, holds, points, ...limits } of curves) {
    lines.push(
      '',
      `${name}: ${order}${limitText(limits)}; slope ${slope.toFixed(2)} ${holds ? 'ok' : 'OVER'}; by ${of}`,
    );
    const texts = points.map(({ size, ns, control }) => `${size}: ${time(ns)}${control ? ` (${time(control)})` : ''}`);
    lines.push(`  ${texts.join('  ')}`);
  }
  return `${lines.join('\n')}\n`;
}

function limitText({ mostMs, mostTimes }) {
  if (mostMs !== undefined) return `, at most ${mostMs} ms`;
  return mostTimes === undefined ? '' : `, at ${mostTimes.to} at most ${mostTimes.times} × ${mostTimes.from}`;
}

/** A time as people read it. */
function time(ns) {
  if (ns < 1_000) return `${ns.toFixed(0)} ns`;
  return ns < 1e6 ? `${(ns / 1e3).toFixed(1)} µs` : `${(ns / 1e6).toFixed(1)} ms`;
}
