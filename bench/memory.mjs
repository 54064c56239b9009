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
  return { ...circumstances(version), gates: memoryGates, bytes };
}

export function memoryTable({ node, bytes, gates }) {
  const { holdfast, ...others } = bytes;
  const rows = Object.entries(holdfast).map(([name, own]) => {
    const gate = gates[name] ?? gates['a wrapped function'];
    const peers = Object.entries(others).filter(([, theirs]) => name in theirs);
    const beside = peers.map(([group, theirs]) => `${group} ${theirs[name]}`).join(', ');
    return `${name.padEnd(20)} ${String(own).padStart(6)}  of ${gate} ${own <= gate ? 'ok  ' : 'OVER'}  ${beside}`;
  });
  return ['', `Node ${node}; bytes kept for each wrapped function`, ...rows, ''].join('\n');
}
