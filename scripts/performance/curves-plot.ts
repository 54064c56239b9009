import type { Curve, CurvesResult } from './results.js';
import { COLOURS, grouped, label, logScale, path, picture, type Point, timeText } from './svg.js';

const columns = 3;
const panel = { width: 290, height: 150 };

/** A small picture for each curve: cost by size, both logarithmic; dashed is the same without the library. */
export function curvesPlot({ node, curves }: CurvesResult): string {
  const rows = Math.ceil(curves.length / columns);
  const parts = curves.flatMap((curve, index) =>
    panelOf(curve, [(index % columns) * panel.width, 30 + Math.floor(index / columns) * panel.height]),
  );
  const title = `Time of a call by what is held; Node ${node}; dashed: without the library`;
  return picture(columns * panel.width, 40 + rows * panel.height, title, [label([10, 18], title), ...parts]);
}

function panelOf({ name, order, points }: Curve, [left, top]: Point): string[] {
  const sizes = points.map(({ size }) => Math.max(size, 0.5));
  const times = points.flatMap(({ ns, control }) => (control === undefined ? [ns] : [ns, control]));
  const least = Math.min(...times) / 1.5;
  // At least two decades, so that noise does not look like growth.
  const most = Math.max(Math.max(...times) * 3, least * 100);
  const x = logScale([Math.min(...sizes), Math.max(...sizes)], [left + 14, left + panel.width - 20]);
  const y = logScale([least, most], [top + panel.height - 34, top + 22]);
  const line = (costs: readonly (number | undefined)[]): Point[] =>
    costs.flatMap((ns, index) => (ns === undefined ? [] : [[x(sizes[index] ?? 1), y(ns)] as const]));
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return [];
  const floor = y(least);
  return [
    label([left + 10, top + 12], `${name}: ${order}`),
    path([
      [left + 10, top + 18],
      [left + 10, floor],
      [left + panel.width - 14, floor],
    ]),
    path(line(points.map(({ control }) => control)), '#8c959f', 'stroke-dasharray="4 3"'),
    path(line(points.map(({ ns }) => ns)), COLOURS[0] ?? '#000', 'stroke-width="2"'),
    label([x(sizes[0] ?? 1), y(first.ns) - 6], timeText(first.ns)),
    label([x(sizes.at(-1) ?? 1), y(last.ns) - 6], timeText(last.ns), 'end'),
    label([left + 14, floor + 14], grouped(first.size)),
    label([left + panel.width - 16, floor + 14], grouped(last.size), 'end'),
  ];
}
