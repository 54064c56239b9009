import { stackGate } from './gates.mjs';
import { seeded, shuffled } from './statistics.mjs';

/** Random stacks, each of two to five different kinds in any order; the same for the same seed, and no two alike. */
export function randomStacks(kinds, count, seed) {
  const random = seeded(seed);
  const stacks = new Map();
  while (stacks.size < count) {
    const size = 2 + Math.floor(random() * 4);
    const stack = shuffled(kinds, random).slice(0, size);
    stacks.set(stack.join(' + '), stack);
  }
  return [...stacks.values()];
}

/**
 * What of a stack runs in a call that its cache answers: what stands outside, the cache, and `timed`, which counts hits
 * wherever it stands.
 */
function running(stack) {
  const hit = stack.indexOf('cached');
  return hit === -1 ? stack : stack.filter((kind, index) => index <= hit || kind === 'timed');
}

/**
 * What each stack adds to the bare call, beside the sum of what its policies add alone, and whether it keeps to the gate;
 * the dearest first. A stack is left out whose policies were not measured alone.
 */
export function stackRows(rows) {
  const added = new Map(rows.map(({ name, ratio }) => [name, ratio - 1]));
  const stacks = rows.map(({ name }) => ({ name, kinds: name.split(' + ') }));
  return stacks
    .filter(({ kinds }) => kinds.length > 1 && kinds.every((kind) => added.has(kind)))
    .map(({ name, kinds }) => {
      const alone = running(kinds).reduce((sum, kind) => sum + added.get(kind), 0);
      const times = added.get(name) / alone;
      return { name, added: added.get(name), alone, times, met: times <= stackGate };
    })
    .sort((left, right) => right.times - left.times);
}
