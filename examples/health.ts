import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { circuitBreaker, Health, type HealthReport, Registry } from 'holdfast';

const registry = new Registry();
let isDatabaseUp = true;

const health = new Health({
  registry,
  breakers: { payments: 'down' }, // without payments it is of no use; other breakers degrade it
  checks: {
    database: () => isDatabaseUp,
    mail: { check: () => Promise.reject(new Error('connect ECONNREFUSED')), critical: false, timeoutMs: 500 },
  },
  cacheMs: 0, // so that the example sees each change; leave it out, and a result holds for a second
});
registry.on('health:changed', ({ probe, from, to }) => console.log(`${probe}: ${from} -> ${to}`));

const statusOf = ({ status }: HealthReport) => (status === 'down' ? 503 : 200); // what is degraded serves

const server = createServer(async (request, response) => {
  const report = request.url === '/livez' ? await health.live() : await health.ready();
  response.writeHead(statusOf(report), { 'content-type': 'application/json' }).end(JSON.stringify(report));
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

async function probe(path: string) {
  const response = await fetch(`${origin}${path}`);
  const { status, reasons } = (await response.json()) as HealthReport;
  console.log(path, response.status, status, ...reasons);
}

await probe('/livez');
// → live: unknown -> up
// → /livez 200 up
await probe('/readyz');
// → ready: unknown -> degraded
// → /readyz 200 degraded mail: connect ECONNREFUSED

// The database goes down: no requests for this process, and no restart, which would not mend it.
isDatabaseUp = false;
await probe('/readyz');
// → ready: degraded -> down
// → /readyz 503 down database: said that it is not well mail: connect ECONNREFUSED
await probe('/livez'); // → /livez 200 up
isDatabaseUp = true;

// A breaker is known by its name, and by who has acted on it.
await circuitBreaker({ name: 'payments', registry }).execute(async () => 'paid');
registry.breakers.get('payments')?.isolate({ owner: 'ops', reason: 'provider migrates' });
console.log((await health.ready()).checks['breaker:payments']?.reason); // → is isolated by ops (provider migrates)
registry.breakers.get('payments')?.release();

// An orderly shutdown: no new requests, then no server, then no policies.
health.drain({ reason: 'SIGTERM' });
await probe('/readyz'); // → /readyz 503 down registry: is draining (SIGTERM) mail: connect ECONNREFUSED
server.close().closeAllConnections();
await registry.close();
