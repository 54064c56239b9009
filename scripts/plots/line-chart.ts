/** One line of a chart: a value for each step. */
export interface Line {
  readonly name: string;
  readonly colour: string;
  readonly values: readonly number[];
  /** For what is given, not measured. */
  readonly dashed?: true;
}

/** Lines over one axis. */
export interface Panel {
  readonly title: string;
  readonly most: number;
  readonly lines: readonly Line[];
}

/** A picture of panels, one under the other, over the same time. */
export interface Chart {
  /** What it shows, for those who cannot see it. */
  readonly label: string;
  /** Seconds that a step lasts. */
  readonly stepS: number;
  /** Seconds from one mark on the axis to the next. */
  readonly markS: number;
  readonly panels: readonly Panel[];
}

const WIDTH = 760;
const LEFT = 48;
const RIGHT = 30;
/** As wide as a letter is on average, and the mark before a name with the room after it. */
const LETTER = 6.4;
const MARK = 46;
const PANEL = 190;
const ROOM_ABOVE = 44;
const ROOM_BELOW = 26;
const PITCH = ROOM_ABOVE + PANEL + ROOM_BELOW;

/** Draws a chart as SVG, the same for the same numbers. */
export function drawn({ label, stepS, markS, panels }: Chart): string {
  const height = panels.length * PITCH;
  const parts = panels.flatMap((panel, index) => drawnPanel(panel, index * PITCH + ROOM_ABOVE, { stepS, markS }));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" font-family="sans-serif" font-size="12">`,
    `<title>${label}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function drawnPanel(
  { title, most, lines }: Panel,
  top: number,
  { stepS, markS }: Pick<Chart, 'stepS' | 'markS'>,
): string[] {
  const steps = Math.max(...lines.map(({ values }) => values.length));
  const across = (step: number) => round(LEFT + (step / steps) * (WIDTH - LEFT - RIGHT));
  const down = (value: number) => round(top + PANEL * (1 - Math.min(value, most) / most));
  const marks = [0, 0.25, 0.5, 0.75, 1].map((share) => share * most);
  const seconds = Array.from({ length: Math.floor((steps * stepS) / markS) + 1 }, (_, index) => index * markS);
  return [
    `<text x="${LEFT}" y="${top - 26}" font-weight="bold">${title}</text>`,
    ...legend(lines, top - 10),
    ...marks.flatMap((mark) => [
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${down(mark)}" y2="${down(mark)}" stroke="#dddddd"/>`,
      `<text x="${LEFT - 6}" y="${down(mark) + 4}" text-anchor="end" fill="#555555">${mark}</text>`,
    ]),
    ...seconds.map(
      (second) =>
        `<text x="${across(second / stepS)}" y="${top + PANEL + 16}" text-anchor="middle" fill="#555555">${second} s</text>`,
    ),
    ...lines.map(({ values, colour, dashed }) => {
      const points = values.map((value, step) => `${across(step + 0.5)},${down(value)}`).join(' ');
      const dashes = dashed === undefined ? '' : ' stroke-dasharray="5 4"';
      return `<polyline points="${points}" fill="none" stroke="${colour}" stroke-width="1.8"${dashes}/>`;
    }),
  ];
}

function legend(lines: readonly Line[], y: number): string[] {
  let next = LEFT;
  return lines.flatMap(({ name, colour, dashed }) => {
    const x = round(next);
    next += MARK + name.length * LETTER;
    const dashes = dashed === undefined ? '' : ' stroke-dasharray="5 4"';
    return [
      `<line x1="${x}" x2="${x + 18}" y1="${y - 4}" y2="${y - 4}" stroke="${colour}" stroke-width="2.5"${dashes}/>`,
      `<text x="${x + 24}" y="${y}">${name}</text>`,
    ];
  });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
