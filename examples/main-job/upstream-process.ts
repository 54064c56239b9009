/** The upstream, in a process of its own: `upstream-process.ts SEED TOTAL_MS PORT`, started by upstream.ts. */
import { ScriptedServer } from './scripted-server.js';
import type { FromUpstream, ToUpstream } from './upstream-report.js';

const REPORT_EVERY_MS = 100;
const [seed = 0, totalMs = 30_000, port = 0] = process.argv.slice(2).map(Number);
const server = new ScriptedServer(seed, totalMs);

// A Ctrl-C reaches the whole terminal; when to go is for the parent to say, and its end, however it came, is the sign.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('disconnect', () => process.exit(0));

process.on('message', (message: ToUpstream) => {
  if (message.type === 'begin') server.begin();
  else tell({ type: 'report', report: server.report(), answers: message.question });
});

try {
  tell({ type: 'listening', port: await server.listen(port) });
  setInterval(() => tell({ type: 'report', report: server.report() }), REPORT_EVERY_MS);
} catch (error) {
  tell({ type: 'failed', code: (error as NodeJS.ErrnoException).code ?? String(error) });
}

function tell(message: FromUpstream): void {
  // Nobody to tell any more: `disconnect` ends the process.
  process.send?.(message, undefined, undefined, () => {});
}
