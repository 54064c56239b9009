import type { Curve, CurvesResult } from './results.js';
import {
  axes,
  COLOURS,
  decades,
  grouped,
  label,
  logScale,
  path,
  picture,
  type Point,
  ticksUp,
  timeText,
} from './svg.js';

const columns = 3;
const panel = { width: 300, height: 170 };
const dashed = 'stroke-dasharray="4 3"';

/** A small picture for each curve: cost by size, both logarithmic; dashed is the same without the library. */
export function curvesPlot({ node, curves }: CurvesResult): string {
  const rows = Math.ceil(curves.length / columns);
  const parts = curves.flatMap((curve, index) =>
    panelOf(curve, [(index % columns) * panel.width, 55 + Math.floor(index / columns) * panel.height]),
  );
  const title = `Time of a call, upwards, by what is held, to the right; both logarithmic; Node ${node}`;
  return picture(columns * panel.width, 60 + rows * panel.height, title, [
    label([10, 18], title),
    ...legend([10, 36]),
    ...parts,
  ]);
}

function legend([x, y]: Point): string[] {
  const entry = (at: number, colour: string, extra: string, text: string): string[] => [
    path(
      [
        [at, y - 4],
        [at + 24, y - 4],
      ],
      colour,
      extra,
    ),
    label([at + 30, y], text),
  ];
  return [
    ...entry(x, COLOURS.blue, 'stroke-width="2"', 'with the library'),
    ...entry(x + 140, COLOURS.grey, dashed, 'the same without it, where that can be done'),
  ];
}

function panelOf({ name, of, order, points }: Curve, corner: Point): string[] {
  const [left, right, top, bottom] = [corner[0] + 52, corner[0] + panel.width - 16, corner[1] + 24, corner[1] + 122];
  const sizes = points.map(({ size }) => Math.max(size, 0.5));
  const times = points.flatMap(({ ns, control }) => (control === undefined ? [ns] : [ns, control]));
  // At least two decades, so that noise does not look like growth.
  const least = Math.min(...times) / 1.5;
  const most = Math.max(Math.max(...times) * 3, least * 100);
  const x = logScale([Math.min(...sizes), Math.max(...sizes)], [left + 4, right - 4]);
  const y = logScale([least, most], [bottom, top]);
  const line = (costs: readonly (number | undefined)[]): Point[] =>
    costs.flatMap((ns, index) => (ns === undefined ? [] : [[x(sizes[index] ?? 1), y(ns)] as const]));
  const own = line(points.map(({ ns }) => ns));
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return [];
  return [
    label([corner[0] + 10, corner[1] + 12], `${name}: ${order}`),
    ...ticksUp(timeTicks(least, most, y), [left, right]),
    axes([left, bottom], [right, top]),
    path(line(points.map(({ control }) => control)), COLOURS.grey, dashed),
    path(own, COLOURS.blue, 'stroke-width="2"'),
    label([left + 5, above(own.slice(0, 2))], timeText(first.ns)),
    label([right - 4, above(own.slice(-2))], timeText(last.ns), 'end'),
    label([left, bottom + 15], grouped(first.size)),
    label([right, bottom + 15], grouped(last.size), 'end'),
    label([(left + right) / 2, bottom + 29], of.replaceAll('`', ''), 'middle'),
  ];
}

/** Where a label stands clear of the piece of line below it. */
function above(piece: readonly Point[]): number {
  return Math.min(...piece.map(([, y]) => y)) - 6;
}

/** The powers of ten, or so many of them that their labels stand apart. */
function timeTicks(least: number, most: number, y: (ns: number) => number): { at: number; text: string }[] {
  const all = decades(least, most);
  const every = Math.ceil(all.length / 4);
  return all.flatMap((ns, index) => (index % every === 0 ? [{ at: y(ns), text: timeText(ns).replace('.0', '') }] : []));
}
