import { referenceCases } from './cases/reference.mjs';
import { bestPeerGates, gates, gatesNs, stackGate } from './gates.mjs';
import { stackRows } from './stacks.mjs';

const referenceNames = new Set(referenceCases().map(({ name }) => name));

/**
 * The rows of a run and what they come to: each job beside its gate, the stack of five beside the best peer's, and
 * random stacks beside theirs. Whoever shows a result decides nothing.
 */
export function verdictsOf(rows, { version, missing }) {
  const isFirst = version.startsWith('20.');
  const references = rows.filter(({ name }) => referenceNames.has(name));
  const stackCases = rows.filter(({ name, group }) => group === 'stacks' && !referenceNames.has(name));
  const cases = rows.filter(({ name, group }) => group !== 'stacks' && !referenceNames.has(name));
  const jobs = jobsOf(cases, isFirst);
  return {
    jobs,
    // The best of those that are left when one is missing need not be the best.
    bestPeer: missing.length > 0 ? undefined : bestPeerOf(jobs, bestPeerGates[isFirst ? 'node 20' : 'later']),
    stackGate,
    stacks: stackRows(stackCases),
    stackCases,
    references,
  };
}

/** Each job: the library's case, and those of the others, the fastest first. Gates are those of Node 20. */
function jobsOf(cases, isGated) {
  const names = [...new Set(cases.map(({ name }) => name))];
  return names.map((name) => {
    const all = cases.filter((row) => row.name === name);
    const own = all.find(({ group }) => group === 'holdfast');
    const others = all.filter(({ group }) => group !== 'holdfast').sort((left, right) => left.ratio - right.ratio);
    const unit = name in gatesNs ? 'ns' : 'times';
    return { name, unit, gate: isGated && own !== undefined ? gateOf(own, unit) : undefined, own, others };
  });
}

function gateOf({ name, ratio, overNs }, unit) {
  const [figure, most] = unit === 'ns' ? [overNs, gatesNs[name]] : [ratio, gates[name]];
  return most === undefined ? undefined : { most, met: figure <= most };
}

function bestPeerOf(jobs, gate) {
  const { own, others = [] } = jobs.find(({ name }) => name === 'five') ?? {};
  const best = others.find(({ group }) => group !== 'by-hand');
  if (own === undefined || best === undefined) return undefined;
  const times = best.ratio / own.ratio;
  return { group: best.group, times, gate, met: times >= gate };
}
