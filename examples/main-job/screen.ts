import type { WriteStream } from 'node:tty';

/** How a line stands out. */
export type Tone = 'strong' | 'dim' | 'good' | 'warn' | 'bad';

/** A line of the view. */
export interface Line {
  readonly text: string;
  readonly tone?: Tone;
}

const ESC = '\u001b[';
const HIDE_CURSOR = `${ESC}?25l`;
const SHOW_CURSOR = `${ESC}?25h`;
const CLEAR_BELOW = `${ESC}J`;
const CODES: Readonly<Record<Tone, number>> = { strong: 1, dim: 2, good: 32, warn: 33, bad: 31 };

/** What the screen needs to know of a terminal. */
export type Terminal = Pick<WriteStream, 'write'> & { readonly columns?: number; readonly rows?: number };

/** A view that is redrawn in place, below what the terminal showed before. */
export class Screen {
  readonly #terminal: Terminal;
  readonly #colours: 'on' | 'off';
  #drawn = 0;

  constructor(terminal: Terminal, colours: 'on' | 'off') {
    this.#terminal = terminal;
    this.#colours = colours;
    this.#terminal.write(HIDE_CURSOR);
  }

  draw(lines: readonly Line[]): void {
    // A terminal of unknown size says 0.
    const columns = this.#terminal.columns || 80;
    const rows = this.#terminal.rows || 24;
    // One line beyond the terminal's height would scroll, and the way back up would end in the wrong place.
    const shown = lines.slice(0, Math.max(1, rows - 1));
    const text = shown.map((line) => `${this.#paint(line, columns)}${ESC}K\n`).join('');
    this.#terminal.write(this.#up() + text + CLEAR_BELOW);
    this.#drawn = shown.length;
  }

  /** Takes the view away and gives the cursor back. */
  close(): void {
    this.#terminal.write(this.#up() + CLEAR_BELOW + SHOW_CURSOR);
    this.#drawn = 0;
  }

  #up(): string {
    return this.#drawn === 0 ? '\r' : `\r${ESC}${this.#drawn}A`;
  }

  #paint({ text, tone }: Line, columns: number): string {
    const cut = text.length > columns ? `${text.slice(0, Math.max(0, columns - 1))}…` : text;
    return tone === undefined || this.#colours === 'off' ? cut : `${ESC}${CODES[tone]}m${cut}${ESC}0m`;
  }
}
