import type { CaseRow, PoliciesResult } from './results.js';
import {
  COLOURS,
  decades,
  dot,
  grouped,
  label,
  logScale,
  path,
  picture,
  type Point,
  square,
  ticksAcross,
} from './svg.js';

const [left, right, top] = [110, 820, 50];
const rowHeight = 26;

type Mark = (place: Point, tip: string) => string;

/** Every job, and what each library takes for it: dots on a logarithmic axis, the gate as a bar. */
export function policiesPlot({ node, jobs: all }: PoliciesResult): string {
  const jobs = all.filter(({ others }) => others.length > 0);
  const marks = marksOf(['holdfast', ...new Set(jobs.flatMap(({ others }) => others.map(({ group }) => group)))]);
  const most = Math.max(...jobs.flatMap(({ others }) => others.map(({ ratio }) => ratio)));
  const x = logScale([0.8, most * 1.5], [left, right]);
  const bottom = top + jobs.length * rowHeight;
  const times = decades(1, most * 1.5).map((at) => ({ at: x(at), text: `${grouped(at)} ×` }));
  const lines = jobs.flatMap(({ name, gate, own, others }, index) => {
    const y = top + (index + 0.5) * rowHeight;
    // The larger mark first, so that it hides none.
    const rows = own === undefined ? others : [own, ...others];
    return [
      label([left - 10, y + 4], name, 'end'),
      ...(gate === undefined ? [] : [gateMark([x(gate.most), y])]),
      ...rows.map((row) => marks.get(row.group)?.([x(row.ratio), y], tipOf(row)) ?? ''),
    ];
  });
  const title = `Time of a call while all is well; Node ${node}`;
  return picture(860, bottom + 115, title, [
    label([20, 20], title),
    ...ticksAcross(times, [bottom, top]),
    ...lines,
    label([right, bottom + 34], 'in times of a bare await asyncFn(x); logarithmic', 'end'),
    ...legend(marks, bottom + 56),
  ]);
}

/** A mark for each library: the library's own is larger, then come dots, then squares. */
function marksOf([own = '', ...others]: readonly string[]): Map<string, Mark> {
  const { orange, green, pink, vermilion, sky, grey } = COLOURS;
  const shapes = [
    ...[orange, green, pink, vermilion, sky, grey].map(
      (fill): Mark =>
        (place, tip) =>
          dot(place, fill, tip),
    ),
    // In an order in which libraries of one job seldom share a colour.
    ...[sky, grey, orange, green, pink, vermilion].map(
      (fill): Mark =>
        (place, tip) =>
          square(place, fill, tip),
    ),
  ];
  const marks = others.map((group, index): [string, Mark] => {
    const mark = shapes[index];
    if (mark === undefined) throw new Error(`there is no mark left for ${group}`);
    return [group, mark];
  });
  return new Map([[own, (place, tip) => dot(place, COLOURS.blue, tip, 6)], ...marks]);
}

function gateMark([x, y]: Point): string {
  return path(
    [
      [x, y - 9],
      [x, y + 9],
    ],
    COLOURS.ink,
    'stroke-width="2"',
  );
}

function tipOf({ group, name, ratio }: CaseRow): string {
  return `${group}, ${name}: ${ratio.toFixed(2)} ×`;
}

function legend(marks: ReadonlyMap<string, Mark>, y: number): string[] {
  const entries = [...marks, ['gate of holdfast', gateMark] as const];
  return entries.flatMap(([group, mark], index) => {
    const place = [20 + (index % 5) * 165, y + Math.floor(index / 5) * 22] as const;
    return [mark(place, group), label([place[0] + 9, place[1] + 4], group)];
  });
}
