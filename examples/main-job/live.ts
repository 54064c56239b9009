import type { Moment } from './moment.js';
import { Screen, type Terminal } from './screen.js';
import { frame, paragraph } from './view.js';

/** Shows moments while they pass. */
export interface Live {
  /** Says something that stays above what passes. */
  tell(line: string): void;
  show(moment: Moment): void;
  /** Leaves the terminal as it was found. */
  close(): void;
  /** How often it wants a moment. */
  readonly everyMs: number;
}

/** A stream that may be a terminal. */
export type Output = Terminal & { readonly isTTY?: boolean };

/** What of the environment bears on the view. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The view that fits the streams: redrawn in place on a terminal, else plain lines. With `'json'` standard output is
 * left alone: the view goes to standard error if that is a terminal, else nowhere.
 */
export function liveView(output: 'table' | 'json', stdout: Output, stderr: Output, env: Environment): Live {
  const stream = output === 'json' ? stderr : stdout;
  if (stream.isTTY && env['TERM'] !== 'dumb') return inPlace(stream, env['NO_COLOR'] ? 'off' : 'on');
  return output === 'json' ? { tell() {}, show() {}, close() {}, everyMs: 1_000 } : inLines(stream);
}

function inPlace(terminal: Terminal, colours: 'on' | 'off'): Live {
  const screen = new Screen(terminal, colours);
  return {
    everyMs: 200,
    tell: (line) => void terminal.write(`${line}\n`),
    show: (moment) => screen.draw(frame(moment)),
    close: () => screen.close(),
  };
}

function inLines(stream: Terminal): Live {
  return {
    everyMs: 2_000,
    tell: (line) => void stream.write(`${line}\n`),
    show: (moment) => void stream.write(`${paragraph(moment).join('\n')}\n`),
    close() {},
  };
}
