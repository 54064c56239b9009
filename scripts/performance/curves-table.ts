import { markdownTable } from './markdown.js';
import type { Curve, CurvesResult } from './results.js';
import { grouped, timeText } from './svg.js';

/** Each curve: its order, how steep it was measured, and its ends. */
export function curvesTable({ curves }: CurvesResult): string {
  const rows = curves.map((curve) => [
    curve.name,
    curve.of,
    `${curve.order}${limitText(curve)} ${curve.holds ? '✓' : '✗'}`,
    curve.slope.toFixed(2),
    endsText(curve),
  ]);
  return markdownTable(['what', 'by', 'order', 'slope', 'from → to (without the library)'], rows);
}

function limitText({ mostMs, mostTimes }: Curve): string {
  if (mostMs !== undefined) return `, ≤ ${mostMs} ms`;
  return mostTimes === undefined ? '' : `, ${grouped(mostTimes.to)} ≤ ${mostTimes.times} × ${mostTimes.from}`;
}

function endsText({ points }: Curve): string {
  const ends = [points[0], points.at(-1)].flatMap((point) => point ?? []);
  const texts = ends.map(({ size, ns, control }) => {
    const beside = control === undefined ? '' : ` (${timeText(control)})`;
    return `${grouped(size)}: ${timeText(ns)}${beside}`;
  });
  return texts.join(' → ');
}
