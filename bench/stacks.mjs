import { seeded, shuffled } from './statistics.mjs';

/** The most that a stack may add, in times of what its policies add alone. */
export const stackGate = 1.2;

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

/** What each stack adds to the bare call, beside the sum of what its policies add alone; the dearest first. */
export function stackRows(rows) {
  const own = rows.filter(({ group }) => group === 'stacks');
  const added = new Map(own.map(({ name, ratio }) => [name, ratio - 1]));
  const stacks = own.filter(({ name }) => name.includes(' + '));
  return stacks
    .map(({ name }) => {
      const alone = running(name.split(' + ')).reduce((sum, kind) => sum + added.get(kind), 0);
      return { name, added: added.get(name), alone, times: added.get(name) / alone };
    })
    .sort((left, right) => right.times - left.times);
}
