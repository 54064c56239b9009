/** The process under load: one server whose paths lead to the same handler, bare and decorated. */
import { createServer } from 'node:http';
import { constants, monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';

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
    const server = createServer((request, response) => handlers[request.url](request, response));
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

async function handlersOf(dist) {
  const { compose, circuitBreaker, fallback, Registry, retryWithBackoff, timed, timeout } = await import(
    new URL('index.js', dist).href
  );
  const registry = new Registry();
  const five = compose(
    timed({ registry }),
    fallback((_request, response) => unavailable(response), { registry }),
    circuitBreaker({ registry }),
    retryWithBackoff({ baseDelayMs: 5, registry }),
    timeout({ ms: 2_000, registry }),
  );
  return { '/bare': handler(), '/again': handler(), '/five': five(handler()) };
}

/** A handler of its own each time, so that the paths share no compiled code. */
function handler() {
  return new Function(`return async function handle(request, response) {
    const quote = await { symbol: request.url, price: 12.5, at: Date.now() };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(quote));
  }`)();
}

async function unavailable(response) {
  response.statusCode = 503;
  response.end();
}
process.on('disconnect', () => process.exit());
