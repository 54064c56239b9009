import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The server of the example, as its parent sees it. */
export class HostsServer implements AsyncDisposable {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.url = `http://127.0.0.1:${port}`;
  }

  /** Starts it in a process of its own, on a free port. */
  static async start(): Promise<HostsServer> {
    const child = fork(fileURLToPath(new URL('server.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] });
    const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the server has ended (${code})`)));
    const [port] = await Promise.race([once(child, 'message'), ended]);
    // From now on its end is for who asks it to see.
    ended.catch(() => {});
    return new HostsServer(child, port as number);
  }

  /** From then on it answers every request with a 503, or again as it should. */
  async turn(to: 'down' | 'up'): Promise<void> {
    this.#child.send(to);
    await once(this.#child, 'message');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.disconnect();
    await once(this.#child, 'exit');
  }
}
