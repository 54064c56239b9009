/** What is kept in memory for each wrapped function, beside the peers. */
import { circumstances } from './circumstances.mjs';
import { memoryGates } from './gates.mjs';
import { measureApart } from './processes.mjs';

const groups = ['holdfast', 'cockatiel', 'opossum', 'mollitia', 'effect', 'p-libraries', 'lru-cache', 'bottleneck'];
const script = new URL('memory/process.mjs', import.meta.url);

export async function measureMemory({ node, dist, version }, tell) {
  const bytes = {};
  for (const group of groups) {
    tell(`memory: ${group}`);
    bytes[group] = await measureApart(node, { group, dist }, script);
  }
  return { ...circumstances(version), kept: keptBeside(bytes) };
}

/** What the library keeps, each beside its gate and what the others keep. */
export function keptBeside({ holdfast, ...others }) {
  return Object.entries(holdfast).map(([name, bytes]) => {
    const gate = memoryGates[name] ?? memoryGates['a wrapped function'];
    const beside = Object.entries(others).filter(([, theirs]) => name in theirs);
    const theirs = Object.fromEntries(beside.map(([group, own]) => [group, own[name]]));
    return { name, bytes, gate, met: bytes <= gate, others: theirs };
  });
}

export function memoryTable({ node, kept }) {
  const rows = kept.map(({ name, bytes, gate, met, others }) => {
    const beside = Object.entries(others).map(([group, theirs]) => `${group} ${theirs}`);
    const own = `${name.padEnd(20)} ${String(bytes).padStart(6)}  of ${gate} ${met ? 'ok  ' : 'OVER'}`;
    return `${own}  ${beside.join(', ')}`.trimEnd();
  });
  return ['', `Node ${node}; bytes kept for each wrapped function`, ...rows, ''].join('\n');
}
