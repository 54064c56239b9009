/** An HTTP handler under load, bare and protected by five policies – the library's, by hand, a peer's – to see their cost end to end. */
import { fork } from 'node:child_process';
import autocannon from 'autocannon';
import { circumstances } from './circumstances.mjs';
import { httpGate } from './gates.mjs';
import { paired } from './measure.mjs';
import { estimate, median, shuffled } from './statistics.mjs';

/** What stands beside the bare handler: itself again, which shows what is noise, and five policies on it. */
const others = ['again', 'five', 'by-hand', 'mollitia'];
const paths = ['bare', ...others];
const full = { rounds: 12, seconds: 3, connections: 50 };
const quick = { rounds: 3, seconds: 1, connections: 50 };
/** As fast as it goes, and at a rate that the bare handler bears easily. */
const loads = { full: undefined, fixed: 10_000 };

export async function measureHttp(options, tell) {
  const plan = options.quick ? quick : full;
  const server = await startServer(options);
  try {
    for (const path of paths) await loadFor(server, path, { ...plan, seconds: 1 });
    const measured = {};
    for (const [load, rate] of Object.entries(loads)) {
      const rounds = [];
      for (let round = 1; round <= plan.rounds; round++) {
        tell(`http, ${rate ?? 'as many as possible'} a second: round ${round}/${plan.rounds}`);
        rounds.push(await oneRound(server, { ...plan, rate }));
      }
      measured[load] = { rate, ...figuresOf(rounds) };
    }
    return { ...circumstances(options.version), plan, gate: httpGate, ...measured, ...verdictOf(measured) };
  } finally {
    server.child.kill();
  }
}

async function startServer({ node, dist }) {
  const child = fork(new URL('http/server.mjs', import.meta.url), { execPath: node });
  const ask = (name, order = {}) =>
    new Promise((resolve) => {
      child.once('message', resolve);
      child.send({ ask: name, ...order });
    });
  child.once('error', (error) => {
    throw error;
  });
  child.once('exit', (code) => {
    if (code !== null) throw new Error(`the server ended with ${code}`);
  });
  const { port } = await ask('listen', { dist });
  return { child, ask, port };
}

async function oneRound(server, plan) {
  const round = {};
  for (const path of shuffled(paths)) round[path] = await loadFor(server, path, plan);
  return round;
}

async function loadFor({ ask, port }, path, { connections, seconds, rate }) {
  const latencies = [];
  await ask('begin');
  const begin = performance.now();
  const run = autocannon({
    url: `http://127.0.0.1:${port}/${path}`,
    connections,
    duration: seconds,
    ...(rate === undefined ? {} : { overallRate: rate }),
  });
  run.on('response', (_client, status, _bytes, ms) => {
    if (status !== 200) throw new Error(`/${path} answered ${status}`);
    latencies.push(ms);
  });
  await run;
  const spentMs = performance.now() - begin;
  const { cpuUs, gcMs, majorGcs, delayMs } = await ask('end');
  latencies.sort((left, right) => left - right);
  const requests = latencies.length;
  return {
    perSecond: (requests / spentMs) * 1_000,
    p50Ms: latencies[Math.floor(requests * 0.5)],
    p99Ms: latencies[Math.floor(requests * 0.99)],
    cpuUs: cpuUs / requests,
    gcShare: gcMs / spentMs,
    majorGcs,
    delayP99Ms: delayMs.p99,
    delayMaxMs: delayMs.max,
  };
}

/** Each figure on each path, and by the bare handler's of the same round. */
function figuresOf(rounds) {
  const names = Object.keys(rounds[0].bare);
  const of = (path, name) => rounds.map((round) => round[path][name]);
  const medians = paths.map((path) => [path, Object.fromEntries(names.map((name) => [name, median(of(path, name))]))]);
  const compared = ['perSecond', 'p99Ms', 'cpuUs'];
  const toBare = (path) => (name) => [name, estimate([paired(of(path, name), of('bare', name))])];
  return {
    ...Object.fromEntries(medians),
    ratios: Object.fromEntries(others.map((path) => [path, Object.fromEntries(compared.map(toBare(path)))])),
  };
}

function verdictOf({ full: fastest, fixed }) {
  const { again, five } = fastest.ratios;
  return {
    throughputWithinNoise: overlap(again.perSecond, five.perSecond),
    p99WithinNoise: overlap(again.p99Ms, five.p99Ms),
    cpu: cpuVerdict(fixed.ratios),
  };
}

/** Where the bare handler's own two paths differ by more than the gate allows, only what lies above both is told. */
function cpuVerdict({ again, five }) {
  const allowed = httpGate - 1;
  if (five.cpuUs.low > Math.max(httpGate, again.cpuUs.high)) return 'OVER';
  if (again.cpuUs.low < 1 - allowed || again.cpuUs.high > 1 + allowed) return 'not decidable';
  return five.cpuUs.value <= httpGate ? 'ok' : 'OVER';
}

function overlap(left, right) {
  return left.low <= right.high && right.low <= left.high;
}

export function httpTable(result) {
  const lines = ['', `Node ${result.node}; ${result.plan.connections} connections, load ${result.loadOneMinute}`];
  for (const load of Object.keys(loads)) {
    const { rate, ratios, ...byPath } = result[load];
    lines.push('', rate === undefined ? 'as many requests as it bears' : `${rate} requests a second`);
    lines.push('           per second   p50 ms   p99 ms   CPU µs   GC %   loop delay p99, max ms');
    for (const path of paths) lines.push(pathLine(path, byPath[path]));
    for (const path of others) lines.push(ratioLine(path, ratios[path]));
  }
  const { throughputWithinNoise, p99WithinNoise, cpu } = result;
  lines.push('', `throughput within noise: ${throughputWithinNoise}; p99 within noise: ${p99WithinNoise}`);
  lines.push(`CPU per request at a fixed rate, five at most ${httpGate} × bare: ${cpu}`, '');
  return lines.join('\n');
}

function pathLine(path, { perSecond, p50Ms, p99Ms, cpuUs, gcShare, delayP99Ms, delayMaxMs }) {
  const cells = [
    perSecond.toFixed(0),
    p50Ms.toFixed(2),
    p99Ms.toFixed(2),
    cpuUs.toFixed(1),
    (100 * gcShare).toFixed(2),
  ];
  return `${path.padEnd(8)} ${cells.map((cell) => cell.padStart(9)).join('')}   ${delayP99Ms.toFixed(1)}, ${delayMaxMs.toFixed(1)}`;
}

function ratioLine(path, ratios) {
  const texts = Object.entries(ratios).map(
    ([name, { value, low, high }]) => `${name} ${value.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)})`,
  );
  return `${path.padEnd(8)} × bare: ${texts.join(', ')}`;
}
