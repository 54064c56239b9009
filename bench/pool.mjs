/**
 * node bench/pool.mjs [--requests 1000] [--concurrency 10] [--rounds 5]
 *
 * The same requests to a server of its own process, with a connection for each and over connections of a `ResourcePool`
 * of the build in `dist`: keep-alive agents of one socket each. Over plain HTTP, and over TLS with a certificate made
 * for the run by `openssl`. Rounds alternate; the figure is the median of the rounds' ratios.
 */
import { execFileSync, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const SERVE = '--serve';

if (process.argv[2] === SERVE) serve();
else await main();

/** The server's process: answers at once, and tells how many connections it has had. */
function serve() {
  let connections = 0;
  const answer = (request, response) => response.end(request.url === '/connections' ? String(connections) : 'ok');
  process.once('message', ({ key, cert }) => {
    const server = cert === undefined ? http.createServer(answer) : https.createServer({ key, cert }, answer);
    server.on('connection', () => connections++);
    server.keepAliveTimeout = 60_000;
    server.listen(0, '127.0.0.1', () => process.send(server.address().port));
  });
}

async function main() {
  const { values } = parseArgs({
    options: {
      requests: { type: 'string', default: '1000' },
      concurrency: { type: 'string', default: '10' },
      rounds: { type: 'string', default: '5' },
    },
  });
  const plan = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)]));
  const { ResourcePool } = await import('../dist/node/index.js');
  console.log(`${plan.requests} requests, ${plan.concurrency} at once, ${plan.rounds} rounds, Node ${process.version}`);
  await compare('http', {}, plan, ResourcePool);
  const certificate = makeCertificate();
  if (certificate === undefined) console.log('https: left out, for there is no openssl to make a certificate');
  else await compare('https', certificate, plan, ResourcePool);
}

async function compare(scheme, certificate, plan, ResourcePool) {
  const server = fork(import.meta.filename, [SERVE]);
  server.send({ ...certificate });
  const port = await new Promise((resolve) => server.once('message', resolve));
  const { request, Agent } = scheme === 'http' ? http : https;
  const trust = certificate.cert === undefined ? {} : { ca: certificate.cert, servername: 'localhost' };
  const get = (agent, path = '/') =>
    new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, path, agent, ...trust }, (response) => {
        let body = '';
        response.on('data', (chunk) => (body += chunk)).on('end', () => resolve(body));
      });
      sent.on('error', reject).end();
    });
  // Neither resumes TLS sessions across connections: each new connection has its whole handshake.
  const newAgent = (keepAlive) => new Agent({ keepAlive, maxSockets: 1, maxCachedSessions: 0 });
  const pool = new ResourcePool({
    create: () => newAgent(true),
    destroy: (agent) => agent.destroy(),
    maxSize: plan.concurrency,
  });
  const pooled = () => pool.use((agent) => get(agent));
  const unpooled = () => get(newAgent(false));

  const opened = {};
  for (const [name, call] of [
    ['unpooled', unpooled],
    ['pooled', pooled],
  ]) {
    const before = Number(await get(newAgent(false), '/connections'));
    await timeOf(call, plan);
    opened[name] = Number(await get(newAgent(false), '/connections')) - before - 1;
  }
  const rounds = [];
  for (let round = 0; round < plan.rounds; round++) {
    const bare = await timeOf(unpooled, plan);
    rounds.push({ bare, shared: await timeOf(pooled, plan) });
  }
  const ratios = rounds.map(({ bare, shared }) => bare / shared).sort((left, right) => left - right);
  const ms = (key) => `${Math.round(medianOf(rounds.map((round) => round[key])))} ms`;
  console.log(
    `${scheme.padEnd(5)}  unpooled ${ms('bare')} (${opened.unpooled} connections)  pooled ${ms('shared')} ` +
      `(${opened.pooled} connections)  ${medianOf(ratios).toFixed(1)} × (${ratios[0].toFixed(1)}–${ratios.at(-1).toFixed(1)})`,
  );
  await pool.close();
  server.kill();
}

/** All requests, so many at once; the time they took, in ms. */
async function timeOf(call, { requests, concurrency }) {
  let left = requests;
  const began = performance.now();
  const worker = async () => {
    while (left-- > 0) if ((await call()) !== 'ok') throw new Error('a wrong answer');
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return performance.now() - began;
}

function medianOf(values) {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)];
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
