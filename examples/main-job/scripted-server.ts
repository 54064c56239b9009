import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Fate, fateOf } from './fate.js';
import { type Segment, segmentAt, writeScript } from './script.js';
import { seededRandom } from './seeded.js';
import { type Borne, SIDE_HEADER, type SideName, type UpstreamReport } from './upstream-report.js';

class Client {
  requests = 0;
  whileDown = 0;
  readonly orders = new Set<string>();
  readonly random: () => number;

  constructor(seed: number) {
    this.random = seededRandom(seed);
  }

  report(): Borne {
    return { requests: this.requests, whileDown: this.whileDown, orders: this.orders.size };
  }
}

/** A stock exchange's HTTP service that lives through a script: `GET /quote/…`, `GET /depth/…`, `POST /orders`. */
export class ScriptedServer {
  readonly #script: readonly Segment[];
  readonly #clients: Readonly<Record<SideName, Client>>;
  readonly #server: Server;
  readonly #timers: NodeJS.Timeout[] = [];
  #begunAt = Infinity;

  constructor(seed: number, totalMs: number) {
    this.#script = writeScript(seed, totalMs);
    // The same chance for both: the n-th request of either side meets the same luck.
    this.#clients = { bare: new Client(seed + 1), protected: new Client(seed + 1) };
    this.#server = createServer((request, response) => this.#serve(request, response));
  }

  /** Opens the port, 0 for any that is free, and gives it. */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => resolve((this.#server.address() as AddressInfo).port));
    });
  }

  /** Starts the script; until then the upstream is healthy. */
  begin(): void {
    this.#begunAt = performance.now();
    for (const { behaviour, startMs } of this.#script) {
      // Whoever is connected when the outage begins is cut off.
      if (behaviour === 'down') this.#timers.push(setTimeout(() => this.#server.closeAllConnections(), startMs));
    }
  }

  report(): UpstreamReport {
    const elapsedMs = this.#elapsedMs();
    const { phase } = segmentAt(this.#script, elapsedMs);
    const endMs = this.#script.findLast((segment) => segment.phase === phase)?.endMs ?? 0;
    return {
      phase,
      phaseLeftMs: Math.max(0, endMs - elapsedMs),
      bare: this.#clients.bare.report(),
      protected: this.#clients.protected.report(),
    };
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #elapsedMs(): number {
    return Math.max(0, performance.now() - this.#begunAt);
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    if (request.url === '/health') {
      response.end();
      return;
    }
    const { behaviour } = segmentAt(this.#script, this.#elapsedMs());
    const client = this.#clients[request.headers[SIDE_HEADER] === 'protected' ? 'protected' : 'bare'];
    const fate = fateOf(behaviour, client.random);
    client.requests++;
    if (behaviour === 'down') client.whileDown++;
    const order = request.headers['idempotency-key'];
    if (fate.kind === 'answered' && request.method === 'POST' && typeof order === 'string') client.orders.add(order);
    setTimeout(() => meet(fate, request, response), fate.delayMs);
  }
}

function meet(fate: Fate, request: IncomingMessage, response: ServerResponse): void {
  if (fate.kind === 'reset') {
    request.socket.resetAndDestroy();
    return;
  }
  const status = fate.kind === 'refused' ? fate.status : request.method === 'POST' ? 201 : 200;
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(fate.kind === 'refused' ? { error: status } : answerTo(request.url ?? '/')));
}

function answerTo(url: string): object {
  const [, kind = '', symbol = ''] = url.split('/');
  const price = 10 + (Array.from(symbol).reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) % 9_973, 7) % 490);
  return kind === 'quote' ? { symbol, price } : { symbol, bids: [price - 1], asks: [price + 1] };
}
