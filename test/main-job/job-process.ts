import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What a job's process came to. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The main job in a process of its own, as `npm start` runs it. */
export class JobProcess {
  readonly child: ChildProcess;
  /** Resolves when it has ended and all it wrote has been read. */
  readonly ended: Promise<Ended>;
  #stdout = '';
  #stderr = '';

  constructor(...flags: string[]) {
    this.child = spawn(process.execPath, ['--import', 'tsx', 'examples/main-job/main.ts', ...flags], { cwd: ROOT });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#stdout += text));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    this.ended = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (code) => resolve({ code, stdout: this.#stdout, stderr: this.#stderr }));
    });
  }

  /** Resolves when standard output has had a text. */
  async printed(text: string): Promise<void> {
    while (!this.#stdout.includes(text)) await new Promise((resolve) => this.child.stdout?.once('data', resolve));
  }
}

/** A port that nobody listens on just now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Whether anybody listens on a port. */
export function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** Resolves when `isTaken` has become what is wished for. */
export async function untilTaken(port: number, wished: boolean): Promise<void> {
  while ((await isTaken(port)) !== wished) await new Promise((resolve) => setTimeout(resolve, 20));
}
