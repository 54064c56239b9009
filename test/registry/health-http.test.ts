import { createServer, type Server } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server as TcpServer, Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { Health, type HealthOptions, type HealthReport, Registry } from '../../src/index.js';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function listening(server: Server | TcpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port;
}

/** A process with probes, as an orchestrator sees it. */
async function serve(options: HealthOptions) {
  const registry = new Registry();
  const health = new Health({ registry, ...options });
  const server = createServer(async (request, response) => {
    const report = request.url === '/livez' ? await health.live() : await health.ready();
    response.writeHead(report.status === 'down' ? 503 : 200).end(JSON.stringify(report));
  });
  const port = await listening(server);
  ends.push(() => registry.close());
  const probe = async (path: string) => {
    const begunAt = performance.now();
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    const report = (await response.json()) as HealthReport;
    return { code: response.status, report, tookMs: performance.now() - begunAt };
  };
  return { registry, health, probe };
}

/** A dependency that accepts connections and says nothing, until it is told to. */
async function silentDependency() {
  const sockets: Socket[] = [];
  let accepted = 0;
  let answers = false;
  const port = await listening(
    createTcpServer((socket) => {
      accepted++;
      sockets.push(socket.on('error', () => {}));
      if (answers) socket.end('well');
    }),
  );
  ends.push(() => sockets.forEach((socket) => socket.destroy()));
  /** Ignores its signal, as many drivers do: nothing but the time limit ends it. */
  const check = () =>
    new Promise((resolve, reject) => {
      connect(port, '127.0.0.1').on('data', resolve).on('error', reject);
    });
  return {
    check,
    accepted: () => accepted,
    recover() {
      answers = true;
      for (const socket of sockets) socket.end('well');
    },
  };
}

test('a dependency that hangs costs one connection, however many probe, and no probe waits longer than its time', async () => {
  const dependency = await silentDependency();
  const { probe } = await serve({ checks: { database: dependency.check }, timeoutMs: 200, cacheMs: 50 });

  const first = await Promise.all(Array.from({ length: 100 }, () => probe('/readyz')));
  const second = await Promise.all(Array.from({ length: 100 }, () => probe('/readyz')));

  expect(new Set([...first, ...second].map(({ code }) => code))).toEqual(new Set([503]));
  expect(dependency.accepted()).toBe(1);
  // A busy machine takes its time for a hundred requests; without the limit it would be for ever.
  expect(Math.max(...first.map(({ tookMs }) => tookMs))).toBeLessThan(2_000);
  expect((await probe('/livez')).code).toBe(200);

  dependency.recover();
  await expect.poll(async () => (await probe('/readyz')).code, { timeout: 5_000 }).toBe(200);
});

test('an event loop that was held up shows in liveness, until it comes round again', async () => {
  const { health, probe } = await serve({ maxEventLoopDelayMs: 300 });
  await probe('/livez');

  const until = performance.now() + 1_000;
  while (performance.now() < until);
  const report = await health.live();

  expect(report.status).toBe('down');
  expect(report.reasons[0]).toMatch(/^eventLoop: came round [\d ]+ ms late$/);
  await expect.poll(async () => (await probe('/livez')).code, { timeout: 5_000 }).toBe(200);
});

test('readiness is down while the server still answers, and liveness is not', async () => {
  const { registry, health, probe } = await serve({});
  health.drain({ reason: 'SIGTERM' });

  expect((await probe('/readyz')).code).toBe(503);
  expect((await probe('/livez')).code).toBe(200);
  await registry.close();
  expect((await probe('/readyz')).report.reasons).toEqual(['registry: is closed']);
  expect((await probe('/livez')).code).toBe(200);
});

test('a check that gives the answer of a fetch, and reads no body, holds no connection', async () => {
  let underWay = 0;
  // More than the buffers between the two take: it is under way until somebody reads it, or gives it up.
  const body = Buffer.alloc(20_000_000);
  const dependency = createServer((_, response) => {
    underWay++;
    response.on('close', () => underWay--).end(body);
  });
  const port = await listening(dependency);
  ends.push(() => dependency.closeAllConnections());
  const api = ({ signal }: { signal: AbortSignal }) => fetch(`http://127.0.0.1:${port}/`, { signal });
  const { health } = await serve({ cacheMs: 0, timeoutMs: 10_000, checks: { api } });
  for (let probes = 0; probes < 5; probes++) expect((await health.ready()).status).toBe('up');

  await vi.waitFor(() => expect(underWay).toBe(0), { timeout: 5_000 });
});
