const INK = '#24292f';
const PALE = '#d0d7de';

/** Colours that stay apart for colour-blind readers too (Okabe and Ito). */
export const COLOURS = {
  blue: '#0072b2',
  orange: '#e69f00',
  green: '#009e73',
  pink: '#cc79a7',
  vermilion: '#d55e00',
  sky: '#56b4e9',
  grey: '#8c959f',
  ink: INK,
} as const;

/** A place in a picture, in pixels. */
export type Point = readonly [x: number, y: number];

/** A picture as SVG text, on white so that it reads on any page. */
export function picture(width: number, height: number, title: string, parts: readonly string[]): string {
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">`;
  return [
    head,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

/** Text that ends, or is centred, at its place if need be; with a white rim, so that it reads on a line. */
export function label([x, y]: Point, text: string, anchor: 'start' | 'middle' | 'end' = 'start', fill = INK): string {
  const rim = 'stroke="#fff" stroke-width="3" paint-order="stroke"';
  return `<text x="${px(x)}" y="${px(y)}" text-anchor="${anchor}" fill="${fill}" ${rim}>${escaped(text)}</text>`;
}

/** A line through all points. */
export function path(points: readonly Point[], stroke: string = PALE, extra = ''): string {
  const places = points.map(([x, y]) => `${px(x)},${px(y)}`).join(' ');
  return `<polyline points="${places}" fill="none" stroke="${stroke}"${extra === '' ? '' : ` ${extra}`}/>`;
}

/** A filled dot that tells what it is when pointed at. */
export function dot([x, y]: Point, fill: string, tip: string, radius = 4): string {
  return `<circle cx="${px(x)}" cy="${px(y)}" r="${radius}" fill="${fill}"><title>${escaped(tip)}</title></circle>`;
}

/** A filled square, for where the colours are all taken by dots. */
export function square([x, y]: Point, fill: string, tip: string): string {
  const corner = `x="${px(x - 4)}" y="${px(y - 4)}"`;
  return `<rect ${corner} width="8" height="8" fill="${fill}"><title>${escaped(tip)}</title></rect>`;
}

/** A value of an axis, and where it stands on it. */
export interface Tick {
  readonly at: number;
  readonly text: string;
}

/** Pale lines upwards from an axis, each with its value below. */
export function ticksAcross(ticks: readonly Tick[], [bottom, top]: Point): string[] {
  return ticks.flatMap(({ at, text }) => [
    path([
      [at, bottom],
      [at, top],
    ]),
    label([at, bottom + 15], text, 'middle'),
  ]);
}

/** Pale lines to the right from an axis, each with its value to the left. */
export function ticksUp(ticks: readonly Tick[], [left, right]: Point): string[] {
  return ticks.flatMap(({ at, text }) => [
    path([
      [left, at],
      [right, at],
    ]),
    label([left - 5, at + 4], text, 'end'),
  ]);
}

/** The two axes, from the top of the one to the end of the other. */
export function axes([left, bottom]: Point, [right, top]: Point): string {
  return path(
    [
      [left, top],
      [left, bottom],
      [right, bottom],
    ],
    INK,
  );
}

/** From a value to its place, by logarithm. */
export function logScale([low, high]: Point, [from, to]: Point): (value: number) => number {
  const [least, most] = [Math.log(low), Math.log(high)];
  return (value) => from + ((Math.log(value) - least) / (most - least)) * (to - from);
}

/** From a value to its place. */
export function scale([low, high]: Point, [from, to]: Point): (value: number) => number {
  return (value) => from + ((value - low) / (high - low)) * (to - from);
}

/** The powers of ten from one value to another. */
export function decades(low: number, high: number): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
}

/** About five round numbers from 0 up to a value. */
export function steps(most: number): number[] {
  const unit = 10 ** Math.floor(Math.log10(most / 4));
  const step = unit * ([1, 2, 5].findLast((times) => times * unit <= most / 4) ?? 1);
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, index) => index * step);
}

/** A time as people read it. */
export function timeText(ns: number): string {
  if (ns < 1_000) return `${ns.toFixed(0)} ns`;
  return ns < 1e6 ? `${(ns / 1e3).toFixed(1)} µs` : `${(ns / 1e6).toFixed(1)} ms`;
}

/** A whole number with its thousands apart. */
export function grouped(value: number): string {
  return Math.round(value).toLocaleString('en-GB').replaceAll(',', ' ');
}

function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
