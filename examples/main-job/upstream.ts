import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { UserError } from './flags.js';
import type { FromUpstream, SideName, ToUpstream, UpstreamReport } from './upstream-report.js';

/** The service that is called, whoever runs it. */
export interface Upstream {
  /** Where it is; `{symbol}` in it stands for the symbol that is asked for. */
  readonly url: string;
  /** Whether it is the scripted one, which takes orders too; nothing is ever written to a service of the user's own. */
  readonly kind: 'scripted' | 'own';
  /** Starts the script, once the way to it is warm. */
  begin(): Promise<void>;
  /** What a caller saw of a request, for an upstream that cannot count for itself. */
  note(side: SideName, what: 'sent' | 'unreached'): void;
  /** The last that is known of it. */
  report(): UpstreamReport;
  /** What it says when asked now. */
  ask(): Promise<UpstreamReport>;
  /** Aborted when it is gone before its time. */
  readonly gone: AbortSignal;
  /** Ends it, and comes back when nothing of it runs any more. */
  stop(): Promise<void>;
}

const NOTHING = { requests: 0, whileDown: 0, orders: 0 } as const;

/** Before the upstream has said anything. */
export const firstReport: UpstreamReport = {
  phase: 'starting',
  phaseLeftMs: undefined,
  bare: NOTHING,
  protected: NOTHING,
};

/**
 * Starts the scripted upstream in a process of its own.
 * @param port 0 for any that is free
 * @throws {UserError} when the port is taken
 */
export async function startUpstream(seed: number, totalMs: number, port: number): Promise<Upstream> {
  // The file bears this one's extension, so that it runs as source and as built.
  const file = fileURLToPath(new URL(import.meta.url.replace(/upstream(\.[jt]s)$/, 'upstream-process$1')));
  const child = fork(file, [seed, totalMs, port].map(String), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const upstream = new UpstreamProcess(child);
  await upstream.listening(port);
  return upstream;
}

class UpstreamProcess implements Upstream {
  readonly kind = 'scripted';
  url = '';
  readonly #child: ChildProcess;
  readonly #gone = new AbortController();
  readonly #questions = new Map<number, (report: UpstreamReport) => void>();
  readonly #ended: Promise<void>;
  #report: UpstreamReport = firstReport;
  #asked = 0;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = new Promise((resolve) => child.once('exit', () => resolve()));
    child.once('exit', () => this.#gone.abort(new UserError('the upstream process has ended before its time')));
    child.on('message', (message: FromUpstream) => this.#hear(message));
  }

  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  async listening(port: number): Promise<void> {
    const first = await new Promise<FromUpstream>((resolve, reject) => {
      this.#child.once('message', (message: FromUpstream) => resolve(message));
      this.#child.once('error', reject);
      this.gone.addEventListener('abort', () => reject(this.gone.reason), { once: true });
    });
    if (first.type === 'listening') {
      this.url = `http://127.0.0.1:${first.port}`;
      return;
    }
    await this.stop();
    const code = first.type === 'failed' ? first.code : 'no port';
    if (code !== 'EADDRINUSE') throw new UserError(`the upstream cannot listen on port ${port} (${code})`);
    throw new UserError(`port ${port} is taken; give another with --port, or none for any that is free`);
  }

  async begin(): Promise<void> {
    // A process's first `fetch` loads its HTTP client, which is no part of what is measured.
    await fetch(`${this.url}/health`).then((response) => response.text());
    this.#tell({ type: 'begin' });
    // The load begins with the script, however long the message took.
    await this.ask();
  }

  note(): void {}

  report(): UpstreamReport {
    return this.#report;
  }

  ask(): Promise<UpstreamReport> {
    const question = ++this.#asked;
    return new Promise((resolve) => {
      // A process that is gone answers nothing: what it said last must do.
      const giveUp = () => resolve(this.#report);
      if (this.gone.aborted) return giveUp();
      this.gone.addEventListener('abort', giveUp, { once: true });
      this.#questions.set(question, resolve);
      this.#tell({ type: 'ask', question });
    });
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
    await this.#ended;
  }

  #hear(message: FromUpstream): void {
    if (message.type !== 'report') return;
    this.#report = message.report;
    if (message.answers === undefined) return;
    this.#questions.get(message.answers)?.(message.report);
    this.#questions.delete(message.answers);
  }

  #tell(message: ToUpstream): void {
    // Sending to a process that has just gone fails; `gone` tells of it.
    if (this.#child.connected) this.#child.send(message, () => {});
  }
}
