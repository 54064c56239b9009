/** The process under load: one server whose paths lead to the same handler, bare and decorated. */
import { createServer } from 'node:http';
import { constants, monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';
import { jobs as byHand } from '../cases/by-hand.mjs';
import { jobsOf, libraryOf } from '../cases/holdfast.mjs';
import { jobs as mollitia } from '../cases/mollitia.mjs';
import { sizes } from '../jobs.mjs';
import { proveJobs } from '../proofs.mjs';

const handlers = {};
const delay = monitorEventLoopDelay({ resolution: 1 });
let cpu;
let gcMs = 0;
let majorGcs = 0;

new PerformanceObserver((list) => {
  for (const { duration, detail } of list.getEntries()) {
    gcMs += duration;
    if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) majorGcs++;
  }
}).observe({ entryTypes: ['gc'] });

const answers = {
  async listen({ dist }) {
    Object.assign(handlers, await handlersOf(dist));
    const server = createServer(async (request, response) => {
      const answer = await handlers[request.url](response);
      if (answer === unanswered) unavailable(response);
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { port: server.address().port };
  },
  async begin() {
    delay.reset();
    delay.enable();
    gcMs = 0;
    majorGcs = 0;
    cpu = process.cpuUsage();
    return {};
  },
  async end() {
    const { user, system } = process.cpuUsage(cpu);
    delay.disable();
    // The observer hears of a collection after it.
    await new Promise((resolve) => setTimeout(resolve, 20));
    const delayMs = { p50: delay.percentile(50) / 1e6, p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 };
    return { cpuUs: user + system, gcMs, majorGcs, delayMs };
  },
};

process.on('message', async ({ ask, ...order }) => process.send(await answers[ask](order)));

/** What the stacks of five answer in the place of a request that failed. */
const unanswered = -1;

async function handlersOf(dist) {
  const library = await libraryOf(dist);
  const stacks = {
    five: jobsOf(library, new library.Registry()).five,
    'by-hand': byHand.five,
    mollitia: mollitia.five,
  };
  const decorated = {};
  for (const [name, five] of Object.entries(stacks)) {
    await proveJobs(name, { five });
    decorated[`/${name}`] = five(handler(), sizes.five);
  }
  return { '/bare': handler(), '/again': handler(), ...decorated };
}

/**
 * A handler of its own each time, so that the paths share no compiled code. It takes one argument, for the stacks that
 * it is compared in pass on no more.
 */
function handler() {
  return new Function(`return async function handle(response) {
    const quote = await { symbol: response.req.url, price: 12.5, at: Date.now() };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(quote));
  }`)();
}

function unavailable(response) {
  response.statusCode = 503;
  response.end();
}

process.on('disconnect', () => process.exit());
