/** The main job: `npm start`, or `node --import tsx examples/main-job/main.ts --help`. */
import { type Flags, HELP, readFlags, UserError } from './flags.js';
import { runJob } from './job.js';
import { liveView } from './live.js';
import { closingReport, jsonReport } from './report.js';

/** npm hands a terminal's Ctrl-C on to a process that has it already: a second one so soon is the same one. */
const SAME_SIGNAL_MS = 500;

process.stdout.on('error', leaveWhenUnread);
// The load's last requests may hang for as long as a service of the user's own lets them: they must not keep us.
main(process.argv.slice(2)).then((code) => process.stdout.write('', () => process.exit(code)));

async function main(args: readonly string[]): Promise<number> {
  try {
    const flags = readFlags(args);
    if (flags.output === 'help') process.stdout.write(HELP);
    else await run(flags, flags.output);
    return 0;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`main-job: ${error.message}\n`);
    return 1;
  }
}

async function run(flags: Flags, output: 'table' | 'json'): Promise<void> {
  const stop = stopBySignal();
  const live = liveView(output, process.stdout, process.stderr, process.env);
  const outcome = await runJob(flags, live, stop);
  const lines = output === 'json' ? [JSON.stringify(jsonReport(outcome))] : closingReport(outcome);
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Aborted by Ctrl-C and the like; a second one ends the process on the spot. */
function stopBySignal(): AbortSignal {
  const stop = new AbortController();
  let firstAt: number | undefined;
  const end = (): void => {
    if (firstAt !== undefined && performance.now() - firstAt > SAME_SIGNAL_MS) process.exit(130);
    firstAt ??= performance.now();
    stop.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  return stop.signal;
}

/** Whoever read us has had enough (`| head`). The upstream's process ends with ours. */
function leaveWhenUnread(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
}
