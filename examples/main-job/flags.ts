import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface Flags {
  readonly seconds: number;
  readonly seed: number;
  /** The user's own service in place of the scripted upstream. */
  readonly upstream: string | undefined;
  /** The scripted upstream's port; 0 for any that is free. */
  readonly port: number;
  /** Where dead letters and metrics are written, and stay; undefined for a fresh one, which is removed at the end. */
  readonly folder: string | undefined;
  readonly output: 'table' | 'json' | 'help';
}

/** A mistake that its maker can mend: shown in one line, without a stack. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

export const HELP = `Calls a real HTTP upstream twice side by side, bare and protected by holdfast's decorators, while the
upstream goes through good and bad times; shows it live and ends with a table of what was measured.

usage: npm start -- [options]

  --seconds N     how long the load lasts, 1 to 86400 (30)
  --seed N        what the upstream goes through and what is asked of it, 0 to 4294967295 (1)
  --upstream URL  calls a service of your own instead of the scripted upstream, with GET only; {symbol} in
                  the URL stands for the symbol that is asked for
  --port N        the scripted upstream's port (any that is free)
  --folder PATH   writes dead letters and metrics into this folder, which must be new or empty, and keeps them
                  (a fresh one among the system's temporary files, which is removed at the end)
  --json          prints one JSON object at the end, and nothing else on standard output
  --help          prints this

A call has succeeded when it got a real answer in its time: from the upstream, or from the cache before its time
was up. Answers past their time (stale) and answers of a fallback are no successes and are counted apart.
fromCache counts all answers out of the cache, stale ones included. Percentiles are of all calls, failed ones too.
Ctrl-C ends it at any time with the table so far.
`;

/** @throws {UserError} for what it cannot take, in one line */
export function readFlags(args: readonly string[]): Flags {
  const { values } = parse(args);
  if (values.help) return { seconds: 30, seed: 1, upstream: undefined, port: 0, folder: undefined, output: 'help' };
  if (values.upstream !== undefined && values.port !== undefined) {
    throw new UserError('--upstream and --port exclude each other: the port is the scripted upstream’s');
  }
  return {
    seconds: numberOf('--seconds', values.seconds ?? '30', 'a number from 1 to 86400', (n) => n >= 1 && n <= 86_400),
    seed: numberOf('--seed', values.seed ?? '1', 'a whole number from 0 to 4294967295', isUint32),
    port: values.port === undefined ? 0 : numberOf('--port', values.port, 'a whole number from 1 to 65535', isPort),
    upstream: values.upstream === undefined ? undefined : urlOf(values.upstream),
    folder: values.folder === undefined ? undefined : folderOf(values.folder),
    output: values.json ? 'json' : 'table',
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        seconds: { type: 'string' },
        seed: { type: 'string' },
        upstream: { type: 'string' },
        port: { type: 'string' },
        folder: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    // Node's advice on the following lines is about positional arguments, of which there are none.
    const [first = ''] = String((error as Error).message).split(/\.\s|\n/);
    throw new UserError(`${first.replace(/\.$/, '')}; --help tells what there is`);
  }
}

function numberOf(flag: string, text: string, takes: string, fits: (value: number) => boolean): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!fits(value)) throw new UserError(`${flag} takes ${takes}, got ${JSON.stringify(text)}`);
  return value;
}

function urlOf(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new UserError(`--upstream takes an http or https URL, got ${JSON.stringify(text)}`);
}

function folderOf(text: string): string {
  if (text.trim() === '') throw new UserError(`--folder takes the path of a folder, got ${JSON.stringify(text)}`);
  return resolve(text);
}

function isUint32(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff;
}

function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 65_535;
}
