/**
 * node bench/pool.mjs [--requests 1000] [--concurrency 10] [--rounds 5]
 *
 * The same requests to a server of its own process, with a connection for each and over connections of a `ResourcePool`
 * of the build in `dist`: keep-alive agents of one socket each. Over plain HTTP, and over TLS with a certificate made
 * for the run by `openssl`. Rounds alternate; the figure is the median of the rounds' ratios.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tellMistakes } from './options.mjs';
import { fasterText, isServer, medianText, numbersOf, serve, startServer, textOf, timeOf } from './requests.mjs';

if (isServer) serve(countingServer);
else await tellMistakes(main);

/** Answers at once, and tells how many connections it has had. */
function countingServer({ key, cert }) {
  let connections = 0;
  const answer = (request, response) => response.end(request.url === '/connections' ? String(connections) : 'ok');
  const server = cert === undefined ? http.createServer(answer) : https.createServer({ key, cert }, answer);
  return server.on('connection', () => connections++);
}

async function main() {
  const plan = numbersOf({ requests: 1_000, concurrency: 10, rounds: 5 });
  const { ResourcePool } = await import('../dist/node/index.js');
  console.log(`${plan.requests} requests, ${plan.concurrency} at once, ${plan.rounds} rounds, Node ${process.version}`);
  await compare('http', {}, plan, ResourcePool);
  const certificate = makeCertificate();
  if (certificate === undefined) console.log('https: left out, for there is no openssl to make a certificate');
  else await compare('https', certificate, plan, ResourcePool);
}

async function compare(scheme, certificate, plan, ResourcePool) {
  const server = await startServer(import.meta.filename, certificate);
  const { request, Agent } = scheme === 'http' ? http : https;
  const trust = certificate.cert === undefined ? {} : { ca: certificate.cert, servername: 'localhost' };
  const get = (agent, path = '/') => textOf(request, { port: server.port, path, agent, ...trust });
  // Neither resumes TLS sessions across connections: each new connection has its whole handshake.
  const newAgent = (keepAlive) => new Agent({ keepAlive, maxSockets: 1, maxCachedSessions: 0 });
  const pool = new ResourcePool({
    create: () => newAgent(true),
    destroy: (agent) => agent.destroy(),
    maxSize: plan.concurrency,
  });
  const calls = {
    unpooled: checked(() => get(newAgent(false))),
    pooled: checked(() => pool.use((agent) => get(agent))),
  };
  const opened = await openedBy(calls, plan, () => get(newAgent(false), '/connections'));
  const times = { unpooled: [], pooled: [] };
  for (let round = 0; round < plan.rounds; round++) {
    for (const [name, call] of Object.entries(calls)) times[name].push(await timeOf(call, plan));
  }
  const told = Object.keys(calls).map((name) => `${name} ${medianText(times[name])} (${opened[name]} connections)`);
  console.log(`${scheme.padEnd(5)}  ${told.join('  ')}  ${fasterText(times.unpooled, times.pooled)}`);
  await pool.close();
  server.stop();
}

function checked(call) {
  return async () => {
    if ((await call()) !== 'ok') throw new Error('a wrong answer');
  };
}

/** How many connections each opens in a first round, which warms both. */
async function openedBy(calls, plan, connections) {
  const opened = {};
  for (const [name, call] of Object.entries(calls)) {
    const before = Number(await connections());
    await timeOf(call, plan);
    // The question itself comes by a connection of its own.
    opened[name] = Number(await connections()) - before - 1;
  }
  return opened;
}

/** A key and a certificate for `localhost`; undefined without `openssl`. */
function makeCertificate() {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  try {
    const files = ['-keyout', key, '-out', cert];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', ...subject, ...files], {
      stdio: 'ignore',
    });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
