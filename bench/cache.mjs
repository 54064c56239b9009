/**
 * node bench/cache.mjs [--requests 1000] [--concurrency 10] [--source-ms 20] [--rounds 5]
 *
 * The same queries to a slow source – an HTTP server in a process of its own that takes so many ms for each – asked anew
 * each time, by a `@cached` method's wrapper and by a `Cache` of the build in `dist`, both empty at the start of a round.
 * Of so many different queries, each is as likely as any other. Rounds alternate; the figure is the median of the rounds'
 * ratios.
 */
import { fork } from 'node:child_process';
import http from 'node:http';
import { parseArgs } from 'node:util';

const SERVE = '--serve';
/** How many different queries there are, as shares of all requests. */
const SHARES = [0.5, 0.1, 0.02];

if (process.argv[2] === SERVE) serve(Number(process.argv[3]));
else await main();

/** The server's process: thinks for a while, then says what it was asked; tells how many it has answered. */
function serve(sourceMs) {
  let answered = 0;
  const server = http.createServer((request, response) => {
    if (request.url === '/answered') return response.end(String(answered));
    answered++;
    setTimeout(() => response.end(JSON.stringify({ query: request.url, hosts: ['web1', 'web2'] })), sourceMs);
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
}

async function main() {
  const { values } = parseArgs({
    options: {
      requests: { type: 'string', default: '1000' },
      concurrency: { type: 'string', default: '10' },
      'source-ms': { type: 'string', default: '20' },
      rounds: { type: 'string', default: '5' },
    },
  });
  const {
    requests,
    concurrency,
    'source-ms': sourceMs,
    rounds,
  } = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)]));
  const library = await import('../dist/node/index.js');
  const server = fork(import.meta.filename, [SERVE, String(sourceMs)]);
  const port = await new Promise((resolve) => server.once('message', resolve));
  const agent = new http.Agent({ keepAlive: true, maxSockets: concurrency });
  const fetchPage = (path) => get(agent, port, path);
  const callers = callersOf(library, fetchPage);
  console.log(
    `${requests} requests, ${concurrency} at once, a source that takes ${sourceMs} ms, ${rounds} rounds, Node ${process.version}`,
  );
  for (const share of SHARES) {
    const different = Math.max(1, Math.round(requests * share));
    await compare({ requests, concurrency, rounds, different }, callers, () => fetchPage('/answered'));
  }
  agent.destroy();
  server.kill();
}

/** Each makes a function that asks, with nothing held yet. */
function callersOf({ cached, Cache, Registry }, fetchPage) {
  const ask = async (path) => JSON.parse(await fetchPage(path));
  return {
    anew: () => ask,
    cached: () => cached({ registry: new Registry() })(ask),
    Cache: () => {
      const cache = new Cache({ registry: new Registry() });
      return (path) => cache.getOrLoad(path, () => ask(path));
    },
  };
}

async function compare(plan, callers, answered) {
  const times = Object.fromEntries(Object.keys(callers).map((name) => [name, []]));
  const reached = {};
  for (let round = 0; round < plan.rounds; round++) {
    const paths = queriesOf(plan);
    for (const [name, make] of Object.entries(callers)) {
      const before = Number(await answered());
      times[name].push(await timeOf(make(), paths, plan.concurrency));
      reached[name] = Number(await answered()) - before;
    }
  }
  const line = (name) => {
    const ratios = times[name].map((ms, round) => times.anew[round] / ms).sort((left, right) => left - right);
    const faster = `${medianOf(ratios).toFixed(1)} × (${ratios[0].toFixed(1)}–${ratios.at(-1).toFixed(1)})`;
    return `${name} ${Math.round(medianOf(times[name]))} ms, ${reached[name]} reach the source, ${faster}`;
  };
  const anew = `anew ${Math.round(medianOf(times.anew))} ms`;
  console.log(`${plan.different} different queries:  ${anew}  |  ${line('cached')}  |  ${line('Cache')}`);
}

/** Which query each request is, the same in each run. */
function queriesOf({ requests, different }) {
  let seed = 42;
  const next = () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648);
  return Array.from({ length: requests }, () => `/hosts?search=${Math.floor((next() / 2_147_483_648) * different)}`);
}

/** All requests, so many at once; the time they took, in ms. */
async function timeOf(call, paths, concurrency) {
  let taken = 0;
  const began = performance.now();
  const worker = async () => {
    while (taken < paths.length) {
      const path = paths[taken++];
      if ((await call(path)).query !== path) throw new Error('a wrong answer');
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return performance.now() - began;
}

function get(agent, port, path) {
  return new Promise((resolve, reject) => {
    const sent = http.request({ host: '127.0.0.1', port, path, agent }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += chunk)).on('end', () => resolve(body));
    });
    sent.on('error', reject).end();
  });
}

function medianOf(values) {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)];
}
