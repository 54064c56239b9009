/**
 * node bench/cache.mjs [--requests 1000] [--concurrency 10] [--source-ms 20] [--rounds 5]
 *
 * The same queries to a slow source – an HTTP server in a process of its own that takes so many ms for each – asked anew
 * each time, by a `@cached` method's wrapper and by a `Cache` of the build in `dist`, both empty at the start of a round.
 * Of so many different queries, each is as likely as any other. Rounds alternate; the figure is the median of the rounds'
 * ratios.
 */
import http from 'node:http';
import { tellMistakes } from './options.mjs';
import { fasterText, isServer, medianText, numbersOf, serve, startServer, textOf, timeOf } from './requests.mjs';

/** How many different queries there are, as shares of all requests. */
const SHARES = [0.5, 0.1, 0.02];

if (isServer) serve(slowServer);
else await tellMistakes(main);

/** Thinks for a while, then says what it was asked; tells how many it has answered. */
function slowServer({ sourceMs }) {
  let answered = 0;
  return http.createServer((request, response) => {
    if (request.url === '/answered') return response.end(String(answered));
    answered++;
    setTimeout(() => response.end(JSON.stringify({ query: request.url, hosts: ['web1', 'web2'] })), sourceMs);
  });
}

async function main() {
  const { 'source-ms': sourceMs, ...plan } = numbersOf({
    requests: 1_000,
    concurrency: 10,
    'source-ms': 20,
    rounds: 5,
  });
  const library = await import('../dist/node/index.js');
  const server = await startServer(import.meta.filename, { sourceMs });
  const agent = new http.Agent({ keepAlive: true, maxSockets: plan.concurrency });
  const fetchPage = (path) => textOf(http.request, { port: server.port, path, agent });
  const callers = callersOf(library, fetchPage);
  const asked = `${plan.requests} requests, ${plan.concurrency} at once, a source that takes ${sourceMs} ms`;
  console.log(`${asked}, ${plan.rounds} rounds, Node ${process.version}`);
  for (const share of SHARES) {
    const different = Math.max(1, Math.round(plan.requests * share));
    await compare({ ...plan, different }, callers, () => fetchPage('/answered'));
  }
  agent.destroy();
  server.stop();
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
      times[name].push(await timeOf(asking(make(), paths), plan));
      reached[name] = Number(await answered()) - before;
    }
  }
  const line = (name) =>
    `${name} ${medianText(times[name])}, ${reached[name]} reach the source, ${fasterText(times.anew, times[name])}`;
  const anew = `anew ${medianText(times.anew)}`;
  console.log(`${plan.different} different queries:  ${anew}  |  ${line('cached')}  |  ${line('Cache')}`);
}

/** Which query each request is, the same in each run. */
function queriesOf({ requests, different }) {
  let seed = 42;
  const next = () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648);
  return Array.from({ length: requests }, () => `/hosts?search=${Math.floor((next() / 2_147_483_648) * different)}`);
}

function asking(call, paths) {
  return async (index) => {
    if ((await call(paths[index])).query !== paths[index]) throw new Error('a wrong answer');
  };
}
