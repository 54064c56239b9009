import type { CaseRow, PoliciesResult, StackRow } from './results.js';
import { COLOURS, decades, dot, grouped, label, logScale, path, picture, scale } from './svg.js';

const width = 860;
const left = 130;
const rowHeight = 26;

/** Every job, and what each library takes for it: dots on a logarithmic axis, the gate as a bar. */
export function policiesPlot({ node, jobs: all }: PoliciesResult): string {
  const jobs = all.filter(({ others }) => others.length > 0);
  const groups = ['holdfast', ...new Set(jobs.flatMap(({ others }) => others.map(({ group }) => group)))];
  const colours = new Map(groups.map((group, index) => [group, COLOURS[index % COLOURS.length] ?? '#000']));
  const most = Math.max(...jobs.flatMap(({ others }) => others.map(({ ratio }) => ratio)));
  const x = logScale([0.8, most * 1.5], [left, width - 20]);
  const bottom = 60 + jobs.length * rowHeight;
  const grid = decades(1, most * 1.5).flatMap((at) => [
    path([
      [x(at), 50],
      [x(at), bottom - 10],
    ]),
    label([x(at), bottom + 6], `${grouped(at)} ×`, 'middle'),
  ]);
  const lines = jobs.flatMap(({ name, gate, own, others }, index) => {
    const y = 60 + index * rowHeight + 6;
    const rows = own === undefined ? others : [...others, own];
    return [
      label([left - 10, y + 4], name, 'end'),
      ...gateMark(gate?.most, x, y),
      ...rows.map((row) => dot([x(row.ratio), y], colours.get(row.group) ?? '#000', tipOf(row))),
    ];
  });
  const title = `Time of a call while all is well, in times of a bare call; Node ${node}`;
  return picture(width, bottom + 50, title, [
    ...grid,
    ...lines,
    ...legend(colours, bottom + 24),
    label([left, 20], title),
  ]);
}

function gateMark(gate: number | undefined, x: (value: number) => number, y: number): string[] {
  if (gate === undefined) return [];
  return [
    path(
      [
        [x(gate), y - 9],
        [x(gate), y + 9],
      ],
      '#24292f',
      'stroke-width="2"',
    ),
  ];
}

function tipOf({ group, name, ratio }: CaseRow): string {
  return `${group}, ${name}: ${ratio.toFixed(2)} ×`;
}

function legend(colours: ReadonlyMap<string, string>, y: number): string[] {
  return [...colours].flatMap(([group, colour], index) => {
    const at = [20 + (index % 6) * 140, y + Math.floor(index / 6) * 16] as const;
    return [dot(at, colour, group), label([at[0] + 9, at[1] + 4], group)];
  });
}

/** Every random stack: what it adds by what its policies add alone, and the line that it must stay below. */
export function stacksPlot({ node, stacks, stackGate }: PoliciesResult): string {
  const most = Math.max(...stacks.map(({ alone, added }) => Math.max(alone, added))) * 1.05;
  const x = scale([0, most], [60, 480]);
  const y = scale([0, most], [320, 40]);
  const ends: [number, number][] = [
    [1, most],
    [stackGate, most / stackGate],
  ];
  const borders = ends.map(([slope, end]) =>
    path(
      [
        [x(0), y(0)],
        [x(end), y(end * slope)],
      ],
      slope === 1 ? '#8c959f' : '#d55e00',
    ),
  );
  const dots = stacks.map((stack) => dot([x(stack.alone), y(stack.added)], COLOURS[0] ?? '#000', stackTip(stack)));
  const title = `Random stacks: what they add, by what their policies add alone, × bare; Node ${node}`;
  return picture(520, 360, title, [
    label([20, 20], title),
    path(
      [
        [x(0), y(most)],
        [x(0), y(0)],
        [x(most), y(0)],
      ],
      '#24292f',
    ),
    ...borders,
    ...dots,
    label([x(most), y(0) + 24], `sum of the parts, up to ${most.toFixed(1)}`, 'end'),
    label([x(0) + 6, y(most) + 6], 'the stack; above the upper line is too dear'),
  ]);
}

function stackTip({ name, added, alone }: StackRow): string {
  return `${name}: ${added.toFixed(2)} of ${alone.toFixed(2)}`;
}
