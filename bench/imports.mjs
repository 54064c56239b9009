/** How long an import takes in a fresh process, beside the peers: what a command or a cold start pays. */
import { execFileSync } from 'node:child_process';
import { circumstances } from './circumstances.mjs';
import { estimate, median, rounded, shuffled } from './statistics.mjs';

const peers = {
  cockatiel: ['cockatiel'],
  opossum: ['opossum'],
  mollitia: ['mollitia'],
  effect: ['effect'],
  'p-retry + p-timeout + p-limit': ['p-retry', 'p-timeout', 'p-limit'],
  'p-memoize': ['p-memoize'],
  'lru-cache': ['lru-cache'],
  bottleneck: ['bottleneck'],
  'rate-limiter-flexible': ['rate-limiter-flexible'],
  'async-cache-dedupe': ['async-cache-dedupe'],
};

export async function measureImports(options, tell) {
  const plan = { rounds: options.rounds ?? (options.quick ? 3 : 25) };
  const subjects = Object.entries({ nothing: [], holdfast: [new URL('index.js', options.dist).href], ...peers });
  const series = new Map(subjects.map(([name]) => [name, []]));
  for (let round = 1; round <= plan.rounds; round++) {
    tell(`imports: round ${round}/${plan.rounds}`);
    for (const [name, packages] of shuffled(subjects)) series.get(name).push(importMs(options.node, packages));
  }
  const nothing = series.get('nothing');
  const imports = [...series].map(([name, ms]) => {
    const { value, low, high } = estimate([ms.map((time, round) => time - nothing[round])]);
    return { name, ms: rounded(value), low: rounded(low), high: rounded(high) };
  });
  const own = imports.filter(({ name }) => name !== 'nothing').sort((left, right) => left.ms - right.ms);
  return { ...circumstances(options.version), plan, nothingMs: rounded(median(nothing)), imports: own };
}

/** By the child's own clock, from before the first import to after the last. */
function importMs(node, packages) {
  const specifiers = packages.map((name) => JSON.stringify(name.includes(':') ? name : import.meta.resolve(name)));
  const lines = specifiers.map((specifier) => `await import(${specifier});`).join('');
  const text = `const begin = performance.now();${lines}process.stdout.write(String(performance.now() - begin));`;
  return Number(execFileSync(node, ['--input-type=module', '--eval', text], { encoding: 'utf8' }));
}

export function importsTable({ node, imports }) {
  const rows = imports.map(({ name, ms, low, high }) => {
    const interval = `${low.toFixed(1)}–${high.toFixed(1)}`;
    return `${name.padEnd(32)} ${ms.toFixed(1).padStart(7)} ${interval.padStart(14)}`;
  });
  return ['', `Node ${node}; ms to import in a fresh process`, ...rows, ''].join('\n');
}
